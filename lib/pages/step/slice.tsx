/** @jsxImportSource preact */
// The row or column of a quantity with the entry in focus, as a picture or a list to choose from.
import type { JSX, TargetedPointerEvent } from "preact";
import { useState } from "preact/hooks";
import type { IndexedImage } from "../../charts/encode_png.ts";
import { drawScale, drawSigned } from "../../charts/weights.ts";
import type { ExplainedStep, PerAxis } from "../../explain/explained_step.ts";
import { formatResult } from "../../explain/expression.ts";
import { clamp } from "../../math/clamp.ts";
import { maxAbs } from "../../math/max_abs.ts";
import { type Axis, type MatrixSymbol, QUANTITIES } from "../../network/step.ts";
import { significantDigits } from "../../text/numbers.ts";
import { NumberField } from "../fields.tsx";
import { Picture } from "../picture.tsx";
import { placeOf, type Slice, sliceOf } from "./slices.ts";
import { t } from "../texts.ts";

type NamedAxis = Exclude<Axis, "1">;

interface SliceProps {
  readonly step: ExplainedStep;
  readonly symbol: MatrixSymbol;
  /** Chooses places on some axes. */
  readonly choose: (focus: Partial<PerAxis>) => void;
}

/** The direction of each arrow key. */
const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The part of a quantity with the entry in focus; images are ink, all else has two colours. */
export function pictureOf(step: ExplainedStep, symbol: MatrixSymbol): IndexedImage {
  const { values, size } = sliceOf(step, symbol);
  if (symbol === "X") return step.data.image(step.batchIndices.values[step.focus.B]!);
  const padded = new Float64Array(size.width * size.height);
  padded.set(values);
  return drawSigned(padded, size, maxAbs(values));
}

/** Where an entry is, in words: `hidden unit 3, pixel 400: row 14, column 8 of the image`. */
export function describePlace(step: ExplainedStep, symbol: MatrixSymbol): string {
  const { width } = step.data.size;
  return axesOf(symbol).map((axis) => {
    const place = step.focus[axis], row = Math.floor(place / width), column = place % width;
    return {
      D: t(
        `pixel ${place}: row ${row}, column ${column} of the image`,
        `画素 ${place}（画像の ${row} 行 ${column} 列）`,
      ),
      M: t(`hidden unit ${place}`, `隠れ層のユニット ${place}`),
      K: t(`class ${place}`, `クラス ${place}`),
      B: t(`image ${place} of the batch`, `バッチの画像 ${place}`),
    }[axis];
  }).join(" · ");
}

/** The entries of a quantity beside the one in focus; nothing for a single number. */
export function PictureSection({ step, symbol, choose }: SliceProps): JSX.Element | null {
  const slice = sliceOf(step, symbol), { along, across } = slice;
  if (along === "1") return null;
  const place = across === "1" ? 0 : step.focus[across];
  const title = {
    M: t(`${symbol} of unit ${place}`, `${symbol}、ユニット ${place}`),
    K: t(`${symbol} of class ${place}`, `${symbol}、クラス ${place}`),
    B: t(`${symbol} of image ${place}`, `${symbol}、画像 ${place}`),
    ...{ D: t(`All entries of ${symbol}`, `${symbol} の要素`), "1": "" },
  }[across] || t(`All entries of ${symbol}`, `${symbol} の要素`);
  const isPicture = along === "D" || along === "M";
  return (
    <section class="picture" aria-labelledby="picture-title">
      <h3 id="picture-title">{title}</h3>
      <form class="places" onSubmit={(event) => event.preventDefault()}>
        {axesOf(symbol).map((axis) => (
          <NumberField
            key={axis}
            label={axisName(axis)}
            value={step.focus[axis]}
            {...{ min: 0, max: step.sizes[axis] - 1 }}
            onValue={(place) => choose({ [axis]: place })}
          />
        ))}
      </form>
      {isPicture
        ? <Entries {...{ step, symbol, slice, choose }} />
        : <EntryList {...{ step, symbol, slice, choose }} />}
    </section>
  );
}

