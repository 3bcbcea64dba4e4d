/** The view Step in a browser: going through a training step. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { EXPLANATIONS } from "../../lib/explain/explanations.ts";
import { STEP } from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { browserTest, exportPage, output, Server, View } from "./_browser.ts";

const STEP_VIEW = "view=step&example=8", ENTRY = `${STEP_VIEW}&quantity=dW1&unit=3&pixel=400`;

/** A text without any white space: a terminal breaks lines elsewhere. */
const packed = (text: string) => text.replaceAll(/\s/g, "");

/** Changes the address, as a link does, and waits for the view. */
async function goTo(view: View, fragment: string): Promise<void> {
  await view.page.evaluate((fragment) => {
    location.hash = fragment;
  }, fragment);
  await view.frame();
}

async function texts(view: View, selector: string): Promise<string[]> {
  return await view.page.$$eval(selector, (all) => all.map((one) => one.textContent!));
}

async function symbols(view: View, selector: string): Promise<string[]> {
  await view.frame();
  return await view.page.$$eval(
    selector,
    (all) => all.map((one) => (one as HTMLElement).dataset.symbol!),
  );
}

/** The button of the player with these words. */
const button = (words: string) => `.player button ::-p-text(${words})`;

const focused = (view: View) => view.page.evaluate(() => document.activeElement?.textContent ?? "");

browserTest(
  "example: the numbers of the step are those that explain prints, for every quantity, in both languages",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}`);
    for (const language of ["en", "ja"]) {
      const printed = packed(await output("explain", "--seed", "601", "--lang", language));
      for (const { symbol } of STEP) {
        const quantity = encodeURIComponent(symbol);
        await goTo(view, `${STEP_VIEW}&seed=601&lang=${language}&quantity=${quantity}`);
        const lines = await texts(view, ".worked");
        ok(lines.length > 0 || symbol === "onehot", symbol);
        const own = lines.filter((line) => !/^E\(|^\(E/.test(line)).slice(-1);
        for (const line of own) ok(printed.includes(packed(line)), line);
        ok(printed.includes(packed(await view.text("#words-title"))), symbol);
      }
    }
    for (const fragment of [ENTRY, `${ENTRY}&seed=5`]) {
      await goTo(view, fragment);
      const [program, ...args] = (await view.text(".command code")).trim().split(/\s+/);
      strictEqual(program, "deno");
      const printed = packed(await output(...args.slice(args.indexOf("explain"))));
      const line = (await texts(view, ".worked")).find((line) => line.includes("·"));
      ok(line && printed.includes(packed(line)), line);
      ok(/✓ equal in \d+\.\d digits/.test(await view.text(".agrees")));
    }
  },
);

browserTest("example: buttons, keys and the map go through the quantities", async () => {
  await using server = await Server.start();
  await using view = await View.open(`${server.address}#${STEP_VIEW}`);
  const seen = await symbols(view, ".tile:has(:checked)");
  for (let i = 1; i < STEP.length; i++) {
    if (i % 2) await view.page.click(button("Next"));
    else await view.press("ArrowRight");
    seen.push(...await symbols(view, ".tile:has(:checked)"));
  }
  deepStrictEqual(seen, STEP.map(({ symbol }) => symbol));
  await view.page.click(button("Previous"));
  deepStrictEqual(await symbols(view, ".tile:has(:checked)"), [STEP.at(-2)!.symbol]);
  await view.page.click("[data-symbol=X]");
  ok((await view.text(".how")).includes("The quantities that use it: A1, dW1."));
  await view.press("ArrowRight"); // in the map, which is one stop of the Tab key
  deepStrictEqual(await symbols(view, ".tile:has(:checked)"), ["W1"]);
  await view.press("Tab");
  strictEqual(await view.page.evaluate(() => document.activeElement!.closest(".map")), null);
});

browserTest(
  "example: the inputs of the chosen quantity are marked and joined, and nothing is cut off, at every width and in letters of double size",
  async () => {
    await using server = await Server.start();
    for (const fontSize of [16, 32]) {
      await using view = await View.open(`${server.address}#${ENTRY}`, { fontSize });
      for (const width of fontSize === 16 ? [1280, 768, 390, 320] : [320]) {
        await view.show({ width });
        deepStrictEqual(await symbols(view, ".tile.used"), ["X", "dA1"]);
        strictEqual((await texts(view, ".joins path")).length, 2);
        const shown = await view.page.$$eval(
          ".pass > p, .going > *",
          (all) => all.filter((one) => one.getBoundingClientRect().right <= innerWidth).length,
        );
        strictEqual(shown, 3 + 4, `${width}`);
        const over = await view.page.evaluate(() =>
          document.documentElement.scrollWidth - document.documentElement.clientWidth
        );
        strictEqual(over, 0, `${width}`);
      }
    }
  },
);

