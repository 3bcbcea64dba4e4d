// Fills the numbers of docs/back-propagation.md, in both languages, and draws its picture: the path
// of one weight. `deno task back-propagation`.
import { batchStep, type ExplainedStep, range, withFocus } from "../lib/explain/explained_step.ts";
import { formatResult, formatWorking, workingsOf } from "../lib/explain/workings.ts";
import { differenceQuotient } from "../lib/explain/weight_path.ts";
import type { ComputedSymbol } from "../lib/network/step.ts";
import { loadDataset } from "../lib/system/data.ts";
import { loadParametersOrPretrained } from "../lib/system/runs.ts";
import { type Language, t, type Text } from "../lib/text/layout.ts";
import { writeGenerated } from "../scripts/generated_file.ts";
import { formatMarkdown, table } from "../scripts/generated_markdown.ts";

/** The weight W1[3,400] of the report's network, and test image 8, a 5 that it takes for a 6. */
const UNIT = 3, PIXEL = 400, IMAGE = 8, RIGHT = 5, GUESS = 6;

const { data } = loadDataset(undefined, "test");
const { parameters } = await loadParametersOrPretrained(undefined);
const step: ExplainedStep = batchStep(data, [IMAGE], parameters, 0.01, { M: UNIT, D: PIXEL });
const { values } = step, E = values.E.at(0, 0), dW1 = values.dW1.at(UNIT, PIXEL);

/** A line for each quantity, as `explain` prints it; a class is written after its symbol. */
function workings(symbols: string, language: Language): string {
  return symbols.split(" ").map((one) => {
    const [symbol, K = `${RIGHT}`] = one.split(":") as [ComputedSymbol, string?];
    const focused = withFocus(step, { M: UNIT, D: PIXEL, K: Number(K) });
    return formatWorking(workingsOf(focused, symbol)[0]!, language);
  }).join("\n");
}

/** The loss on both sides of the weight, and the slope between. */
function check(): string {
  const { h, above, below, quotient } = differenceQuotient(step, "dW1", UNIT, PIXEL)!;
  const [up, down] = [above, below].map((loss) => loss.toFixed(12));
  return [
    `E(W1[${UNIT},${PIXEL}] + ${h}) = ${up}`,
    `E(W1[${UNIT},${PIXEL}] - ${h}) = ${down}`,
    `(${up} - ${down}) / ${2 * h} = ${quotient.toPrecision(9)}`,
    `dW1[${UNIT},${PIXEL}] = ${dW1.toPrecision(9)}`,
  ].join("\n");
}

/** What the product is without one of its factors. */
function leftOut(language: Language): string {
  const y = values.Y1.at(UNIT, 0), x = values.X.at(PIXEL, 0), dA1 = values.dA1.at(UNIT, 0);
  const message = (k: number) => values.W2.at(k, UNIT) * values.dA2.at(k, 0);
  const noTarget = range(step.sizes.K).map((k) => values.W2.at(k, UNIT) * values.P.at(k, 0));
  const noWeight = range(step.sizes.K).map((k) => values.dA2.at(k, 0));
  const sum = (terms: readonly number[]) => terms.reduce((a, b) => a + b);
  const rest = (1 - y) * y * x;
  const rows: readonly (readonly [Text, number])[] = [
    [t("nothing", "なし"), dW1],
    [t("`- onehot` in dA2", "dA2 の `- onehot`"), sum(noTarget) * rest],
    [t("the classes other than 5", "5 以外のクラス"), message(RIGHT) * rest],
    [t("`W2ᵀ` in dY1", "dY1 の `W2ᵀ`"), sum(noWeight) * rest],
    [t("`(1 - Y1)` in dA1", "dA1 の `(1 - Y1)`"), dW1 / (1 - y)],
    [t("`Y1` in dA1", "dA1 の `Y1`"), dW1 / y],
    [t("`X` in dW1", "dW1 の `X`"), dA1],
  ];
  const head = [t("left out", "省いた因子"), t("dW1[3,400]", "dW1[3,400]")].map((h) => h[language]);
  return table([
    head,
    ...rows.map(([words, value]) => [
      words[language],
      Math.abs(value) < 1e-12 ? "0.0000" : formatResult(value),
    ]),
  ]);
}

