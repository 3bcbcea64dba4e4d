/// <reference lib="dom" />
/** The playground in a browser: training in its worker. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import golden from "../../fixtures/golden_hashes.json" with { type: "json" };
import { WORKER_SCRIPTS } from "../../lib/pages/playground/generated/scripts.ts";
import { TrainingRun } from "../../lib/pages/playground/train/training_run.ts";
import { REPORT_HYPERPARAMETERS } from "../../lib/pages/playground/train/training_settings.ts";
import { loadDataset } from "../../lib/system/data.ts";
import { percent } from "../../lib/text/numbers.ts";
import {
  classify,
  initialise,
  type Quality,
  RandomState,
  readParameters,
  writeParameters,
} from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { browserTest, output, Server, TIMEOUT, View } from "./_browser.ts";

/** The number of training images, few enough for short epochs. */
const LIMIT = 3000;

/** The settings that the tests choose: 60 batches in an epoch. */
const SETTINGS = { batchSize: 50, learningRate: 0.1, hidden: 20, seed: 7 };

/** The same training by the library. */
function libraryRun(settings = SETTINGS): TrainingRun {
  const training = loadDataset(undefined, "train").data.first(LIMIT);
  const test = loadDataset(undefined, "test").data;
  return new TrainingRun(settings, { training, test, classes: 10, threads: 1 });
}

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

/** The figures of the table. */
async function figures(view: View): Promise<Record<string, string>> {
  const ids = ["train-loss", "train-accuracy", "test-loss", "test-accuracy"];
  return Object.fromEntries(
    await Promise.all(ids.map(async (id) => [id, await view.text(`#${id}`)])),
  );
}

function figuresOf(running: Quality, test: Quality): Record<string, string> {
  return {
    "train-loss": running.crossEntropy.toFixed(4),
    "train-accuracy": percent(running.accuracy),
    "test-loss": test.crossEntropy.toFixed(4),
    "test-accuracy": percent(test.accuracy),
  };
}

