/** Curves: what is drawn, that it holds all there is, and the command that draws them. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { HistoryRow } from "../../lib/storage/history.ts";
import { drawCurves } from "../../lib/charts/curves.ts";
import { downsample } from "../../lib/charts/downsample.ts";
import type { Point } from "../../mod.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows } from "../helpers/history.ts";
import { type Tag, wellFormed } from "../helpers/markup.ts";

const SCALES = [{}, { log: true }, { logEpochs: true }, { log: true, logEpochs: true }];

/** The lines or bands of one series, cross-entropy first. */
function paths(tags: readonly Tag[], kind: "line" | "band", series: string): string[] {
  return tags.filter(({ attributes }) => attributes.get("class") === `${kind} ${series}`)
    .map(({ attributes }) => attributes.get("d")!);
}

function coordinates(path: string): [x: number, y: number][] {
  return [...path.matchAll(/([-\d.e]+),([-\d.e]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

Deno.test("example: drawCurves() gives SVG with words for those who do not see it", () => {
  const svg = drawCurves(madeUpRows(3));
  const [root, title, desc] = wellFormed(svg);
  strictEqual(root?.attributes.get("xmlns"), "http://www.w3.org/2000/svg");
  strictEqual(root.attributes.get("role"), "img");
  deepStrictEqual([title?.name, desc?.name], ["title", "desc"]);
  ok(svg.includes(">Cross-entropy and accuracy over 3 epochs</title>"));
  ok(svg.includes("test, after epoch: 55 in epoch 1, 81.67 in epoch 3."));
});

Deno.test("example: drawCurves() titles its axes with their units, and says where one is logarithmic", () => {
  const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]+)</g)].map(([, text]) => text);
  const plain = texts(drawCurves(madeUpRows(3)));
  for (const title of ["Cross-entropy (nats)", "Accuracy (%)", "epoch"]) ok(plain.includes(title));
  const log = texts(drawCurves(madeUpRows(3), { log: true, logEpochs: true }));
  for (const title of ["Cross-entropy (nats), logarithmic", "Accuracy (%)", "epoch, logarithmic"]) {
    ok(log.includes(title), title);
  }
});

Deno.test("example: drawCurves() draws each series that there is in both panels, a point an epoch", () => {
  const rows = madeUpRows(10);
  const two = wellFormed(drawCurves(rows));
  const three = wellFormed(drawCurves(rows.map((row) => ({ ...row, train: row.running }))));
  const one = wellFormed(drawCurves(rows.map(({ test: _, ...row }) => row)));
  const counts = (tags: Tag[]) =>
    ["running", "test", "train"].map((series) =>
      paths(tags, "line", series).map((path) => coordinates(path).length)
    );
  deepStrictEqual(counts(two), [[10, 10], [10, 10], []]);
  deepStrictEqual(counts(three), [[10, 10], [10, 10], [10, 10]]);
  deepStrictEqual(counts(one), [[10, 10], [], []]);
});

Deno.test("example: drawCurves() draws epochs that were not evaluated as a line from one evaluated to the next", () => {
  const rows = madeUpRows(30).map((row) => row.epoch % 10 ? { ...row, test: undefined } : row);
  const tags = wellFormed(drawCurves(rows));
  deepStrictEqual(paths(tags, "line", "test").map((path) => coordinates(path).length), [3, 3]);
});

const quality = fc.record({
  crossEntropy: fc.double({ min: 0, max: 1e12, noNaN: true }),
  accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
});
const measured = fc.array(
  fc.record({ running: quality, test: quality, train: quality }, { requiredKeys: ["running"] }),
  { minLength: 1, maxLength: 30 },
);

Deno.test("law: drawCurves() stays inside its picture, whatever the numbers and scales", () => {
  fc.assert(fc.property(measured, fc.constantFrom(...SCALES), (some, options) => {
    const rows = some.map((row, i) => ({ epoch: i + 1, ...row, learningRate: 1, seconds: 1 }));
    const tags = wellFormed(drawCurves(rows, options));
    const [, , width, height] = tags[0]!.attributes.get("viewBox")!.split(" ").map(Number);
    const drawn = ["running", "test", "train"].flatMap((series) => paths(tags, "line", series));
    for (const [x, y] of drawn.flatMap(coordinates)) {
      ok(x >= 0 && x <= width! && y >= 0 && y <= height! / 2, `${x}, ${y}`);
    }
    for (const { name, attributes } of tags) {
      if (name === "text") {
        for (const at of ["x", "y"]) ok(isFinite(Number(attributes.get(at))));
      }
    }
  }));
});

