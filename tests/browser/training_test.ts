/// <reference lib="dom" />
/** The playground in a browser: training in its worker. */
import { ok, strictEqual } from "node:assert/strict";
import { loadDataset } from "../../lib/system/data_files.ts";
import { WORKER_SCRIPTS } from "../../lib/pages/playground/generated/scripts.ts";
import {
  dim,
  initialise,
  RandomState,
  SimdEngine,
  train,
  type TrainingProgress,
  writeParameters,
} from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { browserTest, Server, TIMEOUT, View } from "./_browser.ts";

/** The number of training images, few enough for short epochs. */
const LIMIT = 3000;

/** The mean losses of the first epochs, from the library. */
function lossesOf(settings: { learningRate: number; hidden: number; seed: number }): number[] {
  const data = loadDataset(undefined, "train").data.first(LIMIT);
  const random = new RandomState(settings.seed);
  const start = initialise(data.inputs, dim("hidden", settings.hidden), data.classes, random);
  const { learningRate } = settings;
  const progress = train(new SimdEngine(start, data), random, {
    epochs: 3,
    batchSize: 100,
    learningRate,
  });
  const isEpoch = ({ event: done }: TrainingProgress) => done === "epoch";
  return [...progress].filter(isEpoch).map(({ crossEntropy }) => crossEntropy);
}

/** The first and last loss and the last epoch, from the curve's description. */
async function curve(view: View): Promise<{ first: number; last: number; epoch: number }> {
  const words = await view.page.$eval("#curve svg", (svg) => svg.getAttribute("aria-label")!);
  const found = /: (\S+) in epoch 1, (\S+) in epoch (\d+)\.$/.exec(words);
  ok(found, words);
  return { first: Number(found[1]), last: Number(found[2]), epoch: Number(found[3]) };
}

async function setting(view: View, name: string, value: string): Promise<void> {
  await view.page.locator(`[name=${name}]`).fill(value);
}

/** Waits until the curve has so many epochs and the page has new parameters. */
async function trained(view: View, epochs: number): Promise<void> {
  await view.page.waitForFunction(
    (epochs) => {
      const label = document.querySelector("#curve svg")?.getAttribute("aria-label") ?? "";
      const right = document.getElementById("correct")!.textContent;
      return right !== "" && Number(/epoch (\d+)\.$/.exec(label)?.[1] ?? 0) >= epochs;
    },
    { timeout: TIMEOUT },
    epochs,
  );
}

browserTest(
  "example: the page trains as the library does, classifies the drawing again, and stops",
  async () => {
    await using server = await Server.start("--limit", `${LIMIT}`);
    await using view = await View.open(server.address);
    await view.page.click("#example");
    await view.goTo("train");
    const before = await view.text("#bars"), given = await view.text("#parameters-name");
    strictEqual(await view.text("#announcements"), "");

    await setting(view, "learningRate", "0.1");
    await setting(view, "hidden", "20");
    await setting(view, "seed", "7");
    await view.page.click("#start");
    await trained(view, 20);
    const { first, last } = await curve(view);
    const expected = lossesOf({ learningRate: 0.1, hidden: 20, seed: 7 })[0]!;
    strictEqual(first, Number(expected.toPrecision(4)));
    ok(last < first / 3, `${first} to ${last}`);
    ok(Number.parseFloat(await view.text("#speed")) > 0);
    const [right] = (await view.text("#correct")).split(" of ");
    ok(Number(right) > 120, right); // 20 by chance
    strictEqual(await view.page.$$eval("#units [role=option]", (cells) => cells.length), 20);
    ok(await view.text("#bars") !== before);
    strictEqual(await view.text("#parameters-name"), "the network trained on this page");

    await view.page.click("#stop");
    const stopped = await view.text("#training-status");
    const { epoch } = await curve(view);
    ok([`Stopped in epoch ${epoch}`, `Stopped after ${epoch} epochs`].includes(stopped), stopped);
    await new Promise((resolve) => setTimeout(resolve, 500)); // dozens of epochs
    strictEqual((await curve(view)).epoch, epoch);

    await view.page.click("#restore");
    strictEqual(await view.text("#bars"), before);
    strictEqual(await view.text("#parameters-name"), given);
    strictEqual(await view.page.$$eval("#units [role=option]", (cells) => cells.length), 80);

    const origin = new URL(server.address).origin;
    ok(view.requests.every((url) => new URL(url).origin === origin), view.requests.join());
    ok(view.requests.includes(`${origin}/train.npz`));
  },
);

