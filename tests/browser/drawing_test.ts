/// <reference lib="dom" />
/** The playground in a browser: drawing by pointer and keyboard, and what is shown. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { drawUnit, weightScale } from "../../lib/charts/weights.ts";
import type { Point } from "../../lib/drawing/pen.ts";
import { loadDataset } from "../../lib/system/data.ts";
import { loadParametersOrPretrained } from "../../lib/system/runs.ts";
import { percent } from "../../lib/text/numbers.ts";
import { classify } from "../../lib/training/classify.ts";
import { initialise, RandomState, writeParameters } from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { centreLines } from "../pages/playground/strokes.ts";
import { browserTest, exportPage, Server, View } from "./_browser.ts";

const { parameters } = await loadParametersOrPretrained(undefined);
const { data } = loadDataset(undefined, "test");

/** The first correctly classified test image of each class. */
const digits = Array.from(
  { length: data.classes },
  (_, label) =>
    [...data.labels.keys()].find((index) =>
      data.labels[index] === label && classify(parameters, data.image(index)).class === label
    )!,
);

/** The centre lines of a test image as strokes, with coordinates from 0 to 1. */
function strokes(index: number): Point[][] {
  const { width, height } = data.size;
  return centreLines(data.image(index)).map((line) =>
    line.map(({ x, y }) => ({ x: x / width, y: y / height }))
  );
}

browserTest("example: the page classifies ten digits drawn with the mouse", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  const answers: string[] = [];
  for (const index of digits) {
    await view.draw(strokes(index));
    answers.push(await view.prediction());
    await view.page.click("#clear");
    strictEqual(await view.prediction(), "–");
  }
  deepStrictEqual(answers, digits.map((_, label) => `${label}`));
  deepStrictEqual(view.requests, [server.address]);
});

browserTest(
  "example: the page classifies 200 drawn test images nearly as well as the images",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address);
    const { x, y } = await view.position({ x: 0.5, y: 0.5 });
    await view.page.mouse.move(x, y); // the pointer is on the canvas
    let direct = 0, drawn = 0;
    for (let index = 0; index < 200; index++) {
      const label = data.labels[index]!;
      if (classify(parameters, data.image(index)).class === label) direct++;
      if (await drawAtOnce(view, strokes(index)) === `${label}`) drawn++;
      await view.page.$eval("#clear", (button) => (button as HTMLElement).click());
    }
    console.log(`of 200 correct: ${direct} as images, ${drawn} drawn on the page`);
    ok(direct >= 190, `${direct}`); // these parameters classify 97 % of the test set correctly
    // 197 are correct both ways; a user would notice one in fifty lost
    ok(drawn >= direct - 4, `${drawn} of ${direct}`);
  },
);

/** Draws by events, faster than the mouse of the driver; returns the prediction. */
async function drawAtOnce(view: View, strokes: readonly (readonly Point[])[]): Promise<string> {
  await view.page.$eval("#drawing-canvas", (board, strokes) => {
    const { left, top, width, height } = board.getBoundingClientRect();
    const send = (type: string, { x, y }: Point) => {
      const at = { clientX: left + x * width, clientY: top + y * height };
      board.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, ...at }));
    };
    for (const stroke of strokes) {
      send("pointerdown", stroke[0]!);
      for (const point of stroke.slice(1)) send("pointermove", point);
      send("pointerup", stroke.at(-1)!);
    }
  }, strokes);
  return await view.prediction();
}

browserTest(
  "example: the exported page opens from disk, classifies a drawing and requests nothing",
  async () => {
    using folder = new Folder();
    const address = await exportPage(folder.file("page.html"));
    await using view = await View.open(address);
    await view.draw(strokes(digits[3]!));
    strictEqual(await view.prediction(), "3");
    deepStrictEqual(view.requests, [address]);
  },
);

browserTest(
  "example: the page draws strokes of two fingers at once and does not scroll",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address, { width: 390, height: 844, touch: true });
    const at = (x: number, y: number) => view.position({ x, y });
    const { touchscreen } = view.page, ends = [await at(0.25, 0.8), await at(0.75, 0.8)];
    const starts = [await at(0.25, 0.2), await at(0.75, 0.2)];
    const fingers = [];
    for (const { x, y } of starts) fingers.push(await touchscreen.touchStart(x, y));
    for (const [i, finger] of fingers.entries()) await finger.move(ends[i]!.x, ends[i]!.y);
    for (const finger of fingers) await finger.end();
    await view.frame();
    deepStrictEqual(await opacitiesAt(view, [0.25, 0.75, 0.5]), [255, 255, 0]);
    strictEqual(await view.page.evaluate(() => scrollY), 0);
    await view.page.click("#undo");
    await view.frame();
    deepStrictEqual(await opacitiesAt(view, [0.25, 0.75, 0.5]), [255, 0, 0]);
  },
);

