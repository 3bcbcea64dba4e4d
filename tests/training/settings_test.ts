// The table of settings: its ranges, and what the report's program has.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { REPORT_SETTINGS } from "../../lib/network/report_settings.ts";
import {
  DEFAULT_SETTINGS,
  integers,
  parseNumber,
  POSITIVE,
  SETTINGS,
} from "../../lib/training/settings.ts";
import { tables } from "../helpers/markdown.ts";

Deno.test("example: the defaults are the report's settings", () =>
  deepStrictEqual({ ...DEFAULT_SETTINGS, ...REPORT_SETTINGS }, DEFAULT_SETTINGS));

for (
  const [language, name] of [["en", "docs/training.md"], ["ja", "docs/ja/training.md"]] as const
) {
  Deno.test(`example: ${name} has a row for each setting`, () => {
    const page = Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url));
    const rows = SETTINGS.map(({ flags, words, default: value, range: { needed }, member }) => [
      `\`${flags}\``,
      words[language],
      `${value}`,
      needed[language],
      member === undefined ? "" : `\`state_${member}\``,
    ]);
    deepStrictEqual(tables(page)[0], rows);
  });
}

Deno.test("law: parseNumber() reads back what a number of the range is written as, and no other", () => {
  for (const { range } of SETTINGS) {
    fc.assert(fc.property(fc.oneof(fc.double(), fc.integer(), fc.maxSafeNat()), (x) => {
      const isInRange = x >= range.min && x <= range.max && Number.isInteger(x) >= range.isInteger;
      // an integer is written without an exponent
      const isWritten = !range.isInteger || /^\d+$/.test(`${x}`);
      strictEqual(parseNumber(`${x}`, range), isInRange && isWritten ? x + 0 : undefined);
    }));
  }
});

Deno.test("example: parseNumber() takes no other spelling of a number", () => {
  const taken = ["007", "2.", ".5", "1E-3", "5e-324"].map((text) => parseNumber(text, POSITIVE));
  deepStrictEqual(taken, [7, 2, 0.5, 0.001, 5e-324]);
  const wrong = ["", " ", " 1", "+1", "-1", "NaN", "Infinity", "1e999", "1e-999", "0.0", "0x10"];
  for (const text of [...wrong, "1_0", "1,5", ".", "1e", "ten", "१"]) {
    strictEqual(parseNumber(text, POSITIVE), undefined, text);
    strictEqual(parseNumber(text, integers(1)), undefined, text);
  }
  for (const text of ["1.0", "1e2", "9007199254740992"]) {
    strictEqual(parseNumber(text, integers(1)), undefined, text);
  }
});
