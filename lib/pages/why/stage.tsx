/** @jsxImportSource preact */
// The path of the weight as a picture: pixel, unit, classes, loss; forward, and back over the same
// lines.
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { range } from "../../explain/explained_step.ts";
import { type ClassMessage, leadingClasses } from "../../explain/weight_path.ts";
import { clamp } from "../../math/clamp.ts";
import { t } from "../texts.ts";
import { digits, fixed, type Shown, sign } from "./words.ts";

type Point = readonly [x: number, y: number];
type Curve = readonly [Point, Point, Point, Point];

// where everything is; a telephone has the classes below the unit, their bars hanging down
const DESK = {
  ...{ name: "desk", media: "(min-width: 80rem)", width: 880, height: 342, top: 71, size: 168 },
  ...{ unit: { x: 290, y: 158, r: 46 }, grid: [255, 254] as Point, node: 492, bar: 516 },
  ...{ length: 92, error: 772, loss: 836 },
};
type Geometry = typeof DESK;
const TABLET: Geometry = {
  ...{ ...DESK, name: "tablet", media: "(min-width: 48rem) and (max-width: 79.99rem)" },
  ...{ width: 736, top: 92.75, size: 126, unit: { x: 238, y: 158, r: 42 }, grid: [203, 254] },
  ...{ node: 400, bar: 424, length: 70, error: 652, loss: 700 },
};
const PHONE: Geometry = {
  ...{ ...DESK, name: "phone", media: "(max-width: 47.99rem)", width: 358, height: 428, top: 22 },
  ...{ size: 140, unit: { x: 214, y: 94, r: 36 }, grid: [286, 24], node: 262, bar: 280 },
  ...{ length: 72 },
};

/** The geometries, each for some windows; a style hides the others in the first HTML. */
export const GEOMETRIES: readonly Geometry[] = [DESK, TABLET, PHONE];

/** The most classes that are shown. */
const MAX_CLASSES = 10;

/** Levels of ink. */
const LEVELS = 16;

interface StageProps {
  readonly geometry: Geometry;
  readonly shown: Shown;
  /** The time: 0 to 4 at the five stops, from -0.5 on. */
  readonly time: number;
  readonly cut: string | undefined;
  readonly onPixel: (pixel: number) => void;
  readonly onUnit: (unit: number) => void;
  readonly onTarget: (label: number) => void;
}

/** How far a part of the time has gone, from 0 to 1. */
export function part(time: number, from: number, to: number): number {
  return clamp((time - from) / (to - from), 0, 1);
}

/** The classes that are shown: all, or the right one and those with most to say. */
function shownClasses({ image: { classes }, right }: Shown): number[] {
  const weight = (k: number) =>
    k === right ? Infinity : classes[k]!.probability + Math.abs(classes[k]!.message);
  return range(classes.length).sort((a, b) => weight(b) - weight(a)).slice(0, MAX_CLASSES)
    .sort((a, b) => a - b);
}

