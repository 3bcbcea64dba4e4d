/** The report's page: its pieces, what it says, what it must not hold, and the command that writes it. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { createHash } from "node:crypto";
import { crc32 as nodeCrc32, inflateSync } from "node:zlib";
import fc from "fast-check";
import { surestMistakes } from "../../lib/pages/report/misclassified.ts";
import { Markup, markup } from "../../lib/charts/html.ts";
import { type Report, reportPage } from "../../lib/pages/report/report_page.ts";
import { encodePng, type IndexedImage } from "../../lib/formats/png_encode.ts";
import { drawScale, drawUnit, weightScale } from "../../lib/charts/weights.ts";
import {
  Dataset,
  dim,
  evaluate,
  forward,
  Indices,
  initialise,
  Matrix,
  RandomState,
  ReferenceEngine,
  writeCheckpoint,
  writeParameters,
} from "../../mod.ts";
import manifest from "../../deno.json" with { type: "json" };
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";
import { smallSet } from "../helpers/idx.ts";
import { type Tag, wellFormed } from "../helpers/markup.ts";

/** `count` images of 4x3 in 3 classes, and parameters that nobody trained. */
function someReport({ hidden = 5, count = 50 } = {}) {
  const random = new RandomState(601);
  const data = Dataset.of(
    { width: 3, height: 4 },
    Uint8Array.from(random.randint(0, 256, count * 12)),
    Uint8Array.from({ length: count }, (_, i) => i % 3),
  );
  const parameters = initialise(
    dim("inputs", 12),
    dim("hidden", hidden),
    dim("classes", 3),
    random,
  );
  const engine = new ReferenceEngine(parameters, data);
  const evaluation = evaluate(engine), mistakes = surestMistakes(engine, 7);
  return {
    name: "parameter.npz",
    parameters,
    data,
    evaluation,
    mistakes,
    rows: madeUpRows(3),
    curves: {},
    facts: [["seed", "601"]],
  } satisfies Report;
}

/** The words of each element of this name, without the markup inside. */
function words(page: string, name: string): string[] {
  return [...page.matchAll(new RegExp(`<${name}[ >].*?</${name}>`, "gs"))]
    .map(([element]) => element.replace(/<[^>]*>/g, "").trim());
}

Deno.test("example: markup escapes what is put in, and only that", () => {
  const inner = markup`<b>${"<&>"}</b>`;
  strictEqual(`${inner}`, "<b>&lt;&amp;&gt;</b>");
  strictEqual(
    `${markup`<i title="${"\"'"}">${[inner, 1, undefined]}</i>`}`,
    '<i title="&quot;&#39;"><b>&lt;&amp;&gt;</b>1</i>',
  );
  strictEqual(`${markup`${new Markup("<br>")}`}`, "<br>");
});

Deno.test("law: markup stays well-formed, whatever the text", () => {
  // any UTF-16, sound or not
  fc.assert(fc.property(fc.uint16Array({ maxLength: 50 }), (units) => {
    const text = String.fromCharCode(...units);
    const tags = wellFormed(`${markup`<p title="${text}">${text}</p>`}`);
    strictEqual(tags.length, 1);
  }));
});

