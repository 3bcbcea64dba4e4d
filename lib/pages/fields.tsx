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

/** A button that copies a text, and says so until there is another text. */
export function CopyButton({ text, words }: { readonly text: string; readonly words: string }) {
  const [copied, setCopied] = useState<string>();
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(text);
  };
  return (
    <button type="button" onClick={copy}>
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
  const box = useRef<HTMLDivElement>(null);
  const last = useRef(-1); // the option from which the arrow keys go on; -1 at first
  if (selected !== undefined) last.current = selected;
  const select = (index: number, by: InputMethod) => {
    scrollTo(box.current!, index);
    onChoose(index, by);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const end = count - 1, current = last.current;
    // those of the present layout
    const columns = getComputedStyle(box.current!).gridTemplateColumns.split(" ").length;
    const targets: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: end },
      ...{ Enter: current, " ": current },
      ArrowUp: current < columns ? current : current - columns,
      ArrowDown: current < 0 || current > end - columns ? current : current + columns,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    select(clamp(target, 0, end), "keyboard");
  };
  return (
    <div
      {...attributes}
      ref={box}
      {...{ id, onKeyDown }}
      role="listbox"
      tabIndex={0}
      aria-activedescendant={selected === undefined ? undefined : `${id}-${selected}`}
      onClick={({ target }) => {
        const index = optionAt(target);
        if (index >= 0) select(index, "pointer");
      }}
    >
      {range(count).map((i) => (
        <div role="option" id={`${id}-${i}`} aria-selected={i === selected} {...option(i)} />
      ))}
    </div>
  );
}

/** The index of the option that contains an event's target, or -1. */
function optionAt(target: EventTarget | null): number {
  const option = target instanceof Element ? target.closest("[role=option]") : null;
  return option ? Number(option.id.slice(option.id.lastIndexOf("-") + 1)) : -1;
}

/** Scrolls the box, but not the page, until an option is visible. */
function scrollTo(box: HTMLElement, index: number): void {
  const { top, bottom } = box.children[index]!.getBoundingClientRect();
  const outer = box.getBoundingClientRect();
  if (top < outer.top) box.scrollTop += top - outer.top;
  else if (bottom > outer.bottom) box.scrollTop += bottom - outer.bottom;
}

/**
 * A canvas with an image of its size; without a palette, its pixels are ink. An image that changes
 * has another `version` then.
 */
export function Picture({ image, version, ...attributes }: JSX.IntrinsicElements["canvas"] & {
  readonly image: IndexedImage;
  readonly version?: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => paint(canvas.current!, image), [image, version]);
  const ink = image.palette === undefined ? "ink" : "";
  return <canvas ref={canvas} {...attributes} class={`${attributes.class ?? ""} ${ink}`.trim()} />;
}

/** Pixel values as opacity, so that the background may have any colour. */
const OPACITY = Array.from({ length: 256 }, (_, opacity) => [0, 0, 0, opacity] as const);

/** The bytes of each palette's colours, as words. */
const words = new WeakMap<object, Uint32Array>();

/** Paints an image on a canvas of its size; without a palette, pixels are opacity. */
function paint(
  canvas: HTMLCanvasElement,
  { width, height, pixels, palette = OPACITY }: IndexedImage,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  // writes a pixel's four bytes as one word, since a drawing is painted at every frame
  const colours = words.get(palette) ?? new Uint32Array(Uint8Array.from(palette.flat()).buffer);
  words.set(palette, colours);
  const painted = new Uint32Array(image.data.buffer);
  for (let i = 0; i < painted.length; i++) painted[i] = colours[pixels[i]!]!;
  canvas.getContext("2d")!.putImageData(image, 0, 0);
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