const FORWARD = `A1 Y1 A2:${RIGHT} P:${RIGHT} P:${GUESS} L`;
const BACKWARD = `dA2:${RIGHT} dA2:${GUESS} dY1 dA1 dW1`;

/** The content of a block `<!-- path: NAME -->` … `<!-- end -->`. */
function block(name: string, language: Language): string {
  if (name === "left-out") return leftOut(language);
  const after = `E' = ${formatResult(step.after.E)}`;
  const lines: Readonly<Record<string, () => string>> = {
    forward: () => workings(FORWARD, language),
    backward: () => workings(BACKWARD, language),
    check,
    update: () => `${workings("W1'", language)}\nE = ${formatResult(E)}\n${after}`,
  };
  return `\`\`\`text\n${lines[name]!()}\n\`\`\``;
}

function fillIn(markdown: string, language: Language): string {
  return markdown.replaceAll(
    /(<!-- path: ([\w-]+) -->\n)[^]*?(<!-- end -->)/g,
    (_, start, name, end) => `${start}\n${block(name, language)}\n\n${end}`,
  );
}

const STYLE =
  `@media screen and (prefers-color-scheme: dark){.paper{fill:#16181b}.ink{fill:#ececec}.line{stroke:#ececec}` +
  `.faint{fill:#a9a9a9}.faint-line{stroke:#5a5f66}.back{fill:#6bb8f0}.back-line{stroke:#6bb8f0}}`;

