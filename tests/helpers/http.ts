/** Raw HTTP requests to a local server, and the command `serve`. */
import { fail, match } from "node:assert/strict";
import { cli, type Run } from "./cli.ts";
import type { Folder } from "./folder.ts";

/** What Deno adds; the last one is of Deno 2.4, which would compress. */
const DENOS = ["connection", "date", "vary"];

interface Answer {
  readonly status: number;
  /** Those that the site gives; `DENOS` are left out. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** An answer's body as text. */
export function bodyText({ body }: Answer): string {
  return new TextDecoder().decode(body);
}

/** Sends bytes as they are, and reads until the server closes; a word of Latin-1 is a byte. */
export async function send(port: number, request: string): Promise<Answer> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const bytes = Uint8Array.from(request, (letter) => letter.charCodeAt(0));
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
  const chunks: BlobPart[] = [], chunk = new Uint8Array(65536);
  for (let read; (read = await connection.read(chunk)) !== null;) chunks.push(chunk.slice(0, read));
  return parse(new Uint8Array(await new Blob(chunks).arrayBuffer()));
}

function parse(bytes: Uint8Array<ArrayBuffer>): Answer {
  const latin1 = Array.from(bytes.subarray(0, 2000), (b) => String.fromCharCode(b)).join("");
  const end = latin1.indexOf("\r\n\r\n");
  const [first, ...lines] = latin1.slice(0, end).split("\r\n");
  match(first!, /^HTTP\/1\.[01] \d{3} /);
  const headers = lines.map((line) => line.split(/: (.*)/, 2) as [string, string]);
  const own = headers.filter(([name]) => !DENOS.includes(name));
  return {
    status: Number(first!.split(" ")[1]),
    headers: Object.fromEntries(own),
    body: bytes.slice(end + 4),
  };
}

/** A request of the usual form; the server closes after it. */
export function request(method: string, target: string, host: string, more = ""): string {
  return `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`;
}

/** Runs `serve` in the test's process until it listens; `stop()` ends it. */
export async function startServer(
  args: readonly string[],
  { path: cwd }: Folder,
): Promise<{ port: number; get: (target: string) => Promise<Answer>; stop: () => Promise<Run> }> {
  const { serve } = Deno, opened = Promise.withResolvers<Deno.HttpServer<Deno.NetAddr>>();
  const watched = (...given: [Deno.ServeTcpOptions, Deno.ServeHandler<Deno.NetAddr>]) => {
    const server = serve(...given);
    opened.resolve(server);
    return server;
  };
  Deno.serve = watched as typeof serve;
  const run = cli(["serve", ...args, "--port=0"], { cwd });
  try {
    const server = await Promise.race([opened.promise, run]);
    if (!("addr" in server)) fail(server.stderr);
    const { port } = server.addr;
    return {
      port,
      get: (target) => send(port, request("GET", target, `127.0.0.1:${port}`)),
      stop: async () => {
        await server.shutdown();
        return await run;
      },
    };
  } finally {
    Deno.serve = serve;
  }
}
