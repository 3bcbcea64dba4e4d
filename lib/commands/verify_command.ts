// `verify`: repeats the run of the report's program, and prints in how many digits it agrees with
// NumPy.
import type { Command } from "commander";
import {
  type Dataset,
  type Dim,
  dim,
  type Indices,
  initialise,
  RandomState,
  readNpz,
  runStep,
  STEP,
  toFloat64,
  train,
} from "../../mod.ts";
import { maxAbs } from "../math/max_abs.ts";
import { integer, SansoCommand } from "../system/arguments.ts";
import {
  type AnyEngine,
  type EngineKind,
  engineOption,
  loadDataset,
  makeEngine,
} from "../system/data.ts";
import { UserError } from "../system/errors.ts";
import { readPackageFile } from "../system/files.ts";
import { coloured, info, type Log, print, showJob, trainingProgress } from "../system/output.ts";
import { toJson } from "../text/escape.ts";
import { counted, table } from "../text/layout.ts";
import { pythonFloat } from "../text/numbers.ts";

/** The NumPy that computed the fixtures; fixtures/random_streams.json names it too. */
export const NUMPY = "NumPy 1.24.2 on Linux (x86-64 with FMA, glibc 2.36)";

/** NumPy adds in another order: 15 digits agree. With a mistake at most three do. */
const MIN_DIGITS = 12;

/** What is drawn needs no arithmetic: all digits agree. */
const DRAWN: readonly string[] = ["W1", "b1", "W2", "b2", "images"];

/**
 * Numbers of one run of the original program (fixtures/generate.py): its variables in some steps
 * before the update (`step599_dW2`), and the loss of each epoch.
 */
export interface Trace {
  readonly settings: Readonly<
    Record<"seed" | "hidden" | "batch" | "learningRate" | "epochs", number>
  >;
  readonly steps: ReadonlyMap<string, Float64Array>;
  readonly losses: readonly number[];
}

/** In how many digits the quantities of the traced steps agree, and the losses of the epochs. */
type Agreement = ReturnType<typeof compare>;

interface VerifyOptions {
  readonly epochs: number;
  readonly engine: EngineKind;
  readonly quiet?: true;
  readonly json?: true;
}

export function verifyCommand(): Command {
  return new SansoCommand("verify")
    .description("Replay the report's program, and compare with what NumPy computed.")
    .option("--epochs <n>", "epochs to replay, 1 to 5", integer(1, 5), 5)
    .addOption(engineOption())
    .option("--quiet", "print nothing but errors on standard error")
    .option("--json", "print one JSON object")
    .action(run)
    .examples("checks.md", "verify", "verify --epochs 1 --engine reference");
}

async function run({ epochs, engine, quiet, json }: VerifyOptions): Promise<void> {
  const log = quiet ? undefined : info;
  const trace = await readTrace(), { data, source } = loadDataset(undefined, "train");
  const { seed, hidden, batch, learningRate } = trace.settings;
  log?.(`data: ${source}: ${counted(data.count, "image")}`);
  log?.(
    `${engine} engine, seed ${seed}, ${hidden} hidden units, batch ${batch}, ` +
      `learning rate ${learningRate}, epochs: ${epochs}`,
  );
  log?.(`comparing with ${NUMPY}`);
  const agreement = compare(trace, data, epochs, engine, log);
  if (json) print(describeAsJson(agreement, engine));
  else printText(agreement);
  const [first, ...others] = disagreements(agreement);
  if (first !== undefined) {
    const more = others.length > 0 ? `, and ${others.length} more` : "";
    throw new UserError(`does not agree with NumPy: ${first}${more}`);
  }
  if (json) return;
  const digits = `${fewestDigits(agreement).toFixed(1)} digits and more`;
  print(
    `\n${coloured("Agrees with NumPy", true)} in ${digits}, ${MIN_DIGITS} are needed ` +
      `(Deno ${Deno.version.deno}, ${Deno.build.arch}).`,
  );
}

/** Reads the trace of the report's own run. */
async function readTrace(): Promise<Trace> {
  const [runs, initial, steps] = await Promise.all(
    ["runs.json", "initial_601.npz", "trace_601.npz"].map((name) =>
      readPackageFile(`fixtures/${name}`)
    ),
  );
  const [{ settings, losses }] = JSON.parse(new TextDecoder().decode(runs));
  return { settings, losses, steps: new Map([...arrays(initial!, "step0_"), ...arrays(steps!)]) };
}

export function arrays(npz: Uint8Array<ArrayBuffer>, prefix = ""): Map<string, Float64Array> {
  return new Map([...readNpz(npz)].map(([name, array]) => [prefix + name, toFloat64(array)]));
}