/** The path in one geometry. */
export function Stage(props: StageProps): JSX.Element {
  const { geometry, shown, time, cut, onPixel, onUnit } = props;
  const { step, path, made, right, guess } = shown, { M, D, B } = step.focus;
  const image = shown.wrong.images[B]!;
  const { name, top, unit, node, width, height } = geometry, isPhone = name === "phone";
  const forward = (from: number, to: number) => part(2 * time + 1, from, to);
  const back = (from: number, to: number) => part(time - 1, from, to);
  const updated = part(time, 3, 4), gap = part(time, 0.1, 0.9);
  const most = Math.max(...image.classes.map(({ message }) => Math.abs(message)));
  const { leading } = leadingClasses(shown.image, 2);

  const classes = shownClasses(shown), middle = (classes.length - 1) / 2;
  const along = (i: number) => isPhone ? 17 + i * 36 : unit.y + (i - middle) * 27.5;
  const places = bands(classes.map((k) => image.classes[k]!.weight), unit.r);
  const lines = classes.map((k, i) => {
    const { offset, width } = places[i]!, from = Math.sqrt(unit.r ** 2 - offset ** 2);
    const [x, y] = isPhone ? [unit.x + offset, unit.y + from] : [unit.x + from, unit.y + offset];
    const curve: Curve = isPhone
      ? [[x, y], [x, y + 66], [along(i), node - 70], [along(i), node - 12]]
      : [[x, y], [x + 56, y], [node - 92, along(i)], [node - 12, along(i)]];
    return { k, i, width, curve, ...image.classes[k]! };
  });

  const ink = useMemo(
    () => Array.from(step.data.image(step.batchIndices.values[B]!).pixels, (byte) => byte / 255),
    [step],
  );
  const { width: columns, height: rows } = step.data.size,
    cell = geometry.size /
      Math.max(columns, rows);
  const pixel: Point = [(D % columns + 0.5) * cell, top + (Math.floor(D / columns) + 0.5) * cell];
  const ends = [unit.x - unit.r - 40, unit.x - unit.r, (geometry.size + unit.x - unit.r) / 2];
  const [inner, left, between] = ends as [number, number, number], below = top + rows * cell;
  const turn = Math.max(geometry.size, pixel[0] + 30);
  const wire: Curve = [pixel, [turn, pixel[1]], [inner, unit.y], [left, unit.y]];
  const ring = square(pixel, Math.max(cell * 0.75, 4.5)), lossY = along(classes.indexOf(right));
  const handle = [t("weight", "重み"), fixed(path.weight)];
  if (updated > 0) handle.splice(0, 2, handle[1]!, `→ ${fixed(made.values["W1'"].at(M, D))}`);
  const log = `−log ${fixed(image.classes[right]!.probability)}`;
  return (
    <svg
      class={`path ${name}`}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={t("The path of the weight, in words below", "重みの経路。言葉では下に")}
    >
      {headers(geometry, shown, gap).map(([kind, x, words]) =>
        text(`quiet ${kind}`, x, isPhone ? 12 : 14, words)
      )}
      <rect class="frame-line" y={top} width={columns * cell} height={rows * cell} />
      <Cells
        {...{ columns, rows, cell, onCell: onPixel, corner: [0, top] }}
        ink={ink}
      />
      <path class="halo-line" d={draw(wire)} />
      <path class={`band ${sign(path.weight)}`} d={draw(wire)} stroke-width={2.5} />
      <g opacity={cut === "pixel" ? 1 : clamp(0.2 + image.input, 0, 1)}>
        <Back curve={wire} value={image.passed} width={2.5} progress={back(0.65, 0.95)} />
      </g>
      <rect class="ring-back" {...ring} />
      <rect class={cut === "pixel" ? "ring is-cut" : "ring"} {...ring} />
      {lines.map(({ k, curve, width, weight }) => (
        <path
          key={k}
          class={`band ${sign(weight)} ${cut === "weight" ? "is-cut" : ""}`}
          d={draw(curve)}
          stroke-width={width}
        />
      ))}
      {time < 0 && [wire, ...lines.map(({ curve }) => curve)].map((curve, i) => {
        const [cx, cy] = pointOf(curve, i === 0 ? forward(0, 0.35) : forward(0.5, 0.85));
        return <circle key={i} class="dot" {...{ cx, cy }} r={i === 0 || time > -0.27 ? 3.5 : 0} />;
      })}
      {lines.map(({ k, curve, message, error, width }) =>
        Math.abs(message) > most / 100 && (
          <Back
            key={k}
            {...{ curve, value: message, progress: back(0, 0.45) }}
            width={clamp(width * Math.abs(error * step.sizes.B), 1.5, 9)}
          />
        )
      )}
      <Unit {...{ geometry, shown, image, cut, onUnit }} lit={forward(0.35, 0.45)} />
      <g opacity={back(0.4, 0.5)}>
        {lines.filter(({ k }) => leading.includes(k)).map(({ curve, message }, place) => {
          const [x, y] = pointOf(curve, isPhone ? 0.62 : 0.8), words = digits(message);
          const [dx, dy] = isPhone ? [[12, 0], [-8, 14]][place]! : [0, [-9, 18][place]!];
          const anchor = isPhone ? ["end", ""][place]! : "middle";
          const signed = message > 0 ? `+${words}` : words;
          const left = isPhone ? clamp(x + dx!, 70, 280) : x;
          return text(`halo strong ${sign(message)} ${anchor}`, left, y + dy!, signed);
        })}
        {text(
          `strong ${sign(image.told)} ${isPhone ? "" : "middle"}`,
          isPhone ? unit.x + unit.r + 4 : unit.x,
          isPhone ? unit.y + unit.r : unit.y - unit.r - 14,
          `= ${digits(image.told)}`,
        )}
      </g>
      {!isPhone && (
        <>
          <g opacity={back(0.9, 1)}>
            {text(
              `halo strong middle ${sign(image.passed)}`,
              between,
              unit.y - 10,
              digits(image.passed),
            )}
            {text(`strong ${sign(image.product)}`, 0, below + 44, `= ${digits(image.product)}`)}
          </g>
          {handle.map((words, i) =>
            text("quiet middle halo", between, unit.y + 20 + 18 * i, words)
          )}
        </>
      )}
      {text(
        "strong",
        0,
        below + 22,
        <>
          <tspan class={cut === "pixel" ? "struck" : ""}>{`× ${digits(image.input)}`}</tspan>
          <tspan class="quiet" dx={6}>
            {name !== "desk" ? t("ink", "濃さ") : t(`ink of pixel ${D}`, `画素 ${D} の濃さ`)}
          </tspan>
        </>,
      )}
      <Classes {...props} {...{ lines, along, gap }} grown={forward(0.85, 1)} />
      {isPhone
        ? (
          <>
            {text(
              "quiet",
              0,
              height - 34,
              <>
                {t("loss", "損失")}
                <tspan class="large" dx={6}>{fixed(image.loss)}</tspan>
                <tspan dx={6}>= {log}</tspan>
              </>,
            )}
            {text(
              "quiet end",
              width,
              height - 34,
              right === guess
                ? t(`right ${right} ✓`, `正解 ${right} ✓`)
                : t(`said ${guess} ✗ · right ${right} ✓`, `予測 ${guess} ✗ · 正解 ${right} ✓`),
            )}
          </>
        )
        : (
          <g opacity={Math.max(0.25, forward(0.95, 1))}>
            {text("large middle", geometry.loss, lossY + 9, fixed(image.loss))}
            {updated === 0 ? text("quiet middle", geometry.loss, lossY + 30, log) : text(
              "strong middle",
              geometry.loss,
              lossY + 32,
              `→ ${fixed(image.loss + updated * (made.after.L.data[B]! - image.loss))}`,
            )}
          </g>
        )}
      {text(
        "end",
        width,
        height - 10,
        <>
          <tspan class="neg">{t("blue: negative", "青: 負")}</tspan>
          <tspan class="pos" dx={12}>{t("orange: positive", "橙: 正")}</tspan>
        </>,
      )}
    </svg>
  );
}

