/** @jsxImportSource preact */
// The row or column of a quantity with the entry in focus, as a picture or a list to choose from.
import type { TargetedPointerEvent } from "preact";
import { useState } from "preact/hooks";
import type { IndexedImage } from "../../charts/encode_png.ts";
import { drawScale, drawSigned } from "../../charts/weights.ts";
import { type ExplainedStep, type PerAxis, placeOf } from "../../explain/explained_step.ts";
import { formatResult } from "../../explain/expression.ts";
import { clamp } from "../../math/clamp.ts";
import { maxAbs } from "../../math/max_abs.ts";
import { type Axis, type MatrixSymbol, QUANTITIES } from "../../network/step.ts";
import { significantDigits } from "../../text/numbers.ts";
import { ListBox, NumberField, Picture } from "../fields.tsx";
import { t } from "../texts.ts";

/** A picture of the hidden units is somewhat higher than wide: 80 of them are 8 by 10. */
const UNITS_WIDTH = 0.8;

/** The row or column of a quantity that holds the entry in focus, and the size of its picture. */
export function sliceOf(step: ExplainedStep, symbol: MatrixSymbol) {
  const { columns, data } = step.values[symbol], { axes } = QUANTITIES[symbol];
  // the axis that is shown as a whole, rather than one place at a time
  const place = (axis: Axis) => "DMKB1".indexOf(axis);
  const [along, across] = axes.toSorted((a, b) => place(a) - place(b)) as [Axis, Axis];
  const [row, column] = placeOf(step.focus, symbol), isRow = along !== axes[0];
  const values = isRow
    ? data.slice(row * columns, (row + 1) * columns)
    : data.filter((_, i) => i % columns === column);
  const count = values.length, units = Math.ceil(Math.sqrt(UNITS_WIDTH * count));
  const width = along === "M" ? units : 1, size = { width, height: Math.ceil(count / width) };
  const at = isRow ? column : row;
  return { along, across, values, at, size: along === "D" ? step.data.size : size };
}

/** The part of a quantity with the entry in focus; images are ink, all else has two colours. */
export function pictureOf(step: ExplainedStep, symbol: MatrixSymbol): IndexedImage {
  if (symbol === "X") return step.data.image(step.batchIndices.values[step.focus.B]!);
  const { values, size } = sliceOf(step, symbol);
  const padded = new Float64Array(size.width * size.height);
  padded.set(values);
  return drawSigned(padded, size, maxAbs(values));
}

/** The direction of an arrow key that is pressed alone. */
export function arrowOf({ key, ctrlKey, altKey, metaKey }: KeyboardEvent) {
  const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
    ...{ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] },
  };
  return ctrlKey || altKey || metaKey ? undefined : arrows[key];
}

const axisName = (axis: keyof PerAxis) => ({
  D: t("pixel", "画素"),
  M: t("hidden unit", "隠れ層のユニット"),
  K: t("class", "クラス"),
  B: t("image", "画像"),
}[axis]);

/** A place on an axis, in words: `hidden unit 3`. */
export function placeName({ data }: ExplainedStep, axis: keyof PerAxis, place: number): string {
  if (axis === "B") return t(`image ${place} of the batch`, `バッチの画像 ${place}`);
  const name = `${axisName(axis)} ${place}`, { width } = data.size;
  const row = Math.floor(place / width), column = place % width;
  return axis === "D"
    ? t(
      `${name}: row ${row}, column ${column} of the image`,
      `${name}（画像の ${row} 行 ${column} 列）`,
    )
    : name;
}

const axesOf = (symbol: MatrixSymbol) => QUANTITIES[symbol].axes.filter((axis) => axis !== "1");

/** Where an entry is, in words: `hidden unit 3 · pixel 400: row 14, column 8 of the image`. */
export function describePlace(step: ExplainedStep, symbol: MatrixSymbol): string {
  return axesOf(symbol).map((axis) => placeName(step, axis, step.focus[axis])).join(" · ");
}

