/// <reference lib="dom" />
/** The view Draw in a browser: drawing by pointer, and what is shown of a drawing or an example. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { drawUnit, weightScale } from "../../lib/charts/weights.ts";
import { loadDataset } from "../../lib/system/data.ts";
import { loadParametersOrPretrained } from "../../lib/system/runs.ts";
import { percent } from "../../lib/text/numbers.ts";
import { classify, initialise, RandomState, writeParameters } from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { browserTest, exportPage, pageTest, TIMEOUT, View } from "./_browser.ts";

const { parameters } = await loadParametersOrPretrained(undefined);
const { data } = loadDataset(undefined, "test");
const results = Array.from({ length: 200 }, (_, i) => classify(parameters, data.image(i)));

/** Opacities in the middle row of the canvas, at x from 0 to 1. */
async function opacitiesAt(view: View, ...shares: number[]): Promise<number[]> {
  await view.frame();
  const { width, height, opacities } = await view.canvas("#drawing-canvas");
  return shares.map((share) => opacities[height / 2 * width + share * width]!);
}

/** What the page shows of a drawing. */
async function shown(view: View) {
  await view.frame();
  return await view.page.evaluate(() => ({
    bars: document.getElementById("bars")!.innerText.split(/\s*\n\s*/),
    input: (document.getElementById("network-input") as HTMLCanvasElement).toDataURL(),
    caption: document.getElementById("caption")!.textContent,
    activations: Array.from(
      document.querySelectorAll("#units rect"),
      (cell) => cell.getAttribute("opacity"),
    ),
  }));
}

browserTest(
  "example: the exported page accepts networks and images of other sizes, and requests nothing",
  async () => {
    const small = writeParameters(initialise(12, 5, 3, new RandomState(601)));
    using folder = new Folder({ ...smallSet(), "p.npz": small });
    const args = [folder.file("p.npz"), "--data", folder.path];
    const address = `${await exportPage(folder.file("page.html"), ...args)}#view=draw`;
    await using view = await View.open(address);
    await view.draw([[{ x: 0.2, y: 0.2 }, { x: 0.8, y: 0.7 }]]);
    const { bars, activations } = await shown(view);
    deepStrictEqual([bars.length, activations.length], [2 * 3, 5]);
    const { width, height } = await view.canvas("#network-input");
    deepStrictEqual([width, height], [3, 4]);
    await view.page.click("#clear");
    strictEqual(await view.prediction(), "–");
    deepStrictEqual(view.requests, [address]);
  },
);

pageTest(
  "example: two fingers draw at once, and the page does not scroll",
  { width: 390, height: 844, touch: true },
  async (view) => {
    const at = (x: number, y: number) => view.position({ x, y });
    const { touchscreen } = view.page, ends = [await at(0.25, 0.8), await at(0.75, 0.8)];
    const fingers = [];
    for (const { x, y } of [await at(0.25, 0.2), await at(0.75, 0.2)]) {
      fingers.push(await touchscreen.touchStart(x, y));
    }
    for (const [i, finger] of fingers.entries()) await finger.move(ends[i]!.x, ends[i]!.y);
    for (const finger of fingers) await finger.end();
    deepStrictEqual(await opacitiesAt(view, 0.25, 0.75, 0.5), [255, 255, 0]);
    strictEqual(await view.page.evaluate(() => scrollY), 0);
    await view.page.click("#undo");
    deepStrictEqual(await opacitiesAt(view, 0.25, 0.75, 0.5), [255, 0, 0]);
    strictEqual(await view.prediction(), "1");
  },
);

pageTest(
  "example: a stroke passes through all positions between two frames, goes on outside, and is kept from where it enters",
  {},
  async (view) => {
    const { mouse } = view.page;
    const move = async (x: number, y: number) => {
      const place = await view.position({ x, y });
      await mouse.move(place.x, place.y);
    };
    await move(0.25, 0.5);
    await mouse.down({ button: "middle" });
    await move(0.3, 0.5);
    await mouse.up({ button: "middle" });
    strictEqual(await view.prediction(), "–", "only the main button draws");
    await mouse.down();
    // around the straight line between the ends, as one event with several coalesced ones
    const stops = await Promise.all(
      [[0.3, 0.75], [0.75, 0.75], [0.75, 0.5]].map(([x, y]) => view.position({ x: x!, y: y! })),
    );
    await view.page.$eval("#drawing-canvas", (canvas, stops) => {
      const coalescedEvents = stops.map(({ x, y }) =>
        new PointerEvent("pointermove", { pointerId: 1, clientX: x, clientY: y })
      );
      const { x, y } = stops.at(-1)!;
      const last = { pointerId: 1, clientX: x, clientY: y, coalescedEvents };
      canvas.dispatchEvent(new PointerEvent("pointermove", last));
    }, stops);
    await mouse.up();
    deepStrictEqual(await opacitiesAt(view, 0.5, 0.75), [0, 255]);
    await view.page.click("#clear");
    await move(1.2, 0.5); // to the right of the canvas
    await mouse.down();
    for (const x of [1.05, 0.95, 0.75, 0.5]) await move(x, 0.5);
    await mouse.up();
    deepStrictEqual(await opacitiesAt(view, 0.5, 0.75, 0.25), [255, 255, 0]);
  },
);

