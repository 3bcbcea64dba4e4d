// Colours of the charts. Each element has its colours as attributes, which every renderer of SVG
// reads (librsvg, LaTeX, Inkscape); the style sheet only replaces them where a browser is dark.
import { Markup } from "./html.ts";

/** The colours of each role; in grey, the lines of training are darker than that of the test. */
export const COLOURS = {
  paper: { light: "#ffffff", dark: "#16181b" },
  text: { light: "#1c1c1c", dark: "#ececec" },
  faint: { light: "#5f5f5f", dark: "#a9a9a9" },
  grid: { light: "#e4e4e4", dark: "#33363b" },
  running: { light: "#004c80", dark: "#6bb8f0" },
  train: { light: "#00704a", dark: "#45c497" },
  test: { light: "#d2570a", dark: "#ffb37f" },
} as const;

export type Colour = keyof typeof COLOURS;

/** Style sheet of the charts: the dark colours. A page with charts includes it once. */
export const CHART_STYLE: Markup = new Markup(
  `\n@media screen and (prefers-color-scheme: dark) {\n${
    ["fill", "stroke"].flatMap((property) =>
      Object.entries(COLOURS).map(([role, { dark }]) =>
        `.chart .${property}-${role} { ${property}: ${dark}; }\n`
      )
    ).join("")
  }}\n`,
);

/** The attributes that paint an element; `kind` is a class of its own. */
export function paint(
  { fill, stroke }: { readonly fill?: Colour; readonly stroke?: Colour },
  kind?: string,
): Markup {
  const classes = [kind, fill && `fill-${fill}`, stroke && `stroke-${stroke}`];
  const names = classes.filter((name) => name !== undefined).join(" ");
  const line = stroke ? ` stroke="${COLOURS[stroke].light}"` : "";
  return new Markup(`class="${names}" fill="${fill ? COLOURS[fill].light : "none"}"${line}`);
}

/** Attributes of the root of a chart, with fonts that most systems have, all narrow enough. */
export const CHART_ROOT: Markup = new Markup(
  'class="chart" role="img" font-family="Helvetica, Arial, sans-serif" font-size="13"',
);
