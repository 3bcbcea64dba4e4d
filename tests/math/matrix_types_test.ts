// What the type checker accepts and refuses: code, and behind it the error, if there is one.
import { deepStrictEqual, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Folder } from "../helpers/folder.ts";

/** What the claims share: the files alone, as to check all that mod.ts exports takes twice as long. */
const PRELUDE = `
import { gradientError } from "LIB/checks/gradient_check.ts";
import { Matrix } from "LIB/math/matrix.ts";
import { Indices } from "LIB/math/indices.ts";
import { type Dim, dim, type SingleName, type SingleSize } from "LIB/math/shape.ts";
import {
  affine, affineInputGradient, affineWeightGradient,
} from "LIB/network/affine.ts";
import { backward, forward, initialise } from "LIB/network/network.ts";
import { descend, sgd } from "LIB/network/sgd.ts";
import { sigmoidBackward } from "LIB/network/sigmoid.ts";
import {
  crossEntropy, oneHot, softmaxCrossEntropyBackward,
} from "LIB/network/softmax_cross_entropy.ts";
import { classReports } from "LIB/training/evaluate.ts";
type Size = number;
const n = Number("3"), any = JSON.parse("3"), batch = dim("batch", 100), test = dim("test", 100);
const A = Matrix.zeros(2, 3), X = Matrix.zeros(784, batch), Y = Matrix.zeros(10, batch);
const random = { normal: () => 0 };
const p = initialise(784, 80, 10, random), a = forward(p, X);
const identity = <N extends Size>(size: SingleSize<N>): Matrix<N, N> => Matrix.zeros(size, size);
const column = <Name extends string>(name: SingleName<Name>): Matrix<Dim<Name>, 1> =>
  Matrix.zeros(dim(name, 3), 1);
function is<T>(_value: T) {}
`.replaceAll("LIB", `${new URL("../../lib", import.meta.url)}`);

/**
 * Claims: code, and the error of a statement in a comment behind it. "// FOUND is not NEEDED"
 * stands for "Argument of type FOUND is not assignable to parameter of type NEEDED".
 */
