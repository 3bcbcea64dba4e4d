/// <reference lib="dom" />
/** The playground in a browser: training in its worker. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import golden from "../../fixtures/golden_hashes.json" with { type: "json" };
import { WORKER_SCRIPT } from "../../lib/pages/generated/scripts.ts";
import { loadDataset } from "../../lib/system/data.ts";
import { percent } from "../../lib/text/numbers.ts";
import {
  classify,
  evaluate,
  initialise,
  type Quality,
  RandomState,
  readParameters,
  SimdEngine,
  writeParameters,
} from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { browserTest, output, pageTest, Server, TIMEOUT, View } from "./_browser.ts";

/** The number of training images, few enough for short epochs. */
const LIMIT = 3000;

/** The settings that the tests choose: 60 batches in an epoch. */
const SETTINGS = { batchSize: 50, learningRate: 0.1, hidden: 20, seed: 7 };

const TRAINED = "#parameters-name ::-p-text(the network trained on this page)";

async function fill(view: View, settings: Readonly<Record<string, number | string>>) {
  for (const [name, value] of Object.entries(settings)) {
    await view.page.locator(`#train [name=${name}]`).fill(`${value}`);
  }
}

/** Waits until the status begins with some words. */
async function status(view: View, words: string): Promise<void> {
  await view.page.waitForFunction(
    (words) => document.getElementById("training-status")!.innerText.startsWith(words),
    { timeout: TIMEOUT },
    words,
  );
}

/** Waits until the training has stopped at a place. */
async function paused(view: View, place: string): Promise<void> {
  await view.page.waitForSelector(`#epoch ::-p-text(${place})`, { timeout: TIMEOUT });
  await status(view, "Paused");
}

/** Waits until so many batches have been trained on. */
async function batches(view: View, count: number): Promise<void> {
  await view.page.waitForFunction(
    (count) => {
      const numbers = document.getElementById("epoch")!.innerText.replaceAll(",", "");
      const [epoch, iteration, iterations] = (numbers.match(/\d+/g) ?? [0, 0, 0]).map(Number);
      return (epoch! - 1) * iterations! + iteration! >= count;
    },
    { timeout: TIMEOUT },
    count,
  );
}

/** Loss and accuracy of the training and of the test in the table. */
async function figures(view: View): Promise<string[]> {
  return await view.page.$$eval(".qualities td", (cells) => {
    return cells.slice(1, 5).map(({ innerText }) => innerText);
  });
}

const figuresOf = ({ crossEntropy, accuracy }: Quality) => [
  crossEntropy.toFixed(4),
  percent(accuracy),
];