/** The pixels or the hidden units as a picture. */
function Entries(
  { step, symbol, slice, choose }: SliceProps & { readonly slice: Slice },
): JSX.Element {
  const [hovered, setHovered] = useState<number>();
  const { along, values, at, size } = slice, { width, height } = size;
  const select = (index: number | undefined) => index !== undefined && choose({ [along]: index });
  const indexAt = (event: TargetedPointerEvent<HTMLCanvasElement>) => {
    const { clientWidth, clientHeight } = event.currentTarget;
    const x = clamp(Math.floor(event.offsetX / clientWidth * width), 0, width - 1);
    const y = clamp(Math.floor(event.offsetY / clientHeight * height), 0, height - 1);
    return y * width + x < values.length ? y * width + x : undefined;
  };
  const nameAt = (index: number) =>
    `${symbol}[${placeOf({ ...step.focus, [along]: index }, symbol)}]`;
  const shown = hovered !== undefined && hovered < values.length ? hovered : at;
  const limit = significantDigits(maxAbs(values), 2);
  return (
    <>
      <div class="entries">
        <Picture
          image={pictureOf(step, symbol)}
          tabIndex={0}
          role="application"
          aria-describedby="picture-keys"
          aria-label={t(
            `${symbol} as a picture; ${nameAt(at)} is chosen`,
            `${symbol} の画像。${nameAt(at)} を選んでいる`,
          )}
          onPointerMove={(event) => {
            const index = indexAt(event);
            setHovered(index);
            if (event.buttons === 1) select(index);
          }}
          onPointerDown={(event) => event.button === 0 && select(indexAt(event))}
          onPointerLeave={() => setHovered(undefined)}
          onKeyDown={(event) => {
            const arrow = ARROWS[event.key];
            if (!arrow || event.ctrlKey || event.altKey || event.metaKey) return;
            event.preventDefault();
            const x = at % width + arrow[0], y = Math.floor(at / width) + arrow[1];
            const isInside = x >= 0 && x < width && y >= 0 && y * width + x < values.length;
            if (isInside) select(y * width + x);
          }}
        />
        <svg class="cursor" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <rect x={at % width} y={Math.floor(at / width)} width={1} height={1} />
        </svg>
      </div>
      {symbol !== "X" && (
        <div class="scale quiet">
          −{limit}
          <Picture
            image={drawScale()}
            role="img"
            aria-label={t("from blue to orange", "青から橙へ")}
          />
          {limit}
        </div>
      )}
      <p class="quiet hover">{nameAt(shown)} = {formatResult(values[shown]!)}</p>
      <p class="quiet hint" id="picture-keys">
        {t(
          "Choose an entry: point and click, or use the arrow keys.",
          "要素を選ぶ: クリックするか、矢印キーを使う。",
        )}
      </p>
    </>
  );
}

/** The classes or the images as a list with bars: negative ones to the left, positive to the right. */
function EntryList(
  { step, symbol, slice: { along, values, at }, choose }: SliceProps & { readonly slice: Slice },
): JSX.Element {
  const scale = maxAbs(values) || 1, hasSigns = values.some((value) => value < 0);
  const select = (index: number) => choose({ [along]: index });
  return (
    <div
      class="entry-list"
      role="listbox"
      tabIndex={0}
      aria-labelledby="picture-title"
      aria-activedescendant={`entry-${at}`}
      onKeyDown={(event) => {
        const by = ARROWS[event.key];
        if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        select(clamp(at + by[0] + by[1], 0, values.length - 1));
      }}
    >
      {Array.from(values, (value, index) => (
        <div
          id={`entry-${index}`}
          role="option"
          aria-selected={index === at}
          onClick={() => select(index)}
        >
          <b>{index}</b>
          <SignedBar share={value / scale} hasSigns={hasSigns} />
          <span>{formatResult(value)}</span>
        </div>
      ))}
      <p class="quiet hint">{describePlace(step, symbol)}</p>
    </div>
  );
}

/** A bar from the middle, or from the left where no number is negative. */
export function SignedBar(
  { share, hasSigns }: { readonly share: number; readonly hasSigns: boolean },
): JSX.Element {
  const left = hasSigns ? -1 : 0, sign = share < 0 ? "negative" : "positive";
  return (
    <svg
      class="signed-bar"
      viewBox={`${left} 0 ${1 - left} 1`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class={sign} x={Math.min(0, share)} width={Math.abs(share)} height={1} />
      {hasSigns && <path d="M0 0V1" />}
    </svg>
  );
}

function axesOf(symbol: MatrixSymbol): NamedAxis[] {
  return QUANTITIES[symbol].axes.filter((axis): axis is NamedAxis => axis !== "1");
}

function axisName(axis: NamedAxis): string {
  return {
    D: t("pixel", "画素"),
    M: t("hidden unit", "隠れ層のユニット"),
    K: t("class", "クラス"),
    B: t("image", "画像"),
  }[axis];
}
