/// <reference lib="dom" />
/** The playground in a browser: widths, themes, touch targets and accessibility. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import axe, { type AxeResults } from "axe-core";
import { VIEWS } from "../../lib/pages/playground/page_state.ts";
import { initialise, RandomState, writeParameters } from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { browserTest, exportPage, Server, View } from "./_browser.ts";

/** The widths at which the page is wider than the window, and by how much. */
async function overflow(view: View, widths: readonly number[], touch: boolean): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await view.show({ width, touch });
    await view.frame();
    const over = await view.page.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    if (over > 0) found.push(`${width}: by ${over}`);
  }
  return found;
}

browserTest(
  "example: the page does not scroll horizontally from 320 to 1920 pixels, empty or full",
  async () => {
    await using server = await Server.start("--limit", "1000");
    const cases = [[true, [320, 390, 600]], [false, [320, 767, 768, 1024, 1119, 1120, 1280, 1920]]];
    for (const [touch, widths] of cases as [boolean, number[]][]) {
      await using view = await View.open(server.address, { width: widths[0]!, touch });
      for (const name of VIEWS) {
        await view.goTo(name);
        deepStrictEqual(await overflow(view, widths, touch), [], `${name}, empty`);
      }
      await view.goTo("draw");
      await view.page.click("#example");
      await view.goTo("train");
      await view.page.click("#start");
      await view.page.waitForSelector("#curves svg");
      deepStrictEqual(await overflow(view, widths, touch), [], "full");
      ok(await view.page.$("#curves svg"), "the page was reloaded and is not full");
    }
  },
);

browserTest(
  "example: the page does not scroll horizontally at double font size or with a long name",
  async () => {
    using folder = new Folder();
    const name = `${"a_long_name_".repeat(12)}.npz`;
    folder.write(name, writeParameters(initialise(784, 80, 10, new RandomState(1))));
    const address = await exportPage(folder.file("page.html"), folder.file(name));
    for (const fontSize of [16, 32]) {
      await using view = await View.open(address, { width: 320, touch: true, fontSize });
      await view.page.click("#example");
      const size = await view.page.evaluate(() => getComputedStyle(document.body).fontSize);
      strictEqual(size, `${fontSize}px`);
      for (const name of VIEWS) {
        await view.goTo(name);
        const over = await overflow(view, [320, 390, 768], true);
        deepStrictEqual(over, [], `${name}, font size ${size}`);
      }
    }
  },
);

browserTest(
  "example: on a phone the drawing and its result are visible together, also after a tap on an example",
  async () => {
    await using server = await Server.start();
    const together = ["#prediction", "#network-input", "#drawing-canvas"];
    for (const [width, height] of [[320, 600], [390, 664]] as const) {
      await using view = await View.open(server.address, { width, height, touch: true });
      const isSeen = (selector: string) =>
        view.page.$eval(selector, (element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return top >= 0 && bottom <= innerHeight;
        });
      for (const selector of together) ok(await isSeen(selector), `${width}: ${selector}`);
      await view.page.evaluate(() => document.getElementById("gallery-3")!.scrollIntoView());
      await view.page.tap("#gallery-3");
      strictEqual(await view.prediction(), "0");
      for (const selector of together) ok(await isSeen(selector), `${width}, tapped: ${selector}`);
    }
  },
);

browserTest("example: touch targets are at least 44 pixels wide and high", async () => {
  await using server = await Server.start("--limit", "1000");
  await using view = await View.open(server.address, { width: 390, height: 844, touch: true });
  for (const name of VIEWS) {
    await view.goTo(name);
    const small = await view.page.$$eval(
      "nav a, button, input, select, [role=option]",
      (targets) =>
        (targets as HTMLElement[]).filter((target) => {
          const { width, height } = target.getBoundingClientRect();
          return target.checkVisibility() && (width < 44 || height < 44);
        }).map((target) => target.id || target.outerHTML),
    );
    deepStrictEqual(small, [], name);
  }
});

/** Violations of axe's rules: WCAG 2.2 to level AA, and best practices. */
async function violations(view: View): Promise<string[]> {
  await view.page.evaluate(axe.source);
  const { violations } = await view.page.evaluate("axe.run()") as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`);
}

browserTest(
  "example: axe finds no violations in any view, in both languages, light and dark, empty and full",
  async () => {
    await using server = await Server.start("--limit", "1000");
    const cases = [["light", 1280, "en"], ["dark", 1280, "ja"], ["dark", 390, "en"], [
      "light",
      390,
      "ja",
    ]] as const;
    for (const [theme, width, language] of cases) {
      const address = `${server.address}#lang=${language}`;
      await using view = await View.open(address, { theme, width, touch: width < 768 });
      const check = async (what: string) =>
        deepStrictEqual(await violations(view), [], `${theme} ${width} ${language}, ${what}`);
      strictEqual(await view.page.evaluate("document.documentElement.lang"), language);
      await check("empty");
      await view.page.click("#example");
      for (const name of VIEWS) {
        await view.goTo(name);
        await check(name);
      }
      await view.goTo("train");
      await view.page.click("#run-batch");
      await view.page.waitForSelector("#curves svg");
      await check("full");
      await view.goTo("break");
      await view.page.click("#break-epoch");
      await view.page.waitForSelector("#break-hash");
      await view.page.waitForSelector("#break-outcome:not(:empty)");
      await check("broken");
    }
  },
);

