/**
 * `gradcheck`: compares every gradient of the network with finite differences, on real images.
 *
 * @module
 */

import { Command } from "commander";
import {
  type AnyParameters,
  backward,
  type Batch,
  type Dim,
  dim,
  type DirectionalError,
  directionalError,
  forward,
  Indices,
  initialise,
  randomDirection,
  RandomState,
  REPORT_SETTINGS,
} from "../../mod.ts";
import { DIRECTION_BOUND } from "../checks/directional_check.ts";
import {
  CHECKED_PARTS,
  type CheckedError,
  type CheckedFunctions,
  type CheckedPart,
  entriesToCheck,
  GRADIENT_BOUND,
  type LayerCheck,
  layerChecks,
} from "../checks/layer_checks.ts";
import {
  checkFit,
  dataOption,
  info,
  integer,
  type JobProgress,
  loadDataset,
  loadParameters,
  oneOf,
  option,
  parametersOption,
  print,
  seed,
  showJob,
  UserError,
} from "../system/system.ts";
import { toJson } from "../text/escape.ts";
import { table } from "../text/layout.ts";

/** Images in the batch, at most. */
const MAX_SAMPLES = 1000;

/** The choice of checks. */
interface Selection {
  /** Only this layer, or the network. */
  readonly layer?: CheckedPart;
  /** The greatest number of entries of a gradient. */
  readonly entries: number;
}

interface GradcheckOptions extends Selection {
  readonly seed: number;
  readonly samples: number;
  readonly parameters?: string;
  readonly data?: string;
  readonly quiet?: true;
  readonly json?: true;
}

/** A gradient, compared with its finite differences. */
export interface CheckedGradient extends CheckedError {
  /** The gradient. */
  readonly check: LayerCheck;
  /** Number of entries compared. */
  readonly checked: number;
}

/** The command, to be added to the program. */
export function gradcheckCommand(): Command {
  return new Command("gradcheck")
    .description("Check the gradients of every layer and of the network against differences.")
    .addOption(
      option(
        "--layer <name>",
        `check only the gradients of this layer, or of the network: ${CHECKED_PARTS.join(", ")}`,
        oneOf(...CHECKED_PARTS),
      ),
    )
    .addOption(
      option("--seed <n>", "draws parameters, images and entries", seed)
        .default(REPORT_SETTINGS.seed),
    )
    .addOption(
      option("--samples <n>", "training images in the batch", integer(1, MAX_SAMPLES)).default(10),
    )
    .addOption(
      option("--entries <n>", "entries to check of a gradient that has more", integer(2))
        .default(300),
    )
    .addOption(parametersOption())
    .addOption(dataOption())
    .option("--quiet", "print nothing but errors on standard error")
    .option("--json", "print one JSON object")
    .action(run);
}

function run(
  { seed, samples, parameters: file, data: folder, quiet, json, ...options }: GradcheckOptions,
): void {
  const log = quiet ? undefined : info;
  const random = new RandomState(seed);
  const loaded = loadDataset(folder, "train"), { data } = loaded;
  const parameters = file === undefined
    ? initialise(data.inputs, dim("hidden", REPORT_SETTINGS.hidden), data.classes, random)
    : loadParameters(file);
  if (file !== undefined) checkFit(file, parameters, loaded);
  const B = dim("batch", samples);
  const batch = data.batch(Indices.of(B, random.randint(0, data.count, samples)));
  const { W1, W2 } = parameters, from = file ?? `drawn with seed ${seed}`;
  log?.(`network: ${W1.columns}-${W1.rows}-${W2.rows}, ${from}`);
  log?.(`batch: ${samples} training image${samples === 1 ? "" : "s"} of ${loaded.source}`);
  const results = check(parameters, batch, { ...options, random }, log);
  if (json) print(describeAsJson(results, { file, seed, samples }));
  else printText(results, options);
  const failure = failureOf(results);
  if (failure !== undefined) throw new UserError(failure);
  if (!json) print(`\n${conclusion(results)}`);
}

