/** The local web server, request by request over real sockets. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { answer, dataFile, openServer, type Site, textFile } from "../../lib/system/server.ts";
import { UserError } from "../../lib/system/errors.ts";
import { request, send } from "../helpers/http.ts";

const PAGE = "<!DOCTYPE html><title>頁</title>";

let requests = 0;

/** Bytes that cannot be made at first. */
function makeLater(): Uint8Array<ArrayBuffer> {
  if (++requests === 1) throw new UserError("train.npz: cannot be read");
  return Uint8Array.of(requests);
}

const SITE: Site = new Map([
  ["/", textFile("text/html", PAGE)],
  ["/short", { ...textFile("text/plain", "short"), policy: "default-src 'self'" }],
  ["/data", dataFile(() => Uint8Array.of(0, 13, 10, 255))],
  ["/later", dataFile(makeLater)],
]);

/** What every answer carries. */
const ALWAYS = {
  "cache-control": "no-store, no-transform",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
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

/** A request, and status, body and headers of its answer beside {@linkcode ALWAYS}. */
type Row = [request: string, status: number, body: string, more?: Record<string, string>];

Deno.test("example: openServer() answers GET and HEAD with the exact files by either of its names, and nothing else", async () => {
  await serving(async (port, own) => {
    const get = (target: string, host = own) => request("GET", target, host);
    const none = "There is no such file\n", no = "Only GET and HEAD are answered\n";
    const elsewhere = `Only ${own} and localhost:${port} are served here\n`;
    const html = { "content-type": "text/html; charset=utf-8" };
    const binary = { "content-type": "application/octet-stream" };
    const policy = { "content-security-policy": "default-src 'self'; frame-ancestors 'none'" };
    const answers: Row[] = [
      [get("/"), 200, PAGE, html],
      [get("/", `localhost:${port}`), 200, PAGE, html],
      [get("/?x=1"), 200, PAGE, html], // as of a link
      [get("/data"), 200, "\0\r\n\ufffd", binary],
      [get("/short"), 200, "short", policy],
      [get("/later"), 500, "train.npz: cannot be read\n"], // and it is tried again, and kept
      [get("/later"), 200, "\x02", binary],
      [get("/later"), 200, "\x02", binary],
      ...[
        ...["/index.html", "/data/", "//", "/../", "/../../../../etc/passwd", "/%2e%2e/"],
        ...["/__proto__", "/a".repeat(10_000)],
      ].map((target): Row => [get(target), 404, none]),
      [request("POST", "/none", own), 404, none],
      // waits for no body
      ...["POST", "OPTIONS", "FOO"].map((method): Row => [
        request(method, "/", own),
        405,
        no,
        { allow: "GET, HEAD" },
      ]),
      ...[
        ...["example.com", `example.com:${port}`, "localhost", `127.0.0.1:${port + 1}`],
        ...[`127.0.0.1.example.com:${port}`, `user@${own}`, `${own}, example.com`, ""],
      ].map((host): Row => [get("/", host), 421, elsewhere]),
      ["GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 421, elsewhere], // no Host
      ["GET / HTTP/1.0\r\n\r\n", 421, elsewhere],
      // the first line names a host too
      [get("http://example.com/"), 421, elsewhere],
      [get(`http://${own}/`, "example.com"), 421, elsewhere],
    ];
    for (const [bytes, status, body, more] of answers) {
      const answer = await send(port, bytes);
      deepStrictEqual(
        [answer.status, new TextDecoder().decode(answer.body)],
        [status, body],
        bytes,
      );
      deepStrictEqual(answer.headers, {
        ...ALWAYS,
        "content-type": "text/plain; charset=utf-8",
        "content-length": `${answer.body.length}`,
        ...more,
      });
    }
    for (const target of ["/", "/data", "/none"]) {
      const whole = await send(port, get(target)), { status, headers } = whole;
      const head = await send(port, request("HEAD", target, own));
      deepStrictEqual([head.status, head.headers, head.body.length], [status, headers, 0]);
    }
  });
});

Deno.test("example: answer() knows that browsers leave port 80 out", () => {
  const at = (host: string, port: number) =>
    answer(new Request(`http://${host}/`, { headers: { host } }), SITE, port).status;
  const answers = [at("127.0.0.1", 80), at("localhost", 80), at("example.com", 80)];
  deepStrictEqual([...answers, at("127.0.0.1", 8000)], [200, 200, 421, 421]);
});

Deno.test("example: openServer() refuses a port that is in use", async () => {
  await serving(async (port) => {
    const message = `--port ${port}: is in use, need another (0: any free one)`;
    await rejects(openServer(port, SITE), { name: "UserError", message });
  });
});
