/** @jsxImportSource preact */
// Fields for numbers, and a command to copy.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { clamp } from "../math/clamp.ts";
import { t } from "./texts.ts";

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
}): JSX.Element {
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
export function CommandLine({ command }: { readonly command: string }): JSX.Element {
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