browserTest("example: the page restarts a training, and shows how one diverges", async () => {
  await using server = await Server.start("--limit", `${LIMIT}`);
  await using view = await View.open(server.address);
  await view.goTo("train");
  await view.page.click("#start");
  await trained(view, 2);
  await setting(view, "learningRate", "1e308");
  await view.page.click("#start");
  await view.page.waitForSelector("#training-error:not([hidden])");
  const words = await view.text("#training-error");
  ok(words.startsWith("Training diverged: a parameter is not below "), words);
  strictEqual(await view.page.$eval("#stop", (stop) => (stop as HTMLButtonElement).disabled), true);
  await setting(view, "learningRate", "0.01");
  await view.page.click("#start");
  await trained(view, 2);
  strictEqual(await view.page.$("#training-error:not([hidden])"), null, "the old error is gone");
});

browserTest("example: the page trains on few images, in which classes are missing", async () => {
  await using server = await Server.start("--limit", "1");
  await using view = await View.open(server.address);
  await view.goTo("train");
  await view.page.click("#start");
  await view.page.waitForSelector("#restore:not([hidden]), #training-error:not([hidden])");
  strictEqual(await view.text("#training-error"), "");
  const status = await view.text("#training-status");
  const statuses = ["Training on 1 image of 10 classes", "Finished after 10000 epochs"];
  ok(statuses.includes(status), status); // 10,000 epochs of one image may take no second
  strictEqual(await view.page.$$eval("#bars li", (bars) => bars.length), 10);
});

browserTest("example: the page ignores messages of a training that it has ended", async () => {
  await using server = await Server.start("--limit", "1");
  await using view = await View.open(server.address);
  await view.goTo("train");
  // a worker's message may arrive after its end; this one sends some on command
  await view.page.evaluate(() => {
    const workers: Worker[] = [];
    class StubWorker {
      constructor() {
        workers.push(this as unknown as Worker);
      }
      postMessage() {}
      terminate() {}
    }
    Object.assign(globalThis, { Worker: StubWorker, workers });
  });
  const receive = (worker: number, images: number) =>
    view.page.evaluate(`workers[${worker}].onmessage({
      data: { type: "started", images: ${images}, classes: 10 },
    })`);
  await view.page.click("#start");
  await receive(0, 11);
  strictEqual(await view.text("#training-status"), "Training on 11 images of 10 classes");
  await view.page.click("#start");
  await receive(1, 22);
  await receive(0, 33);
  strictEqual(await view.text("#training-status"), "Training on 22 images of 10 classes");
  await view.page.click("#stop");
  await receive(1, 44);
  strictEqual(await view.text("#training-status"), "Stopped after 0 epochs");
});

browserTest(
  "example: Ctrl Z in a field does not undo a stroke",
  async () => {
    await using server = await Server.start("--limit", "1");
    await using view = await View.open(server.address);
    await view.page.click("#example");
    await view.goTo("train");
    const before = await view.prediction();
    await view.page.focus("[name=seed]");
    await view.pressWith("Control", "z");
    strictEqual(await view.prediction(), before);
    await view.page.focus("#start");
    await view.pressWith("Control", "z");
    strictEqual(await view.prediction(), "–");
  },
);