browserTest(
  "example: a factor leads to its entry with the focus; all terms can be shown and hidden again",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${ENTRY}`);
    const [factor] = await texts(view, ".terms a");
    await view.page.focus(".terms a");
    await view.press("Enter");
    const title = await view.text("#entry-title");
    ok(title.startsWith("dA1[3,0] = "), title);
    strictEqual(factor, title.replace(" = ", ""));
    strictEqual(await focused(view), title);
    await view.page.goBack();
    ok((await view.text("#entry-title")).startsWith("dW1[3,400] = "));

    await goTo(view, `${STEP_VIEW}&quantity=A1&unit=3`);
    const stops = async () => (await texts(view, ".entry a[href], .entry button")).length;
    const rest = Number(/(\d+) more term/.exec(await view.text(".terms"))![1]);
    const before = await stops();
    strictEqual((await texts(view, ".terms small")).at(-1), "b1[3,0]");
    await view.page.click(".terms button");
    await view.frame();
    strictEqual((await texts(view, ".terms .lead")).length, 3 + rest + 1);
    strictEqual(await stops(), before);
    strictEqual(await focused(view), "Show fewer");
    await view.press("Enter");
    await view.frame();
    strictEqual((await texts(view, ".terms .lead")).length, 3 + 1);
  },
);

browserTest(
  "example: an entry is chosen by pointer, arrow keys, field, list and touch; a number out of range becomes the nearest one",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${ENTRY}`);
    const title = () => view.text("#entry-title");
    const box = (await (await view.page.$(".entries canvas"))!.boundingBox())!;
    await view.page.mouse.move(box.x + box.width * 10.5 / 28, box.y + box.height * 20.5 / 28);
    ok((await view.text(".hover")).startsWith("dW1[3,570] = "), "pointing shows a number");
    ok((await title()).startsWith("dW1[3,400] = "), "and chooses nothing");
    await view.page.mouse.down();
    await view.page.mouse.up();
    ok((await title()).startsWith("dW1[3,570] = "));
    await view.page.focus(".entries canvas");
    await view.press("ArrowUp", "ArrowRight");
    ok((await title()).startsWith("dW1[3,543] = "));
    strictEqual(
      await view.text(".at"),
      "hidden unit 3 · pixel 543: row 19, column 11 of the image",
    );

    const leave = async (field: string, text: string) => {
      await view.page.focus(field);
      await view.pressWith("Control", "a");
      await view.page.keyboard.type(text);
      await view.press("Tab");
      await view.frame();
      return await view.page.$eval(field, (one) => (one as HTMLInputElement).value);
    };
    const unit = ".places label:nth-child(1) input";
    strictEqual(await leave(unit, "99"), "79");
    ok((await title()).startsWith("dW1[79,543] = "));
    strictEqual(await leave(unit, "-"), "79", "no number changes nothing");
    strictEqual(await leave(".places label:nth-child(2) input", "-5"), "0");
    strictEqual(await view.page.$eval(unit, (field) => (field as HTMLElement).title), "0 to 79");
    await view.page.click(".settings summary");
    strictEqual(await leave(".settings label:last-child input", "0"), "0.01", "no rate of 0");

    await view.page.click("[data-symbol=P]");
    await view.page.focus(".entry-list");
    await view.press("ArrowDown");
    ok((await title()).startsWith("P[6,0] = "));
    await view.show({ width: 390, height: 844, touch: true });
    await view.page.waitForSelector("#entry-4");
    await view.page.tap("#entry-4");
    ok((await title()).startsWith("P[4,0] = "));
  },
);

