/// <reference lib="dom" />
/** The images and workers of the page: of one opened from disk. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Folder } from "../helpers/folder.ts";
import { browserTest, exportPage, TIMEOUT, View } from "./_browser.ts";

browserTest(
  "example: an exported page trains with the network off, requests nothing but its file, which is under 8 MB, and its policy, also in its worker, refuses every address",
  async () => {
    using folder = new Folder();
    const address = await exportPage(folder.file("page.html"));
    ok(folder.read("page.html").length < 8e6, `${folder.read("page.html").length} bytes`);
    await using view = await View.open(address);
    const { page } = view;
    await page.setOfflineMode(true);
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
