/// <reference lib="dom" />
/** The view Why in a browser: what can be dragged, cut, typed and played. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import axe, { type AxeResults } from "axe-core";
import { STOPS } from "../../lib/pages/state.ts";
import { browserTest, Server, View, type ViewOptions } from "./_browser.ts";

/** Opens Why with a fragment. */
function open(server: Server, fragment = "", options: ViewOptions = {}): Promise<View> {
  return View.open(`${server.address}#view=why&lang=en${fragment}`, { height: 800, ...options });
}

/** Waits until the address says something. */
async function addressSays(view: View, text: string): Promise<void> {
  await view.page.waitForFunction((text) => location.hash.includes(text), {}, text);
}

/** Waits until an element has a text. */
async function says(view: View, selector: string, text: string): Promise<void> {
  await view.page.waitForFunction(
    (selector, text) => document.querySelector(selector)?.textContent.includes(text),
    { timeout: 10_000 },
    selector,
    text,
  ).catch(async () => strictEqual(await view.text(selector), text));
}

/** The middle of an element, or another point of it. */
async function place(view: View, selector: string, x = 0.5, y = 0.5) {
  const box = (await (await view.page.$(selector))!.boundingBox())!;
  return [box.x + x * box.width, box.y + y * box.height] as const;
}

/** The weight at the handle. */
function weightOf(view: View): Promise<number> {
  return view.page.$eval(".handle", (input) => (input as HTMLInputElement).valueAsNumber);
}

const ANSWER = "#why-answer", SLOPE = ".plot text.strong", RESULT = ".chain .result strong";

browserTest(
  "example: a dragged weight moves its unit, the loss, the tangent and the differences",
  async () => {
    await using server = await Server.start();
    await using view = await open(server);
    await view.page.mouse.move(...await place(view, ".handle"));
    await view.page.mouse.down();
    await view.page.mouse.move(...await place(view, ".handle", 0.8));
    await view.page.mouse.up();
    const weight = await weightOf(view);
    ok(weight > 3 && weight < 5, `${weight}`);
    await says(view, ".chain .result small", "slope at");
    ok((await view.text(".reasons")).startsWith("Unit 3 is at 0.9"));
    strictEqual(await view.text(ANSWER), "−0.1013");
    await says(view, SLOPE, `slope ${await view.text(RESULT)}`);
    await says(view, ".proof", "measured with ± h, at ");
    await view.page.focus(".handle");
    await view.press("ArrowLeft");
    ok(await weightOf(view) < weight);
    await view.press("Escape");
    await says(view, RESULT, "−0.1013");
  },
);

browserTest("example: without a factor the tangent misses the curve; Break has it", async () => {
  await using server = await Server.start();
  await using view = await open(server);
  await view.page.click(".chain .group:nth-of-type(3) .chip");
  await says(view, RESULT, "−0.2807 ✗");
  await says(view, SLOPE, "slope −0.2807");
  await says(view, ".proof .agrees", "do not agree");
  await addressSays(view, "cut=1-y");
  await view.page.click(".reasons a");
  await addressSays(view, "view=break&cut=1-y&mistake=dA1/1-y-lost");
  await view.page.goBack();
  await view.page.waitForSelector(".chip.cut");
  await view.page.click(".chip.cut");
  await says(view, ".proof .agrees", "agrees in 5 digits");
});

browserTest("example: pixel, unit, image, class and network are chosen", async () => {
  await using server = await Server.start();
  await using view = await open(server);
  await view.page.mouse.click(...await place(view, ".desk .hit.clickable", 0.5 / 28, 0.5 / 28));
  await says(view, ANSWER, "0");
  await says(view, ".lead", "stays as it is");
  await view.page.focus("h2 input:last-of-type");
  await view.page.keyboard.type("999"); // instead of what was there; the nearest is 783
  await addressSays(view, "pixel=783");
  strictEqual(await view.page.$eval("h2 input:last-of-type", (one) => one.value), "783");
  await view.pressWith("Control", "a");
  await view.page.keyboard.type("400");
  await addressSays(view, "pixel=400&unit=3");
  await view.page.click(".units canvas:nth-of-type(49)");
  await says(view, ".reasons", "Unit 48 is nearly 1: saturated");
  await view.page.click(".switch button:first-child");
  await addressSays(view, "seed=601");
  await says(view, ".reasons", "Unit 48 is at 0.56");
  await view.page.click(".switch button:last-child");
  await view.page.mouse.click(...await place(view, ".desk g.clickable:has(.node)"));
  await addressSays(view, "drawing=");
  const target = await view.page.$eval(".settings-row select", ({ value }) => value);
  strictEqual(target, "0");
  await view.page.select(".settings-row select", "5"); // its own class: the example again
  await addressSays(view, "example=8");
});

