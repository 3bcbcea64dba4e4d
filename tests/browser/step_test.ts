/// <reference lib="dom" />
/** The playground in a browser: going through a training step. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { EXPLANATIONS } from "../../lib/explain/explanations.ts";
import { STEP } from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { browserTest, exportPage, output, Server, View } from "./_browser.ts";

const SEED = "seed=601", STEP_VIEW = "view=step&example=8";

/** A text without any white space: a terminal breaks lines elsewhere. */
function packed(text: string): string {
  return text.replaceAll(/\s/g, "");
}

/** What `explain` prints. */
async function explained(...args: string[]): Promise<string> {
  return packed(await output("explain", "--sample", "test:8", ...args));
}

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

for (const language of ["en", "ja"] as const) {
  browserTest(
    `example: the numbers of the step are those that explain prints, for every quantity: ${language}`,
    async () => {
      const printed = await explained("--seed", "601", "--lang", language);
      await using server = await Server.start();
      await using view = await View.open(
        `${server.address}#${STEP_VIEW}&${SEED}&lang=${language}`,
      );
      for (const { symbol } of STEP) {
        const quantity = encodeURIComponent(symbol);
        await goTo(view, `${STEP_VIEW}&${SEED}&lang=${language}&quantity=${quantity}`);
        const lines = await texts(view, "#entry-worked .worked");
        ok(lines.length > 0 || symbol === "onehot", symbol);
        for (const line of lines) ok(printed.includes(packed(line)), line);
        ok(printed.includes(packed(await view.text("#words-title"))), symbol);
        const result = lines[0]?.split(" = ").at(-1);
        if (result) {
          ok((await view.text("#entry-title")).endsWith(` = ${result}`), symbol);
          const rows = await texts(view, ".terms tr:last-child td:last-child");
          strictEqual(rows.at(-1), result, symbol);
        }
      }
    },
  );
}

browserTest(
  "example: an entry of the page's own network is the one that explain prints",
  async () => {
    const file = "docs/reproduction/parameter_10000.npz";
    const args = [file, "--quantity", "dW1", "--entry", "3,400"];
    const printed = await explained(...args);
    await using server = await Server.start();
    await using view = await View.open(
      `${server.address}#${STEP_VIEW}&quantity=dW1&unit=3&pixel=400`,
    );
    const [line] = await texts(view, "#entry-worked .worked");
    ok(line!.startsWith("dW1[3,400] = ") && printed.includes(packed(line!)), line);
    strictEqual(
      await view.text("#entry-place"),
      "hidden unit 3 · pixel 400: row 14, column 8 of the image",
    );
    ok(/equal in \d+\.\d digits/.test(await view.text("#difference .agrees")));
  },
);

browserTest("example: buttons, keys and the map go through the quantities", async () => {
  await using server = await Server.start();
  await using view = await View.open(`${server.address}#${STEP_VIEW}`);
  const shown = () =>
    view.page.$eval("#map [aria-current=step]", (tile) => (tile as HTMLElement).dataset.symbol!);
  const seen = [await shown()];
  for (let i = 1; i < STEP.length; i++) {
    if (i % 2) await view.page.click("#step-next");
    else await view.press("ArrowRight");
    await view.frame();
    seen.push(await shown());
  }
  deepStrictEqual(seen, STEP.map(({ symbol }) => symbol));
  strictEqual(
    await view.page.$eval("#step-next", (button) => (button as HTMLButtonElement).disabled),
    true,
  );
  await view.page.click("#step-back");
  strictEqual(await shown(), STEP.at(-2)!.symbol);
  await view.press("ArrowLeft");
  strictEqual(await shown(), STEP.at(-3)!.symbol);
  await view.page.click("[data-symbol=X]");
  strictEqual(await view.text("#words-place"), "given");
  ok((await view.text("#entry-terms")).endsWith("The quantities that use it: A1, dW1."));
  await view.page.click("#entry-terms a:last-of-type");
  await view.frame();
  strictEqual(await shown(), "dW1");
});

