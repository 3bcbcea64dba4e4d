/// <reference lib="dom" />
/** The page in a browser: its views, its languages and what its address says. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { VIEWS } from "../../lib/pages/state.ts";
import { browserTest, Server, View } from "./_browser.ts";

/** Waits until the address says something. */
async function addressSays(view: View, text: string): Promise<void> {
  await view.page.waitForFunction((text) => location.hash.includes(text), {}, text);
}

browserTest("example: links and the browser's history choose a view", async () => {
  await using server = await Server.start("--limit", "1");
  await using view = await View.open(server.address);
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
});

browserTest("example: the address holds the example or the drawing, for another page", async () => {
  await using server = await Server.start("--limit", "1");
  await using view = await View.open(server.address);
  await view.page.click("#gallery-8");
  await addressSays(view, "example=8");
  await view.draw([[{ x: 0.5, y: 0.2 }, { x: 0.5, y: 0.8 }]]);
  await addressSays(view, "drawing=");
  const bars = await view.text("#bars"), url = view.page.url();
  ok(!url.includes("example="));
  await using other = await View.open(url);
  deepStrictEqual([await other.text("#bars"), await other.text("#caption")], [
    bars,
    "Your drawing",
  ]);
  await other.page.click("#undo");
  strictEqual(await other.prediction(), "–");
  // what the page cannot show is corrected in the address too
  await other.page.evaluate(() => location.hash = "#view=draw&example=200&rate=1e308");
  await other.page.waitForFunction(`location.hash === "#view=draw"`);
});

browserTest("example: the page is in Japanese if the reader or the address wants it", async () => {
  await using server = await Server.start("--limit", "1");
  await using view = await View.open(`${server.address}?x#view=draw&example=8&lang=ja`);
  strictEqual(await view.text("#caption"), "テスト画像 8。正解は 5");
  const label = () => view.page.$eval("#gallery-0", (option) => option.ariaLabel);
  strictEqual(await label(), "例 0: 7");
  await view.page.click("[data-language=en]");
  strictEqual(await view.text("#caption"), "Example 8 of the test set: a 5");
  strictEqual(await label(), "example 0: 7");
  strictEqual(await view.page.evaluate("document.documentElement.lang"), "en");
  await addressSays(view, "lang=en");
});
