/** The local web server, request by request over real sockets. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { answer, dataFile, openServer, type Site, textFile } from "../../lib/system/server.ts";
import { UserError } from "../../lib/system/errors.ts";
import { bodyText, request, send } from "../helpers/http.ts";

const POLICY = "default-src 'none'; script-src 'sha256-x'";
const PAGE = "<!DOCTYPE html><title>頁</title>".padEnd(5000, " ");

const SITE: Site = {
  policy: POLICY,
  files: new Map([
    ["/", textFile("text/html", PAGE)],
    ["/short", { ...textFile("text/plain", "short"), policy: "default-src 'self'" }],
    ["/data", dataFile(() => Uint8Array.of(0, 13, 10, 255))],
  ]),
};

/** What every answer carries. */
const ALWAYS = {
  "cache-control": "no-store, no-transform",
  "content-security-policy": `${POLICY}; frame-ancestors 'none'`,
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

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

/** Asserts that the server answers with the page. */
async function assertServes(port: number): Promise<void> {
  const { status, body } = await send(port, request("GET", "/", `127.0.0.1:${port}`));
  deepStrictEqual([status, new TextDecoder().decode(body)], [200, PAGE]);
}

Deno.test("example: openServer() answers GET with the page and its parts, whichever of its names it is called by", async () => {
  await serving(async (port, own) => {
    for (const host of [own, `localhost:${port}`]) {
      const page = await send(port, request("GET", "/", host));
      strictEqual(page.status, 200);
      strictEqual(bodyText(page), PAGE);
      deepStrictEqual(page.headers, {
        ...ALWAYS,
        "content-length": `${page.body.length}`,
        "content-type": "text/html; charset=utf-8",
      });
    }
    const { status, headers, body } = await send(port, request("GET", "/data", own));
    deepStrictEqual([status, [...body]], [200, [0, 13, 10, 255]]);
    strictEqual(headers["content-type"], "application/octet-stream");
    const short = await send(port, request("GET", "/short", own)), policy = "default-src 'self'";
    strictEqual(short.headers["content-security-policy"], `${policy}; frame-ancestors 'none'`);
  });
});

Deno.test("example: openServer() makes a file at its first request and keeps it, but tries again after an error", async () => {
  let requests = 0;
  const make = () => {
    if (++requests === 1) throw new UserError("train.npz: cannot be read");
    return Uint8Array.of(requests);
  };
  const server = await openServer(0, { policy: POLICY, files: new Map([["/", dataFile(make)]]) });
  try {
    const { port } = server.addr, get = request("GET", "/", `127.0.0.1:${port}`);
    strictEqual(requests, 0);
    const failed = await send(port, get);
    deepStrictEqual([failed.status, bodyText(failed)], [500, "train.npz: cannot be read\n"]);
    for (const _ of ["made", "kept"]) {
      const { status, body } = await send(port, get);
      deepStrictEqual([status, [...body]], [200, [2]]);
    }
  } finally {
    await server.shutdown();
  }
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

Deno.test("example: openServer() sends texts in gzip format to a browser that takes it, and HEAD has the same headers", async () => {
  await serving(async (port, own) => {
    const more = "Accept-Encoding: br, gzip\r\n";
    for (const _ of ["compresses", "compressed before"]) {
      const { headers, body } = await send(port, request("GET", "/", own, more));
      strictEqual(headers["content-encoding"], "gzip");
      strictEqual(headers["content-length"], `${body.length}`);
      ok(body.length < PAGE.length / 10);
      strictEqual(new TextDecoder().decode(gunzipSync(body)), PAGE);
      const head = await send(port, request("HEAD", "/", own, more));
      deepStrictEqual([head.headers, head.body.length], [headers, 0]);
    }
    for (const [target, status] of [["/data", 200], ["/none", 404], ["/short", 200]] as const) {
      const plain = await send(port, request("GET", target, own, more));
      deepStrictEqual([plain.status, plain.headers["content-encoding"]], [status, undefined]);
    }
  });
});

Deno.test("example: answer() respects the weights of Accept-Encoding, and says that it does", () => {
  const encoding = (accepted: string | undefined, path = "/") => {
    const headers = new Headers({ host: "127.0.0.1:8000" });
    if (accepted !== undefined) headers.set("accept-encoding", accepted);
    const request = new Request(`http://127.0.0.1:8000${path}`, { headers });
    const response = answer(request, SITE, 8000);
    return `${response.headers.get("content-encoding")} ${response.headers.get("vary")}`;
  };
  const yes = ["gzip", "GZIP", "br, gzip;q=0.001", "gzip ; q=1.0", "x-gzip"];
  for (const accepted of yes) {
    strictEqual(encoding(accepted), "gzip accept-encoding", accepted);
  }
  const no = ["", "identity", "br", "gzip;q=0", "gzip; q=0.000, *", "gzipped"];
  for (const accepted of [undefined, ...no]) {
    strictEqual(encoding(accepted), "null accept-encoding", accepted);
  }
  strictEqual(encoding("gzip", "/data"), "null null");
});

Deno.test("example: openServer() answers 405 to other methods, lists the allowed ones, and waits for no body", async () => {
  await serving(async (port, own) => {
    const methods = ["POST", "DELETE", "OPTIONS", "TRACE", "FOO", "get"];
    for (const method of methods) {
      const answer = await send(port, request(method, "/", own));
      strictEqual(answer.status, 405, method);
      deepStrictEqual(answer.headers, {
        ...ALWAYS,
        "allow": "GET, HEAD",
        "content-length": `${answer.body.length}`,
        "content-type": "text/plain; charset=utf-8",
      });
      strictEqual(bodyText(answer), "Only GET and HEAD are answered\n");
    }
    await assertServes(port);
  });
});

Deno.test("example: openServer() answers 404 to every path but the exact ones", async () => {
  await serving(async (port, own) => {
    const targets = [
      ...["/index.html", "/none?x", "/data/", "/Data", "//", "/./", "/../", "/data/.."],
      ...["/../../../../etc/passwd", "/%2e%2e/", "/%2F", "/%64ata", "/data%00", "/\\"],
      ...["/__proto__", "/constructor", "/a".repeat(10_000)],
    ];
    for (const target of targets) {
      const answer = await send(port, request("GET", target, own));
      const { status, headers } = answer;
      deepStrictEqual([status, bodyText(answer)], [404, "There is no such file\n"], target);
      strictEqual(headers["content-type"], "text/plain; charset=utf-8");
    }
    strictEqual((await send(port, request("POST", "/none", own))).status, 404);
    strictEqual((await send(port, request("GET", "/?x=1", own))).status, 200); // as of a link
    await assertServes(port);
  });
});

Deno.test("example: openServer() answers 421 without the page to requests that name another host", async () => {
  await serving(async (port, own) => {
    const hosts = [
      ...["example.com", `example.com:${port}`, "127.0.0.1", "localhost"],
      ...[`127.0.0.1:${port + 1}`, `127.0.0.1.:${port}`, `127.0.0.1.example.com:${port}`],
      ...[`sub.localhost:${port}`, `LOCALHOST:${port}`, `0.0.0.0:${port}`, `127.1:${port}`],
      ...[`[::1]:${port}`, `user@${own}`, `${own}/`, `${own}, example.com`, `${own},${own}`],
      ...[`http://${own}`, "a b/?#@", "\xff\xfe", ""],
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
      strictEqual(bodyText(answer), bytes.startsWith("HEAD") ? "" : line);
      for (const [name, value] of Object.entries(ALWAYS)) strictEqual(answer.headers[name], value);
    }
    await assertServes(port);
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

Deno.test("example: openServer() refuses a port that is in use", async () => {
  await serving(async (port) => {
    await rejects(openServer(port, SITE), {
      name: "UserError",
      message: `--port ${port}: is in use, need another (0: any free one)`,
    });
    await assertServes(port);
  });
});
