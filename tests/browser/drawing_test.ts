/// <reference lib="dom" />
/** The page in a browser: drawing with every kind of pointer and with keys, and what it shows. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { loadDataset } from "../../lib/commands/dataset_files.ts";
import { read } from "../../lib/page/browser/reading.ts";
import { percent } from "../../lib/percent.ts";
import { drawUnit, fullColour } from "../../lib/pictures/weights.ts";
import {
  type GreyImage,
  initialise,
  type Point,
  RandomState,
  readParameters,
  writeParameters,
} from "../../mod.ts";
import { Folder } from "../_folder.ts";
import { smallSet } from "../_idx.ts";
import { centreLines } from "../_strokes.ts";
import { browserTest, exportPage, Server, View } from "./_browser.ts";

const kept = new URL("../../docs/reproduction/parameter_10000.npz", import.meta.url);
const parameters = readParameters(Deno.readFileSync(kept));
const { data } = loadDataset(undefined, "test");

function image(index: number): GreyImage {
  const pixels = data.pixels.subarray(index * data.inputs, (index + 1) * data.inputs);
  return { ...data.size, pixels };
}

/** The first test image of each class that the network reads. */
const digits = Array.from(
  { length: data.classes },
  (_, label) =>
    [...data.labels.keys()].find((index) =>
      data.labels[index] === label && read(parameters, image(index)).answer === label
    )!,
);

/** The centre lines of a test image as strokes, in shares of the drawing area. */
function strokes(index: number): Point[][] {
  const { width, height } = data.size;
  return centreLines(image(index)).map((line) =>
    line.map(({ x, y }) => ({ x: x / width, y: y / height }))
  );
}

browserTest("the page reads strokes of ten digits, drawn with the mouse", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  const answers: string[] = [];
  for (const index of digits) {
    await view.draw(strokes(index));
    answers.push(await view.answer());
    await view.page.click("#clear");
    strictEqual(await view.answer(), "–");
  }
  deepStrictEqual(answers, digits.map((_, label) => `${label}`));
  deepStrictEqual(view.requests, [server.address]);
});

browserTest(
  "the page exported opens from disk, reads a drawing, and asks for nothing",
  async () => {
    using folder = new Folder();
    const address = await exportPage(folder.file("page.html"));
    await using view = await View.open(address);
    await view.draw(strokes(digits[3]!));
    strictEqual(await view.answer(), "3");
    deepStrictEqual(view.requests, [address]);
    strictEqual(await view.page.$("#train"), null);
  },
);

browserTest("the page takes strokes of fingers, two at once, and does not scroll", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address, { width: 390, height: 844, touch: true });
  const at = (x: number, y: number) => view.place({ x, y });
  const { touchscreen } = view.page, ends = [await at(0.25, 0.8), await at(0.75, 0.8)];
  const starts = [await at(0.25, 0.2), await at(0.75, 0.2)];
  const fingers = [];
  for (const { x, y } of starts) fingers.push(await touchscreen.touchStart(x, y));
  for (const [i, finger] of fingers.entries()) await finger.move(ends[i]!.x, ends[i]!.y);
  for (const finger of fingers) await finger.end();
  await view.frame();
  deepStrictEqual(await inkAt(view, [0.25, 0.75, 0.5]), [255, 255, 0]);
  strictEqual(await view.page.evaluate(() => scrollY), 0);
  await view.page.click("#undo");
  await view.frame();
  deepStrictEqual(await inkAt(view, [0.25, 0.75, 0.5]), [255, 0, 0]);
});

/** The ink in the middle of the drawing area, at these shares of its width. */
async function inkAt(view: View, shares: readonly number[]): Promise<number[]> {
  const { width, height, opacities } = await view.canvas("#board");
  return shares.map((x) => opacities[height / 2 * width + x * width]!);
}

browserTest("a stroke goes on beyond the drawing area, and may end there", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  const { mouse } = view.page;
  const go = async (x: number, y: number) => {
    const to = await view.place({ x, y });
    await mouse.move(to.x, to.y);
  };
  await go(0.5, 0.5);
  await mouse.down();
  await go(1.5, 0.5);
  await go(1.5, 0.9);
  await mouse.up();
  await go(0.25, 0.5);
  await view.frame();
  deepStrictEqual(await inkAt(view, [0.25, 0.5, 0.75]), [0, 255, 255]);
});