/** Opacities in the middle row of the canvas, at x from 0 to 1. */
async function opacitiesAt(view: View, shares: readonly number[]): Promise<number[]> {
  const { width, height, opacities } = await view.canvas("#drawing-canvas");
  return shares.map((x) => opacities[height / 2 * width + x * width]!);
}

browserTest("example: a stroke may leave the canvas and end outside", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  const { mouse } = view.page;
  const go = async (x: number, y: number) => {
    const to = await view.position({ x, y });
    await mouse.move(to.x, to.y);
  };
  await go(0.5, 0.5);
  await mouse.down();
  await go(1.5, 0.5);
  await go(1.5, 0.9);
  await mouse.up();
  await go(0.25, 0.5);
  await view.frame();
  deepStrictEqual(await opacitiesAt(view, [0.25, 0.5, 0.75]), [0, 255, 255]);
});

browserTest(
  "example: the page ignores other mouse buttons and movements without a button",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address);
    const { x, y } = await view.position({ x: 0.5, y: 0.5 });
    await view.page.mouse.move(x, y);
    await view.page.mouse.move(x + 50, y);
    await view.page.mouse.down({ button: "middle" });
    await view.page.mouse.move(x, y + 50);
    await view.page.mouse.up({ button: "middle" });
    strictEqual(await view.prediction(), "–");
  },
);

function times<T extends string>(count: number, one: T): T[] {
  return Array.from({ length: count }, () => one);
}

/** Sends one pointer event with several coalesced ones, as a busy browser does. */
async function movePointer(view: View, stops: readonly Point[]): Promise<void> {
  const places = await Promise.all(stops.map((stop) => view.position(stop)));
  await view.page.$eval("#drawing-canvas", (board, places) => {
    const pointerId = 1; // that of the mouse
    const events = places.map(({ x, y }) =>
      new PointerEvent("pointermove", { pointerId, clientX: x, clientY: y })
    );
    const { x, y } = places.at(-1)!;
    const last = { pointerId, clientX: x, clientY: y, coalescedEvents: events };
    board.dispatchEvent(new PointerEvent("pointermove", last));
  }, places);
}

browserTest(
  "example: a stroke passes through all pointer positions between two frames",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address);
    const start = await view.position({ x: 0.25, y: 0.5 });
    await view.page.mouse.move(start.x, start.y);
    await view.page.mouse.down();
    // around the straight line between the ends
    await movePointer(view, [{ x: 0.25, y: 0.75 }, { x: 0.75, y: 0.75 }, { x: 0.75, y: 0.5 }]);
    await view.page.mouse.up();
    await view.frame();
    deepStrictEqual(await opacitiesAt(view, [0.25, 0.5, 0.75]), [255, 0, 255]);
  },
);

browserTest("example: the keyboard alone can draw, undo and clear", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address, { height: 500 }); // so that it could scroll
  await view.recordAnnouncements();
  await view.tabTo("drawing-canvas");
  const scroll = () => view.page.evaluate(() => scrollY), before = await scroll();
  ok(await view.page.$eval("#pen", (pen) => !(pen as HTMLElement).hidden), "the pen is visible");
  await view.press(...times(3, "ArrowUp"));
  strictEqual(await view.prediction(), "–", "a pen that is up draws nothing");
  await view.press("Space", ...times(34, "ArrowDown"));
  strictEqual(await view.prediction(), "1");
  await view.press("Space");
  const said = (await view.announcements(2)).filter((words) => !words.startsWith("pen at"));
  deepStrictEqual(said, ["pen down", "pen up"]);
  await view.press(...times(4, "ArrowRight"));
  const one = await shown(view);

  await view.pressWith("Shift", "Space", "ArrowRight", "Space");
  ok((await shown(view)).form !== one.form);
  await view.pressWith("Control", "z");
  deepStrictEqual(await shown(view), one);
  await view.press("Delete");
  strictEqual(await view.prediction(), "–");
  strictEqual(await scroll(), before);
});

