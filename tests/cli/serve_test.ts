/** The server of the page, request by request over real sockets, and the command `serve`. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { answer, isLoopback, openServer, type Site, textFile } from "../../lib/system/server.ts";
import { TRAINER_SCRIPT } from "../../lib/pages/playground/generated/scripts.ts";
import { initialise, RandomState, readNpz, writeNpz, writeParameters } from "../../mod.ts";
import { Child, denoCommand, freePort } from "../helpers/child.ts";
import { cli, ENTRY, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { type Answer, request, send, startServer, stopServer } from "../helpers/http.ts";
import { smallSet } from "../helpers/idx.ts";
import { testIf } from "../helpers/conditional.ts";

const POLICY = "default-src 'none'; script-src 'sha256-x'";
const PAGE = "<!DOCTYPE html><title>頁</title>".padEnd(5000, " ");

const SITE: Site = {
  policy: POLICY,
  files: new Map([
    ["/", textFile("text/html", PAGE)],
    ["/data", { type: "application/octet-stream", bytes: Uint8Array.of(0, 13, 10, 255) }],
  ]),
};

/** What every answer carries. */
const ALWAYS = {
  "cache-control": "no-store, no-transform",
  "content-security-policy": `${POLICY}; frame-ancestors 'none'`,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

function text({ body }: Answer): string {
  return new TextDecoder().decode(body);
}

/** The page's server on a free port, for one test. */
async function serving(use: (port: number, own: string) => Promise<void>): Promise<void> {
  const server = await openServer(0, SITE);
  try {
    strictEqual(server.addr.hostname, "127.0.0.1");
    await use(server.addr.port, `127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

/** Claims that the page is there. */
async function lives(port: number): Promise<void> {
  const { status, body } = await send(port, request("GET", "/", `127.0.0.1:${port}`));
  deepStrictEqual([status, new TextDecoder().decode(body)], [200, PAGE]);
}

Deno.test("example: openServer() answers GET with the page and its parts, whichever of its names it is called by", async () => {
  await serving(async (port, own) => {
    for (const host of [own, `localhost:${port}`]) {
      const page = await send(port, request("GET", "/", host));
      strictEqual(page.status, 200);
      strictEqual(text(page), PAGE);
      deepStrictEqual(page.headers, {
        ...ALWAYS,
        "content-length": `${page.body.length}`,
        "content-type": "text/html; charset=utf-8",
      });
    }
    const { status, headers, body } = await send(port, request("GET", "/data", own));
    deepStrictEqual([status, [...body]], [200, [0, 13, 10, 255]]);
    strictEqual(headers["content-type"], "application/octet-stream");
  });
});

Deno.test("example: openServer() answers HEAD as GET, without the body", async () => {
  await serving(async (port, own) => {
    for (const target of ["/", "/data", "/none"]) {
      const get = await send(port, request("GET", target, own));
      const head = await send(port, request("HEAD", target, own));
      deepStrictEqual([head.status, head.headers], [get.status, get.headers]);
      ok(get.body.length > 0);
      strictEqual(head.body.length, 0);
    }
  });
});

Deno.test("example: openServer() sends the bytes themselves to a browser that takes compressed ones", async () => {
  await serving(async (port, own) => {
    const more = "Accept-Encoding: gzip, br\r\n";
    const { headers, body } = await send(port, request("GET", "/", own, more));
    strictEqual(headers["content-encoding"], undefined);
    strictEqual(new TextDecoder().decode(body), PAGE);
  });
});

Deno.test("example: openServer() answers 405 to other methods, says which it takes, and waits for no body", async () => {
  await serving(async (port, own) => {
    const methods = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "FOO", "get"];
    for (const method of methods) {
      const answer = await send(port, request(method, "/", own));
      strictEqual(answer.status, 405, method);
      deepStrictEqual(answer.headers, {
        ...ALWAYS,
        "allow": "GET, HEAD",
        "content-length": `${answer.body.length}`,
        "content-type": "text/plain; charset=utf-8",
      });
      strictEqual(text(answer), "Only GET and HEAD are answered\n");
    }
    await lives(port);
  });
});

Deno.test("example: openServer() allows no other site to read its answers", async () => {
  await serving(async (port, own) => {
    const asked = "Origin: https://example.com\r\nAccess-Control-Request-Method: GET\r\n";
    for (const method of ["GET", "OPTIONS"]) {
      const { headers } = await send(port, request(method, "/", own, asked));
      deepStrictEqual(Object.keys(headers).filter((name) => name.startsWith("access-")), []);
    }
  });
});

Deno.test("example: openServer() answers 404 to every path but the exact ones", async () => {
  await serving(async (port, own) => {
    const targets = [
      "/index.html",
      "/favicon.ico",
      "/trainer.js",
      "/?",
      "/?x=1",
      "/data?",
      "/data/",
      "/Data",
      "//",
      "//data",
      "///",
      "/./",
      "/../",
      "/..",
      "/data/..",
      "/../../../../etc/passwd",
      "/%2e%2e/",
      "/%2F",
      "/%64ata",
      "/data%00",
      "/\\",
      "/..\\data",
      "/__proto__",
      "/constructor",
      "/a".repeat(10_000),
    ];
    for (const target of targets) {
      const answer = await send(port, request("GET", target, own));
      const { status, headers } = answer;
      deepStrictEqual([status, text(answer)], [404, "There is no such file\n"], target);
      strictEqual(headers["content-type"], "text/plain; charset=utf-8");
    }
    strictEqual((await send(port, request("POST", "/none", own))).status, 404);
    await lives(port);
  });
});

Deno.test("example: openServer() answers 421 to requests that name another host, and keeps the page from them", async () => {
  await serving(async (port, own) => {
    const hosts = [
      "example.com",
      `example.com:${port}`,
      "127.0.0.1",
      "localhost",
      `127.0.0.1:${port + 1}`,
      `127.0.0.1:0${port}`,
      `127.0.0.1.:${port}`,
      `127.0.0.1.example.com:${port}`,
      `localhost.:${port}`,
      `sub.localhost:${port}`,
      `LOCALHOST:${port}`,
      `0.0.0.0:${port}`,
      `127.1:${port}`,
      `2130706433:${port}`,
      `[::1]:${port}`,
      `user@${own}`,
      `${own}/`,
      `${own}, example.com`,
      `${own},${own}`,
      `http://${own}`,
      "a b/?#@",
      "\xff\xfe",
      "",
    ];
    const raw = [
      ...hosts.map((host) => request("GET", "/", host)),
      request("HEAD", "/", "example.com"),
      request("POST", "/", "example.com"),
      request("GET", "/data", "example.com"),
      "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", // no Host
      "GET / HTTP/1.0\r\n\r\n",
      // the first line names a host too
      request("GET", "http://example.com/", own),
      request("GET", `http://${own}/`, "example.com"),
      request("GET", `http://${own}@example.com/`, own),
      request("GET", `http://x@${own}/`, own),
      request("GET", `https://${own}/`, own),
      `GET http://${own}/ HTTP/1.1\r\nConnection: close\r\n\r\n`,
    ];
    for (const bytes of raw) {
      const answer = await send(port, bytes);
      strictEqual(answer.status, 421, bytes);
      const line = `Only ${own} and localhost:${port} are served here\n`;
      strictEqual(text(answer), bytes.startsWith("HEAD") ? "" : line);
      for (const [name, value] of Object.entries(ALWAYS)) strictEqual(answer.headers[name], value);
    }
    await lives(port);
  });
});