/** The entries of a quantity beside the one in focus; nothing for a single number. */
export function PictureSection({ step, symbol, choose }: {
  readonly step: ExplainedStep;
  readonly symbol: MatrixSymbol;
  /** Chooses places on some axes. */
  readonly choose: (focus: Partial<PerAxis>) => void;
}) {
  const [hovered, setHovered] = useState<number>();
  const { along, across, values, at, size: { width, height } } = sliceOf(step, symbol);
  if (along === "1") return null;
  const { focus, sizes } = step, largest = maxAbs(values), limit = significantDigits(largest, 2);
  const hasSigns = values.some((value) => value < 0);
  /** A bar from the middle, or from the left where no number is negative. */
  const bar = (index: number) => {
    const value = values[index]!, width = Math.abs(value) / (largest || 1);
    const x = value < 0 ? -width : 0, box = hasSigns ? "-1 0 2 1" : "0 0 1 1";
    return (
      <>
        <b>{index}</b>
        <svg class="signed-bar" viewBox={box} preserveAspectRatio="none" aria-hidden="true">
          <rect class={value < 0 ? "negative" : "positive"} {...{ x, width }} height={1} />
          {hasSigns && <path d="M0 0V1" />}
        </svg>
        <span>{formatResult(value)}</span>
      </>
    );
  };
  const select = (index: number | undefined) => index !== undefined && choose({ [along]: index });
  const indexAt = (x: number, y: number) =>
    x >= 0 && x < width && y >= 0 && y * width + x < values.length ? y * width + x : undefined;
  const pointed = ({ currentTarget, offsetX, offsetY }: TargetedPointerEvent<HTMLElement>) => {
    const { clientWidth, clientHeight } = currentTarget;
    const at = (share: number, size: number) => clamp(Math.floor(share * size), 0, size - 1);
    return indexAt(at(offsetX / clientWidth, width), at(offsetY / clientHeight, height));
  };
  const nameAt = (index: number) => `${symbol}[${placeOf({ ...focus, [along]: index }, symbol)}]`;
  const x = at % width, y = Math.floor(at / width);
  const shown = hovered !== undefined && hovered < values.length ? hovered : at;
  return (
    <section class="picture" aria-labelledby="picture-title">
      <h3 id="picture-title">
        {across === "1"
          ? t(`All entries of ${symbol}`, `${symbol} の要素`)
          : `${symbol}${t(", ", "、")}${axisName(across)} ${focus[across]}`}
      </h3>
      <form class="places" onSubmit={(event) => event.preventDefault()}>
        {axesOf(symbol).map((axis) => (
          <NumberField
            key={axis}
            label={axisName(axis)}
            {...{ value: focus[axis], min: 0, max: sizes[axis] - 1 }}
            onValue={(place) => choose({ [axis]: place })}
          />
        ))}
      </form>
      {along === "K" || along === "B"
        ? (
          <ListBox
            id="entry"
            class="entry-list"
            aria-labelledby="picture-title"
            {...{ count: values.length, selected: at, onChoose: select }}
            option={(index) => ({ children: bar(index) })}
          />
        )
        : (
          <>
            <div class="entries">
              <Picture
                image={pictureOf(step, symbol)}
                {...{ tabIndex: 0, role: "application", "aria-describedby": "picture-keys" }}
                aria-label={t(
                  `${symbol} as a picture; ${nameAt(at)} is chosen`,
                  `${symbol} の画像。${nameAt(at)} を選んでいる`,
                )}
                onPointerMove={(event) => {
                  setHovered(pointed(event));
                  if (event.buttons === 1) select(pointed(event));
                }}
                onPointerDown={(event) => event.button === 0 && select(pointed(event))}
                onPointerLeave={() => setHovered(undefined)}
                onKeyDown={(event) => {
                  const arrow = arrowOf(event);
                  if (!arrow) return;
                  event.preventDefault();
                  select(indexAt(x + arrow[0], y + arrow[1]));
                }}
              />
              <svg class="cursor" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
                <rect {...{ x, y, width: 1, height: 1 }} />
              </svg>
            </div>
            {symbol !== "X" && (
              <div class="scale quiet">
                −{limit}
                <Picture
                  {...{ image: drawScale(), role: "img" }}
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
        )}
    </section>
  );
}
