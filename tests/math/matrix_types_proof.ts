// The text of the compile errors of code that must not compile.
import { deepStrictEqual, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Folder } from "../helpers/folder.ts";

const MESSAGES: readonly (readonly [line: string, message: string])[] = [
  [
    "Matrix.zeros(2, 3).multiply(Matrix.zeros(2, 4));",
    "Argument of type 'Matrix<2, 4>' is not assignable to parameter of type 'Matrix<2, 4> & " +
    '"Cannot multiply 2x3 by 2x4: the right matrix must have 3 rows"\'.',
  ],
  [
    'Matrix.zeros(784, dim("batch", 100)).multiply(Matrix.zeros(10, 784));',
    "Argument of type 'Matrix<10, 784>' is not assignable to parameter of type 'Matrix<10, 784> & " +
    '"Cannot multiply 784xbatch by 10x784: the right matrix must have batch rows"\'.',
  ],
  [
    "Matrix.zeros(2, 3).plus(Matrix.zeros(2, 4));",
    "Argument of type 'Matrix<2, 4>' is not assignable to parameter of type 'Matrix<2, 3>'.",
  ],
  [
    "Matrix.zeros([1, 2].length, 3);",
    "Argument of type 'number' is not assignable to parameter of type " +
    "'Refused<\"a run-time size needs a name: dim(name, size)\">'.",
  ],
  [
    "Matrix.zeros([1, 2].length > 1 ? 2 : 3, 3);",
    "Argument of type 'number' is not assignable to parameter of type " +
    "'Refused<\"a size must be one number, not a choice of several\">'.",
  ],
  [
    'Matrix.zeros(JSON.parse("3"), 3);',
    "Argument of type 'any' is not assignable to parameter of type 'never'.",
  ],
  [
    'dim("batch".trim(), 3);',
    "Argument of type 'string' is not assignable to parameter of type " +
    "'\"a name must be a literal, not any string\"'.",
  ],
  [
    'dim([1].length > 1 ? "batch" : "test", 3);',
    'Argument of type \'"batch" | "test"\' is not assignable to parameter of type ' +
    "'\"a name must be one literal, not a choice of several\"'.",
  ],
  [
    "dim(`batch ${[1].length}` as const, 3);",
    "Argument of type '`batch ${number}`' is not assignable to parameter of type " +
    "'\"a name must be a literal, not a template\"'.",
  ],
  [
    "Matrix.fromRows([[1, 2], [3]]);",
    "Argument of type '[[1, 2], [3]]' is not assignable to parameter of type " +
    "'readonly [readonly [1, 2], readonly [3]] & " +
    '"there must be at least one row, and all rows must have the same length"\'.',
  ],
  [
    "Matrix.fromRows([[1, 2]] as number[][]);",
    "Argument of type 'number[][]' is not assignable to parameter of type 'number[][] & " +
    '"sizes known only at run time need names: ' +
    "Matrix.of(dim(name, size), dim(name, size), numbers)\"'.",
  ],
];

Deno.test("type: the first line of a compile error gives the reason", async () => {
  const root = new URL("../../", import.meta.url);
  using folder = new Folder({
    "wrong.ts": `import { dim } from "${new URL("lib/math/shape.ts", root)}";\n` +
      `import { Matrix } from "${new URL("lib/math/matrix.ts", root)}";\n` +
      MESSAGES.map(([line]) => line).join("\n"),
  });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--config", fileURLToPath(new URL("deno.json", root)), folder.file("wrong.ts")],
    env: { NO_COLOR: "1" },
  }).output();
  ok(!success);
  const errors = new TextDecoder().decode(stderr).split("\n")
    .flatMap((line) => /^TS\d+ \[ERROR\]: (.*)$/.exec(line)?.[1] ?? []);
  deepStrictEqual(errors, MESSAGES.map(([, message]) => message));
});