Deno.test("example: openServer() lives on after malformed requests", async () => {
  await serving(async (port, own) => {
    const raw = [
      "\r\n\r\n\r\nGARBAGE\r\n\r\n",
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", // the beginning of TLS
      request("GET", "x", own),
      request("GET", "*", own),
      request("GET", "/\xff", own),
      request("G T", "/", own),
      `GET / HTTP/2.0\r\nHost: ${own}\r\nConnection: close\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${own}\r\nHost: example.com\r\nConnection: close\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: example.com\r\nHost: ${own}\r\nConnection: close\r\n\r\n`,
      request("GET", "/", own, "No colon\r\n"),
      request("GET", "/", own, "Content-Length: -1\r\n"),
      request("CONNECT", "example.com:80", own),
      request("OPTIONS", "*", own),
      request("GET", `/${"a".repeat(100_000)}`, own),
      request("GET", "/", own, `X: ${"a".repeat(2_000_000)}\r\n`),
    ];
    for (const bytes of raw) {
      // Deno answers most of them by itself, or closes without a word
      const answer = await send(port, bytes).catch(() => undefined);
      if (answer) {
        ok(answer.status >= 400, bytes.slice(0, 80));
        ok(!text(answer).includes("<title>"));
      }
      await lives(port);
    }
  });
});