pageTest(
  "example: examples are chosen by pointer and arrow keys, with all numbers of the library, announced, and undone; units are chosen, which the address holds",
  { height: 500 }, // so that it could scroll
  async (view) => {
    const empty = await shown(view);
    const isShown = async (index: number) => {
      const now = await shown(view), { probabilities, activations } = results[index]!;
      strictEqual(now.caption, `Example ${index} of the test set: a ${data.labels[index]}`);
      deepStrictEqual(now.bars, Array.from(probabilities, (p, k) => [`${k}`, percent(p)]).flat());
      deepStrictEqual(now.activations, Array.from(activations, (y) => y.toFixed(3)));
    };
    await view.tabTo("gallery");
    const scroll = () => view.page.evaluate(() => scrollY), before = await scroll();
    await view.press("ArrowRight");
    await isShown(0);
    const announced = `7, ${percent(results[0]!.probabilities[7]!)} ✓ right: it is a 7`;
    await view.page.waitForSelector("#announcements:not(:empty)", { timeout: TIMEOUT });
    strictEqual(await view.text("#announcements"), announced);
    await view.press("End");
    await isShown(199);
    strictEqual(await scroll(), before, "the gallery scrolls, not the page");
    await view.page.click("#gallery-8");
    await isShown(8);
    // more than colour marks the largest probability
    strictEqual(await view.page.$eval("[aria-current=true]", (bar) => bar.className), "largest");
    strictEqual(await view.text("#correctness"), "✗ wrong: it is a 5");
    await view.page.waitForSelector("#examples-correct:not(:empty)");
    const wrong = results.flatMap(({ class: answer }, i) =>
      answer === data.labels[i] ? [] : [[`gallery-${i}`, `${answer}`]]
    );
    const marks = await view.page.$$eval(
      "#gallery [data-answer]",
      (options) => options.map((option) => [option.id, (option as HTMLElement).dataset.answer]),
    );
    deepStrictEqual(marks, wrong);
    ok((await view.text("#examples-correct")).includes(`right in ${200 - wrong.length} of 200`));

    const { activations } = results[8]!, { W1 } = parameters;
    const isUnit = async (unit: number) => {
      const words = `activation ${activations[unit]!.toFixed(3)}`;
      strictEqual(await view.text("#unit"), `Unit ${unit}\n${words}`);
      const { pixels, palette } = drawUnit(W1, unit, data.size, weightScale(W1, W1.rows));
      const opacities = Array.from(pixels, (pixel) => palette![pixel]![3]);
      deepStrictEqual((await view.canvas("#weights")).opacities, opacities);
      const described = await view.page.$$eval(
        "[aria-description]",
        (cells) => cells.map(({ id, ariaDescription }) => [id, ariaDescription]),
      );
      deepStrictEqual(described, [[`units-${unit}`, words]]);
    };
    await isUnit(0);
    await view.page.click("#units-1");
    await view.press("ArrowRight", "ArrowDown", "ArrowLeft"); // a row of eight
    await isUnit(9);
    await view.page.waitForFunction(`location.hash.includes("unit=9")`);

    await view.draw([[{ x: 0.1, y: 0.5 }, { x: 0.9, y: 0.5 }]]);
    strictEqual((await shown(view)).caption, "");
    await view.pressWith("Control", "z");
    await isShown(8);
    for (let i = 0; i < 3; i++) await view.page.click("#undo"); // 8, 199, 0
    deepStrictEqual(await shown(view), empty);
    await view.page.focus("#gallery");
    await view.press("ArrowRight"); // after the one that was shown last
    await isShown(1);
  },
);

pageTest("example: an uncaught error is shown", { fragment: "view=draw" }, async (view) => {
  await view.page.evaluate(() => {
    CanvasRenderingContext2D.prototype.putImageData = () => {
      throw new Error("Out of order");
    };
  });
  await view.page.click("#gallery-8");
  await view.page.waitForSelector("#error:not([hidden])");
  strictEqual(await view.text("#error"), "Out of order");
  strictEqual(await view.page.$eval("#error", (error) => (error as HTMLElement).lang), "en");
  ok(view.messages.splice(0).every((message) => message.includes("Out of order")));
});
