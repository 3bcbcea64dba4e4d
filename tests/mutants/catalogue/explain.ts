/**
 * Mutants of the code that explains a training step, on a terminal and on the page.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const TERMS = "lib/explain/terms.ts";
const SEQUENCE = "lib/pages/playground/step/step_sequence.ts";

/** Terms, differences, equations and the steps of the page. */
export const explain: Chapter = {
  title: "Explained steps",
  mutants: [
    {
      title: "The terms of a sum ordered by value, not by size",
      file: TERMS,
      search: "Math.abs(b.value) - Math.abs(a.value)",
      replace: "b.value - a.value",
      caughtBy: [
        "explain/terms_test.ts",
        "example: termsOf() orders the terms of a sum by size and counts those that are 0",
      ],
    },
    {
      title: "A subtracted term shown with the wrong sign",
      file: TERMS,
      search: "value: isSubtracted ? -value : value",
      replace: "value",
      caughtBy: ["explain/terms_test.ts", "law: the terms of every quantity give its entry"],
    },
    {
      title: "The changed quantity computed again before the loss of a difference",
      file: "lib/explain/differences.ts",
      search: 'pass === "forward" && symbol !== changed',
      replace: 'pass === "forward"',
      caughtBy: [
        "explain/terms_test.ts",
        "law: differenceQuotient() agrees with every gradient in the entry in focus",
      ],
    },
    {
      title: "1/B Σ L read as 1/(B Σ L)",
      file: "lib/pages/playground/mathml.ts",
      search: "node = fraction(node, this.#power());",
      replace: "node = fraction(node, this.#product());",
      caughtBy: [
        "pages/playground/mathml_test.ts",
        "example: mathml() reads products, sums, fractions and powers as they bind",
      ],
    },
    {
      title: "The page's next step taken from the first weights again",
      file: SEQUENCE,
      search: "const last = this.#parameters.at(-1)!",
      replace: "const last = this.#parameters[0]!",
      caughtBy: [
        "pages/playground/step_sequence_test.ts",
        "example: StepSequence takes the updates that the state names, some at a time",
      ],
    },
    {
      title: "A link to the page without the entry",
      file: "lib/pages/playground/page_state.ts",
      search: "...AXES.map(([name, axis]) => [name, focus[axis]] as const),",
      replace: "",
      caughtBy: [
        "pages/playground/page_state_test.ts",
        "law: parseState() reads every state that formatState() writes",
      ],
    },
  ],
};