Deno.test("example: openServer() answers before a body has come, and serves others while a request is unfinished", async () => {
  await serving(async (port, own) => {
    using silent = await Deno.connect({ hostname: "127.0.0.1", port });
    using halfway = await Deno.connect({ hostname: "127.0.0.1", port });
    await halfway.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: "));
    using sending = await Deno.connect({ hostname: "127.0.0.1", port });
    const announced = `POST / HTTP/1.1\r\nHost: ${own}\r\nContent-Length: 10000000000\r\n\r\n`;
    await sending.write(new TextEncoder().encode(announced));
    const start = new Uint8Array(12);
    await sending.read(start);
    strictEqual(new TextDecoder().decode(start), "HTTP/1.1 405");
    await lives(port);
    ok(silent);
  });
});

Deno.test("example: openServer() answers several requests on one connection", async () => {
  await serving(async (port, own) => {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const lines = ["GET /none", "HEAD /", "POST /", "GET /data"].map((start) =>
      `${start} HTTP/1.1\r\nHost: ${own}\r\n${
        start === "GET /data" ? "Connection: close\r\n" : ""
      }\r\n`
    );
    await connection.write(new TextEncoder().encode(lines.join("")));
    let all = "";
    const decoder = new TextDecoder("latin1");
    for await (const bytes of connection.readable) all += decoder.decode(bytes);
    deepStrictEqual([...all.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status), [
      "404",
      "200",
      "405",
      "200",
    ]);
    ok(!all.includes("<title>"));
  });
});

Deno.test("example: answer() knows that browsers leave port 80 out", () => {
  const at = (host: string, port: number) =>
    answer(new Request(`http://${host}/`, { headers: { host } }), SITE, port).status;
  deepStrictEqual([at("127.0.0.1", 80), at("localhost", 80), at("example.com", 80)], [
    200,
    200,
    421,
  ]);
  deepStrictEqual([at("127.0.0.1", 8000), at("127.0.0.1:8000", 8000)], [421, 200]);
});

Deno.test("example: openServer() refuses a port that is taken", async () => {
  await serving(async (port) => {
    await rejects(openServer(port, SITE), {
      name: "UserError",
      message: `--port ${port}: is taken, need another (0: any free one)`,
    });
    await lives(port);
  });
});

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

Deno.test("example: serve says where it listens, needs one port of the network, and ends on SIGINT and SIGTERM at once", async () => {
  using folder = someFolder();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const port = freePort();
    const args = ["p.npz", "--data", ".", "--port", `${port}`];
    const { child, port: said } = await startServer(args, folder, `127.0.0.1:${port}`);
    strictEqual(said, port);
    using _idle = await Deno.connect({ hostname: "127.0.0.1", port });
    child.kill(signal);
    const end = await child.end; // who waits for the idle connection to close is killed otherwise
    deepStrictEqual([end.signal, end.stderr], [signal, "serving p.npz; Ctrl-C stops it\n"]);
  }
});

Deno.test("example: serve gives out the page alone", async () => {
  using folder = someFolder();
  const { child, port } = await startServer(
    ["p.npz", "--data=.", "--port=0"],
    folder,
    "127.0.0.1:0",
  );
  const own = `127.0.0.1:${port}`;
  const page = await send(port, request("GET", "/", own));
  strictEqual(page.status, 200);
  match(text(page), /^<!DOCTYPE html>/i);
  match(page.headers["content-security-policy"]!, /^default-src 'none'.*; frame-ancestors 'none'$/);
  for (const target of ["/trainer.js", "/train.npz", "/p.npz"]) {
    strictEqual((await send(port, request("GET", target, own))).status, 404);
  }
  strictEqual((await send(port, request("GET", "/", `example.com:${port}`))).status, 421);
  await stopServer(child);
});

Deno.test("example: serve --train gives out the trainer and the training images too", async () => {
  using folder = someFolder();
  const args = ["p.npz", "--data", ".", "--port", "0", "--train", "--limit", "30"];
  const { child, port } = await startServer(args, folder, "127.0.0.1:0");
  const own = `127.0.0.1:${port}`;
  const script = await send(port, request("GET", "/trainer.js", own));
  deepStrictEqual([script.status, text(script)], [200, TRAINER_SCRIPT]);
  strictEqual(script.headers["content-type"], "text/javascript; charset=utf-8");
  const page = await send(port, request("GET", "/", own));
  strictEqual(
    script.headers["content-security-policy"],
    page.headers["content-security-policy"],
  );
  const arrays = readNpz((await send(port, request("GET", "/train.npz", own))).body);
  const files = smallSet(); // its headers have 16 and 8 bytes
  deepStrictEqual([...arrays.keys()], ["pixels", "labels"]);
  deepStrictEqual(arrays.get("pixels")!.shape, [30, 4, 3]);
  deepStrictEqual([...arrays.get("pixels")!.data], [
    ...files["train-images-idx3-ubyte"]!.subarray(16, 16 + 30 * 12),
  ]);
  deepStrictEqual([...arrays.get("labels")!.data], [
    ...files["train-labels-idx1-ubyte"]!.subarray(8, 8 + 30),
  ]);
  await stopServer(child);
});

