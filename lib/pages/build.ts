// Bundles the page's scripts and styles to generated/scripts.ts: `deno task page`.
import { base64Lines, writeModule } from "../../scripts/generated_file.ts";
import { toBase64 } from "../formats/base64.ts";
import { CHART_STYLE } from "../charts/chart_style.ts";

const pageScript = await bundle("main.tsx", "esm");
// Chromium starts no worker of modules in a page that was opened from disk
const workerScript = await bundle("worker.ts", "iife");

const chartAndPage = `${CHART_STYLE}${styleSheet("page")}`;
const style = [chartAndPage, styleSheet("app"), ...viewStyles()].join("\n");

writeModule(new URL("generated/scripts.ts", import.meta.url), {
  task: "page",
  summary: [
    "Scripts and style of the page. They are in base64, so that a search of the project for a word",
    "does not find them.",
  ],
  code: `import { fromBase64 } from "../../formats/base64.ts";

/** The version of Deno whose bundler wrote this; another version writes other bytes. */
export const BUNDLER: string = "${Deno.version.deno}";

/** The page's script. */
export const PAGE_SCRIPT: string = decode(\`
${inBase64(pageScript)}
\`);

/** Hash of the page's script for a Content-Security-Policy. */
export const PAGE_SCRIPT_HASH: string = "${await hash(pageScript)}";

/** Hash of the page's style sheet for a Content-Security-Policy. */
export const STYLE_HASH: string = "${await hash(style)}";

/** The script of the page's workers. */
export const WORKER_SCRIPT: string = decode(\`
${inBase64(workerScript)}
\`);

function decode(base64: string): string {
  return new TextDecoder().decode(fromBase64(base64));
}
`,
});

writeModule(new URL("generated/styles.ts", import.meta.url), {
  task: "page",
  summary: ["Style sheets of the pages, from the .css files in lib/pages/."],
  code: `/** The style sheet of the playground. */
export const STYLE: string = ${JSON.stringify(style)};

/** The style sheet of the page of \`summary\`. */
export const SUMMARY_STYLE: string = ${
    JSON.stringify([chartAndPage, styleSheet("summary/summary")].join("\n"))
  };
`,
});

/** The style sheets of the views: those in the folders, but for the page of `summary`. */
function viewStyles(): string[] {
  const pages = new URL("./", import.meta.url);
  const names = [...Deno.readDirSync(pages)].filter(({ isDirectory, name }) =>
    isDirectory && name !== "summary"
  ).map(({ name }) => name).sort();
  return names.flatMap((folder) =>
    [...Deno.readDirSync(new URL(`${folder}/`, pages))]
      .filter(({ name }) => name.endsWith(".css"))
      .map(({ name }) => styleSheet(`${folder}/${name.slice(0, -".css".length)}`))
  );
}

function styleSheet(name: string): string {
  return Deno.readTextFileSync(new URL(`${name}.css`, import.meta.url));
}

async function bundle(entry: string, format: "esm" | "iife"): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "browser", "--minify"]
      .concat("--format", format, entry),
    cwd: new URL(".", import.meta.url),
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`Cannot bundle ${entry}: ${text.decode(stderr)}`);
  const script = withJapanese(text.decode(stdout));
  // the first ends the element that contains the script, the second can hide its end
  if (/<\/script|<!--/i.test(script)) {
    throw new Error(`Cannot put ${entry} into a page: it contains "</script" or "<!--"`);
  }
  return script;
}

/** The script with Japanese as it is, in half the bytes of the escapes that the bundler writes. */
function withJapanese(script: string): string {
  return script.replaceAll(
    /(?<!\\)((?:\\\\)*)\\u(3[0-9A-F]{3}|[4-9][0-9A-F]{3}|FF[0-5][0-9A-F])/gi,
    (_, before: string, code: string) => before + String.fromCharCode(parseInt(code, 16)),
  );
}

function inBase64(text: string): string {
  return base64Lines(new TextEncoder().encode(text));
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${toBase64(new Uint8Array(digest))}`;
}