/** The classes: bars of P, the goal ringed, and the gap between them as an arrow. */
function Classes({ geometry, shown, time, cut, onTarget, lines, along, gap, grown }: StageProps & {
  readonly lines: readonly (ClassMessage & { readonly k: number; readonly i: number })[];
  readonly along: (i: number) => number;
  readonly gap: number;
  readonly grown: number;
}): JSX.Element {
  const { right, guess, step: { sizes } } = shown, { name, node, bar, length, error } = geometry;
  const isPhone = name === "phone",
    at = (i: number, x: number): Point => isPhone ? [along(i), x] : [x, along(i)];
  const limits = [bar, bar + length].map((x) =>
    `M${x} ${along(0) - 12}V${along(lines.length - 1) + 12}`
  );
  return (
    <>
      {!isPhone && <path class="frame-line" d={limits.join("")} />}
      {lines.map(({ k, i, probability, target, ...line }) => {
        const isRight = k === right, isBig = isRight || k === guess, dA2 = line.error * sizes.B;
        const size = probability * length * grown, [x, y] = at(i, node), [barX, barY] = at(i, bar);
        const [endX, endY] = at(i, bar + length),
          aim = isRight && cut !== "target" ? at(i, bar + length - 9) : at(i, bar);
        const from = at(i, bar + size), isCut = cut === "others" && !isRight;
        const isNamed = gap > 0.5 && Math.abs(isCut ? probability : dA2) > 0.01;
        return (
          <g key={k}>
            {isPhone
              ? <rect class="bar" x={barX - 6} y={barY} width={12} height={size} />
              : <rect class="bar" x={barX} y={barY - 6} width={size} height={12} />}
            <g class="clickable" onClick={() => onTarget(k)}>
              <rect class="hit" {...square([x, y], isPhone ? 18 : 13)} />
              <circle class={isRight ? "node right" : "node"} cx={x} cy={y} r={isRight ? 12 : 11} />
              {text(`middle ${isBig ? "strong" : "quiet"}`, x, y + 5, k)}
            </g>
            {isRight && <circle class="goal" cx={endX} cy={endY} r={8.5} />}
            {isBig && (
              <path
                class="mark"
                d={isRight
                  ? `M${endX - 4} ${endY}l3 3.5 5-6.5`
                  : `M${endX - 4} ${endY - 4}l8 8m0-8l-8 8`}
              />
            )}
            {Math.abs(dA2) > 0.02 && gap > 0 && (
              <Back
                curve={[aim, aim, from, from]}
                value={dA2}
                width={3}
                progress={gap}
                isStraight
              />
            )}
            {isPhone
              ? isBig && gap > 0.5 && text(
                `strong halo ${isRight && i > 1 ? "end" : ""} ${sign(dA2)}`,
                x + (isRight && i > 1 ? -14 : 13),
                isRight ? endY + 5 : barY + 30,
                fixed(dA2, 3, true),
              )
              : (
                <text
                  class={isNamed || gap <= 0.5 && isBig ? "end" : "end quiet"}
                  x={error}
                  y={y + 5}
                  opacity={time < -0.1 ? 0 : 1}
                >
                  {isNamed && (
                    <>
                      <tspan class={isCut ? "struck" : ""}>
                        {fixed(probability)}
                        <tspan class={cut === "target" ? "struck" : ""}>{` − ${target}`}</tspan>
                      </tspan>
                      {" = "}
                    </>
                  )}
                  <tspan class={isNamed ? `strong ${sign(dA2)}` : isBig ? "strong" : ""}>
                    {gap > 0.5 ? fixed(dA2, 3, true) : fixed(probability)}
                  </tspan>
                </text>
              )}
          </g>
        );
      })}
    </>
  );
}

