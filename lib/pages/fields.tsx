/** @jsxImportSource preact */
// What views share: fields for numbers, a command to copy, a line for errors, a list box, images on
// canvases, and what their colours mean.
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { IndexedImage } from "../charts/encode_png.ts";
import { drawScale } from "../charts/weights.ts";
import { range } from "../explain/explained_step.ts";
import { clamp } from "../math/clamp.ts";
import { significantDigits } from "../text/numbers.ts";
import { type ErrorWords, language, t } from "./texts.ts";

/**
 * A field for a number of a range: another number becomes the nearest one of the range, one that
 * `onValue` refuses with false becomes the old one. Undefined leaves the field empty.
 */
export function NumberField({ label, value, min, max, step = 1, onValue }: {
  readonly label: string;
  readonly value: number | undefined;
  readonly min: number;
  readonly max?: number | undefined;
  readonly step?: 1 | "any";
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

/** A button that copies a text, and says so until there is another; plain http has no clipboard. */
export function CopyButton({ text, words }: { readonly text: string; readonly words: string }) {
  const [copied, setCopied] = useState<string>();
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(text);
  };
  return (
    <button type="button" hidden={!globalThis.navigator?.clipboard} onClick={copy}>
      {copied === text ? t("Copied", "コピーした") : words}
    </button>
  );
}

/** A command that prints the same numbers, and a button that copies it. */
export function CommandLine({ command }: { readonly command: string }) {
  return (
    <p class="command">
      <code>
        {/* an option stays with its value, and no line ends within one */}
        {command.split(/ (?=--)/).map((words) => <span key={words}>{`${words} `}</span>)}
      </code>
      <CopyButton text={command} words={t("Copy", "コピー")} />
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

/** How the user selected an option. */
export type InputMethod = "pointer" | "keyboard";

type Attributes = JSX.IntrinsicElements["div"];

/** Options in a grid, of which at most one is selected. */
export function ListBox({ id, count, selected, option, onChoose, ...attributes }: Attributes & {
  readonly id: string;
  readonly count: number;
  readonly selected: number | undefined;
  /** What an option is, by its index. */
  readonly option: (index: number) => Attributes;
  readonly onChoose: (index: number, by: InputMethod) => void;
}): JSX.Element {
  const last = useRef(-1); // the option from which the arrow keys go on; -1 at first
  if (selected !== undefined) last.current = selected;
  return (
    <div
      {...attributes}
      id={id}
      role="listbox"
      tabIndex={0}
      aria-activedescendant={selected === undefined ? undefined : `${id}-${selected}`}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        const box = event.currentTarget, current = last.current, end = count - 1;
        // those of the present layout
        const columns = getComputedStyle(box).gridTemplateColumns.split(" ").length;
        const targets: Readonly<Record<string, number>> = {
          ...{ ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: end },
          ...{ Enter: current, " ": current },
          ArrowUp: current < columns ? current : current - columns,
          ArrowDown: current < 0 || current > end - columns ? current : current + columns,
        };
        const target = targets[event.key];
        if (target === undefined) return;
        event.preventDefault();
        const index = clamp(target, 0, end);
        box.children[index]!.scrollIntoView({ block: "nearest" });
        onChoose(index, "keyboard");
      }}
      onClick={({ currentTarget, target }) => {
        const options = [...currentTarget.children];
        const index = options.findIndex((option) => option.contains(target as Node));
        if (index >= 0) onChoose(index, "pointer");
      }}
    >
      {range(count).map((i) => (
        <div role="option" id={`${id}-${i}`} aria-selected={i === selected} {...option(i)} />
      ))}
    </div>
  );
}

/** Pixel values as opacity, so that the background may have any colour. */
const OPACITY = Array.from({ length: 256 }, (_, opacity) => [0, 0, 0, opacity] as const);

/**
 * A canvas with an image of its size; without a palette, its pixels are ink. An image that changes
 * has another `version` then.
 */
export function Picture({ image, version, ...attributes }: JSX.IntrinsicElements["canvas"] & {
  readonly image: IndexedImage;
  readonly version?: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null), { width, height, pixels, palette } = image;
  useLayoutEffect(() => {
    const painted = new ImageData(width, height), words = new Uint32Array(painted.data.buffer);
    // writes a pixel's four bytes as one word, since a drawing is painted at every frame
    const colours = new Uint32Array(new Uint8Array((palette ?? OPACITY).flat()).buffer);
    for (let i = 0; i < words.length; i++) words[i] = colours[pixels[i]!]!;
    canvas.current!.getContext("2d")!.putImageData(painted, 0, 0);
  }, [image, version]);
  const classes = [attributes.class, palette ? undefined : "ink"].filter(Boolean).join(" ");
  return <canvas ref={canvas} {...{ width, height, ...attributes }} class={classes} />;
}

/** What the colours of numbers mean. */
export function scaleWords(): string {
  return t("from blue, negative, to orange, positive", "負の値の青から、正の値のオレンジまで");
}

const SCALE = drawScale();

/** The colours of numbers, and the number with the strongest ones. */
export function ColourScale({ limit }: { readonly limit: number }) {
  const end = significantDigits(limit, 3);
  return (
    <p class="scale quiet">
      −{end}
      <Picture image={SCALE} role="img" aria-label={scaleWords()} />
      {end}
    </p>
  );
}
