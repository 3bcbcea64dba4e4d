/**
 * Makes scripts.ts of the browser's modules: `deno task page`.
 *
 * With `--print` it goes to standard output instead: a test compares that with the file.
 *
 * @module
 */

import { toBase64 } from "../../formats/base64.ts";
import { STYLE } from "./demo_style.ts";

const pageScript = await bundle("main.ts"), trainerScript = await bundle("trainer.ts");
const module = `// deno-fmt-ignore-file: a bundle
/**
 * What the page runs, bundled by \`deno task page\` of the modules in browser/. Not to be edited.
 *
 * @module
 */

/** The version of Deno that bundled them: another has another bundler, which writes other bytes. */
export const BUNDLER: string = "${Deno.version.deno}";

/** The page's script. */
export const PAGE_SCRIPT: string = ${JSON.stringify(pageScript)};

/** What a Content-Security-Policy calls it. */
export const PAGE_SCRIPT_HASH: string = "${await hash(pageScript)}";

/** What a Content-Security-Policy calls the page's style. */
export const STYLE_HASH: string = "${await hash(STYLE.text)}";

/** The script of the page's background, which trains. */
export const TRAINER_SCRIPT: string = ${JSON.stringify(trainerScript)};
`;
if (Deno.args.includes("--print")) await new Response(module).body!.pipeTo(Deno.stdout.writable);
else Deno.writeTextFileSync(new URL("generated/scripts.ts", import.meta.url), module);

async function bundle(entry: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "browser", "--minify", `browser/${entry}`],
    cwd: new URL(".", import.meta.url),
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`Cannot bundle ${entry}: ${text.decode(stderr)}`);
  const script = text.decode(stdout);
  // either would end the element that holds the script, or hide its end
  if (/<\/script|<!--/i.test(script)) {
    throw new Error(`Cannot put ${entry} into a page: it holds "</script" or "<!--"`);
  }
  return script;
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${toBase64(new Uint8Array(digest))}`;
}