/** The names of the parts, each with its anchor and its place. */
function headers(
  { name, unit, node, error, loss, width }: Geometry,
  { step: { sizes: { M, K }, focus } }: Shown,
  gap: number,
): readonly (readonly [anchor: string, x: number, words: string])[] {
  const image = ["", 0, t("image", "画像")] as const, at = focus.M;
  if (name === "phone") {
    return [
      image,
      ["middle", unit.x, t(`unit ${at}`, `ユニット ${at}`)],
      ["end", width, t(`of ${M}`, `全 ${M} 個`)],
    ];
  }
  const classes = K > MAX_CLASSES
    ? t(`${MAX_CLASSES} of ${K} classes, P`, `${K} クラス中 ${MAX_CLASSES}、確率 P`)
    : t(`${K} classes, P`, `${K} クラス、確率 P`);
  return [
    image,
    ["middle", unit.x, t(`hidden unit ${at}, one of ${M}`, `隠れ層のユニット ${at}（全 ${M} 個）`)],
    ["", node - 12, classes],
    ["end", error, gap > 0.5 ? t("P − target", "P − 目標") : "P"],
    ["middle", loss, t("loss", "損失")],
  ];
}

/** The unit: its sigmoid with point and tangent, the slope on a gauge to 1/4, and all units. */
function Unit({ geometry, shown: { step }, image, cut, lit, onUnit }: {
  readonly geometry: Geometry;
  readonly shown: Shown;
  readonly image: Shown["image"];
  readonly cut: string | undefined;
  readonly lit: number;
  readonly onUnit: (unit: number) => void;
}): JSX.Element {
  const { name, unit: { x, y, r }, grid } = geometry, { sum, output } = image;
  const { values: { Y1 }, sizes, focus: { M, B } } = step, isPhone = name === "phone";
  const slope = output * (1 - output), at = clamp(sum, -5.5, 5.5);
  const X = (a: number) => x + a * r * 0.16, Y = (v: number) => y + r * (0.5 - v) * 0.92;
  const point = (a: number, v: number) => `${X(a).toFixed(2)} ${Y(v).toFixed(2)}`;
  const line = range(41).map((i) => i / 4 - 5).map((a) => point(a, 1 / (1 + Math.exp(-a))));
  const isCut = cut === "slope" || cut === "y" || cut === "1-y", gauge = y + r + 30;
  const columns = Math.ceil(Math.sqrt(0.8 * sizes.M)), cell = Math.min(72 / columns, 9);
  const rows = Math.ceil(sizes.M / columns), column = M % columns, row = Math.floor(M / columns);
  const corner: Point = [grid[0] + column * cell - 2, grid[1] + row * cell - 2];
  return (
    <>
      <circle class={isCut ? "unit is-cut" : "unit"} cx={x} cy={y} r={r} />
      <path class="sigmoid" d={`M${line.join("L")}`} />
      <g opacity={lit}>
        <path
          class="tangent"
          d={`M${point(at - 1.7, output - 1.7 * slope)}L${point(at + 1.7, output + 1.7 * slope)}`}
        />
        <circle class="solid" cx={X(at)} cy={Y(output)} r={4} />
      </g>
      {text(
        "strong middle",
        x,
        isPhone ? 44 : y + r + 20,
        <>
          <tspan class={isCut ? "struck" : ""}>{`× ${digits(slope)}`}</tspan>
          {isCut && ` ${digits(image.slope)}`}
          {!isPhone && <tspan class="quiet" dx={6}>{t("slope", "傾き")}</tspan>}
        </>,
      )}
      {!isPhone && (
        <>
          <rect class="gauge" x={x - 40} y={gauge} width={80} height={6} rx={3} />
          <rect class="solid" x={x - 40} y={gauge} width={320 * slope} height={6} rx={3} />
          {text("quiet end", x - 46, gauge + 8, "0")}
          {text("quiet", x + 46, gauge + 8, "¼")}
        </>
      )}
      <Cells
        {...{ columns, rows, cell, corner: grid, gap: cell > 4 ? 2 : 0 }}
        ink={range(sizes.M).map((m) => 0.06 + 0.6 * (m === M ? output : Y1.at(m, B)))}
        onCell={(m) => onUnit(Math.min(m, sizes.M - 1))}
      />
      <rect class="ring" x={corner[0]} y={corner[1]} width={cell + 2} height={cell + 2} rx={2} />
    </>
  );
}

