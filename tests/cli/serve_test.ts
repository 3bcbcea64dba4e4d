/** The serve command: what it serves or exports, and what it rejects. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { fromBase64 } from "../../lib/formats/base64.ts";
import { blockImages } from "../../lib/pages/page_data.ts";
import { WORKER_SCRIPT } from "../../lib/pages/generated/scripts.ts";
import { initialise, RandomState, readNpz, writeNpz, writeParameters } from "../../mod.ts";
import { Child, freePort } from "../helpers/child.ts";
import { cli, ENTRY, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { bodyText, request, send, startServer } from "../helpers/http.ts";
import { smallSet } from "../helpers/idx.ts";
import { testIf } from "../helpers/conditional.ts";

const PARAMETERS = writeParameters(initialise(12, 5, 3, new RandomState(601)));

/** A small set, parameters that fit it, and parameters with more in the file. */
function someFolder(): Folder {
  const arrays = [...readNpz(PARAMETERS)];
  return new Folder({
    ...smallSet(),
    "p.npz": PARAMETERS,
    "more.npz": writeNpz([...arrays, ["secret", { shape: [2], data: Float64Array.of(1, 2) }]]),
    "wide.npz": writeParameters(initialise(13, 5, 3, new RandomState(1))),
    "two.npz": writeParameters(initialise(12, 5, 2, new RandomState(1))),
  });
}

Deno.test("example: serve prints its address, needs permission for one port, and ends on SIGINT and SIGTERM at once", async () => {
  using folder = someFolder();
  await Promise.all((["SIGINT", "SIGTERM"] as const).map(async (signal) => {
    const port = freePort(), args = ["serve", "p.npz", "--data", ".", "--port", `${port}`];
    const child = Child.cli(args, folder.path, [`--allow-net=127.0.0.1:${port}`]);
    await child.until(() => child.stderr.includes("Ctrl-C"));
    strictEqual(child.stdout, `http://127.0.0.1:${port}/\n`, child.stderr);
    using _idle = await Deno.connect({ hostname: "127.0.0.1", port });
    child.kill(signal);
    const end = await child.end; // a server that waits for the idle connection to close is killed
    deepStrictEqual([end.signal, end.stderr], [signal, "serving p.npz; stop with Ctrl-C\n"]);
  }));
});

/** A folder with a test set only, and parameters that fit it. */
function withoutTraining(): Folder {
  const test = Object.entries(smallSet()).filter(([name]) => name.startsWith("t10k"));
  return new Folder({ ...Object.fromEntries(test), "p.npz": PARAMETERS });
}

Deno.test("example: serve gives out the page alone where there are no training images", async () => {
  using folder = withoutTraining();
  const { port, get, stop } = await startServer(["p.npz", "--data=."], folder);
  const page = await get("/");
  strictEqual(page.status, 200);
  match(bodyText(page), /^<!DOCTYPE html>/i);
  strictEqual(imageCounts(bodyText(page)), undefined);
  match(page.headers["content-security-policy"]!, /^default-src 'none'.*; frame-ancestors 'none'$/);
  for (const target of ["/worker.js", "/train.images", "/test.images", "/p.npz"]) {
    strictEqual((await get(target)).status, 404);
  }
  strictEqual((await send(port, request("GET", "/", `example.com:${port}`))).status, 421);
  const end = { code: 0, stdout: `http://127.0.0.1:${port}/\n` };
  deepStrictEqual(await stop(), { ...end, stderr: "serving p.npz; stop with Ctrl-C\n" });
});

/** Runs `serve --open` with a program as the only opener; returns what it writes and prints. */
async function openWith(script: string | undefined): Promise<string> {
  using folder = someFolder();
  folder.write("bin/.keep", "");
  if (script !== undefined) {
    folder.write("bin/xdg-open", script);
    Deno.chmodSync(folder.file("bin/xdg-open"), 0o755);
  }
  const before = Deno.env.get("PATH")!;
  Deno.env.set("PATH", folder.file("bin"));
  try {
    const { get, stop } = await startServer(["p.npz", "--data=.", "--open"], folder);
    strictEqual((await get("/")).status, 200, "the server goes on");
    const { stdout, stderr } = await stop();
    const opened = script ? new TextDecoder().decode(folder.read("opened")) : "";
    return (opened + stderr.replace(/^serving .*\n/, "")).replace(stdout, "ADDRESS\n");
  } finally {
    Deno.env.set("PATH", before);
  }
}

