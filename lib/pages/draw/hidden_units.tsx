/** @jsxImportSource preact */
// The hidden units: the activation or the weights of each, and the weights of one.
import type { JSX } from "preact";
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { AnyParameters, Classification } from "../../../mod.ts";
import { drawScale, drawUnit, weightScale } from "../../charts/weights.ts";
import type { Size } from "../../data/image.ts";
import { significantDigits } from "../../text/numbers.ts";
import { ListBox, optionAt } from "../list_box.tsx";
import { Picture } from "../picture.tsx";
import { paint } from "../paint.ts";
import { t } from "../texts.ts";
import type { ViewProps } from "../view.ts";

/** Milliseconds of a task that paints cells. */
const PAINT_MS = 8;

const SCALE = drawScale();

/** A cell for each unit, and the weights of the one that is pointed at or selected. */
export function HiddenUnitsSection({ state, change, examples: { size }, network, result }:
  & ViewProps
  & { readonly result: Classification | undefined }): JSX.Element {
  const { parameters } = network, { W1 } = parameters, showsWeights = state.view === "train";
  const scale = useMemo(
    () => network.weightScale ?? weightScale(W1, W1.rows),
    [W1, network.weightScale],
  );
  const [hovered, setHovered] = useState(-1);
  const selected = Math.min(state.focus.M ?? 0, W1.rows - 1);
  const unit = hovered >= 0 && hovered < W1.rows ? hovered : selected;
  const activation = result?.activations[unit];
  const words = activation === undefined
    ? t("no input yet", "入力はまだない")
    : t(`activation ${activation.toFixed(3)}`, `出力 ${activation.toFixed(3)}`);
  const limit = significantDigits(scale, 3);
  const cells = useCells(showsWeights, parameters, size, scale);
  return (
    <section class="hidden-units" aria-labelledby="units-title">
      <h2 id="units-title">{t("Hidden units", "隠れ層のユニット")}</h2>
      <div class="unit">
        <Picture
          id="weights"
          class="weights"
          role="img"
          aria-label={t(`weights of unit ${unit}`, `ユニット ${unit} の重み`)}
          image={useMemo(() => drawUnit(W1, unit, size, scale), [W1, unit, scale])}
        />
        <div>
          <p id="unit">
            <strong>{t(`Unit ${unit}`, `ユニット ${unit}`)}</strong>
            <br />
            {words}
          </p>
          <Picture
            class="scale"
            role="img"
            aria-label={t(
              "from blue, negative, to orange, positive",
              "負の値の青から、正の値のオレンジまで",
            )}
            image={SCALE}
          />
          <p class="ends quiet">
            <span>≤ −{limit}</span>
            <span>≥ {limit}</span>
          </p>
        </div>
      </div>
      <p class="hint quiet">
        {showsWeights
          ? t(
            "The weights of each unit. Point at one, tap it, or use the arrow keys.",
            "各ユニットの重み。ユニットを指すかタップするか、矢印キーで選ぶ。",
          )
          : t(
            "Ink on orange raises the unit’s activation, ink on blue lowers it. The stronger the " +
              "colour of a cell, the higher the activation. Point at a unit, tap it, or use the " +
              "arrow keys.",
            "オレンジの所に描くとユニットの出力が大きくなり、青の所に描くと小さくなる。セルの色が濃いほど" +
              "出力が大きい。ユニットを指すかタップするか、矢印キーで選ぶ。",
          )}
      </p>
      <ListBox
        id="units"
        class={showsWeights ? "cells pictures" : "cells"}
        aria-labelledby="units-title"
        count={W1.rows}
        selected={selected}
        onChoose={(unit) => {
          setHovered(-1);
          change({ focus: { ...state.focus, M: unit } });
        }}
        onPointerOver={({ target }) => setHovered(optionAt(target))}
        onPointerLeave={() => setHovered(-1)}
        {...cells}
        option={(i) => ({
          "aria-label": t(`unit ${i}`, `ユニット ${i}`),
          "aria-description": i === unit ? words : undefined,
          children: showsWeights ? <canvas /> : <Activation value={result?.activations[i] ?? 0} />,
        })}
      />
    </section>
  );
}

function Activation({ value }: { readonly value: number }): JSX.Element {
  return (
    <svg aria-hidden="true">
      <rect width="100%" height="100%" opacity={value.toFixed(3)} />
    </svg>
  );
}

/** Paints the weights of the units that can be seen, which may be few of thousands. */
function useCells(isOn: boolean, { W1 }: AnyParameters, size: Size, scale: number) {
  const box = useRef<HTMLElement | null>(null), turn = useRef(0);
  const paintCells = useCallback(async () => {
    const mine = ++turn.current, cells = box.current;
    if (!isOn || !cells) return;
    await nextTask(); // the layout is known then
    const top = cells.scrollTop, bottom = top + cells.clientHeight;
    const seen = ([...cells.children] as HTMLElement[]).flatMap((cell, unit) =>
      cell.offsetTop <= bottom && cell.offsetTop + cell.offsetHeight >= top ? [{ cell, unit }] : []
    );
    let end = performance.now() + PAINT_MS;
    for (const { cell, unit } of seen) {
      if (performance.now() > end) {
        await nextTask();
        end = performance.now() + PAINT_MS;
      }
      if (mine !== turn.current || unit >= W1.rows) return; // others are to be painted
      paint(cell.querySelector("canvas")!, drawUnit(W1, unit, size, scale));
    }
  }, [isOn, W1, scale]);
  useLayoutEffect(() => {
    box.current = document.getElementById("units");
    paintCells();
    return () => void turn.current++;
  }, [paintCells]);
  return { onScroll: paintCells };
}

/** Lets the browser answer the reader before the next part of a long job. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