Deno.test("example: serve --export writes the page that is served, with the parameters and nothing else of their file", async () => {
  using folder = someFolder();
  const cwd = folder.path;
  const run = await cli(["serve", "p.npz", "--data", ".", "--export", "page.html"], { cwd });
  deepStrictEqual(run, { code: 0, stdout: "", stderr: "saved: page.html\n" });
  const page = new TextDecoder().decode(folder.read("page.html"));
  const { child, port } = await startServer(
    ["p.npz", "--data=.", "--port=0"],
    folder,
    "127.0.0.1:0",
  );
  strictEqual(text(await send(port, request("GET", "/", `127.0.0.1:${port}`))), page);
  await stopServer(child);
  await cli(["serve", "more.npz", "--data", ".", "--export", "more.html"], { cwd });
  const more = new TextDecoder().decode(folder.read("more.html"));
  strictEqual(more.replaceAll("more.npz", "p.npz"), page);
});

Deno.test("example: serve --export tells of the parameters' file the name alone, in characters that can be seen", async () => {
  using folder = new Folder({ ...smallSet(), "private/a\u202eb.npz": PARAMETERS });
  const args = ["serve", "private/a\u202eb.npz", "--data", ".", "--export", "page.html"];
  deepStrictEqual((await cli(args, { cwd: folder.path })).code, 0);
  const page = new TextDecoder().decode(folder.read("page.html"));
  match(page, /<span id="parameters-name">a\\u\{202e\}b\.npz<\/span>/);
  ok(!page.includes("private") && !page.includes("\u202e"));
});

Deno.test("example: serve without parameters takes those kept from the report's experiment, and MNIST", async () => {
  using folder = new Folder();
  const args = ["serve", "--export", "page.html"];
  const run = await cli(args, { cwd: folder.path });
  deepStrictEqual(run, { code: 0, stdout: "", stderr: "saved: page.html\n" });
  ok(new TextDecoder().decode(folder.read("page.html")).includes("the report&#39;s parameters"));
});

Deno.test("example: serve refuses what it cannot use, and leaves nothing behind", async () => {
  using folder = someFolder();
  const cwd = folder.path, before = folder.names(), images = "t10k-images-idx3-ubyte";
  const cases: [args: string[], line: string][] = [
    [["no.npz"], "no.npz: cannot be read: no such file or folder"],
    [["wide.npz"], "wide.npz: arr_0 takes images of 13 pixels, the data has 12 (4x3)"],
    [[], "the report's parameters: arr_0 takes images of 784 pixels, the data has 12 (4x3)"],
    [
      ["two.npz"],
      "t10k-labels-idx1-ubyte: label 2 is 2, need 0 to 1: two.npz has 2 classes",
    ],
    [["p.npz", "--train", "--limit", "41"], "--limit 41: there are 40 train images"],
    [["p.npz", "--export", "p.npz"], "--export p.npz: is read too, need another file"],
    [["p.npz", "--export", images], `--export ${images}: is read too, need another file`],
    [["p.npz", "--export", "."], ".: cannot be written: it is a folder"],
    [["no.npz", "--export", "no/a"], "no/a: cannot be written: no such file or folder"],
  ];
  await Promise.all(
    cases.map(([args, line]) => refuses(["serve", ...args, "--data", "."], 1, line, { cwd })),
  );
  const line = "--port 8000: permission not granted to this program";
  const permissions = ["--allow-read"];
  await refuses(["serve", "p.npz", "--data", "."], 1, line, { cwd, permissions });
  deepStrictEqual(folder.names(), before);
});