/** Cells of ink from 0 to 1, row by row; a cell is chosen by the pointer. */
function Cells({ ink, columns, rows, cell, corner: [x, y], gap = 0, onCell }: {
  readonly ink: readonly number[];
  readonly columns: number;
  readonly rows: number;
  readonly cell: number;
  readonly corner: Point;
  readonly gap?: number;
  readonly onCell: (cell: number) => void;
}): JSX.Element {
  const paths = useMemo(() => {
    const paths = Array.from({ length: LEVELS + 1 }, () => ""), size = cell - gap;
    ink.forEach((value, i) => {
      const left = x + i % columns * cell, top = y + Math.floor(i / columns) * cell;
      paths[Math.round(value * LEVELS)] += `M${left} ${top}h${size}v${size}h${-size}z`;
    });
    return paths;
  }, [ink, cell]);
  return (
    <g class="cells">
      {paths.map((d, level) => level > 0 && <path key={level} d={d} opacity={level / LEVELS} />)}
      <rect
        class="hit clickable"
        {...{ x, y }}
        width={columns * cell}
        height={rows * cell}
        onPointerDown={(event) => onCell(cellAt(event, columns, rows))}
        onPointerMove={(event) => {
          if (event.buttons === 1) onCell(cellAt(event, columns, rows));
        }}
      />
    </g>
  );
}

