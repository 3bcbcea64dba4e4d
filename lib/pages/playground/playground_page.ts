// The playground: one HTML file with a network inside that classifies digits as they are drawn.
import { type AnyParameters, type Dataset, type Dim, readParameters } from "../../../mod.ts";
import { Markup, markup } from "../../charts/html.ts";
import { toBase64 } from "../../formats/base64.ts";
import { writeDataset } from "./dataset_npz.ts";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import type { ViewProps } from "../view.ts";
import { VIEW_COMPONENTS } from "../views.ts";
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH, STYLE_HASH, WORKER_SCRIPTS } from "./generated/scripts.ts";
import { STYLE } from "./generated/styles.ts";
import { shownRules } from "./break/broken_rules.ts";
import { formatState, INITIAL_STATE, VIEWS } from "./page_state.ts";
import { ICON_URL } from "./icon.ts";
import {
  drawingSection,
  examplesSection,
  hiddenUnitsSection,
  predictionSection,
} from "./sections/draw_sections.ts";
import { progressSection, trainSection } from "./sections/train_section.ts";
import { label, text } from "./texts/texts.ts";
import { WORKERS } from "./workers.ts";

/** The contents of the page. */
export interface PlaygroundPage {
  /** Name of the parameters; undefined for those of the report's experiment. */
  readonly name: string | undefined;
  /** The parameters: an npz file that `readParameters` reads. */
  readonly parameters: Uint8Array;
  /** Example images, of the size that the network takes. */
  readonly examples: Dataset<Dim<"inputs">>;
  /** The images to train on and to test with; undefined if the page cannot train. */
  readonly training: TrainingImages | undefined;
}

/** The images that a page trains on and tests with. */
export interface TrainingImages {
  /** The number of training images. */
  readonly train: number;
  /** The number of test images. */
  readonly test: number;
  /**
   * The images, to be put into the page with the scripts of its workers: npz files that
   * `writeDataset` writes, in gzip format. Without them the page loads train.npz, test.npz and the
   * scripts from its own folder.
   */
  readonly embedded?: { readonly train: Uint8Array; readonly test: Uint8Array };
}

/**
 * The Content-Security-Policy of a worker's script: the engine is WebAssembly, and its threads are
 * workers with a script of their own.
 */
export const WORKER_POLICY = "default-src 'none'; script-src 'wasm-unsafe-eval'; worker-src blob:";

/**
 * The page as an HTML file, and its Content-Security-Policy, to be sent as a header too.
 *
 * Only the page's own scripts and style run. A page whose images are not embedded loads them, and
 * the scripts of its workers, from its own origin; others load nothing.
 *
 * @throws {RangeError} if the examples are too large for an npz file
 * @throws {FormatError} if the parameters cannot be read
 */
export function playgroundPage(page: PlaygroundPage): { html: string; policy: string } {
  const policy = contentSecurityPolicy(page);
  const parameters = readParameters(page.parameters);
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
<style>${new Markup(STYLE)}</style>
</head>
<body>
${header(page.name)}
<noscript><p class="error">${text("noscript")}</p></noscript>
<p class="error" id="error" role="alert" hidden=""></p>
<main id="main"${imageCounts(page.training)}>
${components(page, parameters)}
<div class="columns" id="columns" data-views="draw train">
${drawingSection()}
${trainSection(page.training)}
${progressSection(page.training)}
${predictionSection(page.examples.size)}
${hiddenUnitsSection()}
</div>
${examplesSection(page.examples.count)}
</main>
${dataBlock("parameters", page.parameters)}
${dataBlock("examples", writeDataset(page.examples))}
<script type="application/json" id="rules">${
    // nothing in it may end the element
    new Markup(JSON.stringify(shownRules()).replaceAll("<", "\\u003c"))}</script>
${embedded(page.training)}
<script type="module">${new Markup(PAGE_SCRIPT)}</script>
</body>
</html>`}\n`;
  return { html, policy };
}

/** The views that are components, as they are at first. */
function components(
  { examples, name }: PlaygroundPage,
  parameters: AnyParameters,
): readonly Markup[] {
  const props: ViewProps = {
    state: INITIAL_STATE,
    examples,
    network: { parameters, origin: "page", file: name, name: name ?? "" },
    change: () => {},
    follow: () => {},
    link: (changes) => `#${formatState({ ...INITIAL_STATE, ...changes })}`,
  };
  return Object.entries(VIEW_COMPONENTS).map(([view, component]) =>
    markup`<div class="${view}" id="${view}" data-views="${view}">${new Markup(
      view === VIEWS[0] ? renderToString(h(component, props)) : "",
    )}</div>`
  );
}

function contentSecurityPolicy({ training }: PlaygroundPage): string {
  // workers that are embedded have the policy of the page, others WORKER_POLICY
  const isEmbedded = training?.embedded !== undefined, isServed = training && !isEmbedded;
  return [
    "default-src 'none'",
    `script-src '${PAGE_SCRIPT_HASH}'${isEmbedded ? " 'wasm-unsafe-eval'" : ""}`,
    `style-src '${STYLE_HASH}'`,
    "img-src data:",
    ...(isEmbedded ? ["worker-src blob:"] : []),
    ...(isServed ? ["worker-src 'self'", "connect-src 'self'"] : []),
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
<p class="quiet" data-views="why draw step train">${text("network")}: <span id="parameters-name"${
    name === undefined ? undefined : markup` data-name="${name}"`
  }>${name ?? text("network.report")}</span></p>
<div class="languages" role="group"${label("language")}>\
<button type="button" lang="en" data-language="en">English</button>\
<button type="button" lang="ja" data-language="ja">日本語</button></div>
</header>`;
}

/** The attributes that tell the script how many images there are. */
function imageCounts(training: TrainingImages | undefined): Markup | undefined {
  return training &&
    markup` data-train-images="${training.train}" data-test-images="${training.test}"`;
}

/** The images to train on and to test with, and the workers' scripts, if they are in the page. */
function embedded(training: TrainingImages | undefined): readonly Markup[] {
  if (!training?.embedded) return [];
  const { train, test } = training.embedded;
  const scripts = WORKERS.map((name) =>
    markup`<script type="text/plain" id="${name}-script">${new Markup(
      WORKER_SCRIPTS[name],
    )}</script>\n`
  );
  return [dataBlock("train", train), dataBlock("test", test), ...scripts];
}

/** Bytes for the script to read, in an element that a browser does not run. */
function dataBlock(id: string, bytes: Uint8Array): Markup {
  return markup`<script type="application/octet-stream" id="${id}-npz">${toBase64(bytes)}</script>`;
}
