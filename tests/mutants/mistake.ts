/**
 * One mistake of the catalogue: a small patch that breaks the program, and the test that must notice.
 *
 * @module
 */

/** What a test must end with to have noticed: a claim that does not hold, or our own refusal of what no longer fits. */
export type NoticedBy = "AssertionError" | "ShapeError";

/** A mistake that people make. */
export interface Mistake {
  /** What is done wrong, for learners, in one line. */
  readonly title: string;
  /** The file in which it is made, from the project's root. */
  readonly file: string;
  /** What stands there: it must occur exactly once. */
  readonly search: string;
  /** What stands there by mistake. */
  readonly replace: string;
  /** The test that must fail: its file in tests/, and its name. */
  readonly caughtBy: readonly [file: string, test: string];
  /** How it must fail, if not by an assertion. */
  readonly noticedBy?: NoticedBy;
}

/** Mistakes of one kind. */
export interface Chapter {
  /** What they are about. */
  readonly title: string;
  /** The mistakes. */
  readonly mistakes: readonly Mistake[];
}

/** Makes the mistake in a file's text, and fails where it no longer can be made. */
export function apply({ title, file, search, replace }: Mistake, text: string): string {
  const parts = text.split(search);
  if (parts.length !== 2 || replace === search) {
    throw new Error(
      `Cannot make the mistake "${title}": ${file} has its search text ${
        parts.length - 1
      } times, ` +
        `need once, and another text to put there`,
    );
  }
  return parts.join(replace);
}