const CLAIMS = `
# multiply() names both shapes
is<Matrix<2, 4>>(A.multiply(Matrix.zeros(3, 4)));
A.multiply(Matrix.zeros(2, 4));
  // Matrix<2, 4> is not "Cannot multiply 2x3 by 2x4: the right matrix must have 3 rows"
X.multiply(p.W1);
  // Matrix<80, 784> is not
  // "Cannot multiply 784xbatch by 80x784: the right matrix must have batch rows"
is<Matrix<10, 784>>(Y.multiply(X.transposed));
Y.multiply(X);
  // Matrix<784, Dim<"batch">> is not
  // "Cannot multiply 10xbatch by 784xbatch: the right matrix must have batch rows"

# a matrix has one type
is<Matrix<3, 2>>(A); // Matrix<2, 3> is not Matrix<3, 2>
is<Matrix<2, number>>(A); // Matrix<2, 3> is not Matrix<2, number>
is<Matrix<2, 3 | 4>>(A); // Matrix<2, 3> is not Matrix<2, 4 | 3>
is<Matrix<1, 2>>(A.rowSums); // Matrix<2, 1> is not Matrix<1, 2>
is<Matrix<3, 1>>(A.columnSums); // Matrix<1, 3> is not Matrix<3, 1>
is<Matrix<2, 3>>(A as Pick<typeof A, keyof typeof A>);
  // Pick<Matrix<2, 3>, keyof Matrix<2, 3>> is not Matrix<2, 3>
is<Indices<2>>({ count: 2, values: new Uint32Array(2), checkBelow: () => {} });
  // { count: 2; values: Uint32Array<ArrayBuffer>; checkBelow: () => void; } is not Indices<2>

# operations entry by entry name the shape that they have and the shape that they need
A.plus(Matrix.zeros(2, 4)); // Matrix<2, 4> is not Matrix<2, 3>
A.zip(Matrix.zeros(3, 4), (x) => x); // Matrix<3, 4> is not Matrix<2, 3>
Y.zip(Matrix.zeros(10, batch), (x, y) => x - y);
Y.zip(Matrix.zeros(10, test), (x, y) => x - y);
  // Matrix<10, Dim<"test">> is not Matrix<10, Dim<"batch">>
A.plusColumn(Matrix.zeros(3, 1)); // Matrix<3, 1> is not Matrix<2, 1>
A.zipRow(Matrix.zeros(1, 2), (x, y) => x - y); // Matrix<1, 2> is not Matrix<1, 3>

# layers name the shape that they have and the shape that they need
affine(p.W1, p.b1, Matrix.zeros(783, batch));
  // Matrix<783, Dim<"batch">> is not Matrix<784, Dim<"batch">>
affine(p.W1, p.b2, X); // Matrix<10, 1> is not Matrix<80, 1>
affineInputGradient(p.W2, a.Y1); // Matrix<80, Dim<"batch">> is not Matrix<10, Dim<"batch">>
affineWeightGradient(Matrix.zeros(80, 2), Matrix.zeros(10, 3));
  // Matrix<10, 3> is not Matrix<10, 2>
is<typeof p.W2>(affineWeightGradient(a.X, a.A2)); // Matrix<10, 784> is not Matrix<10, 80>
sigmoidBackward(a.Y1, a.A2); // Matrix<10, Dim<"batch">> is not Matrix<80, Dim<"batch">>
oneHot(Y, Indices.of(test, [])); // Indices<Dim<"test">> is not Indices<Dim<"batch">>
crossEntropy(a.A2, a.Y1); // Matrix<80, Dim<"batch">> is not Matrix<10, Dim<"batch">>
softmaxCrossEntropyBackward(a.P, a.Y1); // Matrix<80, Dim<"batch">> is not Matrix<10, Dim<"batch">>
descend(p.W1, p.W2, 0.01); // Matrix<10, 80> is not Matrix<80, 784>
classReports(A); // Matrix<2, 3> is not Matrix<2, 2>
gradientError(A, A.transposed); // Matrix<3, 2> is not Matrix<2, 3>

# the network names the sizes that it has and the sizes that it needs
sgd(p, backward(p, a, Indices.of(batch, [])).gradients, 0.01);
sgd(p, initialise(784, 81, 10, random), 0.01);
  // Parameters<784, 81, 10> is not Parameters<784, 80, 10>
forward(p, Matrix.zeros(783, batch)); // Matrix<783, Dim<"batch">> is not Matrix<784, Dim<"batch">>
forward(p, X.transposed); // Matrix<Dim<"batch">, 784> is not Matrix<784, 784>
backward(initialise(784, 81, 10, random), a, Indices.of(batch, []));
  // Activations<784, 80, 10, Dim<"batch">> is not Activations<784, 81, 10, Dim<"batch">>
backward(p, a, Indices.of(test, [])); // Indices<Dim<"test">> is not Indices<Dim<"batch">>

# a size is one literal or has a name
Matrix.zeros(n, 3); // number is not Refused<"a run-time size needs a name: dim(name, size)">
Indices.of(n, []); // number is not Refused<"a run-time size needs a name: dim(name, size)">
Matrix.zeros(n > 1 ? 2 : 3, 3);
  // number is not Refused<"a size must be one number, not a choice of several">
Matrix.zeros(n as number & { readonly unit: "px" }, 3);
  // number & { readonly unit: "px"; } is not
  // Refused<"a run-time size needs a name: dim(name, size)">
Matrix.zeros(any, 3); // any is not never
Indices.of(any, []); // any is not never

# a name is one literal
dim(String(n), 3); // string is not "a name must be a literal, not any string"
dim(n > 1 ? "batch" : "test", 3);
  // "batch" | "test" is not "a name must be one literal, not a choice of several"
dim(\`batch \${n}\` as const, 3);
  // \`batch \${number}\` is not "a name must be a literal, not a template"
dim(String(n) as Uppercase<string>, 3);
  // Uppercase<string> is not "a name must be a literal, not a template"
dim(String(n) as string & { readonly kind: "name" }, 3);
  // string & { readonly kind: "name"; } is not "a name must be a literal, not a template"
dim(any, 3); // any is not never
is<Dim<string>>(batch); // Dim<"batch"> is not Dim<string>
is<Dim<"batch" | "test">>(batch); // Dim<"batch"> is not Dim<"batch" | "test">

# fromRows() has the sizes of its rows, or the name "any" for sizes known only at run time
is<Matrix<2, 1>>(Matrix.fromRows([[1, 2, 3], [4, 5, 6]]).multiply(Matrix.zeros(3, 1)));
is<Matrix<2, 2>>(Matrix.fromRows([[1, 2, 3], [4, 5, 6]])); // Matrix<2, 3> is not Matrix<2, 2>
Matrix.fromRows([[1, 2], [3]]);
  // [[1, 2], [3]] is not "there must be at least one row, and all rows must have the same length"
Matrix.fromRows([]);
  // [] is not "there must be at least one row, and all rows must have the same length"
is<Matrix<Dim<"any">, Dim<"any">>>(Matrix.fromRows([[1, 2]] as number[][]));
is<Matrix<1, Dim<"any">>>(Matrix.fromRows([Float64Array.of(1, 2)]));
is<Matrix<1, 2>>(Matrix.fromRows([[1, 2]] as number[][]));
  // Matrix<Dim<"any">, Dim<"any">> is not Matrix<1, 2>
Matrix.fromRows([[1, 2]] as [[1, 2]] | [[1, 2], [3, 4]]);
  // [[1, 2]] | [[1, 2], [3, 4]] is not "there must be one number of rows, not a choice of several"
Matrix.fromRows([[1, 2]] as [[1, 2]] | [[1, 2, 3]]);
  // [[1, 2]] | [[1, 2, 3]] is not
  // "there must be at least one row, and all rows must have the same length"
Matrix.fromRows(any); // any is not never
Matrix.fromRows([any]); // any[] is not never

# generic functions track sizes that they do not know
<R extends Size>(B: Matrix<R, 3>) => B.multiply(B);
  // Matrix<R, 3> is not Multipliable<R, 3, R, 3>
<D extends Size, B extends Size>(W: Matrix<9, D>, X: Matrix<D, B>) =>
  is<Matrix<9, D>>(W.multiply(X).multiply(X.transposed));
<D extends Size, B extends Size>(W: Matrix<9, D>, X: Matrix<D, B>) => W.multiply(X).multiply(X);
  // Matrix<D, B> is not Multipliable<9, B, D, B>
<B extends Size, C extends Size>(A: Matrix<10, B>, Y: Matrix<10, C>) => A.zip(Y, (a) => a);
  // Matrix<10, C> is not Matrix<10, B>
<R extends Size, C extends Size>(A: Matrix<R, C>): Matrix<R, R> =>
  A.multiply(Matrix.zeros(A.columns, A.rows)).plus(Matrix.of(A.rows, A.rows, A.data));
<R extends Size, C extends Size>(A: Matrix<R, C>): Indices<C> => Indices.of(A.columns, A.data);
<N extends Size>(size: SingleSize<N>): Matrix<N, N> => Matrix.zeros(size, size);
<N extends Size>(size: N) => Matrix.zeros(size, 1); // N is not SingleSize<N>
<Name extends string>(name: SingleName<Name>): Dim<Name> => dim(name, 3);
<Name extends string>(name: Name) => dim(name, 3); // Name is not SingleName<Name>
is<Matrix<3, 3>>(identity(3));
identity(n > 1 ? 2 : 3);
  // number is not Refused<"a size must be one number, not a choice of several">
is<Matrix<Dim<"hidden">, 1>>(column("hidden"));
column(String(n)); // string is not "a name must be a literal, not any string"
`;