function check(
  parameters: AnyParameters,
  batch: Batch<Dim<"inputs">, Dim<"batch">>,
  options: Selection & { readonly random: RandomState },
  log: ((line: string) => void) | undefined,
): Results {
  using display = showJob(log);
  const onProgress = (progress: JobProgress) => display.show(progress);
  const gradients = checkGradients(parameters, batch, { ...options, onProgress });
  const direction = options.layer === undefined || options.layer === "network"
    ? checkDirection(parameters, batch, options.random)
    : undefined;
  return { gradients, direction, parameters };
}

/** How to check all gradients. */
interface CheckOptions extends Selection {
  /** Draws the entries. */
  readonly random: RandomState;
  /** Called after each entry. */
  readonly onProgress?: (progress: JobProgress) => void;
}

/**
 * Compares all gradients, or those of one layer, with differences, from the loss backwards.
 *
 * @param functions the functions to check
 */
export function checkGradients<B extends number>(
  parameters: AnyParameters,
  batch: Batch<Dim<"inputs">, B>,
  { layer, entries: most, random, onProgress }: CheckOptions,
  functions: CheckedFunctions<Dim<"inputs">, Dim<"hidden">, Dim<"classes">, B> = {},
): CheckedGradient[] {
  const checks = layerChecks(parameters, batch, functions)
    .filter(({ part }) => layer === undefined || part === layer);
  const all = checks.reduce((sum, check) => sum + Math.min(check.analytic.data.length, most), 0);
  let done = 0;
  return checks.map((check) => {
    const entries = entriesToCheck(check.analytic, most, random);
    const onEntry = () => onProgress?.({ what: check.name, done: ++done, all, unit: "entries" });
    return { check, checked: entries.length, ...check.compare(entries, onEntry) };
  });
}

/**
 * Compares the gradient of the whole network along one random direction.
 *
 * @param functions the functions to check
 */
export function checkDirection<B extends number>(
  parameters: AnyParameters,
  batch: Batch<Dim<"inputs">, B>,
  random: RandomState,
  { backward: whole = backward }: Pick<
    CheckedFunctions<Dim<"inputs">, Dim<"hidden">, Dim<"classes">, B>,
    "backward"
  > = {},
): DirectionalError {
  const { gradients } = whole(parameters, forward(parameters, batch.X), batch.labels);
  return directionalError(parameters, batch, randomDirection(parameters, random), gradients);
}

/** Names the first wrong gradient from the loss backwards, if there is one, and its function. */
export function firstWrongGradient(
  results: readonly CheckedGradient[],
): string | undefined {
  const wrong = results.find(({ verdict }) => verdict === "wrong");
  if (wrong === undefined) return undefined;
  const { check: { name, by, file }, row, column, analytic, numerical } = wrong;
  const layers = results.filter(({ check: { part } }) => part !== "network");
  const why = layers.length > 0 && layers.every(({ verdict }) => verdict === "right")
    ? "each layer by itself is right, so it connects them wrongly"
    : "the first that fails from the loss backwards";
  return `${name} is wrong at (${row}, ${column}): ${analytic}, by differences ${numerical}: ` +
    `see ${by}() in ${file}, ${why}`;
}

/** Says that the gradient is wrong along the direction, if it is. */
export function wrongDirection(
  { verdict, analytic, numerical }: DirectionalError,
): string | undefined {
  if (verdict !== "wrong") return undefined;
  return `the gradient of all parameters is wrong along a random direction: ${analytic}, ` +
    `by differences ${numerical}: see ${backward.name}() in lib/network/network.ts, ` +
    "and check more entries with --entries";
}

/** Names what the differences do not decide, if there is anything. */
export function undecidedGradients(
  results: readonly CheckedGradient[],
  direction?: DirectionalError,
): string | undefined {
  const all = [
    ...results.map(({ check: { name }, ...result }) => (
      { ...result, name, bound: GRADIENT_BOUND, of: "its largest entry" }
    )),
    ...direction === undefined
      ? []
      : [{ ...direction, name: "direction", bound: DIRECTION_BOUND, of: "|gradient| |direction|" }],
  ].filter(({ verdict }) => verdict === "undecided");
  const [first] = all;
  if (first === undefined) return undefined;
  const { name, bound, of, scale, numerical, uncertainty } = first;
  const why = Number.isFinite(numerical)
    ? `rounding may move the differences of ${name} by ${uncertainty.toExponential(1)}, ` +
      `more than ${bound.toExponential()} of ${of}, ${(bound * scale).toExponential(1)}`
    : `the differences of ${name} are ${numerical}`;
  return `${
    all.map(({ name }) => name).join(", ")
  } cannot be decided from these parameters: ${why}`;
}