/** Replays a traced run on its images, and compares steps and epochs. */
export function compare(
  trace: Trace,
  data: Dataset<Dim<"inputs">>,
  epochs: number,
  kind: EngineKind,
  log?: Log,
) {
  const { seed, hidden, batch: batchSize, learningRate } = trace.settings;
  const random = new RandomState(seed);
  const parameters = initialise(data.inputs, dim("hidden", hidden), data.classes, random);
  const engine = makeEngine(kind, parameters, data);
  const steps: ReturnType<typeof compareStep> = [];
  const finished: { epoch: number; numpy: number; here: number; digits: number }[] = [];
  using display = showJob(log);
  let step = 0;
  const watched: Pick<AnyEngine, "data" | "step"> = {
    data,
    step: (batchIndices, rate) => {
      steps.push(...compareStep(engine, batchIndices, step++, trace));
      return engine.step(batchIndices, rate);
    },
  };
  for (const progress of train(watched, random, { epochs, batchSize, learningRate })) {
    display.show(trainingProgress(progress, epochs));
    if (progress.event !== "epoch") continue;
    const { epoch, crossEntropy: here } = progress, numpy = trace.losses[epoch - 1]!;
    finished.push({ epoch, numpy, here, digits: agreeingDigits([here], [numpy]) });
  }
  return { steps, epochs: finished };
}

/** Compares what a traced step begins with, the places of its images, and every quantity. */
function compareStep<B extends number>(
  engine: AnyEngine,
  batchIndices: Indices<B>,
  step: number,
  trace: Trace,
) {
  const ofNumPy = (name: string) => trace.steps.get(`step${step}_${name}`);
  if (!ofNumPy("picked")) return [];
  // an engine hands out its scores only: the quantities after them are computed from them
  const batch = engine.data.batch(batchIndices), { learningRate } = trace.settings;
  const A2 = () => engine.scores(batchIndices);
  const values = runStep(engine.parameters, batch, learningRate, { A2 });
  const matrices = (["W1", "b1", "W2", "b2", ...STEP.map(({ symbol }) => symbol)] as const)
    .map((name) => ({ name, found: values[name].data, numpy: ofNumPy(name) }));
  const images = { name: "images", found: batchIndices.values, numpy: ofNumPy("picked") };
  return [images, ...matrices].flatMap(({ name, found, numpy }) =>
    numpy ? [{ step, name, digits: agreeingDigits(found, numpy) }] : []
  );
}

/** The decimal digits in which numbers agree, relative to the largest wanted one: 15.3. */
export function agreeingDigits(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return 0;
  const difference = maxAbs(Float64Array.from(wanted, (x, i) => found[i]! - x));
  if (difference === 0) return Infinity;
  const digits = -Math.log10(difference / maxAbs(Float64Array.from(wanted)));
  return digits > 0 ? digits : 0; // of NaN none
}

/** Everything that does not agree closely enough, in the order of computation. */
export function disagreements({ steps, epochs }: Agreement): string[] {
  return [
    ...steps.map(({ step, ...one }) => ({ ...one, of: `step ${step}` })),
    ...epochs.map(({ epoch, digits }) => ({ name: "cross-entropy", of: `epoch ${epoch}`, digits })),
  ].flatMap(({ name, of, digits }) => {
    const needed = DRAWN.includes(name) ? Infinity : MIN_DIGITS;
    if (digits >= needed) return [];
    return [
      `${name} of ${of} in ${formatDigits(digits)} digits, need ${
        needed === Infinity ? "all" : needed
      }`,
    ];
  });
}

/** The fewest digits in which a quantity agrees; Infinity if all of them are equal. */
function fewestDigits({ steps, epochs }: Agreement): number {
  return Math.min(...[...steps, ...epochs].map(({ digits }) => digits));
}

function describeAsJson(agreement: Agreement, engine: EngineKind): string {
  const reasons = disagreements(agreement), verdict = reasons.length === 0 ? "right" : "wrong";
  const digits = fewestDigits(agreement);
  return toJson({
    ...{ engine, numpy: NUMPY, verdict, reasons, digits, digitsNeeded: MIN_DIGITS },
    ...agreement,
  });
}

function printText({ steps, epochs }: Agreement): void {
  const numbers = [...new Set(steps.map(({ step }) => step))];
  const quantities = [...Map.groupBy(steps, ({ name }) => name)].map(([name, found]) => {
    const digits = numbers.map((step) => found.find((one) => one.step === step)?.digits);
    return [name, ...digits.map((n) => n === undefined ? "-" : formatDigits(n))];
  });
  const stepTable = table([["", ...numbers.map((step) => `step ${step}`)], ...quantities]);
  print(`Digits that agree: what is drawn, and a batch forward and backward\n\n${stepTable}`);
  const losses = epochs.map((
    { epoch, numpy, here, digits },
  ) => [`epoch ${epoch}`, pythonFloat(numpy), pythonFloat(here), formatDigits(digits)]);
  const epochTable = table([["", "NumPy", "here", "digits"], ...losses]);
  print(`\nMean cross-entropy of each epoch\n\n${epochTable}`);
}

function formatDigits(digits: number): string {
  return digits === Infinity ? "all" : digits.toFixed(1);
}