browserTest("the page ignores other buttons of the mouse, and movements without one", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  const { x, y } = await view.place({ x: 0.5, y: 0.5 });
  await view.page.mouse.move(x, y);
  await view.page.mouse.move(x + 50, y);
  await view.page.mouse.down({ button: "middle" });
  await view.page.mouse.move(x, y + 50);
  await view.page.mouse.up({ button: "middle" });
  strictEqual(await view.answer(), "–");
});

function times<T extends string>(count: number, one: T): T[] {
  return Array.from({ length: count }, () => one);
}

browserTest("the page can be drawn on by keys alone: pen, undo, clear", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  await view.press("Tab"); // the drawing area is the first stop
  strictEqual(await view.page.evaluate(() => document.activeElement!.id), "board");
  ok(await view.page.$eval("#pen", (pen) => !(pen as HTMLElement).hidden), "the pen is seen");
  await view.press(...times(3, "ArrowUp"));
  strictEqual(await view.answer(), "–", "a lifted pen draws nothing");
  await view.press("Space");
  strictEqual(await view.words("#rest"), "pen down");
  await view.press(...times(34, "ArrowDown"));
  strictEqual(await view.answer(), "1");
  await view.press("Space");
  strictEqual(await view.words("#rest"), "pen lifted");
  await view.press(...times(4, "ArrowRight"));
  const one = await shown(view);

  await view.page.keyboard.down("Shift");
  await view.press("Space", "ArrowRight", "Space");
  await view.page.keyboard.up("Shift");
  ok((await shown(view)).form !== one.form);
  await view.page.keyboard.down("Control");
  await view.press("z");
  await view.page.keyboard.up("Control");
  deepStrictEqual(await shown(view), one);
  await view.press("Delete");
  strictEqual(await view.answer(), "–");
});

browserTest("two arrow keys held at once draw aslant", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  await view.press("Tab", "Space");
  await view.page.keyboard.down("ArrowRight");
  await view.page.keyboard.down("ArrowDown");
  const place = await view.page.$eval("#pen", (pen) => {
    const { left, top } = (pen as HTMLElement).style;
    return [left, top];
  });
  // one step to the right, then one aslant; from the middle of the upper half
  deepStrictEqual(place.map((share) => Math.round(parseFloat(share) * 56 / 100)), [30, 15]);
});

/** All that is shown of a drawing. */
async function shown(view: View) {
  await view.frame();
  return await view.page.evaluate(() => ({
    bars: document.getElementById("bars")!.innerText.split(/\s*\n\s*/),
    form: (document.getElementById("form") as HTMLCanvasElement).toDataURL(),
    caption: document.getElementById("caption")!.textContent,
    activations: Array.from(
      document.querySelectorAll<HTMLElement>("#cells [role=option]"),
      (cell) => cell.style.getPropertyValue("--activation"),
    ),
  }));
}

browserTest(
  "the page shows an example's label, probabilities and activations, and undo",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address);
    const empty = await shown(view);
    strictEqual(empty.caption, "Nothing drawn yet");
    for (const index of [0, 1]) {
      await view.page.click("#example");
      const { probabilities, activations } = read(parameters, image(index)),
        now = await shown(view);
      strictEqual(now.caption, `Example ${index} of the test set: a ${data.labels[index]}`);
      deepStrictEqual(now.bars, Array.from(probabilities, (p, k) => [`${k}`, percent(p)]).flat());
      deepStrictEqual(now.activations, Array.from(activations, (y) => y.toFixed(3)));
    }
    await view.page.click("#gallery-42");
    strictEqual((await shown(view)).caption, `Example 42 of the test set: a ${data.labels[42]}`);
    await view.press("ArrowRight", "End");
    strictEqual((await shown(view)).caption, `Example 199 of the test set: a ${data.labels[199]}`);
    await view.draw([[{ x: 0.1, y: 0.5 }, { x: 0.9, y: 0.5 }]]);
    strictEqual((await shown(view)).caption, "Your drawing");
    // the stroke, End, ArrowRight, 42, 1, 0
    for (let i = 0; i < 6; i++) await view.page.click("#undo");
    deepStrictEqual(await shown(view), empty);
  },
);