browserTest(
  "example: a factor links to its entry, and the browser goes back from there",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(
      `${server.address}#${STEP_VIEW}&quantity=dW1&unit=3&pixel=400`,
    );
    const [factor] = await texts(view, ".terms a");
    ok(factor!.startsWith("dA1[3,0]"), factor);
    await view.page.click(".terms a");
    await view.frame();
    const title = await view.text("#entry-title");
    ok(title.startsWith("dA1[3,0] = "), title);
    strictEqual(factor, title.replace(" = ", ""));
    await view.page.goBack();
    await view.frame();
    ok((await view.text("#entry-title")).startsWith("dW1[3,400] = "));
  },
);

browserTest(
  "example: links, the map and a change just before them are steps of the browser's history",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}&quantity=dW1&pixel=400`);
    await view.page.locator("#places [name=M]").fill("3");
    await view.page.click(".terms a"); // sooner than the address is written by itself
    await view.frame();
    await view.page.click(".terms a");
    await view.frame();
    await view.page.click("[data-symbol=dW2]");
    const back: string[] = [];
    for (let i = 0; i < 3; i++) {
      await view.page.goBack();
      await view.frame();
      back.push((await view.text("#entry-title")).split(" = ")[0]!);
    }
    deepStrictEqual(back, ["dY1[3,0]", "dA1[3,0]", "dW1[3,400]"]);
  },
);

browserTest(
  "example: a field with a number out of its range takes the nearest one, and says its range",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}&quantity=dW1&pixel=400`);
    const leave = async (field: string, text: string) => {
      await view.page.focus(field);
      await view.pressWith("Control", "a");
      await view.page.keyboard.type(text);
      await view.press("Tab");
      await view.frame();
      return await view.page.$eval(field, (one) => (one as HTMLInputElement).value);
    };
    const unit = "#places [name=M]", pixel = "#places [name=D]", batch = "[name=batch]";
    strictEqual(await leave(unit, "99"), "79");
    ok((await view.text("#entry-title")).startsWith("dW1[79,400] = "));
    strictEqual(await leave(unit, "-"), "79", "no number changes nothing");
    strictEqual(await leave(pixel, "-5"), "0");
    ok((await view.text("#entry-title")).startsWith("dW1[79,0] = "));
    strictEqual(await view.page.$eval(unit, (field) => (field as HTMLElement).title), "0 to 79");
    await view.page.click("#settings summary");
    strictEqual(await leave(batch, "99"), "16");
    ok((await view.text("#settings-summary")).includes("and 15 more"));
    strictEqual(await leave("#settings-form [name=rate]", "0"), "0.01", "a rate of 0 is none");
    await view.page.focus(pixel);
    const fits = await view.page.$eval(pixel, (field) => {
      (field as HTMLInputElement).value = "8888";
      return field.scrollWidth <= field.clientWidth;
    });
    ok(fits, "four digits fit");
  },
);

browserTest(
  "example: gradients of several images say where their 1/B is",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}&batch=4&quantity=dW1`);
    const words = "dA2, and so every gradient, already contains 1/B = 1/4.";
    const saying: string[] = [];
    for (const { symbol } of STEP) {
      await goTo(view, `${STEP_VIEW}&batch=4&quantity=${encodeURIComponent(symbol)}`);
      if ((await view.text("#entry-terms")).endsWith(words)) saying.push(symbol);
    }
    deepStrictEqual(saying, ["dW2", "db2", "dY1", "dA1", "dW1", "db1"]);
    await goTo(view, `${STEP_VIEW}&batch=4&quantity=dA1&image=2`);
    await view.page.click("#entry-terms > p a");
    await view.frame();
    ok(/^dA2\[\d,2\] = /.test(await view.text("#entry-title")));
    ok((await view.text("#entry-terms")).includes("divided by B = 4"));
    await goTo(view, `${STEP_VIEW}&quantity=dA1`);
    ok(!(await view.text("#entry-terms")).includes("1/B"));
  },
);

browserTest(
  "example: the table of a sum and its line have the same terms, and name the bias",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}&quantity=A1&unit=3`);
    const rest = /(\d+) more term/.exec(await view.text(".terms"))![1];
    ok((await view.text("#entry-worked")).includes(`(${rest} more: `));
    const names = await texts(view, ".terms small");
    strictEqual(names.at(-1), "b1[3,0]");
    strictEqual(names.length, 2 * 3 + 1);
    await view.page.click(".terms button");
    strictEqual((await texts(view, ".terms .lead")).length, 3 + Number(rest) + 1);
    await goTo(view, `${STEP_VIEW}&quantity=db2`);
    const [, , printed] = await texts(view, "#entry-worked p");
    ok(printed!.startsWith("rowSum(dA2 Y1ᵀ)["), printed);
    ok((await texts(view, "#entry-worked p"))[1]!.startsWith("Not db2, but what the report"));
  },
);

