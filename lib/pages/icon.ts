// The icon of the playground: 三, three, for the three layers.

/** An SVG image. */
export const ICON: string = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
  '<rect width="16" height="16" rx="3" fill="#1d4f91"/>' +
  '<path d="M4 4.5h8M5 8h6M3 11.5h10" stroke="#fff" stroke-width="1.6"/></svg>\n';

/** The same as a data URL. */
export const ICON_URL: string = `data:image/svg+xml,${encodeURIComponent(ICON.trimEnd())}`;