Deno.test("example: drawCurves() takes losses and accuracies of 0 on every scale", () => {
  const nothing = { crossEntropy: 0, accuracy: 0 };
  const zeros = madeUpRows(5).map((row) => ({ ...row, running: nothing, test: nothing }));
  for (const options of SCALES) {
    const [path] = paths(wellFormed(drawCurves(zeros, options)), "line", "running");
    const heights = new Set(coordinates(path!).map(([, y]) => y));
    strictEqual(heights.size, 1);
  }
  // on a logarithmic axis 0 stands on the lower edge, where no positive value does
  const one = madeUpRows(5).with(4, { ...madeUpRows(5)[4]!, running: nothing });
  const [path] = paths(wellFormed(drawCurves(one, { log: true })), "line", "running");
  const heights = coordinates(path!).map(([, y]) => y);
  ok(heights.slice(0, 4).every((y) => y < heights[4]!));
});

Deno.test("example: drawCurves() of 10,000 epochs is small and quick, and hides no spike", () => {
  const rows: HistoryRow[] = madeUpRows(10_000);
  const spike = { crossEntropy: 2, accuracy: 0.1 };
  const spiky = rows.with(5000, { ...rows[5000]!, test: spike });
  for (const options of SCALES) {
    const started = performance.now();
    const svg = drawCurves(spiky, options);
    // measured: 0.05 s; the bound is what a user would notice
    ok(performance.now() - started < 2000);
    ok(svg.length < 150_000, `${svg.length} characters`);
    const tags = wellFormed(svg);
    const bands = paths(tags, "band", "test").map(coordinates);
    const firsts = paths(tags, "line", "test").map((path) => coordinates(path)[0]!);
    // the spike's loss is the first epoch's, less its wobble of 0.02 nats: a pixel and a half on the linear scale
    const [top] = bands[0]!.filter(([x]) => x > 200).map(([, y]) => y).sort((a, b) => a - b);
    ok(Math.abs(top! - firsts[0]![1]) <= 2, `${top}, need ${firsts[0]![1]}`);
    const lowest = Math.max(...bands[1]!.map(([, y]) => y));
    ok(lowest > firsts[1]![1], "an accuracy of 0.1 below the first epoch's");
  }
});

Deno.test("example: drawCurves() gives the same bytes for the same history", () => {
  for (const options of SCALES) {
    strictEqual(drawCurves(madeUpRows(500), options), drawCurves(madeUpRows(500), options));
  }
});

const points = fc.array(
  fc.record({
    x: fc.double({ min: 0, max: 500, noNaN: true }),
    y: fc.integer({ min: 0, max: 300 }),
  }),
  { minLength: 1, maxLength: 2000 },
).map((points): Point[] => points.sort((a, b) => a.x - b.x));

Deno.test("law: downsample() keeps the range and both ends, with one mark an interval at most", () => {
  fc.assert(fc.property(points, fc.constantFrom(1, 7, 100), (points, step) => {
    const marks = downsample(points, step);
    const ys = points.map(({ y }) => y);
    strictEqual(Math.min(...marks.map(({ min }) => min)), Math.min(...ys));
    strictEqual(Math.max(...marks.map(({ max }) => max)), Math.max(...ys));
    ok(marks.length <= Math.floor(500 / step) + 1 + 2); // intervals, and both ends
    for (const [mark, point] of [[marks[0], points[0]], [marks.at(-1), points.at(-1)]] as const) {
      deepStrictEqual([mark?.x, mark?.y], [point?.x, point?.y]);
    }
  }));
});

Deno.test("example: downsample() keeps points that lie in intervals of their own", () => {
  const points = Array.from({ length: 50 }, (_, i) => ({ x: 3 * i, y: i % 7 }));
  deepStrictEqual(
    downsample(points, 2),
    points.map(({ x, y }) => ({ x, y, min: y, max: y })),
  );
});

