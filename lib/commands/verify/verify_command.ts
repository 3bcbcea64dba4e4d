/**
 * `verify`: repeats the run of the report's program, and prints in how many digits it agrees with
 * NumPy.
 *
 * @module
 */

import { Command } from "commander";
import {
  type Dataset,
  type Dim,
  dim,
  initialise,
  RandomState,
  type TrainingProgress,
} from "../../../mod.ts";
import {
  type EngineKind,
  engineOption,
  info,
  integer,
  loadDataset,
  makeEngine,
  option,
  print,
  showProgress,
  UserError,
} from "../../system/system.ts";
import { toJson } from "../../text/escape.ts";
import { pythonFloat } from "../../text/numbers.ts";
import { table } from "../../text/layout.ts";
import {
  compareInitial,
  type EpochAgreement,
  type InitialAgreement,
  replay,
  type StepAgreement,
} from "./replay.ts";
import { NUMPY, readTrace, type Trace } from "./trace.ts";

/**
 * NumPy adds in another order and its exp differs in the last bit: 15 digits agree. With a mistake
 * in an equation at most three do.
 */
const MIN_DIGITS = 12;

/** The agreement of a run, in the order of computation. */
export interface Agreement {
  /** Its initial parameters. */
  readonly initial: readonly InitialAgreement[];
  /** Its traced steps. */
  readonly steps: readonly StepAgreement[];
  /** Its epochs. */
  readonly epochs: readonly EpochAgreement[];
}

interface VerifyOptions {
  readonly epochs: number;
  readonly engine: EngineKind;
  readonly quiet?: true;
  readonly json?: true;
}

/** The command, to be added to the program. */
export function verifyCommand(): Command {
  return new Command("verify")
    .description("Replay the report's program, and compare with what NumPy computed.")
    .addOption(option("--epochs <n>", "epochs to replay, 1 to 5", integer(1, 5)).default(5))
    .addOption(engineOption())
    .option("--quiet", "print nothing but errors on standard error")
    .option("--json", "print one JSON object")
    .action(run);
}

async function run({ epochs, engine, quiet, json }: VerifyOptions): Promise<void> {
  const log = quiet ? undefined : info;
  const trace = await readTrace(), { data, source } = loadDataset(undefined, "train");
  const { seed, hidden, batch, learningRate } = trace.settings;
  log?.(`data: ${source}: ${data.count} images`);
  log?.(
    `${engine} engine, seed ${seed}, ${hidden} hidden units, batch ${batch}, ` +
      `learning rate ${learningRate}, epochs: ${epochs}`,
  );
  log?.(`comparing with ${NUMPY}`);
  const agreement = compareWithDisplay(trace, data, epochs, engine, log);
  if (json) print(describeAsJson(agreement, engine));
  else printText(agreement);
  const [first, ...others] = disagreements(agreement);
  if (first !== undefined) {
    const more = others.length > 0 ? `, and ${others.length} more` : "";
    throw new UserError(`does not agree with NumPy: ${first}${more}`);
  }
  if (!json) print(`\n${conclusion(agreement)}`);
}

function compareWithDisplay(
  trace: Trace,
  data: Dataset<Dim<"inputs">>,
  epochs: number,
  engine: EngineKind,
  log: ((line: string) => void) | undefined,
): Agreement {
  using display = showProgress({ epochs }, log);
  return compare(trace, data, epochs, engine, (progress) => display.show(progress));
}

/**
 * Replays a traced run.
 *
 * @param data the images that it was run on
 * @param epochs number of epochs to replay, at most those traced
 * @param engine the kind of engine
 * @param onProgress called after each batch and each epoch
 */
export function compare(
  trace: Trace,
  data: Dataset<Dim<"inputs">>,
  epochs: number,
  engine: EngineKind,
  onProgress?: (progress: TrainingProgress) => void,
): Agreement {
  const { seed, hidden } = trace.settings, random = new RandomState(seed);
  const parameters = initialise(data.inputs, dim("hidden", hidden), data.classes, random);
  const initial = compareInitial(parameters, trace),
    engineToCheck = makeEngine(engine, parameters, data);
  return { initial, ...replay(engineToCheck, random, trace, epochs, onProgress) };
}