browserTest(
  "example: an entry is chosen by pointer, arrow keys, field, list and touch",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(
      `${server.address}#${STEP_VIEW}&quantity=dW1&unit=3&pixel=400`,
    );
    const title = () => view.text("#entry-title");
    const box = (await (await view.page.$("#picture"))!.boundingBox())!;
    await view.page.mouse.move(box.x + box.width * 10.5 / 28, box.y + box.height * 20.5 / 28);
    ok((await view.text("#picture-hover")).startsWith("dW1[3,570] = "), "pointing shows a number");
    ok((await title()).startsWith("dW1[3,400] = "), "and chooses nothing");
    await view.page.mouse.down();
    await view.page.mouse.up();
    ok((await title()).startsWith("dW1[3,570] = "));
    await view.page.focus("#picture");
    await view.press("ArrowUp", "ArrowRight");
    ok((await title()).startsWith("dW1[3,543] = "));
    await view.page.locator("#places [name=M]").fill("5");
    ok((await title()).startsWith("dW1[5,543] = "));
    await view.page.waitForFunction(`location.hash.includes("unit=5")`);
    await view.page.click("[data-symbol=P]");
    await view.page.focus("#entry-list");
    await view.press("Home");
    ok((await title()).startsWith("P[0,0] = "));
    await view.page.waitForFunction(`location.hash.includes("quantity=P&pixel")`);
    await view.show({ width: 390, height: 844, touch: true });
    await view.page.waitForSelector("html:not(.starting)");
    await view.frame();
    await view.page.tap("#entry-list-4");
    ok((await title()).startsWith("P[4,0] = "));
  },
);

browserTest(
  "example: the drawing is the example of the step, with a class of its own",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(server.address);
    await view.draw([[{ x: 0.5, y: 0.2 }, { x: 0.5, y: 0.8 }]]);
    await view.frame();
    await view.goTo("step");
    ok((await view.text("#settings-summary")).startsWith("your drawing, to be a 0"));
    await view.page.click("#settings summary");
    await view.page.select("[name=label]", "1");
    await view.page.click("[data-symbol=onehot]");
    strictEqual(await view.text("#entry-title"), "onehot[1,0] = 1.000");
    strictEqual(await view.text("#entry-terms"), "the right class of this image");
    // the same pixels as in the drawing area
    const [drawn, used] = await Promise.all(
      ["#network-input", "[data-symbol=X] canvas"].map((one) => view.canvas(one)),
    );
    deepStrictEqual(used, drawn);
  },
);

browserTest(
  "example: a batch of several images has a term for each, and their mean loss",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(
      `${server.address}#${STEP_VIEW}&${SEED}&batch=4&quantity=dW1&unit=3&pixel=400`,
    );
    strictEqual((await texts(view, ".terms tr")).length, 5);
    ok((await view.text("#difference .agrees")).startsWith("✓ equal in "));
    await view.page.click("[data-symbol=E]");
    strictEqual((await texts(view, ".terms tr")).length, 6);
    await view.page.click("#settings summary");
    await view.page.locator("[name=batch]").fill("2");
    await view.press("Tab");
    await view.frame();
    strictEqual((await texts(view, ".terms tr")).length, 4);
  },
);