interface Statement {
  readonly claim: string;
  readonly code: string;
  /** Empty for a statement that compiles. */
  readonly error: string;
}

const statements = CLAIMS.split("# ").slice(1).flatMap((text): Statement[] => {
  const [claim, code] = text.split(/\n(.*)/s) as [string, string];
  const found = code.matchAll(/([^]+?;)(?=\n| \/\/)((?:\s+\/\/ .*)*)\n/g);
  return [...found].map(([, code, comments]) => ({
    claim,
    code: code!.replace(/\s+/g, " "),
    error: comments!.replace(/\s+\/\/ /g, " ").trim(),
  }));
});

/** The error of each line that has one, by its number, in the words of the claims. */
async function compileErrors(lines: readonly string[]): Promise<Map<number, string>> {
  using folder = new Folder({ "claims.ts": lines.join("\n") });
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--config", config, folder.file("claims.ts")],
    env: { NO_COLOR: "1" },
  }).output();
  const found = /^TS\d+ \[ERROR\]: (.*)\n(?:(?!TS\d).*\n)*? +at file:.*claims\.ts:(\d+):\d+$/gm;
  // of an intersection, the last part is the sentence
  const words = /^Argument of type '(.*)' is not .* type '(?:.* & )?(.*)'\.$/;
  return new Map(
    new TextDecoder().decode(stderr).matchAll(found).map(([, message, line]) => [
      Number(line),
      message!.replace(words, "$1 is not $2"),
    ]),
  );
}

const shared = PRELUDE.split("\n");
const errors = await compileErrors([...shared, ...statements.map(({ code }) => code)]);
const compiled = statements.map((one, i) => ({
  ...one,
  error: errors.get(shared.length + i + 1) ?? "",
}));

for (const claim of new Set(statements.map(({ claim }) => claim))) {
  Deno.test(`type: ${claim}`, () => {
    const ofClaim = (one: Statement) => one.claim === claim;
    deepStrictEqual(compiled.filter(ofClaim), statements.filter(ofClaim));
  });
}

Deno.test("type: the declarations that the claims share compile", () => {
  ok([...errors.keys()].every((line) => line > shared.length));
});
