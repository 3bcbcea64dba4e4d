/**
 * The server of the demo page: it gives out a few files to this computer's browser, and nothing else to anybody.
 *
 * The page computes by itself, so there is nothing to be sent here, and no body is looked at.
 *
 * @module
 */

import { systemReason, UserError } from "./errors.ts";

/** Reached from this computer alone. */
const ADDRESS = "127.0.0.1";

/** A file that can be asked for. */
export interface SiteFile {
  /** Its `content-type`. */
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A file of text. */
export function textFile(type: string, text: string): SiteFile {
  const bytes = Uint8Array.from(new TextEncoder().encode(text));
  return { type: `${type}; charset=utf-8`, bytes };
}

/** All that is served. */
export interface Site {
  /** The page's Content-Security-Policy; a worker takes its own from its file, so every file has it. */
  readonly policy: string;
  /** The files by their paths: `/` is the page. */
  readonly files: ReadonlyMap<string, SiteFile>;
}

/**
 * Opens a port and serves; requests come in until the process ends.
 *
 * @param port 0 takes a free one
 * @returns the server; its address says which port it has
 * @throws {UserError} if the port cannot be had
 */
export async function openServer(
  port: number,
  site: Site,
): Promise<Deno.HttpServer<Deno.NetAddr>> {
  const server = listen(
    port,
    (request, { remoteAddr }) =>
      isLoopback(remoteAddr)
        ? answer(request, site, server.addr.port)
        : new Response(null, { status: 403 }),
  );
  // Deno lets this variable overrule the program
  const { addr } = server;
  if (addr.hostname !== ADDRESS || port !== 0 && addr.port !== port) {
    await server.shutdown();
    throw new UserError(`DENO_SERVE_ADDRESS: leads elsewhere than to ${ADDRESS}, need it unset`);
  }
  return server;
}

/**
 * Waits until a server ends, which it does by itself only if it cannot go on.
 *
 * @throws {UserError} that says why it cannot
 */
export async function waitUntilClosed(server: Deno.HttpServer): Promise<void> {
  try {
    await server.finished;
  } catch (error) {
    throw new UserError(`the server cannot go on: ${systemReason(error)}`);
  }
}

/** Whether a request comes from this computer; DENO_SERVE_ADDRESS may have let Deno listen at a second address. */
export function isLoopback(remote: Deno.Addr): boolean {
  return "hostname" in remote && /^127\.\d+\.\d+\.\d+$/.test(remote.hostname);
}

/**
 * The answer to a request: a file for GET and HEAD, or why there is none.
 *
 * @param port where the request came in
 */
export function answer(request: Request, { policy, files }: Site, port: number): Response {
  const reply = (status: number, { type, bytes }: SiteFile, more: Record<string, string> = {}) => {
    const length = `${bytes.length}`;
    const headers = {
      "content-type": type,
      "content-length": length,
      ...securityHeaders(policy),
      ...more,
    };
    return new Response(request.method === "HEAD" ? null : bytes, { status, headers });
  };
  const path = pathOf(request, port);
  if (path === undefined) {
    return reply(421, line(`Only ${hostNames(port).join(" and ")} are served here`));
  }
  const file = files.get(path);
  if (file === undefined) return reply(404, line("There is no such file"));
  if (request.method !== "GET" && request.method !== "HEAD") {
    return reply(405, line("Only GET and HEAD are answered"), { allow: "GET, HEAD" });
  }
  return reply(200, file);
}

function listen(
  port: number,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname: ADDRESS, port, onListen() {} }, handler);
  } catch (error) {
    const reason = error instanceof Deno.errors.AddrInUse
      ? "is taken, need another (0: any free one)"
      : systemReason(error);
    throw new UserError(`--port ${port}: ${reason}`);
  }
}

/** What every answer carries. */
function securityHeaders(policy: string): Record<string, string> {
  return {
    // not compressed on the way either, so that HEAD can tell the length
    "cache-control": "no-store, no-transform",
    "content-security-policy": `${policy}; frame-ancestors 'none'`,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}

/**
 * What a request asks for, exactly as it came; undefined if it asks another host.
 *
 * A page of another site can have its own name lead to this computer (DNS rebinding) and would then be allowed to read the
 * answers: its requests still name that host.
 */
function pathOf({ url, headers }: Request, port: number): string | undefined {
  const host = hostNames(port).find((name) => name === headers.get("host"));
  // a request may also name a host in its first line, which goes before the header
  return host !== undefined && url.startsWith(`http://${host}/`)
    ? url.slice(`http://${host}`.length)
    : undefined;
}

/** What a browser calls this server. */
function hostNames(port: number): string[] {
  return [ADDRESS, "localhost"].map((name) => port === 80 ? name : `${name}:${port}`);
}

function line(text: string): SiteFile {
  return textFile("text/plain", `${text}\n`);
}