browserTest(
  "example: gradients of several images say where their 1/B is, and whose each term is",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${ENTRY}&batch=4`);
    const labels = await view.page.$$eval(
      ".terms .thumbnail",
      (all) => all.map((one) => one.ariaLabel!),
    );
    const names = (await texts(view, ".terms small")).filter((name) => name.startsWith("dA1"));
    deepStrictEqual(labels, names.map((name) => `image ${/(\d+)\]$/.exec(name)![1]} of the batch`));
    const words = "dA2, and so every gradient, already contains 1/B = 1/4.", saying: string[] = [];
    for (const { symbol } of STEP) {
      await goTo(view, `${ENTRY}&batch=4`.replace("dW1", encodeURIComponent(symbol)));
      if ((await view.text(".how")).includes(words)) saying.push(symbol);
    }
    deepStrictEqual(saying, ["dW2", "db2", "dY1", "dA1", "dW1", "db1"]);
  },
);

browserTest("example: the drawing is the image of the step, with a class of its own", async () => {
  await using server = await Server.start();
  await using view = await View.open(server.address);
  await view.draw([[{ x: 0.5, y: 0.2 }, { x: 0.5, y: 0.8 }]]);
  await view.frame();
  const drawn = await view.canvas("#network-input");
  await view.goTo("step");
  ok((await view.text(".settings summary")).includes("your drawing, to be a 0"));
  await view.page.click(".settings summary");
  await view.page.select(".settings select", "1");
  await view.page.click("[data-symbol=onehot]");
  strictEqual(await view.text("#entry-title"), "onehot[1,0] = 1.000");
  deepStrictEqual(await view.canvas("[data-symbol=X] canvas"), drawn);
});

browserTest(
  "example: playing goes on into the next step, whose loss is the one after the update, moves nothing, and pauses in another view",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}&quantity=dA1`);
    const losses = async () => (await view.text(".losses")).match(/\d[\d.e-]*/g)!.map(Number);
    const [before, after] = await losses();
    ok(after! < before!);
    await view.page.evaluate(() => {
      const seen = { shift: 0, task: 0 };
      Object.assign(globalThis, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const { value, hadRecentInput } = entry as PerformanceEntry & Record<string, unknown>;
          if (!hadRecentInput) seen.shift += value as number;
        }
      }).observe({ type: "layout-shift" });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.task = Math.max(seen.task, duration);
      }).observe({ type: "longtask" });
    });
    await view.page.select(".player select", "4");
    await view.page.click(button("Play"));
    await view.page.waitForFunction(`location.hash.includes("updates=1")`, { timeout: 60_000 });
    const { shift, task } = await view.page.evaluate("seen") as { shift: number; task: number };
    ok(shift < 0.02, `shift ${shift}`);
    ok(task < 100, `a task of ${task} ms`);
    await view.goTo("draw");
    await view.goTo("step");
    ok(await view.page.$(button("Play")), "it pauses when the view is left");
    const [first, second, third] = await losses();
    deepStrictEqual([first, second, third! < second!], [before, after, true]);
    await view.page.click(button("First weights"));
    deepStrictEqual(await losses(), [before, after]);
  },
);

browserTest(
  "example: on a laptop what belongs together is on the screen together, on a phone the entry comes first, and a screen reader hears both",
  async () => {
    await using server = await Server.start();
    const laptop = { width: 1280, height: 800 };
    await using view = await View.open(`${server.address}#${ENTRY}&batch=4`, laptop);
    const hidden = await view.page.evaluate(() => {
      const limit = document.querySelector(".player")!.getBoundingClientRect().top;
      return [".map", ".equation", ".derivation", ".entries", ".terms", ".difference"]
        .filter((one) => document.querySelector(one)!.getBoundingClientRect().bottom > limit);
    });
    deepStrictEqual(hidden, []);
    await view.show({ width: 390, height: 844 });
    await view.frame();
    const tops = await view.page.evaluate(() =>
      [".equation", "#entry-title", ".terms", ".entries", ".derivation"]
        .map((one) => document.querySelector(one)!.getBoundingClientRect().top)
    );
    deepStrictEqual(tops, tops.toSorted((a, b) => a - b));
    const said = await view.page.$eval(".entry [role=status]", (line) => line.textContent!);
    const { title, derivation } = EXPLANATIONS.dW1;
    strictEqual(said, `13 of 18. ${title.en}. ${await view.text("#entry-title")}`);
    ok(await view.page.$(".equation math msup, .equation math msubsup"));
    strictEqual((await texts(view, ".derivation li math")).length, derivation.length);
  },
);

browserTest("example: the exported page steps from disk, and requests nothing", async () => {
  using folder = new Folder();
  const address = await exportPage(folder.file("page.html"));
  await using view = await View.open(`${address}#${STEP_VIEW}&quantity=dW1`);
  await view.page.click(button("Next"));
  await view.page.waitForFunction(`location.hash.includes("quantity=db1")`);
  ok((await view.text("#entry-title")).startsWith("db1["));
  strictEqual(view.requests.length, 1);
});