Deno.test("example: plot draws a history, and says where the picture is", async () => {
  using folder = new Folder({ "h.csv": historyFile(madeUpRows(10)) });
  const cwd = folder.path;
  deepStrictEqual(await cli(["plot", "h.csv"], { cwd }), {
    code: 0,
    stdout: "",
    stderr: "saved: curves.svg\n",
  });
  const text = new TextDecoder();
  strictEqual(text.decode(folder.read("curves.svg")), drawCurves(madeUpRows(10)));
  const scales = ["--log", "--log-epochs"];
  strictEqual((await cli(["plot", "h.csv", "--out", "l.svg", ...scales], { cwd })).code, 0);
  strictEqual(text.decode(folder.read("l.svg")), drawCurves(madeUpRows(10), SCALES[3]));
  deepStrictEqual(folder.names(), ["curves.svg", "h.csv", "l.svg"]);
});

Deno.test("example: plot leaves out a last row that a kill cut off", async () => {
  using folder = new Folder({ "h.csv": historyFile(madeUpRows(3)).slice(0, -5) });
  strictEqual((await cli(["plot", "h.csv"], { cwd: folder.path })).code, 0);
  strictEqual(new TextDecoder().decode(folder.read("curves.svg")), drawCurves(madeUpRows(2)));
});

Deno.test("example: plot refuses what it cannot draw, and leaves nothing behind", async () => {
  using folder = new Folder({
    "empty.csv": "",
    "header.csv": historyFile([]),
    "other.csv": "a,b\n1,2\n",
    "h.csv": historyFile(madeUpRows(2)),
  });
  Deno.symlinkSync("h.csv", folder.file("link.csv"));
  const cwd = folder.path, before = folder.names();
  const columns = historyFile([]).trimEnd();
  const cases: [args: string[], line: string][] = [
    [["none.csv"], "none.csv: cannot be read: no such file or folder"],
    [["."], ".: cannot be read: it is a folder"],
    [["empty.csv"], "empty.csv: has no whole row, need one at least"],
    [["header.csv"], "header.csv: has no whole row, need one at least"],
    [
      ["other.csv"],
      `other.csv: Cannot read history: line 1 is "a,b", need the columns ${columns}`,
    ],
    [["h.csv", "--out", "h.csv"], "--out h.csv: is read too, need another file"],
    [["h.csv", "--out", "link.csv"], "--out link.csv: is read too, need another file"],
    [["link.csv", "--out", "h.csv"], "--out h.csv: is read too, need another file"],
    [["h.csv", "--out", "."], ".: cannot be written: it is a folder"],
    [["h.csv", "--out", "no/c.svg"], "no/c.svg: cannot be written: no such file or folder"],
  ];
  await Promise.all(cases.map(([args, line]) => refuses(["plot", ...args], 1, line, { cwd })));
  deepStrictEqual(folder.names(), before);
});

Deno.test("example: plot refuses wrong usage", async () => {
  const cases: [args: string[], line: string][] = [
    [[], "missing required argument 'history.csv'"],
    [["a", "b"], "too many arguments for 'plot'. Expected 1 argument but got 2: a, b"],
    [["a", "--out", "b", "--out=c"], "option '--out' is given more than once"],
    [["a", "--log", "--log"], "option '--log' is given more than once"],
    [["a", "--out="], "option '--out <file>' argument '' is invalid. Must not be empty"],
    [["a", "--linear"], "unknown option '--linear'"],
  ];
  await Promise.all(cases.map(([args, line]) => refuses(["plot", ...args], 2, line)));
});

Deno.test("example: the drawing library is loaded by plot and report alone", async () => {
  const args = ["info", "--json", "cli.ts"], cwd = new URL("../..", import.meta.url);
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd }).output();
  const { modules, roots } = JSON.parse(new TextDecoder().decode(stdout));
  const staticOf = (specifier: string): string[] =>
    (modules.find((module: { specifier: string }) => module.specifier === specifier)
      ?.dependencies ?? [])
      .filter((dependency: { isDynamic?: boolean }) => !dependency.isDynamic)
      .flatMap((dependency: { code?: { specifier: string } }) => dependency.code?.specifier ?? []);
  const reached = new Set<string>(roots);
  for (const specifier of reached) for (const next of staticOf(specifier)) reached.add(next);
  ok([...reached].some((specifier) => specifier.endsWith("/lib/commands/plot_command.ts")));
  deepStrictEqual([...reached].filter((specifier) => /d3-|\/charts\//.test(specifier)), []);
});