browserTest("the page marks the greatest probability by more than colour", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  await view.page.click("#example");
  await view.frame();
  const marked = await view.page.$$eval(
    "#bars li",
    (bars) =>
      bars.map((bar) =>
        [getComputedStyle(bar, "::before").content, bar.getAttribute("aria-current")].join()
      ),
  );
  deepStrictEqual(marked, [...times(7, '"",'), '"▶",true', ...times(2, '"",')]);
});

browserTest("a screen reader hears the outcome once, when the drawing rests", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  await view.page.evaluate(() => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    const region = document.getElementById("rest")!;
    new MutationObserver(() => said.push(region.textContent))
      .observe(region, { childList: true, characterData: true, subtree: true });
  });
  await view.draw(strokes(digits[4]!));
  await view.page.waitForFunction("said.length > 0");
  await new Promise((resolve) => setTimeout(resolve, 1000)); // longer than the drawing has to rest
  const said = await view.page.evaluate("said") as string[];
  strictEqual(said.length, 1);
  ok(/^4, \d+ %$/.test(said[0]!), said[0]);
});

browserTest(
  "the page shows the weights of the unit under the pointer or chosen by keys",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address);
    await view.page.click("#example");
    const { activations } = read(parameters, image(0));
    const isShown = async (unit: number) => {
      strictEqual(
        await view.words("#unit"),
        `Unit ${unit + 1}\nactivation ${activations[unit]!.toFixed(3)}`,
      );
      deepStrictEqual((await view.canvas("#weights")).opacities, expectedWeights(unit));
    };
    await isShown(0);
    await view.page.hover("#cells-7");
    await isShown(7);
    await view.page.hover("h1");
    await isShown(0);
    await view.page.focus("#cells");
    await view.press("ArrowRight", "ArrowRight");
    await isShown(2);
    await view.press("ArrowDown", "ArrowLeft", "ArrowUp"); // a row of eight
    await isShown(1);
    await view.press("ArrowUp");
    await isShown(1);
    await view.press("End");
    await isShown(79);
    await view.page.click("#cells-30");
    await view.page.hover("h1");
    await isShown(30);
    strictEqual(
      await view.page.$eval("#cells", (cells) => cells.getAttribute("aria-activedescendant")),
      "cells-30",
    );
  },
);

/** How strongly each weight is coloured. */
function expectedWeights(unit: number): number[] {
  const { W1 } = parameters;
  const { pixels, palette } = drawUnit(W1, unit, data.size, fullColour(W1, W1.rows));
  return Array.from(pixels, (pixel) => palette![pixel]![3]);
}

browserTest("the page takes networks and images of other sizes", async () => {
  const small = writeParameters(initialise(12, 5, 3, new RandomState(601)));
  using folder = new Folder({ ...smallSet(), "p.npz": small });
  const address = await exportPage(
    folder.file("page.html"),
    folder.file("p.npz"),
    "--data",
    folder.path,
  );
  await using view = await View.open(address);
  await view.draw([[{ x: 0.2, y: 0.2 }, { x: 0.8, y: 0.7 }]]);
  const { bars, activations } = await shown(view);
  deepStrictEqual([bars.length, activations.length], [2 * 3, 5]);
  const { width, height } = await view.canvas("#form");
  deepStrictEqual([width, height], [3, 4]);
  await view.page.click("#example");
  ok((await view.words("#caption")).startsWith("Example 0 of the test set"));
});

browserTest("the page shows an error of its own in a line", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  await view.page.$eval("#caption", (caption) => caption.remove());
  await view.page.click("#example");
  await view.page.waitForSelector("#error:not([hidden])");
  const words = 'Cannot find HTMLElement "caption" in the page';
  strictEqual(await view.words("#error"), words);
  const complaints = view.complaints.splice(0);
  ok(complaints.length === 1 && complaints[0]!.includes(words), complaints.join());
});
