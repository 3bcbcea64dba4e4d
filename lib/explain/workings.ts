// The computation of the entry in focus of every quantity.
import type { ComputedSymbol, MatrixSymbol } from "../network/step.ts";
import { t } from "../text/layout.ts";
import { entry, type ExplainedStep, type PerAxis, placeOf, range } from "./explained_step.ts";
import {
  type Entry,
  exp,
  type Expression,
  minus,
  negativeLog,
  over,
  sum,
  times,
  valueOf,
  type Working,
} from "./expression.ts";

type At = (symbol: MatrixSymbol, row: number, column: number) => Entry;

type Compute = (at: At, focus: PerAxis, sizes: PerAxis, step: ExplainedStep) => Expression;

/** Expressions of entries of the step, by the place in focus and the sizes. */
const EXPRESSIONS: Readonly<Record<Exclude<ComputedSymbol, "onehot">, Compute>> = {
  A1: (at, { M, B }, { D }) =>
    sum([products(D, (d) => [at("W1", M, d), at("X", d, B)]), at("b1", M, 0)]),
  Y1: (at, { M, B }) => {
    const a = at("A1", M, B);
    return over(1, sum([1, exp({ ...a, value: -a.value, as: `-A1[${M},${B}]` })]));
  },
  A2: (at, { K, B }, { M }) =>
    sum([products(M, (m) => [at("W2", K, m), at("Y1", m, B)]), at("b2", K, 0)]),
  P: (at, { K, B }, sizes) => {
    const scores = range(sizes.K).map((k) => at("A2", k, B));
    const α = Math.max(...scores.map(({ value }) => value));
    const powers = scores.map((a) =>
      exp({ ...a, value: a.value - α, as: `A2[${a.row},${B}] - α` })
    );
    return over(powers[K]!, sum(powers));
  },
  L: (at, { B }, _, { values }) => negativeLog(at("P", values.labels.values[B]!, B)),
  E: (at, _, { B }) => over(sum(range(B).map((i) => at("L", 0, i))), B),
  dA2: (at, { K, B }, sizes) => over(minus(at("P", K, B), at("onehot", K, B)), sizes.B),
  dW2: (at, { K, M }, { B }) => products(B, (i) => [at("dA2", K, i), at("Y1", M, i)]),
  db2: (at, { K }, { B }) => sum(range(B).map((i) => at("dA2", K, i))),
  dY1: (at, { M, B }, { K }) => products(K, (k) => [at("W2", k, M), at("dA2", k, B)]),
  dA1: (at, { M, B }) => times(at("dY1", M, B), minus(1, at("Y1", M, B)), at("Y1", M, B)),
  dW1: (at, { M, D }, { B }) => products(B, (i) => [at("dA1", M, i), at("X", D, i)]),
  db1: (at, { M }, { B }) => sum(range(B).map((i) => at("dA1", M, i))),
  ...{ "W1'": update("W1"), "b1'": update("b1"), "W2'": update("W2"), "b2'": update("b2") },
};

/** The computation of the entry in focus; of db2 also of what the report prints for it. */
export function workingsOf(step: ExplainedStep, symbol: MatrixSymbol): Working[] {
  if (!isComputed(symbol)) return [];
  const { focus, sizes } = step, at: At = (...place) => entry(step, ...place);
  const [row, column] = placeOf(focus, symbol);
  const expression = EXPRESSIONS[symbol](at, focus, sizes, step);
  const name = symbol === "E" ? symbol : `${symbol}[${row},${column}]`;
  const working = { name, expression, result: at(symbol, row, column).value };
  return symbol === "db2" ? [working, printedDb2(at, focus, sizes)] : [working];
}

function isComputed(symbol: MatrixSymbol): symbol is keyof typeof EXPRESSIONS {
  return symbol in EXPRESSIONS;
}

function printedDb2(at: At, { K }: PerAxis, { M }: PerAxis): Working {
  const expression = sum(range(M).map((m) => at("dW2", K, m)));
  const note = t(
    "Not db2, but what the report prints for it, which is wrong:",
    "db2 ではなく、レポートに印刷されている（誤った）式の値:",
  );
  return { name: `rowSum(dA2 Y1ᵀ)[${K},0]`, expression, result: valueOf(expression), note };
}

function products(count: number, factors: (index: number) => readonly Entry[]): Expression {
  return sum(range(count).map((index) => times(...factors(index))));
}

function update(W: "W1" | "b1" | "W2" | "b2"): Compute {
  return (at, focus, _, { values }) => {
    const place = placeOf(focus, W);
    const η = { symbol: "η", row: 0, column: 0, value: values.η, as: "η" } as const;
    return minus(at(W, ...place), times(η, at(`d${W}`, ...place)));
  };
}