Deno.test("example: serve refuses training images with labels for which the parameters have no class", async () => {
  const { "train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels } = smallSet();
  using folder = new Folder({
    ...smallSet({ classes: 2 }),
    "train-images-idx3-ubyte": images!,
    "train-labels-idx1-ubyte": labels!,
    "two.npz": writeParameters(initialise(12, 5, 2, new RandomState(1))),
  });
  const line = "train-labels-idx1-ubyte: label 2 is 2, need 0 to 1: two.npz has 2 classes";
  await refuses(["serve", "two.npz", "--data", ".", "--train"], 1, line, { cwd: folder.path });
});

Deno.test("example: serve refuses a port that is taken, and another address that Deno is told of", async () => {
  using folder = someFolder();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr, cwd = folder.path;
  const permissions = ["--allow-read", "--allow-net"], args = ["serve", "p.npz", "--data=."];
  const line = `--port ${port}: is taken, need another (0: any free one)`;
  await refuses([...args, `--port=${port}`], 1, line, { cwd, permissions });
  const elsewhere = "DENO_SERVE_ADDRESS: leads elsewhere than to 127.0.0.1, need it unset";
  for (
    const [address, line] of [
      ["tcp:0.0.0.0:0", elsewhere],
      ["tcp:127.0.0.1:0", elsewhere], // not the port that was asked for
      ["unix:no/such/folder", "--port 8000: no such file or folder"],
    ] as const
  ) {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write", "--allow-net"]
        .concat(ENTRY, args),
      cwd,
      env: { DENO_SERVE_ADDRESS: address },
    }).output();
    const decoder = new TextDecoder();
    const found = [code, decoder.decode(stdout), decoder.decode(stderr)];
    deepStrictEqual(found, [1, "", `error: ${line}\n`], address);
  }
});

Deno.test("example: isLoopback() knows this computer from others", () => {
  const tcp = (hostname: string) => isLoopback({ transport: "tcp", hostname, port: 50_000 });
  ok(["127.0.0.1", "127.1.2.3"].every(tcp));
  ok(!["192.0.2.1", "10.0.0.7", "::1", "2001:db8::1", "127.0.0.1.example.com", ""].some(tcp));
  ok(!isLoopback({ transport: "unix", path: "/run/127.0.0.1" }));
});

testIf(
  Deno.build.os === "linux",
  "ulimit",
  "example: serve ends in one line if it cannot go on",
  async () => {
    using folder = someFolder();
    const run = denoCommand(["serve", "p.npz", "--data", ".", "--port", "0"], ["--allow-net"]);
    const child = new Child(["sh", "-c", 'ulimit -n 60; exec "$@"', "sh", ...run], folder.path);
    ok(await child.until(() => child.stdout.endsWith("\n")), child.stderr);
    const port = Number(new URL(child.stdout).port);
    const idle = await Promise.allSettled(
      Array.from({ length: 120 }, () => Deno.connect({ hostname: "127.0.0.1", port })),
    );
    const enough = Date.now() + 2000;
    const livesOn = await child.until(() => Date.now() > enough); // Deno 2.4 does
    for (const one of idle) if (one.status === "fulfilled") one.value.close();
    if (livesOn) return await stopServer(child);
    const { code, stderr } = await child.end;
    strictEqual(code, 1);
    match(stderr, /^.*\nerror: the server cannot go on: .*Too many open files\n$/);
  },
);

testIf(
  Deno.build.os === "linux",
  "/dev/full",
  "example: serve ends where it cannot say on which port it listens",
  async () => {
    using folder = someFolder();
    const run = await cli(["serve", "p.npz", "--data=.", "--port=0"], {
      cwd: folder.path,
      permissions: ["--allow-read", "--allow-write", "--allow-net=127.0.0.1:0"],
      stdoutTo: "/dev/full",
    });
    const line = "error: standard output: cannot be written: No space left on device\n";
    deepStrictEqual(run, { code: 1, stdout: "", stderr: line });
  },
);

Deno.test("example: serve refuses wrong usage", async () => {
  const cases: [args: string[], line: string][] = [
    [["--limit", "3"], "--limit needs --train"],
    [
      ["--export", "a", "--port", "1"],
      "option '--export <file>' cannot be used with option '--port <n>'",
    ],
    [["--export", "a", "--train"], "option '--export <file>' cannot be used with option '--train'"],
    [
      ["--export", "a", "--limit", "1"],
      "option '--export <file>' cannot be used with option '--limit <n>'",
    ],
    [
      ["--port", "65536"],
      "option '--port <n>' argument '65536' is invalid. Must be an integer from 0 to 65535",
    ],
    [["--port=1", "--port=2"], "option '--port' is given more than once"],
    [["--export="], "option '--export <file>' argument '' is invalid. Must not be empty"],
    [["a", "b"], "too many arguments for 'serve'. Expected 1 argument but got 2: a, b"],
  ];
  await Promise.all(cases.map(([args, line]) => refuses(["serve", ...args], 2, line)));
});