/** The network, and on it the path of the weight: forward in black, backward in blue. */
function picture(): string {
  const cell = 5, left = 20, top = 70, unit = { x: 320, y: 140 }, classX = 500;
  const classY = (k: number) => 35 + 23 * k;
  const pixel = {
    x: left + cell * (PIXEL % 28 + 0.5),
    y: top + cell * (Math.floor(PIXEL / 28) + 0.5),
  };
  const text = (x: number, y: number, words: string, kind = "ink", anchor = "middle") => {
    const fill = { ink: "#1c1c1c", faint: "#5f5f5f", back: "#0067a5" }[kind];
    return `<text x="${x}" y="${y}" text-anchor="${anchor}" class="${kind}" fill="${fill}">${words}</text>`;
  };
  const path = (d: string, width: number, kind = "line") => {
    const stroke = { "line": "#1c1c1c", "faint-line": "#d0d0d0", "back-line": "#0067a5" }[kind];
    return `<path class="${kind}" stroke="${stroke}" stroke-width="${width}" fill="none" d="${d}"/>`;
  };
  const arrow = (d: string) => path(d, 1.5, "back-line").replace("/>", ` marker-end="url(#to)"/>`);
  const show = (x: number) => formatResult(x);
  const ink = range(28 * 28).filter((d) => values.X.at(d, 0) > 0).map((d) => {
    const x = left + cell * (d % 28), y = top + cell * Math.floor(d / 28);
    return `<rect x="${x}" y="${y}" width="${cell}" height="${cell}" class="ink" fill="#1c1c1c" fill-opacity="${
      values.X.at(d, 0).toFixed(2)
    }"/>`;
  });
  const others = [50, 80, 200, 230].map((y) =>
    `<circle class="faint-line" cx="${unit.x}" cy="${y}" r="9" fill="none" stroke="#d0d0d0"/>`
  );
  const classes = range(10).map((k) => {
    const y = classY(k), isOnPath = k === RIGHT || k === GUESS, kind = isOnPath ? "ink" : "faint";
    return [
      path(
        `M${unit.x + 22},${unit.y}L${classX - 11},${y}`,
        isOnPath ? 2 : 1,
        isOnPath ? "line" : "faint-line",
      ),
      `<circle class="${
        isOnPath ? "line" : "faint-line"
      }" cx="${classX}" cy="${y}" r="10" fill="none" stroke="#1c1c1c"/>`,
      text(classX, y + 4, `${k}`, kind),
      isOnPath
        ? text(classX + 18, y + 4, `P ${show(values.P.at(k, 0))}`, "ink", "start") +
          text(classX + 90, y + 4, `dA2 ${show(values.dA2.at(k, 0))}`, "back", "start")
        : "",
    ].join("\n");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" width="720" height="290" viewBox="0 0 720 290" font-family="system-ui, sans-serif" font-size="12">`,
    `<title id="title">X, A1, Y1, A2, P, E: dW1[${UNIT},${PIXEL}] = ${show(dW1)}</title>`,
    `<style>${STYLE}</style>`,
    `<marker id="to" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path class="back" fill="#0067a5" d="M0,0L8,4L0,8z"/></marker>`,
    `<rect class="paper" fill="#fff" width="720" height="290"/>`,
    path(`M${left},${top}h${28 * cell}v${28 * cell}h${-28 * cell}z`, 1, "faint-line"),
    ...ink,
    ...others,
    ...classes,
    path(`M${pixel.x},${pixel.y}L${unit.x - 22},${unit.y}`, 2),
    `<rect class="back-line" x="${pixel.x - 4}" y="${
      pixel.y - 4
    }" width="8" height="8" fill="none" stroke="#0067a5" stroke-width="2"/>`,
    `<circle class="line" cx="${unit.x}" cy="${unit.y}" r="22" fill="none" stroke="#1c1c1c" stroke-width="2"/>`,
    text(unit.x, unit.y + 4, `${UNIT}`),
    text(left + 14 * cell, top - 30, "X", "faint"),
    text(left + 14 * cell, top - 12, `X[${PIXEL}] ${show(values.X.at(PIXEL, 0))}`),
    text(225, unit.y - 14, `W1 ${show(values.W1.at(UNIT, PIXEL))}`),
    text(225, unit.y + 24, `dW1 ${show(dW1)}`, "back"),
    text(unit.x, unit.y - 30, `Y1 ${show(values.Y1.at(UNIT, 0))}`),
    text(unit.x, unit.y + 38, `dY1 ${show(values.dY1.at(UNIT, 0))}`, "back"),
    text(unit.x, 22, "A1, Y1", "faint"),
    text(classX, 18, "A2, P", "faint"),
    text(
      classX + 18,
      classY(7) + 4,
      `E = -ln ${show(values.P.at(RIGHT, 0))} = ${show(E)}`,
      "ink",
      "start",
    ),
    // the way back, a little below the way forward
    arrow(`M${classX - 14},${classY(RIGHT) + 6}L${unit.x + 26},${unit.y + 7}`),
    arrow(`M${classX - 14},${classY(GUESS) + 6}L${unit.x + 24},${unit.y + 13}`),
    arrow(`M${unit.x - 24},${unit.y + 7}L${pixel.x + 8},${pixel.y + 7}`),
    text(
      360,
      280,
      `dW1[${UNIT},${PIXEL}] = (W2ᵀ dA2) · (1 - Y1) Y1 · X = ${show(values.dY1.at(UNIT, 0))} · ${
        show((1 - values.Y1.at(UNIT, 0)) * values.Y1.at(UNIT, 0))
      } · ${show(values.X.at(PIXEL, 0))} = ${show(dW1)}`,
      "back",
    ),
    "</svg>\n",
  ].join("\n");
}

if (import.meta.main) {
  const [english, japanese, svg] = [
    "back-propagation.md",
    "ja/back-propagation.md",
    "back-propagation.svg",
  ].map((name) => new URL(name, import.meta.url)) as [URL, URL, URL];
  writeGenerated(english, await formatMarkdown(fillIn(Deno.readTextFileSync(english), "en")));
  // deno fmt breaks Japanese lines in the wrong places
  writeGenerated(japanese, fillIn(Deno.readTextFileSync(japanese), "ja"));
  writeGenerated(svg, picture());
}