browserTest("example: the stops are dragged, chosen with keys and played", async () => {
  await using server = await Server.start();
  await using view = await open(server);
  const scrub = ".scrub input", stop = () => view.text(".scrub [aria-current]");
  await view.page.focus(scrub);
  const found = [await stop()];
  for (const key of ["Home", "ArrowRight", "End"] as const) {
    await view.press(key);
    found.push(await stop());
  }
  deepStrictEqual(found, ["backward", "forward", "loss", "update"]);
  await addressSays(view, "stop=update");
  await view.page.mouse.move(...await place(view, scrub, 0.99));
  await view.page.mouse.down();
  await view.page.mouse.move(...await place(view, scrub, 0.65));
  await view.page.mouse.up();
  strictEqual(await stop(), "stamp");
  await view.page.click(".play");
  await view.page.waitForFunction(
    "document.querySelector('.scrub [aria-current]').innerText === 'forward'",
  );
  await says(view, ".scrub [aria-current]", "loss");
  await view.page.click(".play");
  await addressSays(view, "stop=loss");
  await view.page.click(".scrub button:last-of-type");
  await says(view, ".words", "the loss falls from 0.9921 to 0.1448");
  await view.page.click(".again button");
  await addressSays(view, "updates=1");
  await says(view, ".words", "the loss falls from 0.1448");
});

browserTest("example: with reduced motion, Play goes from stop to stop", async () => {
  await using server = await Server.start();
  await using view = await open(server);
  const reduce = { name: "prefers-reduced-motion", value: "reduce" };
  await view.page.emulateMediaFeatures([reduce]);
  await view.page.evaluate(() => {
    const times = new Set<string>(), scrub = document.querySelector<HTMLElement>(".scrub")!;
    Object.assign(globalThis, { times });
    new MutationObserver(() => times.add(scrub.style.getPropertyValue("--time")))
      .observe(scrub, { attributes: true });
  });
  await view.page.click(".play");
  await view.page.waitForFunction("times.has('1')", { timeout: 20_000 });
  await view.page.click(".play");
  deepStrictEqual(await view.page.evaluate("[...times]"), ["0", "1"]);
});

browserTest("example: h goes to where rounding takes over, and into the address", async () => {
  await using server = await Server.start();
  await using view = await open(server);
  await view.page.focus("#why-h");
  const digits = async (...keys: ("Home" | "End")[]) => {
    await view.press(...keys);
    return await view.text(".proof .agrees");
  };
  strictEqual(await digits("End"), "agrees in 1 digit");
  ok(await view.page.$(".secant"), "the secant is seen without a lens");
  await addressSays(view, "h=1");
  const least = Number(/\d+/.exec(await digits("Home"))![0]);
  ok(least > 5 && least < 10, `${least}`);
});

browserTest("example: nothing moves in Play; a frame of a drag takes 12 ms at most", async () => {
  await using server = await Server.start();
  await using view = await open(server);
  await view.page.evaluate(() => {
    const seen = { shift: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const one of list.getEntries()) {
        seen.shift += (one as unknown as { value: number }).value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
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
  await says(view, ".scrub [aria-current]", "stamp");
  ok(await view.page.evaluate("seen.shift") as number < 0.02);
});

browserTest("example: axe finds no violations in any stop, language, scheme and size", async () => {
  await using server = await Server.start();
  const cases = [[1280, "light", "en"], [1280, "dark", "ja"], [768, "light", "ja"], [
    390,
    "dark",
    "en",
  ]];
  for (const [width, theme, lang] of cases as [number, "light" | "dark", string][]) {
    await using view = await open(server, "", { width, theme, touch: width < 768 });
    await view.page.click(`[data-language=${lang}]`);
    for (const stop of STOPS) {
      await view.page.click(`.scrub button:nth-of-type(${STOPS.indexOf(stop) + 1})`);
      await view.frame();
      await view.page.evaluate(axe.source);
      const { violations } = await view.page.evaluate("axe.run()") as AxeResults;
      deepStrictEqual(violations.map(({ id }) => id), [], `${width} ${theme} ${lang} ${stop}`);
    }
  }
});

browserTest("example: a phone has a picture of its own, and targets of 44 pixels", async () => {
  await using server = await Server.start();
  await using view = await open(server, "&lang=ja", { width: 390, height: 844, touch: true });
  deepStrictEqual(
    await view.page.$$eval(".stage svg", (all) => all.map((one) => one.classList[1])),
    ["phone"],
  );
  await view.page.click("[data-language=ja]");
  await says(view, ".words", "クラス 5 はユニット 3 を強めたい。");
  await view.page.tap(".scrub button:last-of-type");
  await says(view, ".words", "損失は 0.9921 から 0.1448 に減る。");
  const small = await view.page.$$eval(
    ".why button, .why input, .why select",
    (all) =>
      all.filter((one) => {
        const { width, height } = one.getBoundingClientRect();
        return one.matches(":not([type=range], h2 input)") && (width < 44 || height < 44);
      }).map((one) => one.outerHTML),
  );
  deepStrictEqual(small, []);
});
