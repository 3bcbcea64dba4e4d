// A web server for a few files, on this computer alone, and the browser that shows them. The page
// computes in the browser, so the server takes no input: no request body is read.
import { pathToFileURL } from "node:url";
import { systemReason, UserError } from "./errors.ts";
import { info } from "./output.ts";

/** Reachable from this computer alone. */
const ADDRESS = "127.0.0.1";

/** A file that is served: `bytes` throws a `UserError` if they cannot be read. */
export interface SiteFile {
  readonly type: string;
  readonly bytes: () => Uint8Array<ArrayBuffer>;
  /** Its Content-Security-Policy; it loads and runs nothing if undefined. */
  readonly policy?: string;
}

export type Site = ReadonlyMap<string, SiteFile>;

export function textFile(type: string, text: string): SiteFile {
  const bytes = Uint8Array.from(new TextEncoder().encode(text));
  return { type: `${type}; charset=utf-8`, bytes: () => bytes };
}

/** A file of bytes, which are made when they are first asked for, and once it succeeds. */
export function dataFile(make: () => Uint8Array<ArrayBuffer>): SiteFile {
  let made: Uint8Array<ArrayBuffer> | undefined;
  return { type: "application/octet-stream", bytes: () => made ??= make() };
}

/** Listens on a port, or on any free one for 0, and serves until the process ends. */
export async function openServer(port: number, site: Site) {
  const options = { hostname: ADDRESS, port, onListen() {} };
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve(options, (request) => answer(request, site, server.addr.port));
  } catch (error) {
    const reason = error instanceof Deno.errors.AddrInUse
      ? "is in use, need another (0: any free one)"
      : systemReason(error);
    throw new UserError(`--port ${port}: ${reason}`);
  }
  // Deno lets this variable override the address
  const { addr } = server;
  if (addr.hostname !== ADDRESS || port !== 0 && addr.port !== port) {
    await server.shutdown();
    throw new UserError(`DENO_SERVE_ADDRESS: is not ${ADDRESS}, need it unset`);
  }
  return server;
}

/** Waits until a server ends, which it does only if it fails. */
export async function waitUntilClosed(server: Deno.HttpServer): Promise<void> {
  try {
    await server.finished;
  } catch (error) {
    throw new UserError(`the server failed: ${systemReason(error)}`);
  }
}

/** The response to a request that came to a port: a file, or the reason why there is none. */
export function answer(request: Request, files: Site, port: number): Response {
  const reply = (status: number, file: SiteFile, more: Record<string, string> = {}) => {
    const bytes = file.bytes();
    const headers = {
      "content-type": file.type,
      "content-length": `${bytes.length}`,
      // not compressed by Deno or a proxy, so that HEAD can give the length
      "cache-control": "no-store, no-transform",
      "content-security-policy": `${file.policy ?? "default-src 'none'"}; frame-ancestors 'none'`,
      // with the next, the page is isolated from other origins, and may share memory with workers
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      ...more,
    };
    return new Response(request.method === "HEAD" ? null : bytes, { status, headers });
  };
  const path = pathOf(request, port);
  if (path === undefined) {
    return reply(421, line(`Only ${hostNames(port).join(" and ")} are served here`));
  }
  const file = files.get(path);
  if (!file) return reply(404, line("There is no such file"));
  if (request.method !== "GET" && request.method !== "HEAD") {
    return reply(405, line("Only GET and HEAD are answered"), { allow: "GET, HEAD" });
  }
  try {
    return reply(200, file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return reply(500, line(error.message));
  }
}

/**
 * The path of a request, without a query; undefined if it names another host: another site can
 * resolve its host name to this computer (DNS rebinding), but its requests still name that host.
 */
function pathOf({ url, headers }: Request, port: number): string | undefined {
  const host = `http://${headers.get("host")}`, isOurs = hostNames(port).includes(host.slice(7));
  // a request can also name a host in its first line, which takes precedence over the header
  return isOurs && url.startsWith(`${host}/`) ? url.slice(host.length).split("?", 1)[0] : undefined;
}

/** The names of this server, with its port. */
function hostNames(port: number): string[] {
  return [ADDRESS, "localhost"].map((name) => port === 80 ? name : `${name}:${port}`);
}

function line(text: string): SiteFile {
  return textFile("text/plain", `${text}\n`);
}

/** The program that opens an address, and its first arguments. */
const [OPENER, ...ARGUMENTS] = {
  darwin: ["open"],
  windows: ["cmd", "/c", "start", ""],
}[Deno.build.os as string] ?? ["xdg-open"];

/** Opens an address in the browser of the computer, or says on standard error why it cannot. */
export async function openInBrowser(address: string, name: string): Promise<void> {
  const fail = (reason: string) => info(`--open: ${name} cannot be opened: ${reason}`);
  try {
    const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
    const opener = new Deno.Command(OPENER!, { args: [...ARGUMENTS, address], ...quiet });
    const { code } = await opener.output();
    if (code !== 0) fail(`${OPENER} failed with exit code ${code}`);
  } catch (error) {
    fail(systemReason(error));
  }
}

export const openFile = (path: string) => openInBrowser(pathToFileURL(path).href, path);
