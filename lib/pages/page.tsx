/** @jsxImportSource preact */
// The page as an HTML file: one network, its examples, and the script and the style of its views.
import { renderToString } from "preact-render-to-string";
import { classify } from "../../mod.ts";
import { range } from "../explain/explained_step.ts";
import { toBase64 } from "../formats/base64.ts";
import { App } from "./app.tsx";
import { brokenRules } from "./break/rules.ts";
import { type Block, type ImageCounts, imagesBlock, parametersBlock } from "./page_data.ts";
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH, STYLE_HASH, WORKER_SCRIPT } from "./generated/scripts.ts";
import { STYLE } from "./generated/styles.ts";
import { createStore, type PageContents } from "./store.ts";

/** The icon: 三, three, for the three layers. */
const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
  '<rect width="16" height="16" rx="3" fill="#1d4f91"/>' +
  '<path d="M4 4.5h8M5 8h6M3 11.5h10" stroke="#fff" stroke-width="1.6"/></svg>';

/** The contents of the page, and its images to train on, if it can train. */
export type PlaygroundPage = Omit<PageContents, "counts" | "rules" | "answers"> & {
  readonly training: TrainingImages | undefined;
};

/** How many images a page trains on and tests with. */
export interface TrainingImages extends ImageCounts {
  /**
   * The bytes of `imagesBlock`, in gzip format, to be put into the page with the workers' script.
   * Without it the page loads train.images, test.images and worker.js from its own folder.
   */
  readonly embedded?: Readonly<Record<keyof ImageCounts, Uint8Array>>;
}

/** The workers' Content-Security-Policy: their engine is WebAssembly, with workers as threads. */
export const WORKER_POLICY = "default-src 'none'; script-src 'wasm-unsafe-eval'; worker-src blob:";

/** The page as an HTML file, and its Content-Security-Policy, to be sent as a header too. */
export function playgroundPage(page: PlaygroundPage): { html: string; policy: string } {
  const { name, training, examples, parameters } = page, { embedded } = training ?? {};
  const rules = brokenRules();
  const counts = training && { train: training.train, test: training.test };
  const answers = range(examples.count).map((i) => classify(parameters, examples.image(i)).class);
  const contents = { name, counts, rules, answers };
  const store = createStore({ parameters, examples, ...contents });
  // workers that are embedded have the policy of the page, others WORKER_POLICY
  const workers = embedded ? "worker-src blob:; " : "worker-src 'self'; connect-src 'self'; ";
  const script = `'${PAGE_SCRIPT_HASH}'${embedded ? " 'wasm-unsafe-eval'" : ""}`;
  const policy = `default-src 'none'; script-src ${script}; style-src '${STYLE_HASH}'; ` +
    `img-src data:; ${training ? workers : ""}base-uri 'none'; form-action 'none'`;
  const html = renderToString(
    <html lang="en" class="starting">
      <head>
        <meta charset="utf-8" />
        <meta name="generator" content="sanso serve" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>{name === undefined ? "sanso" : `sanso: ${name}`}</title>
        <link rel="icon" href={`data:image/svg+xml,${encodeURIComponent(ICON)}`} />
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <noscript>
          <p class="error">
            This page needs JavaScript, which is turned off.{" "}
            <span lang="ja">このページには JavaScript が必要だが、無効になっている。</span>
          </p>
        </noscript>
        <div id="page" data-contents={JSON.stringify(contents)}>
          <App {...store.props()} />
        </div>
        <DataBlock id="parameters" {...parametersBlock(parameters)} />
        <DataBlock id="examples" {...imagesBlock(examples)} />
        {embedded && (
          <>
            <DataBlock id="train-images" bytes={embedded.train} />
            <DataBlock id="test-images" bytes={embedded.test} />
            <script
              type="text/plain"
              id="worker-script"
              dangerouslySetInnerHTML={{ __html: WORKER_SCRIPT }}
            />
          </>
        )}
        <script type="module" dangerouslySetInnerHTML={{ __html: PAGE_SCRIPT }} />
      </body>
    </html>,
  );
  return { html: `<!DOCTYPE html>\n${html}\n`, policy };
}

/** Bytes for the script to read, in an element that a browser does not run. */
function DataBlock(
  { id, bytes, sizes }: { id: string; bytes: Uint8Array; sizes?: Block["sizes"] },
) {
  return (
    <script type="application/octet-stream" id={id} data-sizes={sizes?.join(" ")}>
      {toBase64(bytes)}
    </script>
  );
}