browserTest(
  "example: again from the new weights, the loss is the one after the update",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}&${SEED}&rate=0.1`);
    const losses = async () => (await view.text("#step-losses")).match(/\d[\d.e-]*/g)!.map(Number);
    const [before, after] = await losses();
    ok(after! < before!);
    await view.page.click("#step-again");
    await view.frame();
    const [first, second, third] = await losses();
    deepStrictEqual([first, second], [before, after]);
    ok(third! < second!);
    await view.page.waitForFunction(`location.hash.includes("updates=1")`);
    await using other = await View.open(view.page.url());
    await other.page.waitForFunction(
      `document.getElementById("step-losses").textContent.includes("→")`,
    );
    strictEqual(await other.text("#step-losses"), await view.text("#step-losses"));
    await view.page.click("#step-first");
    await view.frame();
    deepStrictEqual(await losses(), [before, after]);
  },
);

browserTest(
  "example: playing goes on by itself, at three speeds, and into the next step",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}&quantity=b2'`);
    deepStrictEqual(await texts(view, "#step-speed option"), ["1×", "2×", "4×"]);
    await view.page.select("#step-speed", "4");
    await view.page.click("#step-play");
    strictEqual(await view.text("#step-play"), "Pause");
    await view.page.waitForFunction(`location.hash.includes("updates=1")`);
    await view.page.waitForFunction(
      `document.getElementById("entry-title").textContent.startsWith("A1[")`,
    );
    await view.page.click("#step-play");
    strictEqual(await view.text("#step-play"), "Play");
    await view.page.click("#step-play");
    await view.goTo("draw");
    await view.goTo("step");
    strictEqual(await view.text("#step-play"), "Play", "it pauses when the view is left");
  },
);

browserTest(
  "example: a screen reader hears the quantity and its entry, and reads MathML",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${STEP_VIEW}&quantity=dA1`);
    await view.page.click("#step-next");
    await view.page.waitForFunction(
      `document.getElementById("step-announcements").textContent.startsWith("13 of 18. ")`,
    );
    const said = await view.page.$eval("#step-announcements", (line) => line.textContent!);
    ok(said.includes(EXPLANATIONS.dW1.title.en), said);
    ok(said.endsWith(await view.text("#entry-title")), said);
    ok(await view.page.$("#words-equation math msup, #words-equation math msubsup"));
    const lines = await view.page.$$eval("#words-derivation li math", (all) => all.length);
    strictEqual(lines, EXPLANATIONS.dW1.derivation.length);
  },
);

browserTest("example: the exported page steps from disk, and requests nothing", async () => {
  using folder = new Folder();
  const address = await exportPage(folder.file("page.html"));
  await using view = await View.open(`${address}#${STEP_VIEW}&quantity=dW1`);
  await view.page.click("#step-next");
  await view.page.waitForFunction(`location.hash.includes("quantity=db1")`);
  ok((await view.text("#entry-title")).startsWith("db1["));
  strictEqual(view.requests.length, 1);
});

browserTest("example: no task takes 100 ms while one steps through a batch of 16", async () => {
  await using server = await Server.start();
  let longest = Infinity;
  // another program on the machine can slow one walk down
  for (let walk = 0; walk < 3 && longest >= 100; walk++) {
    await using view = await View.open(`${server.address}#${STEP_VIEW}&batch=16`);
    longest = await longestTask(view);
  }
  ok(longest < 100, `${longest} ms`);
});

/** The longest task of a walk through a step, an update, and many updates at once. */
async function longestTask(view: View): Promise<number> {
  await view.page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { tasks });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(Math.round(duration));
    }).observe({ type: "longtask" });
  });
  for (let i = 0; i < STEP.length; i++) {
    await view.press("ArrowRight");
    await view.frame();
  }
  await view.page.click("#step-again");
  await goTo(view, `${STEP_VIEW}&batch=16&updates=20`);
  await view.page.waitForFunction(
    `document.getElementById("step-losses").textContent.includes("… →")`,
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  return Math.max(0, ...await view.page.evaluate("tasks") as number[]);
}
