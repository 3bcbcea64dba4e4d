/**
 * A mutant of the catalogue: a small patch that breaks the program, and the test that must fail.
 *
 * @module
 */

/** The error with which the test must fail: a failed assertion, or shapes that do not fit. */
export type NoticedBy = "AssertionError" | "ShapeError";

/** One wrong line, as people write it by mistake. */
export interface Mutant {
  /** What is wrong, in one line. */
  readonly title: string;
  /** The changed file, from the project's root. */
  readonly file: string;
  /** The text to replace: it must occur exactly once. */
  readonly search: string;
  /** The wrong text in its place. */
  readonly replace: string;
  /** The test that must fail: its file in tests/, and its name. */
  readonly caughtBy: readonly [file: string, test: string];
  /** The error, where it is not an AssertionError. */
  readonly noticedBy?: NoticedBy;
}

/** A chapter of the catalogue. */
export interface Chapter {
  /** The part of the program that it breaks. */
  readonly title: string;
  /** Its mutants. */
  readonly mutants: readonly Mutant[];
}

/** Returns the mutated text; throws if the search text does not occur exactly once. */
export function apply({ title, file, search, replace }: Mutant, text: string): string {
  const parts = text.split(search);
  if (parts.length !== 2 || replace === search) {
    throw new Error(
      `Cannot apply the mutant "${title}": ${file} has its search text ${
        parts.length - 1
      } times, ` +
        `need once, and another text to put there`,
    );
  }
  return parts.join(replace);
}
