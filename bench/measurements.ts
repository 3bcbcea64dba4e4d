/**
 * What the bench has measured, as a file of one run per line, and the medians, ranges and ratios
 * of it.
 *
 * @module
 */

/** Where a run belongs. */
export type Part =
  /** An epoch of the report's training, with nothing else running. */
  | "quiet"
  /** The same, while another process runs on each processor. */
  | "busy"
  /** The command `train`, from its start to its end. */
  | "train"
  /** Other networks and data. */
  | "shapes";

/** Which runs are meant: the same program with the same work, in every round. */
export interface Row {
  /** Where it belongs. */
  readonly part: Part;
  /** The program; in "train" what it keeps of its run. */
  readonly program: string;
  /** In "shapes", the network and data. */
  readonly shape?: string;
  /** Number of threads it was told to use. */
  readonly threads: number;
}

/** What a run yields. */
export interface Figures {
  /** Seconds of a step; in "train", of the whole command. */
  readonly seconds: number;
  /** Milliseconds from the start of the process until the loss of the first batch is computed. */
  readonly firstStep?: number;
  /** Milliseconds from the start of the process until the loss of the first epoch is printed. */
  readonly firstLoss?: number;
  /** The most memory that the process held, in units of 10^6 bytes. */
  readonly peakMB?: number;
  /** Milliseconds from the start of the process to the end of each part of its start-up. */
  readonly marks?: Readonly<Record<string, number>>;
}

/** One run of one program. */
export interface Run extends Row, Figures {
  /** The round, from 1. */
  readonly round: number;
}

/** The machine and the versions of what ran on it. */
export interface Machine {
  /** The day of the measurement. */
  readonly date: string;
  /** The processor's name. */
  readonly processor: string;
  /** Number of processors. */
  readonly processors: number;
  /** Load average before the measurement. */
  readonly load: number;
  /** Names with versions, in the order in which the document lists them. */
  readonly versions: readonly string[];
  /** The kernel that OpenBLAS reports. */
  readonly kernel: string;
}

/** The middle of some numbers, and their range. */
export interface Statistic {
  /** The middle. */
  readonly median: number;
  /** The least. */
  readonly min: number;
  /** The greatest. */
  readonly max: number;
}

/** Median and range; of an even count, the median is the mean of the two in the middle. */
export function statistic(numbers: readonly number[]): Statistic {
  const sorted = numbers.toSorted((a, b) => a - b), half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1]!, sorted[Math.floor(half)]!];
  return { median: (low + high) / 2, min: sorted[0]!, max: sorted.at(-1)! };
}

/** All runs of a measurement. */
export class Measurements {
  /** Keeps what was measured. */
  constructor(
    /** What it was measured on. */
    readonly machine: Machine,
    /** The runs, in the order in which they ran. */
    readonly runs: readonly Run[],
  ) {}

  /** Reads what {@linkcode Measurements.toString} writes. */
  static parse(text: string): Measurements {
    const [machine, ...runs] = text.trim().split("\n").map((line) => JSON.parse(line));
    return new Measurements(machine, runs);
  }

  /** The machine and each run as a line of JSON. */
  toString(): string {
    return [this.machine, ...this.runs].map((one) => `${JSON.stringify(one)}\n`).join("");
  }

  /** Number of rounds that have runs of this part. */
  rounds(part: Part): number {
    return new Set(this.runs.filter((run) => run.part === part).map(({ round }) => round)).size;
  }

  /** The numbers of threads that the programs of a part ran with, from one to all. */
  threads(part: Part): number[] {
    const found = this.runs.filter((run) => run.part === part).map(({ threads }) => threads);
    return [...new Set(found)].toSorted((a, b) => a - b);
  }

  /** The number of threads with which a program's median is lower. */
  better(program: Omit<Row, "threads">): Row {
    const rows = this.threads(program.part).map((threads): Row => ({ ...program, threads }))
      .filter((row) => this.#runs(row).length > 0);
    const seconds = rows.map((row) => this.of(row).median);
    return rows[seconds.indexOf(Math.min(...seconds))] ?? missing(program);
  }

  /** A figure of a row over the rounds. */
  of(row: Row, figure: (run: Figures) => number | undefined = ({ seconds }) => seconds): Statistic {
    const numbers = this.#runs(row).map(figure).filter((number) => number !== undefined);
    return numbers.length > 0 ? statistic(numbers) : missing(row);
  }

  /** One row's time over another's, in each round that has both. */
  ratio(row: Row, to: Row): Statistic {
    const others = new Map(this.#runs(to).map(({ round, seconds }) => [round, seconds]));
    const ratios = this.#runs(row).filter(({ round }) => others.has(round))
      .map(({ round, seconds }) => seconds / others.get(round)!);
    return ratios.length > 0 ? statistic(ratios) : missing(row);
  }

  #runs(row: Row): Run[] {
    const keys = ["part", "program", "threads", "shape"] as const;
    return this.runs.filter((run) => keys.every((key) => run[key] === row[key]));
  }
}

function missing(row: Partial<Row>): never {
  throw new Error(`No such run was measured: ${JSON.stringify(row)}; need \`deno task bench\``);
}
