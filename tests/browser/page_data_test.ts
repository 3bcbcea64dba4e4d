/// <reference lib="dom" />
/** The images and workers of the page: of a served page, and of one opened from disk. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { initialise, RandomState, writeParameters } from "../../mod.ts";
import { browserTest, exportPage, TIMEOUT, View } from "./_browser.ts";

/** Trains two epochs of so many batches; the losses of the test images after each. */
async function train(view: View, batches: number): Promise<{ first: number; last: number }> {
  await view.goTo("train");
  const lossAfter = async (epoch: number) => {
    await view.page.click("#run-epoch");
    const end = `epoch ${epoch}, batch ${batches} of ${batches}`;
    await view.page.waitForFunction(
      (end) =>
        document.getElementById("epoch")!.innerText === end &&
        document.getElementById("training-status")!.innerText.startsWith("Paused"),
      { timeout: TIMEOUT },
      end,
    );
    return Number(await view.text("#test-loss"));
  };
  return { first: await lossAfter(1), last: await lossAfter(2) };
}

/** What a worker with this script posts first. */
async function inWorker(view: View, script: string): Promise<unknown> {
  return await view.page.evaluate((script) =>
    new Promise((resolve) => {
      const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
      new Worker(address).onmessage = ({ data }) => resolve(data);
    }), script);
}

browserTest(
  "example: an exported page trains with the network off, requests nothing but its file and is under 8 MB",
  async () => {
    using folder = new Folder();
    const address = await exportPage(folder.file("page.html"));
    ok(folder.read("page.html").length < 8e6, `${folder.read("page.html").length} bytes`);
    await using view = await View.open(address);
    await view.page.setOfflineMode(true);
    await view.page.reload();
    await view.ready();
    const { first, last } = await train(view, 50);
    ok(last < first, `${first} to ${last}`);
    ok((await view.text("#train-title ~ *")).includes("5,000 training images"));
    const requests = view.requests.filter((url) => !/^(blob|data):/.test(url));
    deepStrictEqual(new Set(requests), new Set([address]));
  },
);

browserTest(
  "example: an exported page finishes a training after 10,000 epochs, and its policy refuses every address, also in its worker",
  async () => {
    using folder = new Folder({
      ...smallSet(),
      "p.npz": writeParameters(initialise(12, 5, 3, new RandomState(601))),
    });
    const args = [folder.file("p.npz"), "--data", folder.path];
    await using view = await View.open(await exportPage(folder.file("page.html"), ...args));
    await view.goTo("train");
    await view.page.locator("#train [name=batchSize]").fill("40");
    await view.page.locator("#train [name=learningRate]").fill("0.1");
    const { first, last } = await train(view, 1);
    ok(last < first, `${first} to ${last}`);
    await view.page.click("#start");
    await view.page.waitForSelector("#start:disabled", { timeout: TIMEOUT });
    strictEqual(await view.text("#training-status"), "Finished after 10,000 epochs");
    strictEqual(await view.text("#epoch"), "epoch 10,000, batch 1 of 1");
    strictEqual(await view.text("#test-accuracy"), "100.00 %");
    const violation = `new Promise((resolve) => {
      addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective));
      fetch("http://127.0.0.1/").then(() => resolve("none"), () => {});
    })`;
    strictEqual(await view.page.evaluate(violation), "connect-src");
    deepStrictEqual(await inWorker(view, `${violation}.then(postMessage)`), "connect-src");
    const lines = view.messages.splice(0); // Chromium's own, of these attempts
    ok(lines.every((line) => line.includes("Content Security Policy")), lines.join("\n"));
  },
);