/** Everything that does not agree closely enough, in the order of computation. */
export function disagreements({ initial, steps, epochs }: Agreement): string[] {
  const close = (what: string, digits: number) =>
    digits >= MIN_DIGITS ? [] : [`${what} in ${digits.toFixed(1)} digits, need ${MIN_DIGITS}`];
  return [
    ...initial.flatMap(({ name, count, different }) =>
      different === 0
        ? []
        : [`initial ${name} in all but ${different} of ${count} numbers, need all`]
    ),
    ...steps.flatMap(({ step, name, digits }) => {
      if (name !== "picked") return close(`${name} of step ${step}`, digits);
      return digits === Infinity ? [] : [`other images in step ${step}`];
    }),
    ...epochs.flatMap(({ epoch, digits }) => close(`cross-entropy of epoch ${epoch}`, digits)),
  ];
}

function printText({ initial, steps, epochs }: Agreement): void {
  print(`Initial parameters\n\n${initialTable(initial)}`);
  print(`\nA batch forward and backward: digits that agree\n\n${stepTable(steps)}`);
  print(`\nMean cross-entropy of each epoch\n\n${epochTable(epochs)}`);
}

/** The fewest digits in which a quantity agrees; Infinity if all of them are equal. */
function fewestDigits({ steps, epochs }: Agreement): number {
  return Math.min(...[...steps, ...epochs].map(({ digits }) => digits));
}

function conclusion(agreement: Agreement): string {
  return `Agrees with NumPy in ${fewestDigits(agreement).toFixed(1)} digits and more, ` +
    `${MIN_DIGITS} are needed (Deno ${Deno.version.deno}, ${Deno.build.arch}).`;
}

function describeAsJson(agreement: Agreement, engine: EngineKind): string {
  const { initial, steps, epochs } = agreement, reasons = disagreements(agreement);
  return toJson({
    engine,
    numpy: NUMPY,
    verdict: reasons.length === 0 ? "right" : "wrong",
    reasons,
    digits: fewestDigits(agreement),
    digitsNeeded: MIN_DIGITS,
    initial,
    steps: steps.map(({ step, name, digits }) => ({
      step,
      name: name === "picked" ? "images" : name,
      digits,
      isEqual: digits === Infinity,
    })),
    epochs: epochs.map(({ epoch, wanted, found, digits }) => ({
      epoch,
      numpy: wanted,
      here: found,
      digits,
      isEqual: digits === Infinity,
    })),
  });
}

function initialTable(initial: readonly InitialAgreement[]): string {
  const rows = initial.map(({ name, count, different }) => [name, `${count}`, `${different}`]);
  return table([["", "numbers", "different"], ...rows]);
}

/** Rows: quantities; columns: steps. */
function stepTable(steps: readonly StepAgreement[]): string {
  const numbers = new Set(steps.map(({ step }) => step));
  const names = new Set(steps.map(({ name }) => name));
  const rows = [...names].map((name) => {
    const cell = (step: number) => {
      const found = steps.find((one) => one.name === name && one.step === step);
      return found ? formatDigits(found.digits) : "-";
    };
    return [name === "picked" ? "images" : name, ...[...numbers].map(cell)];
  });
  return table([["", ...[...numbers].map((step) => `step ${step}`)], ...rows]);
}

function epochTable(epochs: readonly EpochAgreement[]): string {
  const rows = epochs.map(({ epoch, wanted, found, digits }) => [
    `epoch ${epoch}`,
    pythonFloat(wanted),
    pythonFloat(found),
    formatDigits(digits),
  ]);
  return table([["", "NumPy", "here", "digits"], ...rows]);
}

function formatDigits(digits: number): string {
  return digits === Infinity ? "all" : digits.toFixed(1);
}
