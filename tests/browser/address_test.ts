/// <reference lib="dom" />
/** The page in a browser: its views, its languages, what its address says, and a saved page. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { VIEWS } from "../../lib/pages/state.ts";
import { Folder } from "../helpers/folder.ts";
import { browserTest, exportPage, pageTest, TIMEOUT, View } from "./_browser.ts";

/** Waits until the address says something. */
async function addressSays(view: View, text: string): Promise<void> {
  await view.page.waitForFunction((text) => location.hash.includes(text), {}, text);
}

pageTest("example: links and the browser's history choose a view", {}, async (view) => {
  const shownView = () =>
    view.page.$eval("nav [aria-current=page]", (link) => (link as HTMLElement).dataset.view);
  for (const name of VIEWS) {
    await view.page.click(`nav [data-view=${name}]`);
    await addressSays(view, `view=${name}`);
    strictEqual(await shownView(), name);
    ok((await view.page.title()).endsWith(" · sanso"));
    // Break loads its images
    if (VIEWS.indexOf(name) < VIEWS.indexOf("break")) strictEqual(view.requests.length, 1);
  }
  await view.page.goBack();
  await view.frame();
  strictEqual(await shownView(), VIEWS.at(-2));
  await view.page.focus(".skip");
  await view.press("Enter", "Tab"); // past the header
  ok(await view.page.evaluate(() => document.activeElement!.closest("main") !== null));
  // a page of plain http has no clipboard
  for (const copies of [true, false]) {
    await view.goTo("step");
    strictEqual((await view.text(".command")).includes("Copy"), copies);
    await view.page.evaluateOnNewDocument("delete Navigator.prototype.clipboard");
    await view.page.reload();
  }
});

pageTest(
  "example: the address holds the language, and the example or the drawing, for another page, and is corrected",
  {},
  async (view, address) => {
    await view.page.click("#gallery-8");
    await addressSays(view, "example=8");
    await view.page.goto(`${address}?x#view=draw&example=8&lang=ja`);
    await view.ready();
    const shown = async () => [
      await view.text("#caption"),
      await view.page.$eval("#gallery-0", (option) => option.ariaLabel),
      await view.page.evaluate("document.documentElement.lang"),
    ];
    deepStrictEqual(await shown(), ["テスト画像 8。正解は 5", "テスト画像 0: 7", "ja"]);
    await view.page.click("[data-language=en]");
    deepStrictEqual(await shown(), ["Example 8 of the test set: a 5", "example 0: 7", "en"]);
    await addressSays(view, "lang=en");
    await view.draw([[{ x: 0.5, y: 0.2 }, { x: 0.5, y: 0.8 }]]);
    await view.goTo("draw"); // a link writes at once what waits, on a slow machine half the stroke
    const bars = await view.text("#bars"), url = view.page.url();
    ok(url.includes("drawing=") && !url.includes("example="));
    await using other = await View.open(url);
    strictEqual(await other.text("#bars"), bars);
    await other.page.click("#undo");
    strictEqual(await other.prediction(), "–");
    for (const wrong of ["example=200", "rate=1e308", "drawing=AA"]) {
      await other.page.evaluate((wrong) => location.hash = `#view=draw&${wrong}`, wrong);
      await other.page.waitForFunction(`location.hash === "#view=draw"`);
    }
  },
);

browserTest(
  "example: an exported page trains with the network off, requests nothing but its file, which is under 8 MB, and its policy, also in its worker, refuses every address",
  async () => {
    using folder = new Folder();
    const address = await exportPage(folder.file("page.html"));
    ok(folder.read("page.html").length < 8e6, `${folder.read("page.html").length} bytes`);
    await using view = await View.open(address);
    const { page } = view;
    await page.setOfflineMode(true);
    await page.evaluateOnNewDocument(() => {
      const revoke = URL.revokeObjectURL, revoked: string[] = [];
      URL.revokeObjectURL = (url) => revoke.call(URL, revoked[revoked.push(url) - 1]!);
      Object.assign(globalThis, { revoked });
    });
    await page.reload();
    await view.ready();
    await view.goTo("train");
    const losses: number[] = [];
    for (const epoch of [1, 2]) {
      await page.click("#run-epoch");
      await page.waitForFunction(
        (end) =>
          document.getElementById("epoch")!.innerText === end &&
          document.getElementById("training-status")!.innerText.startsWith("Paused"),
        { timeout: TIMEOUT },
        `epoch ${epoch}, batch 50 of 50`,
      );
      losses.push(Number(await view.text("#test-loss")));
    }
    ok(losses[1]! < losses[0]!, `${losses}`);
    strictEqual(await page.evaluate("revoked.length"), 1, "the worker's program stays in memory");
    ok((await view.text("#train-title ~ *")).includes("5,000 training images"));
    const requests = view.requests.filter((url) => !/^(blob|data):/.test(url));
    deepStrictEqual(new Set(requests), new Set([address]));

    const violation = `new Promise((resolve) => {
      addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective));
      fetch("http://127.0.0.1/").then(() => resolve("none"), () => {});
    })`;
    strictEqual(await page.evaluate(violation), "connect-src");
    const inWorker = await page.evaluate((script) =>
      new Promise((resolve) => {
        const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
        new Worker(address).onmessage = ({ data }) => resolve(data);
      }), `${violation}.then(postMessage)`);
    strictEqual(inWorker, "connect-src");
    const lines = view.messages.splice(0); // Chromium's own, of these attempts
    ok(lines.every((line) => line.includes("Content Security Policy")), lines.join("\n"));
  },
);
