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
  loadDataset,
  loadParameters,
  oneOf,
  option,
  parametersOption,
  print,
  seed,
  UserError,
} from "../system/system.ts";
import { table } from "../text/table.ts";

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
    .action(run);
}

function run(
  { seed, samples, parameters: file, data: folder, ...options }: GradcheckOptions,
): void {
  const random = new RandomState(seed);
  const loaded = loadDataset(folder, "train"), { data } = loaded;
  const parameters = file === undefined
    ? initialise(data.inputs, dim("hidden", REPORT_SETTINGS.hidden), data.classes, random)
    : loadParameters(file);
  if (file !== undefined) checkFit(file, parameters, loaded);
  const B = dim("batch", samples);
  const batch = data.batch(Indices.of(B, random.randint(0, data.count, samples)));
  const { W1, W2 } = parameters, from = file ?? `drawn with seed ${seed}`;
  info(`network: ${W1.columns}-${W1.rows}-${W2.rows}, ${from}`);
  info(`batch: ${samples} training image${samples === 1 ? "" : "s"} of ${loaded.source}`);
  const gradients = checkGradients(parameters, batch, { ...options, random });
  const direction = [undefined, "network"].includes(options.layer)
    ? checkDirection(parameters, batch, random)
    : undefined;
  report({ gradients, direction, parameters }, options);
}

/**
 * Compares all gradients, or those of one layer, with differences, from the loss backwards.
 *
 * @param functions the functions to check
 */
export function checkGradients<B extends number>(
  parameters: AnyParameters,
  batch: Batch<Dim<"inputs">, B>,
  { layer, entries: most, random }: Selection & { readonly random: RandomState },
  functions: CheckedFunctions<Dim<"inputs">, Dim<"hidden">, Dim<"classes">, B> = {},
): CheckedGradient[] {
  return layerChecks(parameters, batch, functions)
    .filter(({ part }) => layer === undefined || part === layer)
    .map((check) => {
      const entries = entriesToCheck(check.analytic, most, random);
      return { check, checked: entries.length, ...check.compare(entries) };
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

function report(results: Results, { entries: most }: Selection): void {
  const { gradients, direction, parameters } = results;
  print(toTable(gradients));
  print("\nerror: the greatest difference, divided by the gradient's largest entry");
  if (gradients.some(({ check, checked }) => checked < check.analytic.data.length)) {
    const drawn = Math.floor(most / 2);
    print(
      `checked: all entries, or the ${most - drawn} largest and ${drawn} drawn from the others`,
    );
  }
  if (direction !== undefined) print(`\n${describeDirection(direction, parameters)}`);
  const failure = firstWrongGradient(gradients) ??
    (direction && wrongDirection(direction)) ?? undecidedGradients(gradients, direction);
  if (failure !== undefined) throw new UserError(failure);
  const worst = gradients.reduce((most, one) => one.error > most.error ? one : most);
  print(
    `\nEvery gradient holds: greatest error ${worst.error.toExponential(1)} ` +
      `(${worst.check.name}), ${GRADIENT_BOUND.toExponential()} is allowed.`,
  );
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
