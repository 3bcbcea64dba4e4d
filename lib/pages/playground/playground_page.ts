/**
 * The playground: one HTML file with a network inside that classifies digits as they are drawn.
 *
 * @module
 */

import { type Dataset, type Dim, readParameters } from "../../../mod.ts";
import { Markup, markup } from "../../charts/html.ts";
import { toBase64 } from "../../formats/base64.ts";
import { writeDataset } from "./dataset_npz.ts";
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH, STYLE_HASH } from "./generated/scripts.ts";
import { VIEWS } from "./page_state.ts";
import { ICON_URL } from "./icon.ts";
import { STYLE } from "./playground_style.ts";
import {
  drawingSection,
  examplesSection,
  hiddenUnitsSection,
  predictionSection,
} from "./sections/draw_sections.ts";
import { stepSection } from "./sections/step_section.ts";
import { trainSection } from "./sections/train_section.ts";
import { label, text } from "./texts/texts.ts";

/** The contents of the page. */
export interface PlaygroundPage {
  /** Name of the parameters; undefined for those of the report's experiment. */
  readonly name: string | undefined;
  /** The parameters: an npz file that `readParameters` reads. */
  readonly parameters: Uint8Array;
  /** Example images, of the size that the network takes. */
  readonly examples: Dataset<Dim<"inputs">>;
  /** Whether the page can train: it then loads trainer.js and train.npz from its own folder. */
  readonly training: boolean;
}

/**
 * The page as an HTML file, and its Content-Security-Policy, to be sent as a header too.
 *
 * Only the page's own script and style run. A page that trains loads files from its own origin;
 * others load nothing.
 *
 * @throws {RangeError} if the examples are too large for an npz file
 * @throws {FormatError} if the parameters cannot be read
 */
export function playgroundPage(page: PlaygroundPage): { html: string; policy: string } {
  const policy = contentSecurityPolicy(page);
  const classes = readParameters(page.parameters).W2.rows;
  const html = `${markup`<!DOCTYPE html>
<html lang="en" class="starting">
<head>
<meta charset="utf-8">
<meta name="generator" content="sanso serve">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${["sanso", page.name].filter((part) => part !== undefined).join(": ")}</title>
<link rel="icon" href="${ICON_URL}"/>
<style>${STYLE}</style>
</head>
<body>
${header(page.name)}
<noscript><p class="error">${text("noscript")}</p></noscript>
<p class="error" id="error" role="alert" hidden=""></p>
<main id="main">
<div class="columns" id="columns" data-views="draw train">
${drawingSection()}
${trainSection(page.training)}
${predictionSection(page.examples.size)}
${hiddenUnitsSection()}
</div>
${examplesSection(page.examples.count)}
${stepSection(page.examples.count, classes)}
</main>
${dataBlock("parameters", page.parameters)}
${dataBlock("examples", writeDataset(page.examples))}
<script type="module">${new Markup(PAGE_SCRIPT)}</script>
</body>
</html>`}\n`;
  return { html, policy };
}

function contentSecurityPolicy({ training }: PlaygroundPage): string {
  const wasm = training ? " 'wasm-unsafe-eval'" : "";
  return [
    "default-src 'none'",
    `script-src '${PAGE_SCRIPT_HASH}'${wasm}`,
    `style-src '${STYLE_HASH}'`,
    "img-src data:",
    ...(training ? ["worker-src 'self'", "connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** The page's name, its views, its network and its languages. */
function header(name: string | undefined): Markup {
  const views = VIEWS.map((view) =>
    markup`<a href="#view=${view}" data-view="${view}">${text(`view.${view}`)}</a>`
  );
  return markup`<header class="frame">
<h1>sanso</h1>
<nav${label("views")}>${views}</nav>
<p class="quiet">${text("network")}: <span id="parameters-name"${
    name === undefined ? undefined : markup` data-name="${name}"`
  }>${name ?? text("network.report")}</span></p>
<div class="languages" role="group"${label("language")}>\
<button type="button" lang="en" data-language="en">English</button>\
<button type="button" lang="ja" data-language="ja">日本語</button></div>
</header>`;
}

/** Bytes for the script to read, in an element that a browser does not run. */
function dataBlock(id: string, bytes: Uint8Array): Markup {
  return markup`<script type="application/octet-stream" id="${id}-npz">${toBase64(bytes)}</script>`;
}
