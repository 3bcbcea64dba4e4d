/// <reference lib="dom" />
/** The view Why in a browser: what can be dragged, cut, typed and played. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { STOPS } from "../../lib/pages/state.ts";
import { pageTest, record, TIMEOUT, type View, violations } from "./_browser.ts";

const WHY = { height: 800, fragment: "view=why&lang=en" };

/** Waits until elements, or the address, have a text each. */
async function says(view: View, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [selector, text] of Object.entries(texts)) {
    await view.page.waitForFunction(
      (selector, text) =>
        (selector === "address" ? location.hash : document.querySelector(selector)?.textContent)
          ?.includes(text),
      { timeout: TIMEOUT },
      ...[selector, text],
    ).catch(async () => strictEqual(await view.text(selector), text));
  }
}

/** A point of an element, its middle unless given. */
async function place(view: View, selector: string, x = 0.5, y = 0.5) {
  const box = (await (await view.page.$(selector))!.boundingBox())!;
  return [box.x + x * box.width, box.y + y * box.height] as const;
}

/** Drags from one place of an element to another; returns the slider's value. */
async function drag(view: View, selector: string, from: number, to: number): Promise<number> {
  await view.page.mouse.move(...await place(view, selector, from));
  await view.page.mouse.down();
  await view.page.mouse.move(...await place(view, selector, to));
  await view.page.mouse.up();
  return await view.page.$eval(selector, (one) => (one as HTMLInputElement).valueAsNumber);
}

const SLOPE = ".plot text.strong", RESULT = ".result strong", NOW = ".scrub [aria-current]";

pageTest("example: weight, factor, h, pixel, unit, class and network", WHY, async (view) => {
  const moved = await drag(view, ".handle", 0.5, 0.8);
  ok(moved > 3 && moved < 5, `${moved}`);
  await says(view, {
    ".result small": "dW1[3, 400] at ",
    ".reasons": "is at 0.9",
    h2: "= −0.1013?",
  });
  await says(view, { [SLOPE]: await view.text(RESULT) });
  await view.page.click(".reset");
  await says(view, { [RESULT]: "−0.1013" });
  ok(await view.page.$(".handle:focus"), "the button that had the focus has gone");
  await view.page.click(".chain .group:nth-of-type(3) .chip");
  await says(view, { [RESULT]: "−0.2807 ✗", [SLOPE]: "−0.2807", ".agrees": "do not agree" });
  await says(view, { address: "cut=1-y" });
  await view.page.click(".reasons a");
  await says(view, { address: "view=break&cut=1-y&mistake=dA1/1-y-lost" });
  await view.page.goBack();
  await view.page.waitForSelector(".chip.cut");
  await view.page.click(".chip.cut");
  await says(view, { ".agrees": "agrees in 5 digits" });
  await view.page.focus("#why-h");
  await view.press("End");
  await says(view, { ".agrees": "agrees in 1 digit", address: "h=1" });
  await view.press("Home");
  const least = Number(/\d+/.exec(await view.text(".agrees"))![0]);
  ok(least > 5 && least < 10, `rounding takes over: ${least}`);
  await view.page.mouse.click(...await place(view, ".path .hit.clickable", 0.5 / 28, 0.5 / 28));
  await says(view, { h2: "= 0?", ".lead": "stays as it is" });
  await view.page.focus("h2 label:last-of-type input");
  await view.pressWith("Control", "a");
  await view.page.keyboard.type("400");
  await says(view, { address: "pixel=400&unit=3" });
  await view.page.click(".units canvas:nth-of-type(49)");
  await says(view, { ".reasons": "Unit 48 is at 1.00" });
  await view.page.click(".switch button:first-child");
  await says(view, { address: "seed=601", ".reasons": "Unit 48 is at 0.56" });
  await view.page.click(".switch button:last-child");
  await view.page.mouse.click(...await place(view, ".path g.clickable:has(.node)"));
  await says(view, { address: "drawing=" });
  await view.page.select("select", "6");
  await says(view, { address: "label=6" });
});

/** A dark tablet, as other tests have light windows and telephones. */
const TABLET = { ...WHY, width: 768, theme: "dark" } as const;

pageTest(
  "example: stops chosen with keys, without faults for axe, and played",
  TABLET,
  async (view) => {
    await view.page.focus(".scrub input");
    await view.press("Home");
    for (const stop of STOPS) {
      await view.press("ArrowRight");
      await says(view, { [NOW]: stop, address: `stop=${stop}`.replace(/stop=backward/, "why") });
      deepStrictEqual(await violations(view), [], stop);
    }
    await drag(view, ".scrub input", 0.99, 0.65);
    strictEqual(await view.text(NOW), "stamp");
    await view.page.click(".play");
    for (const now of ["forward", "loss"]) await says(view, { [NOW]: now });
    await view.page.click(".play");
    await view.page.click(".scrub button:last-of-type");
    await says(view, { ".words": "the loss falls from 0.9921 to 0.1448" });
    await view.page.click(".again button");
    await says(view, {
      address: "updates=1",
      ".words": "the loss falls from 0.1448",
      "#parameters-name": "after 1 update",
    });
    await view.page.select("select", "6");
    await says(view, { ".words": "the loss falls from 0.4646", "#parameters-name": "parameters" });
    await view.show({ ...WHY, width: 390, touch: true });
    const targets = ".why :is(button, input:not([type=range]), select):not(h2 input)";
    const sides = await view.page.$$eval(targets, (all) =>
      all.flatMap((one) => {
        const { width, height } = one.getBoundingClientRect();
        return [width, height];
      }));
    ok(Math.min(...sides) >= 44, `${sides} pixels`);
    // with reduced motion, Play goes from stop to stop
    await view.page.click(".scrub button");
    await view.page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    await view.page.click(".play");
    await says(view, { [NOW]: "loss" });
    strictEqual(
      await view.page.$eval(".scrub input", (one) => (one as HTMLInputElement).value),
      "1",
    );
  },
);

pageTest("example: nothing moves in Play; a frame of a drag takes 12 ms", WHY, async (view) => {
  const read = await record(view, true);
  // of the thread itself, as other processes take the processor from it
  const session = await view.page.createCDPSession();
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const seconds = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")!.value;
  };
  const [x, y] = await place(view, ".handle"), frames = 40;
  await view.page.mouse.move(x, y);
  await view.page.mouse.down();
  const before = await seconds();
  for (let i = 0; i < frames; i++) {
    await view.page.mouse.move(x + 3 * i, y);
    await view.page.evaluate("new Promise(requestAnimationFrame)");
  }
  const each = 1000 * (await seconds() - before) / frames;
  await view.page.mouse.up();
  ok(each < 12, `${each} ms: more than 50 ms where the processor is four times slower`);
  await view.page.click(".play");
  await says(view, { [NOW]: "stamp" });
  ok((await read()).shifts < 0.02);
});
