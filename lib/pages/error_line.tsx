/** @jsxImportSource preact */
// A line of role alert.
import type { JSX } from "preact";
import type { ErrorWords } from "./errors.ts";
import { language } from "./texts.ts";

/** An error in the page's language, or in English if it has no other words; empty if none. */
export function ErrorLine({ id, error }: {
  readonly id: string;
  readonly error: ErrorWords | undefined;
}): JSX.Element {
  const isEnglish = typeof error === "string";
  return (
    <p class="error" {...{ id }} role="alert" hidden={!error} lang={isEnglish ? "en" : undefined}>
      {isEnglish ? error : error?.[language()]}
    </p>
  );
}
