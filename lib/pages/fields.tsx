/** @jsxImportSource preact */
// Fields for numbers, a command to copy, and a line for errors.
import { useState } from "preact/hooks";
import { clamp } from "../math/clamp.ts";
import type { ErrorWords } from "./errors.ts";
import { language, t } from "./texts.ts";

/** A field for a number of a range: another number becomes the nearest one of the range. */
export function NumberField({ label, value, min, max, step = 1, onValue }: {
  readonly label: string;
  /** The number; undefined leaves the field empty. */
  readonly value: number | undefined;
  readonly min: number;
  readonly max?: number | undefined;
  /** 1 for integers. */
  readonly step?: 1 | "any";
  /** Takes the number; false refuses it. */
  readonly onValue: (value: number) => unknown;
}) {
  const nearest = ({ valueAsNumber: number }: HTMLInputElement) =>
    clamp(step === "any" ? number : Math.round(number), min, max ?? Infinity);
  return (
    <label>
      <span>{label}</span>
      <input
        type="number"
        value={value ?? ""}
        {...{ min, max, step }}
        title={max === undefined ? "" : t(`${min} to ${max}`, `${min} から ${max} まで`)}
        onInput={({ currentTarget: field }) => {
          if (step === 1 && field.valueAsNumber === nearest(field)) onValue(nearest(field));
        }}
        onChange={({ currentTarget: field }) => {
          const number = nearest(field);
          if (Number.isNaN(number) || onValue(number) === false) field.value = `${value ?? ""}`;
        }}
      />
    </label>
  );
}

/** A command that prints the same numbers, and a button that copies it. */
export function CommandLine({ command }: { readonly command: string }) {
  const [copied, setCopied] = useState("");
  const copy = async () => {
    await navigator.clipboard.writeText(command);
    setCopied(command);
  };
  return (
    <p class="command">
      <code>
        {/* an option stays with its value, and no line ends within one */}
        {command.split(/ (?=--)/).map((words) => <span key={words}>{`${words} `}</span>)}
      </code>
      <button type="button" onClick={copy}>
        {copied === command ? t("Copied", "コピーした") : t("Copy", "コピー")}
      </button>
    </p>
  );
}

/** An error in the page's language, or in English if it has no other words; empty if none. */
export function ErrorLine({ id, error }: {
  readonly id: string;
  readonly error: ErrorWords | undefined;
}) {
  const lang = typeof error === "string" ? "en" : undefined;
  return (
    <p class="error" {...{ id, lang }} role="alert" hidden={!error}>
      {typeof error === "string" ? error : error?.[language()]}
    </p>
  );
}