/** What flows back along a line, from its end to its start, with an arrow at its tip. */
function Back({ curve, value, width, progress, isStraight = false }: {
  readonly curve: Curve;
  readonly value: number;
  readonly width: number;
  readonly progress: number;
  readonly isStraight?: boolean;
}): JSX.Element | null {
  if (progress === 0 || value === 0) return null;
  const [tip, tail] = curve, far = Math.hypot(curve[3][0] - tip[0], curve[3][1] - tip[1]);
  const size = Math.min(isStraight ? 11 : 10, far), end = pointOf(curve, 1 - progress);
  const ahead = pointOf(curve, Math.max(0, 1 - progress - 0.02));
  const [[fromX, fromY], [toX, toY]] = progress === 1 && !isStraight ? [tail, tip] : [end, ahead];
  const angle = isStraight
    ? Math.atan2(tip[1] - curve[3][1], tip[0] - curve[3][0])
    : Math.atan2(toY - fromY, toX - fromX);
  const degrees = angle * 180 / Math.PI;
  const long = 1 - Math.min(0.9, size / 2 / far);
  return (
    <g class={`back ${sign(value)}`}>
      <path
        d={draw([curve[3], curve[2], curve[1], curve[0]])}
        pathLength={1}
        stroke-dasharray={`${progress * long} 2`}
        stroke-width={width}
      />
      <path
        class="tip"
        d={`M0 0L${-size} ${-size * 0.55}V${size * 0.55}Z`}
        transform={`translate(${end[0]} ${end[1]}) rotate(${degrees})`}
      />
    </g>
  );
}

/** Lines leave the unit side by side, their widths the weights. */
function bands(weights: readonly number[], r: number): { width: number; offset: number }[] {
  const gap = weights.length > 5 ? 2 : 4, sizes = weights.map(Math.abs);
  const room = 1.45 * r - gap * (weights.length - 1), total = sizes.reduce((a, b) => a + b, 0) || 1;
  const widths = sizes.map((size) => clamp(size / total * room, 1, 14));
  const all = widths.reduce((a, b) => a + b + gap, -gap);
  let from = -all / 2;
  return widths.map((width) => {
    const offset = from + width / 2;
    from += width + gap;
    return { width, offset };
  });
}

function text(kind: string, x: number, y: number, content: ComponentChildren): JSX.Element {
  return <text class={kind} {...{ x, y }}>{content}</text>;
}

function pointOf([a, b, c, d]: Curve, t: number): Point {
  const u = 1 - t;
  const mix = (i: 0 | 1) =>
    u * u * u * a[i] + 3 * u * u * t * b[i] + 3 * u * t * t * c[i] + t * t * t * d[i];
  return [mix(0), mix(1)];
}

function draw([a, ...others]: Curve): string {
  const text = ([x, y]: Point) => `${x.toFixed(2)} ${y.toFixed(2)}`;
  return `M${text(a)}C${others.map(text).join(" ")}`;
}

function square([x, y]: Point, half: number) {
  return { x: x - half, y: y - half, width: 2 * half, height: 2 * half };
}

/** The cell of a grid under the pointer. */
function cellAt(event: PointerEvent, columns: number, rows: number): number {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  const place = (at: number, from: number, size: number, count: number) =>
    clamp(Math.floor((at - from) / size * count), 0, count - 1);
  return place(event.clientY, box.top, box.height, rows) * columns +
    place(event.clientX, box.left, box.width, columns);
}