/** What the command reports. */
interface Results {
  readonly gradients: readonly CheckedGradient[];
  /** Undefined if only one layer is checked. */
  readonly direction: DirectionalError | undefined;
  readonly parameters: AnyParameters;
}

function printText({ gradients, direction, parameters }: Results, { entries: most }: Selection) {
  print(toTable(gradients));
  print("\nerror: the greatest difference, divided by the gradient's largest entry");
  if (gradients.some(({ check, checked }) => checked < check.analytic.data.length)) {
    const drawn = Math.floor(most / 2);
    print(
      `checked: all entries, or the ${most - drawn} largest and ${drawn} drawn from the others`,
    );
  }
  if (direction !== undefined) print(`\n${describeDirection(direction, parameters)}`);
}

/** The first reason why not every gradient is right, if there is one. */
function failureOf({ gradients, direction }: Results): string | undefined {
  return firstWrongGradient(gradients) ?? (direction && wrongDirection(direction)) ??
    undecidedGradients(gradients, direction);
}

function conclusion({ gradients }: Results): string {
  const worst = gradients.reduce((most, one) => one.error > most.error ? one : most);
  return `Every gradient holds: greatest error ${worst.error.toExponential(1)} ` +
    `(${worst.check.name}), ${GRADIENT_BOUND.toExponential()} is allowed.`;
}

function describeAsJson(
  results: Results,
  { file, seed, samples }: { file: string | undefined; seed: number; samples: number },
): string {
  const { gradients, direction, parameters: { W1, W2 } } = results;
  const verdicts = [...gradients, ...direction ? [direction] : []].map(({ verdict }) => verdict);
  const compared = (
    { verdict, error, analytic, numerical, uncertainty }: DirectionalError | CheckedGradient,
  ) => ({ verdict, error, analytic, numerical, uncertainty });
  return toJson({
    parameters: file ?? null,
    seed,
    sizes: { D: W1.columns, M: W1.rows, K: W2.rows, B: samples },
    verdict: (["wrong", "undecided"] as const).find((one) => verdicts.includes(one)) ?? "right",
    reason: failureOf(results) ?? null,
    gradients: gradients.map(({ check, checked, row, column, ...result }) => ({
      name: check.name,
      shape: [check.analytic.rows, check.analytic.columns],
      checked,
      row,
      column,
      ...compared(result as CheckedGradient),
      function: check.by,
      file: check.file,
    })),
    direction: direction === undefined ? null : compared(direction),
  });
}

function describeDirection(
  { analytic, numerical, error }: DirectionalError,
  { W1, b1, W2, b2 }: AnyParameters,
): string {
  const count = [W1, b1, W2, b2].reduce((sum, { data }) => sum + data.length, 0);
  return `direction: one random direction through all ${count} parameters at once\n` +
    `  equation ${nineDigits(analytic)}, differences ${nineDigits(numerical)}, ` +
    `error ${error.toExponential(1)}\n` +
    `  error: the difference, divided by |gradient| |direction|; ` +
    `${DIRECTION_BOUND.toExponential()} is allowed`;
}

function toTable(results: readonly CheckedGradient[]): string {
  const head = ["gradient", "shape", "checked", "error", "at entry", "equation", "differences"];
  const rows = results.map(({ check, checked, error, row, column, analytic, numerical }) => [
    check.name,
    `${check.analytic.rows}x${check.analytic.columns}`,
    `${checked}`,
    error.toExponential(1),
    `(${row}, ${column})`,
    nineDigits(analytic),
    nineDigits(numerical),
  ]);
  return table([head, ...rows]);
}

/** Nine significant digits in at most 14 characters, so that the table fits 80 columns. */
function nineDigits(x: number): string {
  const fixed = x.toPrecision(9);
  return fixed.length <= 14 ? fixed : x.toExponential(8);
}
