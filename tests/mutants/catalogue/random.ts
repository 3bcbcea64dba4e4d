/**
 * Mutants of NumPy's random streams.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const TWISTER = "lib/random/mt19937.ts";
const STATE = "lib/random/random_state.ts";

const LOG = "lib/math/log.ts";
const FMA = "lib/math/fma.ts";

const WORDS = [
  "random/mt19937_test.ts",
  "reference: Mt19937 seeded by an array gives the words of mt19937ar.out",
] as const;
const IN_TURNS = [
  "random/random_state_test.ts",
  "reference: RandomState draws NumPy's numbers, whichever of its seven calls alternate, and ends in NumPy's state",
] as const;
const NORMALS = [
  "random/random_state_test.ts",
  "reference: RandomState.normal() draws NumPy's 400,000 numbers of seeds 0 to 9",
] as const;

const IS_LOG = [
  "math/log_test.ts",
  "reference: log() is the C library's to the bit, in each interval of the table and around 1",
] as const;
const IS_FMA = [
  "math/fma_test.ts",
  "reference: fma() is the C library's to the bit: ties, cancellation, denormals, overflow, special values",
] as const;

/** The generator and what is drawn from it. */
export const random: Chapter = {
  title: "Random numbers",
  mutants: [
    {
      title: "A wrong shift in the tempering: by 12, not by 11",
      file: TWISTER,
      search: "y ^= y >>> 11;",
      replace: "y ^= y >>> 12;",
      caughtBy: WORDS,
    },
    {
      title: "A signed shift where an unsigned one is meant: >> for >>>",
      file: TWISTER,
      search: "y ^= y >>> 18;",
      replace: "y ^= y >> 18;",
      caughtBy: WORDS,
    },
    {
      title: "The product of two words in doubles, which lose its lower bits: * for Math.imul",
      file: TWISTER,
      search: "Math.imul(1812433253, scrambled(key[i - 1]!)) + i",
      replace: "1812433253 * scrambled(key[i - 1]!) + i",
      caughtBy: WORDS,
    },
    {
      title: "The second value of a normal pair is thrown away",
      file: STATE,
      search: "this.#gauss = factor * x;",
      replace: "",
      caughtBy: NORMALS,
    },
    {
      title: "The two values of a normal pair in the other order",
      file: STATE,
      search: `this.#gauss = factor * x;
        return factor * y;`,
      replace: `this.#gauss = factor * y;
        return factor * x;`,
      caughtBy: NORMALS,
    },
    {
      title: "Points outside the unit disc are not drawn again",
      file: STATE,
      search: "r2 > 0 && r2 < 1",
      replace: "r2 > 0",
      caughtBy: NORMALS,
    },
    {
      title: "randint by the remainder: small numbers come more often",
      file: STATE,
      search: "if (value <= max) return value;",
      replace: "return value % (max + 1);",
      caughtBy: IN_TURNS,
    },
    {
      title: "randint with an inclusive upper bound",
      file: STATE,
      search: "this.#upTo(span - 1)",
      replace: "this.#upTo(span)",
      caughtBy: [
        "random/random_state_test.ts",
        "example: RandomState.randint() reaches both ends of a range",
      ],
    },
    {
      title: "Uniform numbers of 27 bits, not of 53",
      file: STATE,
      search: "(upper * TWO_26 + lower) / TWO_53",
      replace: "upper / (2 * TWO_26)",
      caughtBy: IN_TURNS,
    },
    {
      title: "The naive shuffle, which does not make each order as likely",
      file: STATE,
      search: "const j = this.#upTo(i);",
      replace: "const j = this.#upTo(array.length - 1);",
      caughtBy: IN_TURNS,
    },
    {
      title: "The caller's buffer is shuffled, not a copy: Buffer.slice() shares memory",
      file: STATE,
      search: "copyTypedArray.call(source as Uint8Array)",
      replace: "source.slice()",
      caughtBy: [
        "random/random_state_test.ts",
        "law: RandomState.permutation() of an array takes its items in the order of permutation(n)",
      ],
    },
    {
      title: "A saved state without the stored second normal number",
      file: STATE,
      search: "hasGauss: this.#hasGauss ? 1 : 0",
      replace: "hasGauss: 0",
      caughtBy: ["random/random_state_test.ts", "law: RandomState.setState() repeats the stream"],
    },
    {
      title: "A state's gauss is forgotten if it is not to be used",
      file: STATE,
      search: "this.#gauss = gauss;",
      replace: "this.#gauss = hasGauss === 1 ? gauss : 0;",
      caughtBy: [
        "random/random_state_test.ts",
        "example: RandomState.getState() returns the gauss that was set, even one that is not used, as NumPy's get_state() does",
      ],
    },
    {
      title: "A multiplication and an addition, each rounded, for a fused multiply-add",
      file: LOG,
      search: "const r = fma(z, inverse, -1)",
      replace: "const r = z * inverse - 1",
      caughtBy: IS_LOG,
    },
    {
      title: "One coefficient of the logarithm's series in the place of another",
      file: LOG,
      search: "fma(r, B[5], B[4])",
      replace: "fma(r, B[4], B[5])",
      caughtBy: IS_LOG,
    },
    {
      title: "A wrong last digit in the logarithm's table, which changes few results or none",
      file: "lib/math/log_constants.ts",
      search: "0.20000304511814496",
      replace: "0.20000304511814498",
      caughtBy: [
        "math/log_test.ts",
        "reference: log() has the constants of the C library, every one",
      ],
    },
    {
      title: "The last sum of the fused multiply-add rounded twice",
      file: FMA,
      search: "neighbour - sum === 2 * rest",
      replace: "false",
      caughtBy: IS_FMA,
    },
    {
      title: "Ties of the fused multiply-add always broken away from the sum",
      file: FMA,
      search: "Math.sign(lost) === Math.sign(rest)",
      replace: "lost !== 0",
      caughtBy: IS_FMA,
    },
  ],
};
