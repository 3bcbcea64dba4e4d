// The compile errors of code that must not compile: their numbers and their first lines.
import { deepStrictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Folder } from "../helpers/folder.ts";

const PRELUDE = `
import {
  affine, affineInputGradient, affineWeightGradient, backward, classReports, crossEntropy, descend,
  type Dim, dim, forward, gradientError, Indices, initialise, Matrix, oneHot, sgd, sigmoidBackward,
  softmaxCrossEntropyBackward,
} from "${new URL("../../mod.ts", import.meta.url)}";
const batch = dim("batch", 100), n = Number("3"), any = JSON.parse("3");
const A = Matrix.zeros(2, 3), X = Matrix.zeros(784, batch), Y = Matrix.zeros(10, batch);
const random = { normal: () => 0 };
const p = initialise(784, 80, 10, random), a = forward(p, X);
`;

/** Each claim, and lines of code with the number and the first line of their compile errors. */
const CLAIMS: Readonly<Record<string, readonly (readonly [line: string, error: string])[]>> = {
  "multiply() names both shapes": [
    [
      "A.multiply(Matrix.zeros(2, 4));",
      "TS2345: Argument of type 'Matrix<2, 4>' is not assignable to parameter of type " +
      "'Matrix<2, 4> & \"Cannot multiply 2x3 by 2x4: the right matrix must have 3 rows\"'.",
    ],
    [
      "X.multiply(p.W1);",
      "TS2345: Argument of type 'Matrix<80, 784>' is not assignable to parameter of type " +
      "'Matrix<80, 784> & " +
      '"Cannot multiply 784xbatch by 80x784: the right matrix must have batch rows"\'.',
    ],
  ],
  "multiply() names type parameters in a generic function": [
    [
      "<R extends number>(B: Matrix<R, 3>) => B.multiply(B);",
      "TS2345: Argument of type 'Matrix<R, 3>' is not assignable to parameter of type " +
      "'Matrix<R, 3> & Multipliable<R, 3, R, 3>'.",
    ],
  ],
  "operations entry by entry name the shape that they have and the shape that they need": [
    [
      "A.plus(Matrix.zeros(2, 4));",
      "TS2345: Argument of type 'Matrix<2, 4>' is not assignable to parameter of type " +
      "'Matrix<2, 3>'.",
    ],
    [
      'Y.zip(Matrix.zeros(10, dim("test", 100)), (x, y) => x - y);',
      "TS2345: Argument of type 'Matrix<10, Dim<\"test\">>' is not assignable to parameter of " +
      "type 'Matrix<10, Dim<\"batch\">>'.",
    ],
    [
      "A.plusColumn(Matrix.zeros(3, 1));",
      "TS2345: Argument of type 'Matrix<3, 1>' is not assignable to parameter of type " +
      "'Matrix<2, 1>'.",
    ],
    [
      "A.zipRow(Matrix.zeros(1, 2), (x, y) => x - y);",
      "TS2345: Argument of type 'Matrix<1, 2>' is not assignable to parameter of type " +
      "'Matrix<1, 3>'.",
    ],
  ],
  "layers name the shape that they have and the shape that they need": [
    [
      "affine(p.W1, p.b1, Matrix.zeros(783, batch));",
      "TS2345: Argument of type 'Matrix<783, Dim<\"batch\">>' is not assignable to parameter of " +
      "type 'Matrix<784, Dim<\"batch\">>'.",
    ],
    [
      "affine(p.W1, p.b2, X);",
      "TS2345: Argument of type 'Matrix<10, 1>' is not assignable to parameter of type " +
      "'Matrix<80, 1>'.",
    ],
    [
      "affineInputGradient(p.W2, a.Y1);",
      "TS2345: Argument of type 'Matrix<80, Dim<\"batch\">>' is not assignable to parameter of " +
      "type 'Matrix<10, Dim<\"batch\">>'.",
    ],
    [
      "affineWeightGradient(Matrix.zeros(80, 2), Matrix.zeros(10, 3));",
      "TS2345: Argument of type 'Matrix<10, 3>' is not assignable to parameter of " +
      "type 'Matrix<10, 2>'.",
    ],
    [
      "sigmoidBackward(a.Y1, a.A2);",
      "TS2345: Argument of type 'Matrix<10, Dim<\"batch\">>' is not assignable to parameter of " +
      "type 'Matrix<80, Dim<\"batch\">>'.",
    ],
    [
      "oneHot(Matrix.zeros(10, 2), Indices.of(3, []));",
      "TS2345: Argument of type 'Indices<3>' is not assignable to parameter of " +
      "type 'Indices<2>'.",
    ],
    [
      "crossEntropy(a.A2, a.Y1);",
      "TS2345: Argument of type 'Matrix<80, Dim<\"batch\">>' is not assignable to parameter of " +
      "type 'Matrix<10, Dim<\"batch\">>'.",
    ],
    [
      "softmaxCrossEntropyBackward(a.P, a.Y1);",
      "TS2345: Argument of type 'Matrix<80, Dim<\"batch\">>' is not assignable to parameter of " +
      "type 'Matrix<10, Dim<\"batch\">>'.",
    ],
    [
      "descend(p.W1, p.W2, 0.01);",
      "TS2345: Argument of type 'Matrix<10, 80>' is not assignable to parameter of " +
      "type 'Matrix<80, 784>'.",
    ],
    [
      "classReports(A);",
      "TS2345: Argument of type 'Matrix<2, 3>' is not assignable to parameter of type " +
      "'Matrix<2, 2>'.",
    ],
    [
      "gradientError(A, A.transposed);",
      "TS2345: Argument of type 'Matrix<3, 2>' is not assignable to parameter of type " +
      "'Matrix<2, 3>'.",
    ],
  ],
  "the network names the sizes that it has and the sizes that it needs": [
    [
      "sgd(p, initialise(784, 81, 10, random), 0.01);",
      "TS2345: Argument of type 'Parameters<784, 81, 10>' is not assignable to parameter of type " +
      "'Parameters<784, 80, 10>'.",
    ],
    [
      "backward(initialise(784, 81, 10, random), a, Indices.of(batch, []));",
      "TS2345: Argument of type 'Activations<784, 80, 10, Dim<\"batch\">>' is not assignable to parameter of " +
      "type 'Activations<784, 81, 10, Dim<\"batch\">>'.",
    ],
    [
      "backward(p, forward(p, Matrix.zeros(784, 2)), Indices.of(3, []));",
      "TS2345: Argument of type 'Indices<3>' is not assignable to parameter of " +
      "type 'Indices<2>'.",
    ],
  ],
  "a size is one literal or has a name": [
    [
      "Matrix.zeros(n, 3);",
      "TS2345: Argument of type 'number' is not assignable to parameter of type " +
      "'Refused<\"a run-time size needs a name: dim(name, size)\">'.",
    ],
    [
      "Indices.of(n, []);",
      "TS2345: Argument of type 'number' is not assignable to parameter of type " +
      "'Refused<\"a run-time size needs a name: dim(name, size)\">'.",
    ],
    [
      "Matrix.zeros(n > 1 ? 2 : 3, 3);",
      "TS2345: Argument of type 'number' is not assignable to parameter of type " +
      "'Refused<\"a size must be one number, not a choice of several\">'.",
    ],
    [
      "Matrix.zeros(any, 3);",
      "TS2345: Argument of type 'any' is not assignable to parameter of type 'never'.",
    ],
  ],
  "a name is one literal": [
    [
      "dim(String(n), 3);",
      "TS2345: Argument of type 'string' is not assignable to parameter of type " +
      "'\"a name must be a literal, not any string\"'.",
    ],
    [
      'dim(n > 1 ? "batch" : "test", 3);',
      'TS2345: Argument of type \'"batch" | "test"\' is not assignable to parameter of type ' +
      "'\"a name must be one literal, not a choice of several\"'.",
    ],
    [
      "dim(`batch ${n}` as const, 3);",
      "TS2345: Argument of type '`batch ${number}`' is not assignable to parameter of type " +
      "'\"a name must be a literal, not a template\"'.",
    ],
    [
      "dim(any, 3);",
      "TS2345: Argument of type 'any' is not assignable to parameter of type 'never'.",
    ],
    [
      "export const anyName: Dim<string> = batch;",
      "TS2322: Type 'Dim<\"batch\">' is not assignable to type 'Dim<string>'.",
    ],
  ],
  "fromRows() needs rows whose number and length are known": [
    [
      "Matrix.fromRows([[1, 2], [3]]);",
      "TS2345: Argument of type '[[1, 2], [3]]' is not assignable to parameter of type " +
      "'readonly [readonly [1, 2], readonly [3]] & " +
      '"there must be at least one row, and all rows must have the same length"\'.',
    ],
    [
      "Matrix.fromRows([[1, 2]] as number[][]);",
      "TS2345: Argument of type 'number[][]' is not assignable to parameter of type " +
      "'number[][] & \"sizes known only at run time need names: " +
      "Matrix.of(dim(name, size), dim(name, size), numbers)\"'.",
    ],
    [
      "Matrix.fromRows([[1, 2]] as [[1, 2]] | [[1, 2], [3, 4]]);",
      "TS2345: Argument of type '[[1, 2]] | [[1, 2], [3, 4]]' is not assignable to parameter of " +
      "type '([[1, 2]] | [[1, 2], [3, 4]]) & " +
      '"there must be one number of rows, not a choice of several"\'.',
    ],
    [
      "Matrix.fromRows(any);",
      "TS2345: Argument of type 'any' is not assignable to parameter of type 'never'.",
    ],
  ],
  "an object that only looks like a matrix or like indices is refused": [
    [
      "export const fake: Matrix<2, 3> = A as Pick<typeof A, keyof typeof A>;",
      "TS2741: Property 'brand' is missing in type 'Pick<Matrix<2, 3>, keyof Matrix<2, 3>>' but " +
      "required in type 'Matrix<2, 3>'.",
    ],
    [
      "export const fakes: Indices<2> = { count: 2, values: new Uint32Array(2), " +
      "checkBelow: () => {} };",
      "TS2741: Property 'brand' is missing in type '{ count: 2; values: " +
      "Uint32Array<ArrayBuffer>; checkBelow: () => void; }' but required in type 'Indices<2>'.",
    ],
  ],
};

/** The number and the first line of each line's compile errors. */
async function compileErrors(lines: readonly string[]): Promise<Map<string, string[]>> {
  using folder = new Folder({ "wrong.ts": PRELUDE + lines.join("\n") });
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--config", config, folder.file("wrong.ts")],
    env: { NO_COLOR: "1" },
  }).output();
  const errors = new Map(lines.map((line): [string, string[]] => [line, []]));
  const found = /^(TS\d+) \[ERROR\]: (.*)\n(?:(?!TS\d).*\n)*? +at file:.*wrong\.ts:(\d+):\d+$/gm;
  const start = PRELUDE.split("\n").length;
  for (const [, code, message, at] of new TextDecoder().decode(stderr).matchAll(found)) {
    errors.get(lines[Number(at) - start]!)!.push(`${code}: ${message}`);
  }
  return errors;
}

const errors = await compileErrors(Object.values(CLAIMS).flat().map(([line]) => line));

for (const [claim, wrong] of Object.entries(CLAIMS)) {
  Deno.test(`type: ${claim}`, () => {
    const found = wrong.map(([line]) => [line, errors.get(line)]);
    deepStrictEqual(found, wrong.map(([line, error]) => [line, [error]]));
  });
}