browserTest("example: the keyboard's pen goes up when the canvas loses focus", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  const isHidden = () => view.page.$eval("#pen", (pen) => (pen as HTMLElement).hidden);
  await view.tabTo("drawing-canvas");
  await view.press("Space", "ArrowRight", "ArrowRight");
  const drawn = await shown(view);
  await view.page.keyboard.down("ArrowDown"); // held while the focus moves on
  const { form } = await shown(view);
  ok(form !== drawn.form, "the pen is down");
  await view.press("Tab");
  await view.page.keyboard.up("ArrowDown");
  strictEqual(await isHidden(), true);
  await view.pressWith("Shift", "Tab");
  strictEqual(await isHidden(), false);
  const [left, top] = await penPosition(view);
  await view.press("ArrowRight");
  deepStrictEqual(await penPosition(view), [left! + 1, top]);
  strictEqual((await shown(view)).form, form);
});

/** Position of the keyboard's pen, in steps. */
async function penPosition(view: View): Promise<number[]> {
  const place = await view.page.$eval("#pen", (pen) => {
    const { left, top } = (pen as HTMLElement).style;
    return [left, top];
  });
  return place.map((share) => Math.round(parseFloat(share) * 56 / 100));
}

browserTest(
  "example: an arrow key released without an event, as on macOS while ⌘ is down, does not stay held",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address);
    await view.tabTo("drawing-canvas");
    const send = (key: string, metaKey: boolean) =>
      view.page.$eval(
        "#drawing-canvas",
        (board, key, metaKey) => {
          board.dispatchEvent(new KeyboardEvent("keydown", { key, metaKey, cancelable: true }));
        },
        key,
        metaKey,
      );
    await send("ArrowRight", false); // released while ⌘ is held
    await send("c", true);
    await send("ArrowDown", false);
    deepStrictEqual(await penPosition(view), [29, 15]);
  },
);

browserTest("example: two held arrow keys draw diagonally", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  await view.tabTo("drawing-canvas");
  await view.press("Space");
  await view.page.keyboard.down("ArrowRight");
  await view.page.keyboard.down("ArrowDown");
  // one step right, then one diagonally, from the middle of the upper half
  deepStrictEqual(await penPosition(view), [30, 15]);
});

/** What the page shows of a drawing. */
async function shown(view: View) {
  await view.frame();
  return await view.page.evaluate(() => ({
    bars: document.getElementById("bars")!.innerText.split(/\s*\n\s*/),
    form: (document.getElementById("network-input") as HTMLCanvasElement).toDataURL(),
    caption: document.getElementById("caption")!.textContent,
    activations: Array.from(
      document.querySelectorAll<HTMLElement>("#units [role=option]"),
      (cell) => cell.style.getPropertyValue("--activation"),
    ),
  }));
}

browserTest(
  "example: the page shows an example's label, probabilities and activations, and undoes it",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address);
    const empty = await shown(view);
    strictEqual(empty.caption, "Nothing drawn yet");
    for (const index of [0, 1]) {
      await view.page.click("#example");
      const { probabilities, activations } = classify(parameters, data.image(index)),
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

browserTest(
  "example: the arrow keys continue from the example selected last, or start at the first",
  async () => {
    await using server = await Server.start();
    for (const key of ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"] as const) {
      await using view = await View.open(server.address);
      await view.page.focus("#gallery");
      await view.press(key);
      strictEqual((await shown(view)).caption.split(":")[0], "Example 0 of the test set", key);
      await view.press("End", "ArrowLeft");
      await view.draw([[{ x: 0.1, y: 0.5 }, { x: 0.9, y: 0.5 }]]);
      strictEqual((await shown(view)).caption, "Your drawing");
      await view.page.focus("#gallery");
      await view.press("ArrowRight");
      strictEqual((await shown(view)).caption.split(":")[0], "Example 199 of the test set");
    }
  },
);

browserTest(
  "example: an example selected by keyboard is scrolled into view without the page",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address);
    await view.page.focus("#gallery");
    const scroll = () => view.page.evaluate(() => scrollY), before = await scroll();
    for (const [key, index] of [["End", 199], ["Home", 0]] as const) {
      await view.press(key);
      const [box, option] = await Promise.all(
        ["#gallery", `#gallery-${index}`].map((selector) =>
          view.page.$eval(selector, (element) => {
            const { top, bottom } = element.getBoundingClientRect();
            return { top, bottom };
          })
        ),
      );
      ok(box!.top <= option!.top && option!.bottom <= box!.bottom, key);
    }
    strictEqual(await scroll(), before);
  },
);

