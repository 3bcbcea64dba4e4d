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

/** The button of the player with these words. */
const button = (words: string) => `.player button ::-p-text(${words})`;

const chosen = (view: View) =>
  view.page.$eval(
    "[role=radio][aria-checked=true]",
    (tile) => (tile as HTMLElement).dataset.symbol!,
  );

const focused = (view: View) => view.page.evaluate(() => document.activeElement?.textContent ?? "");

for (const language of ["en", "ja"] as const) {
  browserTest(
    `example: the numbers of the step are those that explain prints, for every quantity: ${language}`,
    async () => {
      const printed = packed(await output("explain", "--seed", "601", "--lang", language));
      await using server = await Server.start();
      const shown = `${STEP_VIEW}&seed=601&lang=${language}`;
      await using view = await View.open(`${server.address}#${shown}`);
      for (const { symbol } of STEP) {
        await goTo(view, `${shown}&quantity=${encodeURIComponent(symbol)}`);
        const lines = await texts(view, ".worked");
        ok(lines.length > 0 || symbol === "onehot", symbol);
        const own = lines.filter((line) => !/^E\(|^\(E/.test(line)).slice(-1);
        for (const line of own) ok(printed.includes(packed(line)), line);
        ok(printed.includes(packed(await view.text("#words-title"))), symbol);
      }
    },
  );
}

browserTest("example: the command beside an entry prints its line", async () => {
  await using server = await Server.start();
  for (const fragment of [ENTRY, `${ENTRY}&seed=5`]) {
    await using view = await View.open(`${server.address}#${fragment}`);
    const [program, ...args] = (await view.text(".command code")).trim().split(/\s+/);
    strictEqual(program, "deno");
    const printed = packed(await output(...args.slice(args.indexOf("explain"))));
    const line = (await texts(view, ".worked")).find((line) => line.includes("·"));
    ok(line && printed.includes(packed(line)), line);
    strictEqual(
      await view.text(".at"),
      "hidden unit 3 · pixel 400: row 14, column 8 of the image",
    );
    ok(/✓ equal in \d+\.\d digits/.test(await view.text(".agrees")));
  }
});

browserTest("example: buttons, keys and the map go through the quantities", async () => {
  await using server = await Server.start();
  await using view = await View.open(`${server.address}#${STEP_VIEW}`);
  const seen = [await chosen(view)];
  for (let i = 1; i < STEP.length; i++) {
    if (i % 2) await view.page.click(button("Next"));
    else await view.press("ArrowRight");
    await view.frame();
    seen.push(await chosen(view));
  }
  deepStrictEqual(seen, STEP.map(({ symbol }) => symbol));
  await view.page.click(button("Previous"));
  strictEqual(await chosen(view), STEP.at(-2)!.symbol);
  await view.page.click("[data-symbol=X]");
  await view.frame();
  ok((await view.text(".how")).includes("The quantities that use it: A1, dW1."));
  await view.press("ArrowRight"); // in the map, which is one stop of the Tab key
  await view.frame();
  strictEqual(await chosen(view), "W1");
  strictEqual((await texts(view, "[role=radio][tabindex='0']")).length, 1);
});

browserTest(
  "example: the inputs of the chosen quantity are marked and joined, at every width",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${ENTRY}`);
    for (const width of [1280, 768, 390, 320]) {
      await view.show({ width });
      await view.frame();
      deepStrictEqual(
        await view.page.$$eval(
          ".tile.used",
          (all) => all.map((one) => (one as HTMLElement).dataset.symbol),
        ),
        ["X", "dA1"],
      );
      strictEqual(
        await view.page.$$eval(".joins path", (all) => all.length),
        2,
      );
      const passes = await view.page.$$eval(
        ".pass > p",
        (all) => all.map((one) => one.checkVisibility()),
      );
      deepStrictEqual(passes, [true, true, true], `${width}`);
      const over = await view.page.evaluate(() =>
        document.documentElement.scrollWidth - document.documentElement.clientWidth
      );
      strictEqual(over, 0, `${width}`);
    }
  },
);

browserTest(
  "example: a factor leads to its entry with the focus, and the browser goes back",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${ENTRY}`);
    const [factor] = await texts(view, ".terms a");
    await view.page.focus(".terms a");
    await view.press("Enter");
    await view.frame();
    const title = await view.text("#entry-title");
    ok(title.startsWith("dA1[3,0] = "), title);
    strictEqual(factor, title.replace(" = ", ""));
    strictEqual(await focused(view), title);
    await view.page.goBack();
    await view.frame();
    ok((await view.text("#entry-title")).startsWith("dW1[3,400] = "));
  },
);

