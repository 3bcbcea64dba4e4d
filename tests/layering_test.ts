// Data flows one way: a file imports only what stands before it here. And lib/ but for its commands is pure: it runs in a browser.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";

/** From the first to the last; what stands in one row may import from itself (a folder's files from each other). */
const LAYERS = [
  "lib/elementary",
  "lib/shape",
  "lib/indices",
  "lib/percent",
  "lib/matrix",
  "lib/accuracy",
  "lib/gradient_check",
  "lib/layers",
  "lib/random",
  "lib/formats",
  "lib/network",
  "lib/sgd",
  "lib/drawing",
  "lib/mnist",
  "lib/gradient_claims",
  "lib/parameters_file",
  "lib/reading",
  "lib/onnx_file",
  "lib/engine",
  "lib/evaluate",
  "lib/train",
  "lib/checkpoint_file",
  "lib/history",
  "mod",
  "lib/pictures",
  "lib/page",
  "lib/commands",
  "cli",
];

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier: string };
    readonly type?: { readonly specifier: string };
  }[];
}

const root = new URL("..", import.meta.url);

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

function layer(path: string): number {
  return LAYERS.findIndex((name) => path === name || path.startsWith(`${name}/`));
}

function imports(module: Module): string[] {
  return (module.dependencies ?? []).map(({ code, type }) => (code ?? type)!.specifier);
}

Deno.test("imports point one way", async () => {
  const entries = ["cli.ts", "mod.ts", "lib/page/browser/main.ts", "lib/page/browser/trainer.ts"];
  const all = (await Promise.all(entries.map(modules))).flat();
  const own = all.filter(({ specifier }) => inProject(specifier) && specifier.endsWith(".ts"));
  ok(own.length > 30);
  const unknown = own.map(({ specifier }) => inProject(specifier)!).filter((path) =>
    layer(path) < 0
  );
  deepStrictEqual(unknown, [], "a file that stands in no layer");
  const backward = own.flatMap((module) => {
    const from = inProject(module.specifier)!;
    return imports(module).map(inProject).filter((to) => to && layer(to) > layer(from)).map((to) =>
      `${from} -> ${to}`
    );
  });
  deepStrictEqual(backward, []);
});

Deno.test("layers do not import each other", async () => {
  const all = await modules("mod.ts");
  const between = all.flatMap((module) => {
    const from = inProject(module.specifier);
    if (!from?.startsWith("lib/layers/")) return [];
    return imports(module).map(inProject).filter((to) => to?.startsWith("lib/layers/")).map((to) =>
      `${from} -> ${to}`
    );
  });
  deepStrictEqual(between, []);
});

/** What others may use outside of Deno, and in a browser: its entries, each with the packages that it needs. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  "mod.ts": ["npm:fflate"],
  "lib/onnx_file.ts": ["npm:pbf"],
  "lib/page/demo_page.ts": ["npm:d3-scale", "npm:d3-shape", "npm:fflate"],
  "lib/page/browser/main.ts": ["npm:d3-scale", "npm:d3-shape", "npm:fflate"],
  "lib/page/browser/trainer.ts": ["npm:fflate"],
};

for (const [entry, packages] of Object.entries(PURE)) {
  Deno.test(`${entry} needs nothing of Deno, Node or the terminal: only ${packages.join(", ")}`, async () => {
    const others = (await modules(entry)).flatMap(imports).filter((to) =>
      inProject(to) === undefined
    );
    const names = new Set(others.map((to) => to.replace(/@[\d.]+$/, "")));
    deepStrictEqual([...names].toSorted(), packages);
  });
}

Deno.test("what runs in a browser type-checks with the libraries of a browser alone", async () => {
  const { imports, compilerOptions } = JSON.parse(
    Deno.readTextFileSync(new URL("deno.json", root)),
  );
  const config = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const browser = { ...compilerOptions, lib: ["dom", "dom.iterable", "esnext"] };
    await Deno.writeTextFile(config, JSON.stringify({ imports, compilerOptions: browser }));
    const args = ["check", "--config", config, "--no-lock", ...Object.keys(PURE)];
    const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
    strictEqual(code, 0, new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(config);
  }
});