browserTest("example: the page finishes a training after 10,000 epochs", async () => {
  using folder = new Folder({
    ...smallSet(),
    "p.npz": writeParameters(initialise(12, 5, 3, new RandomState(601))),
  });
  await using server = await Server.start(folder.file("p.npz"), "--data", folder.path);
  await using view = await View.open(server.address);
  await view.goTo("train");
  await view.page.click("#start");
  await view.page.waitForFunction(
    `document.getElementById("training-status").textContent.startsWith("Finished")`,
    { timeout: TIMEOUT },
  );
  strictEqual(await view.text("#training-status"), "Finished after 10000 epochs");
  strictEqual((await curve(view)).epoch, 10_000);
  strictEqual(await view.text("#correct"), "20 of 20");
});

browserTest("example: the page reports a browser without WebAssembly SIMD", async () => {
  await using server = await Server.start("--limit", `${LIMIT}`);
  await using view = await View.open(server.address);
  await view.goTo("train");
  const without =
    "WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError(); } };";
  await view.page.setRequestInterception(true);
  view.page.on("request", (request) => {
    if (!request.url().endsWith("trainer.js")) return request.continue();
    // a page that isolates itself loads only workers that do so, too
    const headers = { "cross-origin-embedder-policy": "require-corp" };
    request.respond({
      contentType: "text/javascript",
      headers,
      body: without + WORKER_SCRIPTS.trainer,
    });
  });
  await view.page.click("#start");
  await view.page.waitForSelector("#training-error:not([hidden])");
  const words = "Cannot train: this browser does not support WebAssembly SIMD";
  strictEqual(await view.text("#training-error"), words);
});

browserTest("example: the page refuses invalid settings", async () => {
  await using server = await Server.start("--limit", `${LIMIT}`);
  await using view = await View.open(server.address);
  await view.goTo("train");
  for (
    const [name, value, good] of [["hidden", "0", "80"], ["hidden", "5000", "80"], [
      "seed",
      "-1",
      "601",
    ]] as const
  ) {
    await setting(view, name, value);
    await view.page.click("#start");
    strictEqual(await view.page.$("form :invalid") === null, false, `${name} ${value}`);
    await setting(view, name, good);
  }
  strictEqual(view.requests.some((url) => url.endsWith("trainer.js")), false);
  await setting(view, "learningRate", "0");
  await view.page.click("#start");
  await view.page.waitForSelector("#training-error:not([hidden])");
  strictEqual(
    await view.text("#training-error"),
    "Cannot train at learning rate 0: must be finite and > 0",
  );
  // the library's words stay English on a Japanese page, and say so
  await view.page.click("[data-language=ja]");
  const lang = () => view.page.$eval("#training-error", (line) => line.getAttribute("lang"));
  ok((await view.text("#training-error")).startsWith("Cannot train") && await lang() === "en");
});

browserTest(
  "example: the page reports that the trainer or its images cannot be loaded",
  async () => {
    await using server = await Server.start("--limit", `${LIMIT}`);
    const cases = [
      ["trainer.js", "Cannot load trainer.js", "trainer.js を読み込めない"],
      [
        "train.npz",
        "Cannot load the training images: HTTP 404",
        "学習画像を読み込めない（HTTP 404）",
      ],
      [
        "test.npz",
        "Cannot load the test images: HTTP 404",
        "テスト画像を読み込めない（HTTP 404）",
      ],
    ] as const;
    for (const [missing, words, japanese] of cases) {
      await using view = await View.open(server.address);
      await view.goTo("train");
      await view.page.setRequestInterception(true);
      view.page.on("request", (request) => {
        if (request.url().endsWith(missing)) request.respond({ status: 404 });
        else request.continue();
      });
      await view.page.click("#start");
      await view.page.waitForSelector("#training-error:not([hidden])");
      strictEqual(await view.text("#training-error"), words);
      await view.page.click("[data-language=ja]");
      strictEqual(await view.text("#training-error"), japanese);
      strictEqual(await view.page.$("#training-error[lang]"), null);
      const messages = view.messages.splice(0); // Chromium's own
      ok(messages.every((line) => line.includes("404")), messages.join());
    }
  },
);