browserTest(
  "example: all terms can be shown and hidden again, without more stops of the Tab key",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}&quantity=A1&unit=3`);
    const stops = () => view.page.$$eval(".entry a[href], .entry button", (all) => all.length);
    const rest = Number(/(\d+) more term/.exec(await view.text(".terms"))![1]),
      before = await stops();
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

browserTest("example: a number out of its field's range becomes the nearest one", async () => {
  await using server = await Server.start();
  await using view = await View.open(`${server.address}#${ENTRY}`);
  const leave = async (field: string, text: string) => {
    await view.page.focus(field);
    await view.pressWith("Control", "a");
    await view.page.keyboard.type(text);
    await view.press("Tab");
    await view.frame();
    return await view.page.$eval(field, (one) => (one as HTMLInputElement).value);
  };
  const [unit, pixel] = [1, 2].map((n) => `.places label:nth-child(${n}) input`) as [
    string,
    string,
  ];
  strictEqual(await leave(unit, "99"), "79");
  ok((await view.text("#entry-title")).startsWith("dW1[79,400] = "));
  strictEqual(await leave(unit, "-"), "79", "no number changes nothing");
  strictEqual(await leave(pixel, "-5"), "0");
  strictEqual(await view.page.$eval(unit, (field) => (field as HTMLElement).title), "0 to 79");
  await view.page.click(".settings summary");
  strictEqual(await leave(".settings label:last-child input", "0"), "0.01", "a rate of 0 is none");
});

browserTest(
  "example: gradients of several images say where their 1/B is, and whose each term is",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${ENTRY}&batch=4`);
    const words = "dA2, and so every gradient, already contains 1/B = 1/4.", saying: string[] = [];
    for (const { symbol } of STEP) {
      await goTo(view, `${ENTRY}&batch=4`.replace("dW1", encodeURIComponent(symbol)));
      if ((await view.text(".how")).includes(words)) saying.push(symbol);
    }
    deepStrictEqual(saying, ["dW2", "db2", "dY1", "dA1", "dW1", "db1"]);
    await goTo(view, `${ENTRY}&batch=4`);
    const labels = await view.page.$$eval(
      ".terms .thumbnail",
      (all) => all.map((one) => one.ariaLabel!),
    );
    const names = (await texts(view, ".terms small")).filter((name) => name.startsWith("dA1"));
    deepStrictEqual(labels, names.map((name) => `image ${/(\d+)\]$/.exec(name)![1]} of the batch`));
  },
);

browserTest(
  "example: an entry is chosen by pointer, arrow keys, field, list and touch",
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
    await view.page.locator(".places label:nth-child(1) input").fill("5");
    await view.page.waitForFunction(`location.hash.includes("unit=5")`);
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
  "example: again from the new weights, the loss is the one after the update",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}&seed=601&rate=0.1`);
    const losses = async () => (await view.text(".losses")).match(/\d[\d.e-]*/g)!.map(Number);
    const [before, after] = await losses();
    ok(after! < before!);
    await view.page.click(button("Again from"));
    await view.page.waitForFunction(`document.querySelector(".losses").textContent.includes("→")`);
    const [first, second, third] = await losses();
    deepStrictEqual([first, second], [before, after]);
    ok(third! < second!);
    await view.page.waitForFunction(`location.hash.includes("updates=1")`);
    await view.page.click(button("First weights"));
    await view.frame();
    deepStrictEqual(await losses(), [before, after]);
  },
);

browserTest(
  "example: playing goes on into the next step, moves nothing, and pauses in another view",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}&quantity=dA1`);
    await view.page.evaluate(() => {
      const seen = { shift: 0, task: 0 };
      Object.assign(globalThis, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const { value, hadRecentInput } = entry as unknown as {
            value: number;
            hadRecentInput: boolean;
          };
          if (!hadRecentInput) seen.shift += value;
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
  },
);

browserTest(
  "example: a screen reader hears the quantity and its entry, and reads MathML",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}&quantity=dA1`);
    await view.page.click(button("Next"));
    await view.frame();
    const said = await view.page.$eval(".entry [role=status]", (line) => line.textContent!);
    strictEqual(
      said,
      `13 of 18. ${EXPLANATIONS.dW1.title.en}. ${await view.text("#entry-title")}`,
    );
    ok(await view.page.$(".equation math msup, .equation math msubsup"));
    const lines = await view.page.$$eval(".derivation li math", (all) => all.length);
    strictEqual(lines, EXPLANATIONS.dW1.derivation.length);
  },
);

browserTest(
  "example: on a laptop what belongs together is on the screen together; on a phone the entry comes first",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${ENTRY}&batch=4`, {
      width: 1280,
      height: 800,
    });
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
