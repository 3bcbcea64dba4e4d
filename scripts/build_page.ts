// Bundles the page's scripts and styles to lib/pages/generated/: `deno task page`.
import { CHART_STYLE } from "../lib/charts/chart_style.ts";
import { toBase64 } from "../lib/formats/base64.ts";
import { base64Lines, writeModule } from "./generated_file.ts";

const PAGES = new URL("../lib/pages/", import.meta.url);

const pageScript = await bundle("main.tsx", "esm");
// Chromium starts no worker of modules in a page that was opened from disk
const workerScript = await bundle("worker.ts", "iife");
const views = ["break", "draw", "step", "train", "why"].map((view) => `${view}/${view}`);
const style = styleSheet("page", "app", ...views);

writeModule(new URL("generated/scripts.ts", PAGES), {
  task: "page",
  summary: [
    "Scripts and style of the page. They are in base64, so that a search of the project for a word",
    "does not find them.",
  ],
  code: `import { fromBase64 } from "../../formats/base64.ts";

/** The version of Deno whose bundler wrote this; another version writes other bytes. */
export const BUNDLER: string = "${Deno.version.deno}";

/** The page's script. */
export const PAGE_SCRIPT: string = ${decoded(pageScript)};

/** Hash of the page's script for a Content-Security-Policy. */
export const PAGE_SCRIPT_HASH: string = "${await hash(pageScript)}";

/** Hash of the page's style sheet for a Content-Security-Policy. */
export const STYLE_HASH: string = "${await hash(style)}";

/** The script of the page's workers. */
export const WORKER_SCRIPT: string = ${decoded(workerScript)};

function decode(base64: string): string {
  return new TextDecoder().decode(fromBase64(base64));
}
`,
});

writeModule(new URL("generated/styles.ts", PAGES), {
  task: "page",
  summary: ["Style sheets of the pages, from the .css files in lib/pages/."],
  code: `/** The style sheet of the playground. */
export const STYLE: string = ${JSON.stringify(style)};

/** The style sheet of the page of \`summary\`. */
export const SUMMARY_STYLE: string = ${JSON.stringify(styleSheet("page", "summary/summary"))};
`,
});

function styleSheet(...names: readonly string[]): string {
  const sheets = names.map((name) => Deno.readTextFileSync(new URL(`${name}.css`, PAGES)));
  return [`${CHART_STYLE}${sheets[0]}`, ...sheets.slice(1)].join("\n");
}

async function bundle(entry: string, format: "esm" | "iife"): Promise<string> {
  const args = ["bundle", "--quiet", "--platform=browser", "--minify", `--format=${format}`, entry];
  const text = new TextDecoder();
  const bundler = new Deno.Command(Deno.execPath(), { args, cwd: PAGES });
  const { success, stdout, stderr } = await bundler.output();
  if (!success) throw new Error(`Cannot bundle ${entry}: ${text.decode(stderr)}`);
  const script = text.decode(stdout);
  // the first ends the element that contains the script, the second can hide its end
  if (!/<\/script|<!--/i.test(script)) return script;
  throw new Error(`Cannot put ${entry} into a page: it contains "</script" or "<!--"`);
}

/** Code that evaluates to a text. */
function decoded(text: string): string {
  return `decode(\`\n${base64Lines(new TextEncoder().encode(text))}\n\`)`;
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${toBase64(new Uint8Array(digest))}`;
}