browserTest(
  "example: the page has landmarks, one heading of level 1, and skips no level",
  async () => {
    await using server = await Server.start("--limit", "1000");
    await using view = await View.open(server.address);
    const { landmarks, levels } = await view.page.evaluate(() => ({
      landmarks: ["header", "main", "section[aria-labelledby]"].map((selector) =>
        document.querySelectorAll(selector).length
      ),
      levels: Array.from(
        document.querySelectorAll("h1, h2, h3"),
        (heading) => Number(heading.tagName[1]),
      ),
    }));
    deepStrictEqual(landmarks, [1, 1, 13]);
    deepStrictEqual(levels, [1, 2, 2, 2, 2, 3, 2, 2, 2, 3, 3, 3, 2, 3, 3, 3, 3]);
  },
);

browserTest("example: the page is dark if the user prefers it, and has no animations", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address, { theme: "dark" });
  const [paper, words] = await view.page.evaluate(() => {
    const { backgroundColor, color } = getComputedStyle(document.body);
    return [backgroundColor, color].map((name) => Number(/\d+/.exec(name)![0]));
  });
  ok(paper! < 60 && words! > 200, `${paper} ${words}`);
  const moving = await view.page.evaluate(() => document.getAnimations().length);
  deepStrictEqual(moving, 0);
});

/** What has disturbed a reader until a time. */
interface Stability {
  /** The sum of all layout shifts since the page was opened. */
  readonly shifts: number;
  /** Milliseconds of the longest task. */
  readonly longest: number;
  /** Milliseconds since the page was opened. */
  readonly time: number;
}

/** What disturbs a reader: layout shifts, and tasks that have begun after a time. */
async function stability(view: View, since = 0): Promise<Stability> {
  return await view.page.evaluate((since) =>
    new Promise<Stability>((resolve) => {
      let shifts = 0, longest = 0;
      const read = (entries: PerformanceEntryList) => {
        for (const entry of entries) {
          if (entry.entryType === "longtask") {
            if (entry.startTime >= since) longest = Math.max(longest, entry.duration);
          } else shifts += (entry as PerformanceEntry & { value: number }).value;
        }
      };
      for (const type of ["layout-shift", "longtask"]) {
        const observer = new PerformanceObserver((list) => read(list.getEntries()));
        observer.observe({ type, buffered: true });
      }
      setTimeout(() => resolve({ shifts, longest, time: performance.now() }), 500);
    }), since);
}

browserTest("example: nothing moves while the page starts, in any view and language", async () => {
  await using server = await Server.start("--limit", "1000");
  for (const name of VIEWS) {
    for (const [width, language] of [[1280, "en"], [390, "ja"]] as const) {
      const address = `${server.address}#view=${name}&example=8&lang=${language}`;
      await using view = await View.open(address, { width, touch: width < 768 });
      const { shifts } = await stability(view);
      ok(shifts < 0.02, `${name} ${width}: ${shifts}`);
    }
  }
});

browserTest(
  "example: a projector shows the controls, the curves, the weights and the answer at once",
  async () => {
    await using server = await Server.start("--limit", "1000");
    for (const [width, height, language] of [[1024, 768, "en"], [1280, 800, "ja"]] as const) {
      const address = `${server.address}#view=train&example=8&lang=${language}`;
      await using view = await View.open(address, { width, height });
      await view.page.click("#run-epoch");
      await view.page.waitForSelector("#curves svg");
      const parts = [
        "#train",
        "#training-status",
        "#curves",
        "#units",
        "#prediction",
        "#correctness",
      ];
      for (const selector of parts) {
        const bottom = await view.page.$eval(
          selector,
          (part) => part.getBoundingClientRect().bottom,
        );
        ok(bottom <= height, `${width} ${language}: ${selector} ends at ${bottom}`);
      }
    }
  },
);

browserTest(
  "example: nothing moves by itself while the page trains, and no task takes long",
  async () => {
    await using server = await Server.start();
    // a task may have to wait on a busy machine, so one of five times is enough
    let found = { shifts: Infinity, longest: Infinity };
    for (let times = 0; times < 5 && found.longest > 100; times++) {
      await using view = await View.open(`${server.address}#view=train&example=8`);
      const before = await stability(view);
      await view.page.click("#start");
      await view.page.waitForFunction(
        `/epoch [3-9]/.test(document.getElementById("epoch").innerText)`,
      );
      const { shifts, longest } = await stability(view, before.time);
      found = { shifts: shifts - before.shifts, longest };
      ok(found.shifts < 0.02, `shifts: ${found.shifts}`);
    }
    ok(found.longest <= 100, `longest task: ${found.longest} ms`);
  },
);

browserTest(
  "example: nothing moves by itself while a broken network trains, and no task takes long",
  async () => {
    await using server = await Server.start("--limit", "1000");
    let found = { shifts: Infinity, longest: Infinity };
    for (let times = 0; times < 5 && found.longest > 100; times++) {
      await using view = await View.open(`${server.address}#view=break&lang=en`);
      await view.page.waitForSelector("#break-verdict strong");
      await view.page.waitForSelector("#break-curves svg");
      const before = await stability(view);
      await view.page.click("#break-start");
      await view.page.waitForFunction(
        `/epoch ([5-9]|1.|20) of/.test(document.getElementById("break-place").textContent)`,
      );
      const { shifts, longest } = await stability(view, before.time);
      found = { shifts: shifts - before.shifts, longest };
      ok(found.shifts < 0.02, `shifts: ${found.shifts}`);
    }
    ok(found.longest <= 100, `longest task: ${found.longest} ms`);
  },
);
