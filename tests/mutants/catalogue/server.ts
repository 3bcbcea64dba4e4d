/**
 * Mutants of the local web server.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const SERVER = "lib/system/server.ts";

const GIVES_THE_PAGE = [
  "system/server_test.ts",
  "example: openServer() answers GET with the page and its parts, whichever of its names it is called by",
] as const;
const KEEPS_IT = [
  "system/server_test.ts",
  "example: openServer() answers 421 without the page to requests that name another host",
] as const;

/** The page's server. */
export const server: Chapter = {
  title: "Server of the page",
  mutants: [
    {
      title: "Open to the whole network",
      file: SERVER,
      search: 'const ADDRESS = "127.0.0.1";',
      replace: 'const ADDRESS = "0.0.0.0";',
      caughtBy: GIVES_THE_PAGE,
    },
    {
      title: "Host not checked: by DNS rebinding, another site may read the answers",
      file: SERVER,
      search: 'hostNames(port).find((name) => name === headers.get("host"));',
      replace: 'headers.get("host");',
      caughtBy: KEEPS_IT,
    },
    {
      title: "The host in the request line not checked, which takes precedence over the header",
      file: SERVER,
      search: `  return host !== undefined && url.startsWith(\`http://\${host}/\`)
    ? url.slice(\`http://\${host}\`.length)
`,
      replace: `  return host !== undefined
    ? new URL(url).pathname
`,
      caughtBy: KEEPS_IT,
    },
    {
      title: "frame-ancestors forgotten: any site may show the page in a frame",
      file: SERVER,
      search: "`${policy}; frame-ancestors 'none'`",
      replace: "policy",
      caughtBy: GIVES_THE_PAGE,
    },
    {
      title: "HEAD answered with a length of 0",
      file: SERVER,
      search: "const length = `${bytes.length}`;",
      replace: 'const length = request.method === "HEAD" ? "0" : `${bytes.length}`;',
      caughtBy: [
        "system/server_test.ts",
        "example: openServer() answers HEAD as GET, without the body",
      ],
    },
    {
      title: "gzip;q=0 in Accept-Encoding taken for gzip",
      file: SERVER,
      search: "return weight > 0;",
      replace: 'return weights.has("gzip") || weight > 0;',
      caughtBy: [
        "system/server_test.ts",
        "example: answer() respects the weights of Accept-Encoding, and says that it does",
      ],
    },
    {
      title: "No Vary: a cache gives compressed bytes to those who cannot read them",
      file: SERVER,
      search: '      ...file.gzip && { "vary": "accept-encoding" },\n',
      replace: "",
      caughtBy: [
        "system/server_test.ts",
        "example: answer() respects the weights of Accept-Encoding, and says that it does",
      ],
    },
    {
      title: "serve ends where the browser cannot be opened",
      file: "lib/commands/serve_command.ts",
      search: "if (reason !== undefined) info(`--open",
      replace: "if (reason !== undefined) throw new UserError(`--open",
      caughtBy: [
        "cli/serve_test.ts",
        "example: serve --open opens its address, or says why it cannot and goes on",
      ],
    },
  ],
};