/** The chunks of a PNG, each one's checksum verified by Node's own crc32. */
function chunks(png: Uint8Array): Map<string, Uint8Array> {
  deepStrictEqual([...png.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(png.buffer, png.byteOffset), found = new Map<string, Uint8Array>();
  let at = 8;
  while (at < png.length) {
    const length = view.getUint32(at), body = png.subarray(at + 4, at + 8 + length);
    strictEqual(view.getUint32(at + 8 + length), nodeCrc32(body));
    found.set(new TextDecoder().decode(body.subarray(0, 4)), body.subarray(4));
    at += 12 + length;
  }
  strictEqual(at, png.length);
  return found;
}

const picture = fc.record({
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
  seed: fc.integer(),
}).map(({ width, height, seed }): IndexedImage => ({
  width,
  height,
  pixels: Uint8Array.from({ length: width * height }, (_, i) => Math.imul(seed, i + 1) >>> 13),
}));

Deno.test("law: encodePng() holds every pixel, behind a header of its sizes", () => {
  fc.assert(fc.property(picture, ({ width, height, pixels }) => {
    const found = chunks(encodePng({ width, height, pixels }));
    deepStrictEqual([...found.keys()], ["IHDR", "IDAT", "IEND"]);
    deepStrictEqual([...found.get("IHDR")!], [0, 0, 0, width, 0, 0, 0, height, 8, 0, 0, 0, 0]);
    const rows = inflateSync(found.get("IDAT")!);
    strictEqual(rows.length, height * (width + 1));
    const unfiltered = pixels.map((_, i) => rows[i + Math.floor(i / width) + 1]!);
    deepStrictEqual(unfiltered, pixels);
    for (let y = 0; y < height; y++) strictEqual(rows[y * (width + 1)], 0);
  }));
});

Deno.test("example: encodePng() writes a palette as colours and opacities", () => {
  const palette = [[1, 2, 3, 4], [250, 251, 252, 253]] as const;
  const found = chunks(encodePng({ width: 2, height: 1, pixels: Uint8Array.of(1, 0), palette }));
  deepStrictEqual([...found.keys()], ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
  strictEqual(found.get("IHDR")![9], 3);
  deepStrictEqual([...found.get("PLTE")!], [1, 2, 3, 250, 251, 252]);
  deepStrictEqual([...found.get("tRNS")!], [4, 253]);
});

Deno.test("example: encodePng() refuses pixels that do not fill the picture", () => {
  throws(() => encodePng({ width: 2, height: 2, pixels: new Uint8Array(3) }), {
    name: "RangeError",
    message: "Cannot draw 3 pixels as 2x2: need 4",
  });
});

Deno.test("example: drawUnit() gives 0 no colour, and opposite weights opposite ones", () => {
  const W1 = Matrix.of(2, 4, [9, 9, 9, 9, -2, -0.5, 0, 0.5]);
  const { pixels, palette } = drawUnit(W1, 1, { width: 2, height: 2 }, 1);
  const [strong, blue, none, orange] = [...pixels].map((i) => palette![i]!);
  strictEqual(none![3], 0);
  strictEqual(strong![3], 255); // beyond the full colour's -1
  deepStrictEqual(strong!.slice(0, 3), blue!.slice(0, 3));
  strictEqual(blue![3], orange![3]);
  ok(blue![2] > blue![0] && orange![0] > orange![2]);
});

Deno.test("example: drawUnit() takes weights that are all 0", () => {
  const W1 = Matrix.zeros(1, 4);
  const { pixels, palette } = drawUnit(W1, 0, { width: 2, height: 2 }, weightScale(W1, 1));
  deepStrictEqual([...pixels].map((i) => palette![i]![3]), [0, 0, 0, 0]);
});

Deno.test("example: fullColour() leaves out one weight of two hundred, of the units shown", () => {
  const weights = Array.from({ length: 400 }, (_, i) => i % 2 ? i : -i);
  strictEqual(
    weightScale(Matrix.of(2, 400, [...weights, ...weights.map((w) => 1000 * w)]), 1),
    398,
  );
});

Deno.test("example: drawScale() runs from the most negative colour over none to the most positive", () => {
  const { pixels, palette, width } = drawScale();
  strictEqual(pixels.length, width);
  deepStrictEqual([0, (width - 1) / 2, width - 1].map((i) => palette![pixels[i]!]![3]), [
    255,
    0,
    255,
  ]);
});

Deno.test("example: surestMistakes() are the mistakes of evaluate(), with the network's own probabilities", () => {
  const { parameters, data, evaluation } = someReport({ count: 1200 }); // more than are taken at once
  const engine = new ReferenceEngine(parameters, data);
  const all = surestMistakes(engine, Infinity);
  strictEqual(all.length, evaluation.count - evaluation.correct);
  ok(all.length > 100);
  const sureness = all.map(({ probabilities, predicted }) => probabilities[predicted]!);
  deepStrictEqual(sureness, sureness.toSorted((a, b) => b - a));
  deepStrictEqual(surestMistakes(engine, 3), all.slice(0, 3));
  for (const { example, label, predicted, probabilities } of all) {
    const one = Indices.of(dim("one", 1), [example]);
    const { P } = forward(parameters, data.batch(one).X);
    deepStrictEqual(probabilities, P.data);
    strictEqual(label, data.labels[example]);
    strictEqual(Math.max(...probabilities), probabilities[predicted]);
    ok(predicted !== label);
  }
});

Deno.test("example: reportPage() holds nothing that runs, loads or sends", () => {
  const page = reportPage(someReport());
  const tags = wellFormed(page);
  const policy = tags.find(({ attributes }) => attributes.has("http-equiv"))!.attributes;
  strictEqual(policy.get("http-equiv"), "Content-Security-Policy");
  ok(policy.get("content")!.startsWith("default-src &#39;none&#39;; "));
  deepStrictEqual(page.match(/https?:|\/\/[a-z]|@import|url\(/gi), null);
  const forbidden = new Set(["script", "link", "iframe", "object", "embed", "form", "a", "base"]);
  deepStrictEqual(tags.filter(({ name }) => forbidden.has(name)), []);
  for (const { attributes } of tags) {
    for (const [name, value] of attributes) {
      ok(!name.startsWith("on") && name !== "href");
      if (name === "src") ok(value.startsWith("data:image/png;base64,"));
    }
  }
});

Deno.test("example: reportPage() escapes names and facts out of files", () => {
  const hostile = `<script>alert("1")</script>&'\u0000\ud800`;
  const page = reportPage({ ...someReport(), name: hostile, facts: [[hostile, hostile]] });
  const tags = wellFormed(page);
  deepStrictEqual(tags.filter(({ name }) => name === "script"), []);
  strictEqual(
    page.split("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;\ufffd\ufffd").length,
    1 + 4,
  );
});

Deno.test("example: reportPage() says what evaluate() found", () => {
  const report = someReport(), { evaluation } = report;
  const page = reportPage(report);
  const { crossEntropy, accuracy, correct, count, confusion } = evaluation;
  deepStrictEqual(words(page, "dd").slice(0, 2), [
    `${(100 * accuracy).toFixed(2)} % ${correct} of ${count}`,
    `${crossEntropy.toFixed(4)} nats ${crossEntropy}`,
  ]);
  const cells = words(page, "td");
  deepStrictEqual(cells.slice(0, 9).map(Number), [...confusion.data]);
  const classes = cells.slice(9, 9 + 3 * 4);
  [0, 1, 2].forEach((k) => {
    const hits = confusion.at(k, k), taken = confusion.columnSums.data[k]!;
    const images = confusion.rowSums.data[k]!;
    const percent = (part: number, whole: number) =>
      whole === 0 ? "–" : `${(100 * part / whole).toFixed(2)} %`;
    deepStrictEqual(classes.slice(4 * k, 4 * k + 4), [
      `${images}`,
      `${hits}`,
      percent(hits, taken),
      percent(hits, images),
    ]);
  });
});

/** The pictures of an element, by the words that stand for them. */
function images(tags: readonly Tag[], alt: RegExp): Tag[] {
  return tags.filter(({ name, attributes }) => name === "img" && alt.test(attributes.get("alt")!));
}

Deno.test("example: reportPage() shows each mistake's image and its probabilities", () => {
  const report = someReport(), { mistakes, data } = report;
  const page = reportPage(report), items = words(page, "li");
  strictEqual(items.length, 7);
  const pictures = images(wellFormed(page), /^test image/);
  mistakes.forEach(({ example, label, predicted, probabilities }, i) => {
    ok(items[i]!.startsWith(`${label} taken for ${predicted}\nimage ${example}\n`));
    for (const p of probabilities) ok(items[i]!.includes(`${(100 * p).toFixed(2)} %`));
    const png = Uint8Array.from(
      atob(pictures[i]!.attributes.get("src")!.split(",")[1]!),
      (c) => c.charCodeAt(0),
    );
    const rows = inflateSync(chunks(png).get("IDAT")!);
    deepStrictEqual(
      [...rows].filter((_, at) => at % 4 > 0),
      [...data.pixels.subarray(12 * example, 12 * example + 12)],
    );
  });
});

Deno.test("example: reportPage() never claims that a probability is 0 or 1 where it is not", () => {
  const report = someReport();
  const probabilities = Float64Array.of(1e-9, 1 - 1e-9, 0);
  const mistake = { example: 0, label: 0, predicted: 1, probabilities };
  const [item] = words(reportPage({ ...report, mistakes: [mistake] }), "li");
  ok(
    item!.includes("1&gt; 99.99 %") && item!.includes("0&lt; 0.01 %") && item!.includes("20.00 %"),
  );
});

Deno.test("example: reportPage() shows a hundred hidden units at most, and says how many there are", () => {
  const few = reportPage(someReport({ hidden: 80 }));
  const many = reportPage(someReport({ hidden: 4096 }));
  const units = (page: string) => images(wellFormed(page), /^$/).length;
  deepStrictEqual([units(few), units(many)], [80, 100]);
  ok(few.includes("All 80:") && many.includes("The first 100 of 4096 hidden units:"));
  ok(many.length < 200_000);
});

Deno.test("example: reportPage() shows fewer hidden units of large images", () => {
  const report = someReport(), size = { width: 256, height: 256 };
  const data = Dataset.of(size, new Uint8Array(65_536), Uint8Array.of(0));
  const parameters = initialise(data.inputs, dim("hidden", 20), dim("classes", 1), {
    normal: () => 0.5,
  });
  const page = reportPage({ ...report, data, parameters, mistakes: [] });
  ok(page.includes("The first 7 of 20 hidden units:")); // 500,000 pixels
});

Deno.test("example: reportPage() has curves if there is a history, and says so of mistakes if there is none", () => {
  const report = someReport();
  const count = (page: string) => wellFormed(page).filter(({ name }) => name === "svg").length;
  strictEqual(count(reportPage(report)), 2);
  strictEqual(count(reportPage({ ...report, rows: undefined })), 0);
  const evaluation = { ...report.evaluation, correct: report.evaluation.count };
  ok(reportPage({ ...report, evaluation, mistakes: [] }).includes("There is none."));
});

Deno.test("example: reportPage() heads its tables for screen readers, and names its pictures", () => {
  const tags = wellFormed(reportPage(someReport()));
  for (const { name, attributes } of tags) {
    if (name === "th") ok(["row", "col"].includes(attributes.get("scope")!));
    if (name === "img") ok(attributes.has("alt"));
    if (name === "svg") ok(attributes.get("aria-label")!.length > 20);
  }
  deepStrictEqual(tags.filter(({ name }) => name === "h1").length, 1);
});

const PARAMETERS = writeParameters(initialise(12, 5, 3, new RandomState(601)));

Deno.test("example: report writes a page about a folder's parameter.npz and history", async () => {
  const rows = madeUpRows(3);
  using folder = new Folder({
    ...smallSet(),
    "parameter.npz": PARAMETERS,
    "any.csv": historyFile(rows),
  });
  const cwd = folder.path;
  const run = await cli(["report", ".", "--data", "."], { cwd });
  deepStrictEqual(run, { code: 0, stdout: "", stderr: "saved: report.html\n" });
  const page = new TextDecoder().decode(folder.read("report.html"));
  wellFormed(page);
  strictEqual(words(page, "h1")[0], "Report: parameter.npz");
  const { stdout } = await cli(["evaluate", "parameter.npz", "--data", ".", "--json"], { cwd });
  const { crossEntropy, correct, count } = JSON.parse(stdout);
  ok(page.includes(`${crossEntropy.toFixed(4)} nats <small>${crossEntropy}</small>`));
  ok(page.includes(`${correct} of ${count}`));
  const facts = page.slice(page.indexOf("Settings and versions"));
  deepStrictEqual(words(facts, "tr").map((row) => row.trim()), [
    "network12-5-3: 83 parameters",
    "fileparameter.npz",
    `SHA-256 of the file${createHash("sha256").update(PARAMETERS).digest("hex")}`,
    "historyany.csv: 3 epochs in 2.3 s", // 3 x 0.75
    "learning rate of the history0.01",
    "data.: 20 test images of 4x3",
    `sanso${manifest.version}`,
    `Deno${Deno.version.deno}`,
  ]);
  await cli(["report", ".", "--data", ".", "--out", "again.html"], { cwd });
  deepStrictEqual(folder.read("again.html"), folder.read("report.html"));
});

Deno.test("example: report takes a file alone, tells that there are no curves, and draws a named history", async () => {
  using folder = new Folder({
    ...smallSet(),
    "p.npz": PARAMETERS,
    "history.csv": historyFile(madeUpRows(2)),
  });
  const cwd = folder.path;
  const without = await cli(["report", "p.npz", "--data", "."], { cwd });
  strictEqual(without.stderr, "no history: the page has no curves\nsaved: report.html\n");
  ok(!new TextDecoder().decode(folder.read("report.html")).includes("<svg"));
  const args = ["--history", "history.csv", "--log", "--log-epochs", "--out", "with.html"];
  const named = await cli(["report", "p.npz", "--data", ".", ...args], { cwd });
  strictEqual(named.stderr, "saved: with.html\n");
  ok(new TextDecoder().decode(folder.read("with.html")).includes("nats), logarithmic"));
});

Deno.test("example: report says what a checkpoint knows of its training", async () => {
  const random = new RandomState(601);
  const digest = new Uint8Array(32);
  const checkpoint = writeCheckpoint(initialise(12, 5, 3, random), {
    position: { epoch: 3, iteration: 0, lossSum: 0, correct: 0 },
    settings: { epochs: 9, batchSize: 10, learningRate: 0.25 },
    seed: 601,
    random: random.getState(),
    data: { trainCount: 40, trainDigest: digest, testCount: 20, testDigest: digest },
  });
  using folder = new Folder({ ...smallSet(), "p.npz": checkpoint });
  strictEqual((await cli(["report", "p.npz", "--data", "."], { cwd: folder.path })).code, 0);
  const rows = words(new TextDecoder().decode(folder.read("report.html")), "tr");
  for (
    const fact of [
      "epochs2 of 9 done",
      "batch10 of 40 training images",
      "learning rate0.25",
      "seed601",
    ]
  ) ok(rows.includes(fact), fact);
});

Deno.test("example: report shows a hostile file name as words", async () => {
  const name = "<img src=x onerror=alert(1)>\u202e.npz";
  using folder = new Folder({ ...smallSet(), [name]: PARAMETERS });
  strictEqual((await cli(["report", name, "--data", "."], { cwd: folder.path })).code, 0);
  const page = new TextDecoder().decode(folder.read("report.html"));
  wellFormed(page);
  ok(page.includes("<h1>Report: &lt;img src=x onerror=alert(1)&gt;\\u{202e}.npz</h1>"));
  ok(!page.includes("\u202e"));
});

Deno.test("example: report refuses what it cannot use, and leaves nothing behind", async () => {
  const history = historyFile(madeUpRows(2));
  using folder = new Folder({
    ...smallSet(),
    "p.npz": PARAMETERS,
    "bad.npz": "PK",
    "wide.npz": writeParameters(initialise(13, 5, 3, new RandomState(1))),
    "h.csv": history,
    "bad.csv": "a\n",
    "none/a.csv": history,
    "two/parameter.npz": PARAMETERS,
    "two/a.csv": history,
    "two/b.csv": history,
  });
  const cwd = folder.path, before = folder.names();
  const columns = historyFile([]).trimEnd();
  const images = "t10k-images-idx3-ubyte";
  const cases: [args: string[], line: string][] = [
    [["no.npz"], "no.npz: cannot be read: no such file or folder"],
    [["none"], "none: has no parameter.npz"],
    [["two"], 'two: has no history.csv but "a.csv", "b.csv": need --history'],
    [
      ["wide.npz"],
      "wide.npz: arr_0 takes images of 13 pixels, the data has 12 (4x3)",
    ],
    [["p.npz", "--history", "no.csv"], "no.csv: cannot be read: no such file or folder"],
    [
      ["p.npz", "--history", "bad.csv"],
      `bad.csv: Cannot read history: line 1 is "a", need the columns ${columns}`,
    ],
    [["p.npz", "--out", "p.npz"], "--out p.npz: is read too, need another file"],
    [["p.npz", "--history=h.csv", "--out=h.csv"], "--out h.csv: is read too, need another file"],
    [["p.npz", "--out", images], `--out ${images}: is read too, need another file`],
    [["p.npz", "--out", "none"], "none: cannot be written: it is a folder"],
    [
      ["p.npz", "--data", "none"],
      "none: has no t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz",
    ],
  ];
  await Promise.all(cases.map(([args, line]) => {
    const data = args.includes("--data") ? [] : ["--data", "."];
    return refuses(["report", ...args, ...data], 1, line, { cwd });
  }));
  const damaged = await cli(["report", "bad.npz", "--data", "."], { cwd });
  deepStrictEqual([damaged.code, damaged.stderr.slice(0, 16)], [1, "error: bad.npz: "]);
  deepStrictEqual(folder.names(), before);
});

Deno.test("example: report refuses wrong usage", async () => {
  const cases: [args: string[], line: string][] = [
    [[], "missing required argument 'parameters'"],
    [["a", "--history", "b", "--history=c"], "option '--history' is given more than once"],
    [["a", "--data=b", "--data=c"], "option '--data' is given more than once"],
    [["a", "--out="], "option '--out <file>' argument '' is invalid. Must not be empty"],
  ];
  await Promise.all(cases.map(([args, line]) => refuses(["report", ...args], 2, line)));
});
