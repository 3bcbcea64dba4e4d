/** How tests start Chromium. */

/** Where Debian installs it. */
export const CHROMIUM = "/usr/bin/chromium";

/** Options that keep it from doing anything unasked. */
export const FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