testIf(
  Deno.build.os === "linux",
  "xdg-open",
  "example: serve --open opens its address, or says why it cannot and goes on",
  async () => {
    strictEqual(await openWith('#!/bin/sh\necho "$@" > opened\n'), "ADDRESS\n");
    const not = "--open: the page cannot be opened: failed to spawn 'xdg-open': entity not found";
    strictEqual(await openWith(undefined), `${not}\n`);
  },
);

Deno.test("example: serve gives out the workers, and the images to train on and to test with", async () => {
  using folder = someFolder();
  const { get, stop } = await startServer(["p.npz", "--data", ".", "--limit", "30"], folder);
  const script = await get("/worker.js");
  deepStrictEqual([script.status, bodyText(script)], [200, WORKER_SCRIPT]);
  strictEqual(script.headers["content-type"], "text/javascript; charset=utf-8");
  const policy = script.headers["content-security-policy"]!;
  match(policy, /^default-src 'none'; .*'wasm-unsafe-eval'.*; frame-ancestors 'none'$/);
  const page = bodyText(await get("/"));
  deepStrictEqual(imageCounts(page), { train: 30, test: 20 });
  const files = smallSet(); // its headers have 16 and 8 bytes
  for (const [half, name, count] of [["train", "train", 30], ["test", "t10k", 20]] as const) {
    deepStrictEqual([...(await get(`/${half}.images`)).body], [
      ...files[`${name}-images-idx3-ubyte`]!.subarray(16, 16 + count * 12),
      ...files[`${name}-labels-idx1-ubyte`]!.subarray(8, 8 + count),
    ]);
  }
  await stop();
});

Deno.test("example: serve reads the training images at the first request, and answers with the reason if it cannot", async () => {
  using folder = someFolder();
  const images = "train-images-idx3-ubyte", whole = folder.read(images);
  folder.write(images, whole.subarray(0, 16)); // the header announces 40 images
  const { get, stop } = await startServer(["p.npz", "--data", "."], folder);
  const { status, body } = await get("/train.images");
  const reason = "Cannot read IDX: file has 16 bytes, header announces 16 + 40 x 4 x 3 = 496 bytes";
  deepStrictEqual([status, new TextDecoder().decode(body)], [500, `${images}: ${reason}\n`]);
  folder.write(images, whole);
  strictEqual((await get("/train.images")).status, 200);
  await stop();
});

/** How many images a page can train on and test with. */
function imageCounts(page: string) {
  const [, contents] = / data-contents="([^"]*)"/.exec(page)!;
  return JSON.parse(
    contents!.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&"),
  )
    .counts;
}

/** The images in an exported page: how many there are of each half, and the data sets. */
function embeddedImages(page: string, sizes = [3, 4]) {
  const { train, test } = imageCounts(page);
  const dataset = (half: string) => {
    const [, base64] = new RegExp(`id="${half}-images">([^<]*)<`).exec(page)!;
    return blockImages({ sizes, bytes: new Uint8Array(gunzipSync(fromBase64(base64!))) });
  };
  return { counts: [train, test], sets: [dataset("train"), dataset("test")] };
}

Deno.test("example: serve --export puts the images to train on and to test with into the page", async () => {
  using folder = someFolder();
  const files = smallSet();
  for (const [limit, count] of [[[], 40], [["--limit", "30"], 30]] as const) {
    const args = ["serve", "p.npz", "--data", ".", "--export", "page.html", ...limit];
    strictEqual((await cli(args, { cwd: folder.path })).code, 0);
    const { counts, sets } = embeddedImages(new TextDecoder().decode(folder.read("page.html")));
    deepStrictEqual(counts, [count, 20]);
    deepStrictEqual(sets.map((set) => set.count), [count, 20]);
    for (const [at, name] of ["train", "t10k"].entries()) {
      const { pixels, labels } = sets[at]!;
      const images = files[`${name}-images-idx3-ubyte`]!.subarray(16);
      deepStrictEqual([...pixels], [...images.subarray(0, pixels.length)]);
      const classes = files[`${name}-labels-idx1-ubyte`]!.subarray(8);
      deepStrictEqual([...labels], [...classes.subarray(0, labels.length)]);
    }
  }
});