/** Saves the network to a folder and returns the path of the file. */
async function save(view: View, folder: Folder): Promise<string> {
  const session = await view.browser.target().createCDPSession();
  const behavior = "allow", file = join(folder.path, "parameter.npz");
  await session.send("Browser.setDownloadBehavior", { behavior, downloadPath: folder.path });
  await view.page.click("#save");
  await status(view, "Saved");
  for (let attempts = 0; !folder.names().includes("parameter.npz"); attempts++) {
    ok(attempts < 100, "nothing was downloaded");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return file;
}

pageTest(
  "reference: the page trains by one batch and by one epoch, shows what the saved network answers, and its link trains it again",
  { limit: LIMIT, fragment: "view=train&example=8" },
  async (view) => {
    // before, the network is one that is not trained either
    strictEqual(await view.text("#epoch"), "Not trained yet");
    ok((await view.text(".curves")).includes("Accuracy (%)"), "axes where the curves will be");
    strictEqual(await view.text("#parameters-name"), "not trained yet, drawn with seed 601");
    await fill(view, SETTINGS);
    await view.page.click("#run-batch");
    await paused(view, "epoch 1, batch 1 of 60");
    await view.page.click("#run-epoch");
    await paused(view, "epoch 1, batch 60 of 60");
    // the drawing, the examples and the hidden units are those of the new network
    using folder = new Folder();
    const parameters = readParameters(Deno.readFileSync(await save(view, folder)));
    const { data: test } = loadDataset(undefined, "test");
    const quality = evaluate(new SimdEngine(parameters, test));
    deepStrictEqual((await figures(view)).slice(2), figuresOf(quality));
    const marks = await view.page.$$eval(
      "#gallery [role=option]",
      (options) => options.map((option) => (option as HTMLElement).dataset.answer ?? null),
    );
    const answers = marks.map((_, i) => classify(parameters, test.image(i)).class);
    deepStrictEqual(marks, answers.map((k, i) => k === test.labels[i] ? null : `${k}`));
    strictEqual(await view.prediction(), `${answers[8]}`);
    strictEqual(await view.page.$$eval("#units canvas", (cells) => cells.length), 20);
    await view.page.waitForFunction(`location.hash.includes("trained=60")`);
    await view.page.evaluate(() => location.hash = location.hash.replace("=train", "=draw"));
    await view.page.reload();
    await view.page.waitForSelector(TRAINED, { timeout: TIMEOUT });
    const bars = await view.page.$$eval("#bars span", (bars) => bars.map((bar) => bar.innerHTML));
    const { probabilities } = classify(parameters, test.image(8));
    deepStrictEqual(bars, Array.from(probabilities, (p) => percent(p).replace("<", "&lt;")));
    await view.goTo("train");
    await view.page.click("#run-batch");
    await paused(view, "epoch 2, batch 1 of 60");
    // an address without it is that of the page's own network
    await view.page.evaluate(() => location.hash = "#view=draw");
    await view.page.waitForSelector("#units-79");
    strictEqual(await view.text("#parameters-name"), "the report's parameters");
  },
);

pageTest(
  "example: with the keyboard a training is started, paused, continued and started again, and goes on in other views",
  { limit: LIMIT, fragment: "view=train&example=8" },
  async (view, address) => {
    // on a busy machine it has more batches than the address holds
    view.page.on("dialog", (dialog) => dialog.accept());
    const before = await view.prediction();
    await view.page.focus("#train [name=seed]");
    await view.pressWith("Control", "z"); // in a field it does not undo the drawing
    strictEqual(await view.prediction(), before);
    await fill(view, SETTINGS);
    await view.tabTo("start");
    await view.press("Space");
    await view.goTo("draw");
    await view.page.waitForSelector(TRAINED);
    await view.goTo("train");
    await batches(view, 120);
    strictEqual(await view.text("#training-status"), "Training …");
    await view.tabTo("start");
    strictEqual(await view.text("#start"), "Pause");
    await view.press("Space");
    await status(view, "Paused");
    const words = await view.page.$$eval(
      "#curves svg",
      (svgs) => svgs.map((svg) => svg.ariaLabel!),
    );
    ok(words[0]!.startsWith("Cross-entropy (nats): train, during epoch: "), words[0]);
    ok(/test, after epoch: \S+ in epoch 0, \S+ in epoch [\d.]+\.$/.test(words[1]!), words[1]);
    strictEqual(await view.text("#start"), "Continue");
    await view.press("Space");
    await status(view, "Training …");
    // Step shows one network
    await view.goTo("step");
    await view.goTo("train");
    await status(view, "Paused");
    // other settings apply after a restart only
    await fill(view, { hidden: 30 });
    strictEqual(await view.page.$$eval("#units [role=option]", (cells) => cells.length), 20);
    await view.press("Enter");
    await view.page.waitForSelector("#units-29");
    await view.tabTo("restore");
    await view.press("Enter");
    strictEqual(await view.page.evaluate(() => document.activeElement!.id), "start");
    strictEqual(await view.page.$$eval("#units [role=option]", (cells) => cells.length), 80);
    deepStrictEqual(await figures(view), ["–", "–", "–", "–"]);
    await view.pressWith("Control", "z");
    strictEqual(await view.prediction(), "–");
    const origin = new URL(address).origin;
    const requests = view.requests.filter((url) => !url.startsWith(`blob:${origin}/`)); // threads
    ok(requests.every((url) => new URL(url).origin === origin), requests.join());
  },
);

browserTest(
  "reference: two epochs in the browser, with its threads, have the hash and the test of the command",
  async () => {
    using folder = new Folder();
    const { hash } = golden["train --epochs 2"];
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#view=train&trained=1200`);
    await paused(view, "epoch 2, batch 600 of 600");
    const isAlone = navigator.hardwareConcurrency === 1;
    ok(isAlone || view.requests.some((url) => url.startsWith("blob:")), "it has one thread");
    const shown = await figures(view), file = await save(view, folder);
    ok((await output("inspect", file)).includes(`hash: ${hash}`));
    const result = JSON.parse(await output("evaluate", file, "--json")) as Quality;
    deepStrictEqual(shown.slice(2), figuresOf(result));
    await view.page.click("#start"); // a link ends a training, and begins with no batch of it
    await view.page.evaluate(() => location.hash = "#view=train&trained=0&trained-units=20");
    await paused(view, "epoch 1, batch 0 of 600");
  },
);

browserTest(
  "example: a page without training images says so, also to a link with a trained network",
  async () => {
    const { "t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels } = smallSet();
    using folder = new Folder({
      "t10k-images-idx3-ubyte": images!,
      "t10k-labels-idx1-ubyte": labels!,
      "p.npz": writeParameters(initialise(12, 5, 3, new RandomState(601))),
    });
    await using server = await Server.start(folder.file("p.npz"), "--data", folder.path);
    await using view = await View.open(`${server.address}#view=train&trained=3`);
    const words =
      "The link is for a network trained on the page, and this page has no training images.";
    strictEqual(await view.text("#error"), words);
    ok((await view.text("main")).includes("This page cannot train"));
    strictEqual(await view.text("#parameters-name"), "p.npz (not in the link)");
  },
);

pageTest("example: a training of more than 2,000 batches is lost only after a question", {
  limit: LIMIT,
  fragment: "view=train",
}, async (view) => {
  const questions: string[] = [];
  view.page.on("dialog", (dialog) => {
    questions.push(dialog.type());
    dialog.dismiss();
  });
  await fill(view, SETTINGS);
  await view.page.click("#start");
  await batches(view, 2001);
  await view.page.click("#start");
  await status(view, "Paused");
  const name = "the network trained on this page (a reload loses it: save it first)";
  strictEqual(await view.text("#parameters-name"), name);
  await view.page.waitForFunction(`!location.hash.includes("trained")`);
  await view.page.focus("#train [name=hidden]");
  await view.press("Enter");
  await view.page.click("#restore");
  await view.page.evaluate(() => location.reload());
  deepStrictEqual(questions, ["confirm", "confirm", "beforeunload"]);
  strictEqual(await view.text("#parameters-name"), name);
  await view.goTo("draw"); // the link has no network, and the page keeps it
  strictEqual(await view.text("#parameters-name"), name);
  await view.page.evaluate(() => location.hash = "#view=step&seed=5");
  await view.page.waitForSelector("#parameters-name ::-p-text(seed 5)");
  using folder = new Folder();
  await view.goTo("train");
  await save(view, folder);
  await view.page.click("#restore"); // what is saved can be lost
  deepStrictEqual(questions.length, 3);
});

browserTest("example: the page finishes a training after 10,000 epochs", async () => {
  using folder = new Folder({
    ...smallSet(),
    "p.npz": writeParameters(initialise(12, 5, 3, new RandomState(601))),
  });
  await using server = await Server.start(folder.file("p.npz"), "--data", folder.path);
  await using view = await View.open(`${server.address}#view=train`);
  await fill(view, { batchSize: 40, learningRate: 1 });
  await view.page.click("#start");
  await status(view, "Finished");
  strictEqual(await view.text("#test-accuracy"), "100.00 %");
  strictEqual(await view.text("#epoch"), "epoch 10,000, batch 1 of 1");
  ok(await view.page.$("#start:disabled"));
});

pageTest(
  "example: the page refuses invalid settings at once, in both languages, and trains again after a divergence",
  { limit: LIMIT, fragment: "view=train" },
  async (view) => {
    await fill(view, { hidden: 5000 });
    const refusal = "hidden units: Must be an integer from 1 to 4096";
    strictEqual(await view.text("#settings-error"), refusal);
    await view.page.click("#start");
    await view.page.waitForSelector("[name=hidden][aria-invalid=true]:focus");
    strictEqual(view.requests.some((url) => url.endsWith("worker.js")), false);
    await view.page.click("[data-language=ja]");
    ok((await view.text("#settings-error")).startsWith("隠れ層のユニット数: "));
    await view.page.click("[data-language=en]");
    await fill(view, { hidden: 80, learningRate: "1e308" });
    await view.page.click("#start");
    await view.page.waitForSelector("#training-error[lang=en]:not([hidden])");
    ok((await view.text("#training-error")).startsWith("Training diverged: the loss is "));
    strictEqual(await view.text("#start"), "Start");
    await fill(view, { learningRate: "0.01" });
    await view.page.click("#start");
    await batches(view, 30);
    strictEqual(await view.page.$("#training-error:not([hidden])"), null, "the old error is gone");
  },
);

browserTest(
  "example: the page says what the training lacks, in both languages, and trains when it is there",
  async () => {
    await using server = await Server.start("--limit", `${LIMIT}`);
    const lost = "Cannot load the training images: the server does not answer";
    const noSimd = "Cannot train: this browser does not support WebAssembly SIMD";
    const failure =
      "WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError } };";
    const withoutSimd = {
      contentType: "text/javascript",
      // a page that isolates itself loads only workers that do so, too
      headers: { "cross-origin-embedder-policy": "require-corp" },
      body: failure + WORKER_SCRIPT,
    };
    const cases = [
      ["test.images", { status: 404 }, "Cannot load the test images: HTTP 404", "（HTTP 404）"],
      ["train.images", undefined, lost, "（サーバーが応答しない）"],
      ["worker.js", { status: 404 }, "Cannot load worker.js", "worker.js を読み込めない"],
      ["worker.js", withoutSimd, noSimd, "WebAssembly SIMD に対応していない"],
    ] as const;
    await using view = await View.open(`${server.address}#view=train`);
    let [missing, response]: readonly [string, typeof cases[number][1]] = ["", undefined];
    await view.page.setRequestInterception(true);
    view.page.on("request", (request) => {
      if (missing === "" || !request.url().endsWith(missing)) return request.continue();
      if (response) request.respond(response);
      else request.abort();
    });
    for (const [name, answer, words, japanese] of cases) {
      [missing, response] = [name, answer];
      await view.page.click("#start");
      await view.page.waitForSelector("#training-error:not([hidden])");
      strictEqual(await view.text("#training-error"), words);
      await view.page.click("[data-language=ja]");
      ok((await view.text("#training-error")).endsWith(japanese));
      await view.page.click("[data-language=en]");
    }
    view.messages.length = 0; // Chromium's own, of what it cannot load
  },
);