/** Saves the network to a folder and returns the path of the file. */
async function save(view: View, folder: Folder): Promise<string> {
  const session = await view.browser.target().createCDPSession();
  const behavior = "allow", file = join(folder.path, "parameter.npz");
  await session.send("Browser.setDownloadBehavior", { behavior, downloadPath: folder.path });
  await view.page.click("#save");
  await status(view, "Saved ");
  for (let attempts = 0; !folder.names().includes("parameter.npz"); attempts++) {
    ok(attempts < 100, "nothing was downloaded");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return file;
}

browserTest(
  "reference: the page trains by one batch and by one epoch, to the figures of the library",
  async () => {
    await using server = await Server.start("--limit", `${LIMIT}`);
    await using view = await View.open(`${server.address}#view=train&example=8`);
    const run = libraryRun();
    await fill(view, SETTINGS);
    await view.page.click("#run-batch");
    await status(view, "Paused after 1 batch");
    run.takeBatch();
    deepStrictEqual(await figures(view), figuresOf(run.running!, run.test()));
    await view.page.click("#run-epoch");
    await status(view, "Paused after 60 batches");
    for (let i = 1; i < 60; i++) run.takeBatch();
    deepStrictEqual(await figures(view), figuresOf(run.running!, run.test()));
    strictEqual(await view.text("#epoch"), "epoch 1, batch 60 of 60");
    // the drawing, the examples and the hidden units are those of the new network
    const { data: test } = loadDataset(undefined, "test");
    strictEqual(await view.prediction(), `${classify(run.parameters, test.image(8)).class}`);
    const wrong = await view.page.$$eval(
      "#gallery [data-answer]",
      (options) => options.map((option) => [option.id, (option as HTMLElement).dataset.answer]),
    );
    const answers = [...run.answers(200)], isWrong = (i: number) => answers[i] !== test.labels[i];
    const expected = [...answers.keys()].filter(isWrong);
    deepStrictEqual(wrong, expected.map((i) => [`gallery-${i}`, `${answers[i]}`]));
    ok(
      (await view.text("#examples-correct"))
        .startsWith(`The network is right in ${200 - expected.length} of 200`),
    );
    strictEqual(await view.page.$$eval("#units canvas", (cells) => cells.length), 20);
    strictEqual(await view.text("#parameters-name"), "the network trained on this page");
  },
);

browserTest("example: a training is started, paused, continued and started again", async () => {
  await using server = await Server.start("--limit", `${LIMIT}`);
  await using view = await View.open(`${server.address}#view=train&example=8`);
  const before = await view.prediction(), given = await view.text("#parameters-name");
  await fill(view, SETTINGS);
  strictEqual(await view.text("#start"), "Start");
  await view.page.click("#start");
  await batches(view, 120);
  strictEqual(await view.text("#start"), "Pause");
  strictEqual(await view.text("#training-status"), "Training on 3,000 images of 10 classes");
  await view.page.click("#start");
  await status(view, "Paused after ");
  const paused = await figures(view);
  await new Promise((resolve) => setTimeout(resolve, 300)); // dozens of batches
  deepStrictEqual(await figures(view), paused);
  const test = await view.page.$$eval("#curves svg", (svgs) => svgs.map((svg) => svg.ariaLabel!));
  ok(test[0]!.startsWith("Cross-entropy (nats): train, during epoch: "), test[0]);
  ok(/test, after epoch: \S+ in epoch 0, \S+ in epoch [\d.]+\.$/.test(test[1]!), test[1]);

  strictEqual(await view.text("#start"), "Continue");
  await view.page.click("#start");
  await view.page.waitForFunction(
    (loss) => document.getElementById("train-loss")!.innerText !== loss,
    { timeout: TIMEOUT },
    paused["train-loss"],
  );
  // other settings apply after a restart only
  await fill(view, { hidden: 30 });
  strictEqual(await view.text("#settings-note"), "The changed settings apply after Restart.");
  strictEqual(await view.page.$$eval("#units [role=option]", (cells) => cells.length), 20);
  await view.page.focus("#train [name=hidden]");
  await view.press("Enter");
  await view.page.waitForSelector("#units-29");
  strictEqual(await view.text("#settings-note"), "");

  await view.page.click("#restore");
  strictEqual(await view.prediction(), before);
  strictEqual(await view.text("#parameters-name"), given);
  strictEqual(await view.page.$$eval("#units [role=option]", (cells) => cells.length), 80);
  deepStrictEqual(Object.values(await figures(view)), ["–", "–", "–", "–"]);
  const origin = new URL(server.address).origin;
  const requests = view.requests.filter((url) => !url.startsWith(`blob:${origin}/`)); // threads
  ok(requests.every((url) => new URL(url).origin === origin), requests.join());
});

browserTest(
  "reference: `evaluate` prints the test figures of the page for the file that the page saves",
  async () => {
    using folder = new Folder();
    await using server = await Server.start("--limit", `${LIMIT}`);
    await using view = await View.open(`${server.address}#view=train`);
    strictEqual(
      await view.page.$eval("#save", (save) => (save as HTMLButtonElement).disabled),
      true,
    );
    await fill(view, SETTINGS);
    await view.page.click("#start");
    await batches(view, 70);
    await view.page.click("#start");
    await status(view, "Paused after ");
    const shown = await figures(view), file = await save(view, folder);
    const result = JSON.parse(await output("evaluate", file, "--json")) as Quality;
    deepStrictEqual([shown["test-loss"], shown["test-accuracy"]], [
      result.crossEntropy.toFixed(4),
      percent(result.accuracy),
    ]);
    const words = await view.text("#training-status");
    ok(words.endsWith(`cross-entropy ${shown["test-loss"]}, accuracy ${shown["test-accuracy"]}`));
    await output("plot", file, "--out", folder.file("curves.svg"));
    ok(Deno.readTextFileSync(folder.file("curves.svg")).includes("test, after epoch"));
  },
);

browserTest(
  "reference: two epochs in the browser, with its threads, have the hash of `train --epochs 2 --hash`",
  async () => {
    using folder = new Folder();
    const { hash } = golden["train --epochs 2"];
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#view=train&trained=1200`);
    await status(view, "Paused after 1,200 batches");
    ok((await output("inspect", await save(view, folder))).includes(`hash: ${hash}`));
  },
);

browserTest("example: a link trains its network again, for all views", async () => {
  using folder = new Folder();
  const settings = { ...REPORT_HYPERPARAMETERS, hidden: 20 };
  await using server = await Server.start("--limit", `${LIMIT}`);
  const link = "view=step&quantity=A1&example=8&trained=31&trained-units=20";
  await using view = await View.open(`${server.address}#${link}`);
  await view.page.waitForFunction(
    `document.getElementById("settings-summary").textContent.includes("trained on this page")`,
    { timeout: TIMEOUT },
  );
  await view.goTo("train");
  await status(view, "Paused after 31 batches");
  const run = libraryRun(settings);
  for (let i = 0; i < 31; i++) run.takeBatch();
  deepStrictEqual(await figures(view), figuresOf(run.running!, run.test()));
  const { W1 } = readParameters(Deno.readFileSync(await save(view, folder)));
  deepStrictEqual(W1.data, run.parameters.W1.data);
  strictEqual(
    await view.page.$eval("#train [name=hidden]", (input) => (input as HTMLInputElement).value),
    "20",
  );
  await view.page.click("#run-batch");
  await status(view, "Paused after 32 batches");
  await view.page.waitForFunction(`location.hash.includes("trained=32&trained-units=20")`);
  ok((await view.text("#link-note")).startsWith("The address of this page holds the network"));
  // an address without it is that of the original network
  await view.page.evaluate(() => location.hash = "#view=train");
  await view.page.waitForSelector("#units-79");
  strictEqual(await view.text("#parameters-name"), "the report's parameters");
});

browserTest(
  "example: a page without training images says so to a link with a trained network",
  async () => {
    const { "t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels } = smallSet();
    using folder = new Folder({
      "t10k-images-idx3-ubyte": images!,
      "t10k-labels-idx1-ubyte": labels!,
      "p.npz": writeParameters(initialise(12, 5, 3, new RandomState(601))),
    });
    await using server = await Server.start(folder.file("p.npz"), "--data", folder.path);
    await using view = await View.open(`${server.address}#view=draw&trained=3`);
    const words =
      "The link is for a network trained on the page, and this page has no training images.";
    strictEqual(await view.text("#error"), words);
    await view.goTo("train");
    ok((await view.text("main")).includes("This page cannot train"));
  },
);

browserTest("example: the address does not have a network of more than 2,000 batches", async () => {
  await using server = await Server.start("--limit", `${LIMIT}`);
  await using view = await View.open(`${server.address}#view=train`);
  await fill(view, SETTINGS);
  await view.page.click("#start");
  await batches(view, 2001);
  await view.page.click("#start");
  await status(view, "Paused after ");
  const words =
    "After more than 2,000 batches the address does not hold the network: a reload loses it. " +
    "Save it first.";
  strictEqual(await view.text("#link-note"), words);
  const name = "the network trained on this page (a reload loses it: save it first)";
  strictEqual(await view.text("#parameters-name"), name);
  await view.page.waitForFunction(`!location.hash.includes("trained")`);
  await view.goTo("draw"); // the link has no network, and the page keeps it
  strictEqual(await view.text("#parameters-name"), name);
  const right = await view.text("#examples-correct");
  await view.page.evaluate(() => location.hash = "#view=step&seed=601");
  await view.page.waitForFunction(
    `document.getElementById("parameters-name").textContent.includes("seed 601")`,
  );
  await view.goTo("train"); // the network of a seed is that of Step alone
  strictEqual(await view.text("#parameters-name"), name);
  await view.page.waitForFunction(
    (right: string) => document.getElementById("examples-correct")!.textContent === right,
    {},
    right,
  );
  await view.goTo("step");
  strictEqual(await view.text("#parameters-name"), "not trained yet, drawn with seed 601");
});

browserTest("example: the page says whether a network is better than guessing", async () => {
  await using server = await Server.start("--limit", `${LIMIT}`);
  await using view = await View.open(`${server.address}#view=train&trained=0&lang=en`);
  await status(view, "Paused after 0 batches");
  const guessing =
    "which has a cross-entropy of ln\u00a010\u00a0=\u00a02.303 and is right in 11.35 %.";
  strictEqual(await view.text("#guessing"), `No better than guessing, ${guessing}`);
  await fill(view, SETTINGS);
  await view.page.click("#restart");
  await batches(view, 120);
  strictEqual(await view.text("#guessing"), `Better than guessing, ${guessing}`);
});

browserTest(
  "example: the page marks a wrong answer to an example, and not to a drawing",
  async () => {
    await using server = await Server.start("--limit", `${LIMIT}`);
    await using view = await View.open(`${server.address}#view=train&example=8&trained=0`);
    await status(view, "Paused after 0 batches");
    ok(await view.prediction() !== "5");
    strictEqual(await view.text("#correctness"), "wrong: it is a 5");
    await view.page.click("#gallery-8");
    await view.page.waitForFunction(
      `document.getElementById("announcements").textContent.endsWith(" %, wrong: it is a 5")`,
    );
    await view.page.click("#restore");
    await view.page.evaluate(() => location.hash = "#view=draw&example=0");
    await view.page.waitForFunction(
      `document.querySelector("#prediction strong").innerText === "7"`,
    );
    strictEqual(await view.text("#correctness"), "right: it is a 7");
    await view.page.click("[data-language=ja]");
    strictEqual(await view.text("#correctness"), "正解（7）");
    await view.draw([[{ x: 0.5, y: 0.2 }, { x: 0.5, y: 0.8 }]]);
    strictEqual(await view.text("#correctness"), "");
  },
);

browserTest("example: the page shows how a training diverges, and trains again", async () => {
  await using server = await Server.start("--limit", `${LIMIT}`);
  await using view = await View.open(`${server.address}#view=train`);
  await view.page.click("#run-epoch");
  await status(view, "Paused after 30 batches");
  await fill(view, { learningRate: "1e308" });
  await view.page.click("#restart");
  await view.page.waitForSelector("#training-error:not([hidden])");
  const words = await view.text("#training-error");
  ok(words.startsWith("Training diverged: the loss is "), words);
  strictEqual(
    await view.page.$eval("#training-error", (error) => (error as HTMLElement).lang),
    "en",
  );
  strictEqual(await view.text("#start"), "Start");
  await fill(view, { learningRate: "0.01" });
  await view.page.click("#start");
  await batches(view, 30);
  strictEqual(await view.page.$("#training-error:not([hidden])"), null, "the old error is gone");
});

browserTest("example: a training goes on in Draw, and pauses in Step", async () => {
  await using server = await Server.start("--limit", `${LIMIT}`);
  await using view = await View.open(`${server.address}#view=train&example=8`);
  await fill(view, SETTINGS);
  await view.page.click("#start");
  await batches(view, 1);
  await view.goTo("draw");
  const before = await view.text("#bars");
  await view.page.waitForFunction(
    (before) => document.getElementById("bars")!.innerText !== before,
    { timeout: TIMEOUT },
    before,
  );
  await view.goTo("step");
  await status(view, "Paused after ");
  ok((await view.text("#settings-summary")).includes("the network trained on this page"));
});

browserTest("example: the keyboard alone trains, saves and goes back", async () => {
  await using server = await Server.start("--limit", `${LIMIT}`);
  await using view = await View.open(`${server.address}#view=train`);
  const focused = () => view.page.evaluate(() => document.activeElement!.id);
  await view.tabTo("run-batch");
  for (const words of ["Paused after 1 batch", "Paused after 2 batches"]) {
    await view.press("Space");
    await status(view, words);
    strictEqual(await focused(), "run-batch");
  }
  await view.tabTo("save");
  await view.press("Enter");
  await status(view, "Saved after 2 batches");
  await view.tabTo("restore");
  await view.press("Enter");
  strictEqual(await focused(), "start");
  strictEqual(await view.text("#epoch"), "Not trained yet");
});

browserTest("example: the page trains on few images, in which classes are missing", async () => {
  await using server = await Server.start("--limit", "1");
  await using view = await View.open(`${server.address}#view=train`);
  await fill(view, { batchSize: 1 });
  await view.page.click("#run-epoch");
  await status(view, "Paused after 1 batch");
  strictEqual(await view.page.$$eval("#bars li", (bars) => bars.length), 10);
});

browserTest("example: the page ignores messages of a training that it has ended", async () => {
  await using server = await Server.start("--limit", "100");
  await using view = await View.open(`${server.address}#view=train`);
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
  const receive = (worker: number, message: unknown) =>
    view.page.evaluate(`workers[${worker}].onmessage({ data: ${JSON.stringify(message)} })`);
  const quality = { crossEntropy: 1, accuracy: 0.5 };
  const progress = (epochs: number) => ({
    type: "progress",
    ...{ batches: epochs, epochs, batchesPerEpoch: 1, running: quality, speed: 1, threads: 1 },
    ...{ tested: { batches: epochs, quality }, guessing: { ...quality, chance: 1 }, curves: "" },
  });
  const started = { type: "started", images: 100, classes: 10 };
  await view.page.click("#start");
  await receive(0, started);
  await receive(0, progress(11));
  ok((await view.text("#epoch")).startsWith("epoch 11,"));
  await view.page.click("#restart");
  await receive(0, progress(22)); // of the training before
  ok((await view.text("#epoch")).startsWith("epoch 11,"));
  await receive(0, started);
  await receive(0, progress(1));
  ok((await view.text("#epoch")).startsWith("epoch 1,"));
  await view.page.click("#restore");
  await receive(0, progress(33));
  strictEqual(await view.text("#epoch"), "Not trained yet");
});

browserTest(
  "example: Ctrl Z in a field does not undo a stroke",
  async () => {
    await using server = await Server.start("--limit", "1");
    await using view = await View.open(server.address);
    await view.page.click("#example");
    await view.goTo("train");
    const before = await view.prediction();
    await view.page.focus("#train [name=seed]");
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
  await using view = await View.open(`${server.address}#view=train`);
  strictEqual(await view.text("#parameters-name"), "p.npz (not in the link)");
  await fill(view, { batchSize: 40, learningRate: 1 });
  await view.page.click("#start");
  await status(view, "Finished");
  strictEqual(await view.text("#training-status"), "Finished after 10,000 epochs");
  strictEqual(await view.text("#test-accuracy"), "100.00 %");
  strictEqual(await view.text("#epoch"), "epoch 10,000, batch 1 of 1");
  strictEqual(
    await view.page.$eval("#start", (start) => (start as HTMLButtonElement).disabled),
    true,
  );
});

browserTest("example: the page reports a browser without WebAssembly SIMD", async () => {
  await using server = await Server.start("--limit", `${LIMIT}`);
  await using view = await View.open(`${server.address}#view=train`);
  const without =
    "WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError(); } };";
  await view.page.setRequestInterception(true);
  view.page.on("request", (request) => {
    if (!request.url().endsWith("trainer.js")) return request.continue();
    // a page that isolates itself loads only workers that do so, too
    const headers = { "cross-origin-embedder-policy": "require-corp" };
    const body = without + WORKER_SCRIPTS.trainer;
    request.respond({ contentType: "text/javascript", headers, body });
  });
  await view.page.click("#start");
  await view.page.waitForSelector("#training-error:not([hidden])");
  const words = "Cannot train: this browser does not support WebAssembly SIMD";
  strictEqual(await view.text("#training-error"), words);
});

browserTest("example: the page refuses invalid settings, in both languages", async () => {
  await using server = await Server.start("--limit", `${LIMIT}`);
  await using view = await View.open(`${server.address}#view=train`);
  const cases = [
    ["hidden", "5000", "hidden units: Must be an integer from 1 to 4096"],
    ["seed", "-1", "seed: Must be an integer from 0 to 4294967295"],
    [
      "learningRate",
      "0",
      "learning rate: Must be a finite number greater than 0, such as 0.01 or 1e-3",
    ],
    ["batchSize", "3001", "batch size: there are 3000 train images"],
  ] as const;
  for (const [name, value, words] of cases) {
    await fill(view, { [name]: value });
    await view.page.click("#start");
    strictEqual(await view.text("#settings-error"), words);
    const field = await view.page.evaluate(() => {
      const { name, ariaInvalid } = document.activeElement as HTMLInputElement;
      return [name, ariaInvalid];
    });
    deepStrictEqual(field, [name, "true"]);
    await fill(view, { [name]: REPORT_HYPERPARAMETERS[name] });
  }
  strictEqual(view.requests.some((url) => url.endsWith("trainer.js")), false);
  await view.page.click("[data-language=ja]");
  strictEqual(await view.text("#settings-error"), "バッチサイズ: 訓練画像は 3000 枚しかない");
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
        "訓練画像を読み込めない（HTTP 404）",
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