browserTest("example: the page marks the largest probability by more than colour", async () => {
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

browserTest("example: the result is announced once, when the user pauses", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  await view.recordAnnouncements();
  await pause();
  deepStrictEqual(await view.announcements(0), [], "nothing has changed");
  await view.draw(strokes(digits[4]!));
  await view.announcements(1);
  await pause();
  const [result, ...others] = await view.announcements(1);
  ok(/^4, \d+ %$/.test(result!), result);
  deepStrictEqual(others, []);
  await view.page.click("#clear");
  deepStrictEqual(await view.announcements(2), [result, "nothing drawn"]);
});

/** Waits longer than announcements do. */
async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

browserTest(
  "example: the example that the button selects is announced with its result",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address);
    await view.recordAnnouncements();
    await view.page.click("#example");
    const [words] = await view.announcements(1);
    ok(/^Example 0 of the test set: a 7; 7, \d+ %$/.test(words!), words);
  },
);

browserTest(
  "example: the state of the keyboard's pen is announced, and its position when the user pauses",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address);
    await view.recordAnnouncements();
    await view.tabTo("drawing-canvas");
    deepStrictEqual(await view.announcements(1), ["pen at 28, 14 of 56 by 56"]);
    await view.press("ArrowLeft", "ArrowUp", "ArrowUp");
    deepStrictEqual((await view.announcements(2)).slice(1), ["pen at 27, 12 of 56 by 56"]);
    await view.press("Space");
    await view.pressWith("Control", "z");
    deepStrictEqual((await view.announcements(5)).slice(2), [
      "pen down",
      "pen up",
      "nothing drawn",
    ]);
  },
);

browserTest(
  "example: the page shows the weights of the unit under the pointer or selected by keyboard",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address);
    await view.page.click("#example");
    const { activations } = classify(parameters, data.image(0));
    const isShown = async (unit: number) => {
      strictEqual(
        await view.text("#unit"),
        `Unit ${unit}\nactivation ${activations[unit]!.toFixed(3)}`,
      );
      deepStrictEqual((await view.canvas("#weights")).opacities, expectedWeights(unit));
      const described = await view.page.$$eval(
        "[aria-description]",
        (cells) => cells.map(({ id, ariaDescription }) => [id, ariaDescription]),
      );
      const words = `activation ${activations[unit]!.toFixed(3)}`;
      deepStrictEqual(described, [[`units-${unit}`, words]]);
    };
    await isShown(0);
    await view.page.hover("#units-7");
    await isShown(7);
    await view.page.hover("h1");
    await isShown(0);
    await view.page.focus("#units");
    await view.press("ArrowRight", "ArrowRight");
    await isShown(2);
    await view.press("ArrowDown", "ArrowLeft", "ArrowUp"); // a row of eight
    await isShown(1);
    await view.press("ArrowUp");
    await isShown(1);
    await view.press("End");
    await isShown(79);
    await view.page.click("#units-30");
    await view.page.hover("h1");
    await isShown(30);
    strictEqual(
      await view.page.$eval("#units", (cells) => cells.getAttribute("aria-activedescendant")),
      "units-30",
    );
  },
);

/** The opacity of each weight's colour. */
function expectedWeights(unit: number): number[] {
  const { W1 } = parameters;
  const { pixels, palette } = drawUnit(W1, unit, data.size, weightScale(W1, W1.rows));
  return Array.from(pixels, (pixel) => palette![pixel]![3]);
}

browserTest("example: the page accepts networks and images of other sizes", async () => {
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
  const { width, height } = await view.canvas("#network-input");
  deepStrictEqual([width, height], [3, 4]);
  await view.page.click("#example");
  ok((await view.text("#caption")).startsWith("Example 0 of the test set"));
});

browserTest("example: the page shows an uncaught error", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  await view.page.$eval("#caption", (caption) => caption.remove());
  await view.page.click("#example");
  await view.page.waitForSelector("#error:not([hidden])");
  const words = 'Cannot find HTMLElement "caption" in the page';
  strictEqual(await view.text("#error"), words);
  const messages = view.messages.splice(0);
  ok(messages.length === 1 && messages[0]!.includes(words), messages.join());
});