Deno.test("example: serve --export writes the page that is served, with the parameters and nothing else of their file", async () => {
  using folder = withoutTraining();
  const arrays = [...readNpz(PARAMETERS)];
  const secret = ["secret", { shape: [2], data: Float64Array.of(1, 2) }] as const;
  folder.write("more.npz", writeNpz([...arrays, secret]));
  const cwd = folder.path;
  const run = await cli(["serve", "p.npz", "--data", ".", "--export", "page.html"], { cwd });
  deepStrictEqual(run, { code: 0, stdout: "", stderr: "saved: page.html\n" });
  const page = new TextDecoder().decode(folder.read("page.html"));
  const { get, stop } = await startServer(["p.npz", "--data=."], folder);
  strictEqual(bodyText(await get("/")), page);
  await stop();
  await cli(["serve", "more.npz", "--data", ".", "--export", "more.html"], { cwd });
  const more = new TextDecoder().decode(folder.read("more.html"));
  strictEqual(more.replaceAll("more.npz", "p.npz"), page);
});

Deno.test("example: serve --export writes only the name of the parameters' file, escaped", async () => {
  using folder = new Folder({ ...smallSet(), "private/a\u202eb.npz": PARAMETERS });
  const args = ["serve", "private/a\u202eb.npz", "--data", ".", "--export", "page.html"];
  deepStrictEqual((await cli(args, { cwd: folder.path })).code, 0);
  const page = new TextDecoder().decode(folder.read("page.html"));
  match(page, /<span id="parameters-name">a\\u\{202e\}b\.npz \(not in the link\)<\/span>/);
  ok(!page.includes("private") && !page.includes("\u202e"));
});

Deno.test("example: serve without arguments uses the pretrained parameters and MNIST", async () => {
  using folder = new Folder();
  const args = ["serve", "--export", "page.html"];
  const run = await cli(args, { cwd: folder.path });
  deepStrictEqual(run, { code: 0, stdout: "", stderr: "saved: page.html\n" });
  const page = new TextDecoder().decode(folder.read("page.html"));
  ok(page.includes("the report's parameters"));
  const { counts, sets } = embeddedImages(page, [28, 28]);
  deepStrictEqual([counts, sets.map(({ count }) => count)], [[5000, 1000], [5000, 1000]]);
  ok(page.length < 8e6, `${page.length} bytes`);
});

Deno.test("example: serve refuses invalid input, and leaves no file", async () => {
  using folder = someFolder();
  const cwd = folder.path, before = folder.names(), images = "t10k-images-idx3-ubyte";
  const cases: [args: string, code: 1 | 2, line: string][] = [
    ["no.npz", 1, "no.npz: cannot be read: no such file or directory"],
    ["wide.npz", 1, "wide.npz: arr_0 takes images of 13 pixels, the data has 12 (4x3)"],
    ["", 1, "the report's parameters: arr_0 takes images of 784 pixels, the data has 12 (4x3)"],
    ["two.npz", 1, "t10k-labels-idx1-ubyte: label 2 is 2, need 0 to 1: two.npz has 2 classes"],
    ["p.npz --limit 41", 2, "--limit 41: there are 40 train images"],
    ["p.npz --export a --limit 41", 2, "--limit 41: there are 40 train images"],
    [`p.npz --export ${images}`, 2, `--export ${images}: is also an input; choose another file`],
    ["no.npz --export no/a", 1, "no/a: cannot be written: no such file or directory"],
  ];
  for (const [args, code, line] of cases) {
    const words = args.split(" ").filter((word) => word);
    await refuses(["serve", ...words, "--data", "."], code, line, { cwd });
  }
  deepStrictEqual(folder.names(), before);
});

Deno.test("example: serve refuses --limit where there are no training images, and a data set of which one file is missing", async () => {
  using folder = withoutTraining();
  const cwd = folder.path, args = ["serve", "p.npz", "--data", "."];
  await refuses([...args, "--limit", "3"], 2, "--limit 3: . has no training images", { cwd });
  const labels = "train-labels-idx1-ubyte";
  folder.write(labels, smallSet()[labels]!);
  const missing = "train-images-idx3-ubyte";
  await refuses(args, 1, `.: has no ${missing} or ${missing}.gz`, { cwd });
});

Deno.test("example: serve refuses a port that is in use, and another address in DENO_SERVE_ADDRESS", async () => {
  using folder = someFolder();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr, cwd = folder.path;
  const args = ["serve", "p.npz", "--data=."];
  const line = `--port ${port}: is in use, need another (0: any free one)`;
  await refuses([...args, `--port=${port}`], 1, line, { cwd });
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-net", ENTRY, ...args],
    cwd,
    env: { DENO_SERVE_ADDRESS: "tcp:0.0.0.0:0" },
  }).output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  const elsewhere = "error: DENO_SERVE_ADDRESS: is not 127.0.0.1, need it unset\n";
  deepStrictEqual([code, out, error], [1, "", elsewhere]);
});
