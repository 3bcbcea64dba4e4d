/** docs/lesson.md: its addresses are those of the page, and its numbers those of the step. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { withFocus } from "../../lib/explain/explained_step.ts";
import type { MatrixSymbol } from "../../lib/network/step.ts";
import { formatState, INITIAL_STATE, type PageState, parseState } from "../../lib/pages/state.ts";
import { initialParameters, StepSequence } from "../../lib/pages/step/step_sequence.ts";
import type { Matrix } from "../../mod.ts";
import { mnist } from "../helpers/fixtures.ts";
import { tables } from "../helpers/markdown.ts";

const PAGES = ["docs/lesson.md", "docs/ja/lesson.md"];
const examples = mnist("test").first(200);

function read(name: string): string {
  return Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url));
}

/** The addresses in a page, without `#`. */
function addresses(markdown: string): string[] {
  return [...markdown.matchAll(/`#(view=[^`]*)`/g)].map(([, address]) => address!);
}

/** The values of the step that a state names. */
function valuesOf(changes: Partial<PageState>) {
  const sequence = new StepSequence(examples), state = { ...INITIAL_STATE, ...changes };
  const parameters = initialParameters(state.seed!, examples.inputs, 10);
  for (let call = 0; call < 100; call++) {
    const step = sequence.stepOf(state, parameters)?.step;
    if (step) return withFocus(step, state.focus).values;
  }
  throw new Error("Cannot compute the step in 100 calls");
}

Deno.test("example: the page reads each address of docs/lesson.md as it is written", () => {
  const [english, japanese] = PAGES.map((page) => addresses(read(page)));
  ok(english!.length > 30);
  deepStrictEqual(japanese, english);
  for (const address of english!) {
    const sorted = (text: string) => [...new URLSearchParams(text)].sort().join("&");
    const written = formatState(parseState(address));
    // the page leaves out what it shows at first
    const quantity = address.includes("quantity=A1") ? "&quantity=A1" : "";
    strictEqual(sorted(written + quantity), sorted(address));
  }
});

Deno.test("example: the entries in docs/lesson.md are those of the step at their addresses", () => {
  for (const page of PAGES) {
    let checked = 0;
    for (const [first, second] of tables(read(page)).flat()) {
      const address = /^`#(view=step[^`]*)`$/.exec(first!)?.[1];
      if (address === undefined) continue;
      for (
        const [, symbol, row, column, number] of second!.matchAll(
          /(\w+)\[(\d+),(\d+)\] = (-?[\d.]+\d|\d)/g,
        )
      ) {
        const values = valuesOf(parseState(address));
        const matrix = values[symbol as MatrixSymbol] as Matrix<number, number>;
        const value = matrix.at(Number(row), Number(column));
        strictEqual(value === 0 ? "0" : value.toPrecision(4), number, `${page}, ${address}`);
        checked++;
      }
    }
    strictEqual(checked, 12, page);
  }
});

Deno.test("example: the losses in docs/lesson.md are those before and after the update", () => {
  const fourDigits = (x: number) => x.toPrecision(4);
  const lossesAt = (rate: number) => {
    const state = { seed: 601, example: 8, batch: 16, rate };
    return [valuesOf(state), valuesOf({ ...state, updates: 1 })]
      .map(({ E }) => fourDigits(E.at(0, 0)));
  };
  for (const page of PAGES) {
    const rows = tables(read(page)).find(([row]) => row![0] === "0.01" && row!.length === 3)!;
    for (const [rate, ...losses] of rows) deepStrictEqual(losses, lossesAt(Number(rate)), rate);
    const of = (updates: number) =>
      fourDigits(valuesOf({ seed: 601, example: 8, updates }).E.at(0, 0));
    for (const updates of [0, 1, 20]) ok(read(page).includes(of(updates)), of(updates));
  }
});
