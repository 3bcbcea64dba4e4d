/**
 * Packs the library for npm: `deno task pack [FOLDER]` writes sanso-sanso-X.Y.Z.tgz.
 *
 * `deno pack` compiles it to JavaScript. This leaves out the commands, which need Deno, and gives
 * each dependency the exact version of deno.json, with which the tests ran: `deno pack` writes
 * ranges.
 *
 * @module
 */

import { join, resolve } from "node:path";
import manifest from "../deno.json" with { type: "json" };
import { run } from "./run_program.ts";

const ROOT = new URL("..", import.meta.url);

/** The parts of a package.json that change. */
interface Package {
  readonly exports: Record<string, unknown>;
  readonly dependencies: Record<string, string>;
  readonly engines?: { readonly node: string };
}

/**
 * Packs the library.
 *
 * @param folder where to write the tarball
 * @returns its path
 * @throws {Error} if Deno, `tar` or `npm` fails
 */
export async function packForNpm(folder: string): Promise<string> {
  const work = await Deno.makeTempDir({ prefix: "sanso-pack-" });
  try {
    const packed = join(work, "packed.tgz");
    const ignored = `--ignore=${(await unusedFiles()).join(",")}`;
    await run(Deno.execPath(), ["pack", "--allow-dirty", ignored, "--output", packed], ROOT);
    await run("tar", ["xzf", packed], work);
    const path = join(work, "package", "package.json");
    const contents = restrict(JSON.parse(await Deno.readTextFile(path)));
    await Deno.writeTextFile(path, `${JSON.stringify(contents, undefined, 2)}\n`);
    const to = resolve(folder);
    const { stdout } = await run("npm", ["pack", "./package", "--pack-destination", to], work);
    return join(to, stdout.trim());
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** The published files that the library does not import. */
async function unusedFiles(): Promise<string[]> {
  const { "./cli": cli, ...entries } = manifest.exports;
  const used = new Set<string>();
  for (const entry of Object.values(entries)) {
    const { stdout } = await run(Deno.execPath(), ["info", "--json", entry], ROOT);
    for (const { specifier } of JSON.parse(stdout).modules) used.add(specifier);
  }
  const unused = filesIn("lib").filter((file) => !used.has(new URL(file, ROOT).href));
  return [cli, "fixtures", ...unused];
}

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

/** Without the commands, and with exact versions. */
function restrict({ exports: { "./cli": _, ...exports }, ...rest }: Package): Package {
  const specifiers: Readonly<Record<string, string>> = manifest.imports;
  const dependencies = Object.fromEntries(
    Object.keys(rest.dependencies).map((name) => [name, specifiers[name]!.split("@").at(-1)!]),
  );
  return { ...rest, exports, engines: { node: ">=20" }, dependencies };
}

if (import.meta.main) console.log(await packForNpm(Deno.args[0] ?? Deno.cwd()));
