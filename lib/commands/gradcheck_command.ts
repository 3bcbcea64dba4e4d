/**
 * `gradcheck`: compares every gradient of the network with finite differences, on real images.
 *
 * @module
 */

import { Command } from "commander";
import {
  type AnyParameters,
  type Batch,
  type Dim,
  dim,
  type GradientError,
  Indices,
  initialise,
  RandomState,
  REPORT_SETTINGS,
} from "../../mod.ts";
import {
  CHECKED_PARTS,
  type CheckedFunctions,
  type CheckedPart,
  entriesToCheck,
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

/**
 * The greatest error of a gradient, relative to its largest entry. Right ones have errors up to
 * 4e-11, wrong ones far above 1e-3.
 */
const BOUND = 1e-9;

/**
 * If all entries of a gradient are below this, its error may be BOUND times this: rounding of the
 * loss, about 2⁻⁵³ over the step of 0.005, is then no longer small beside them. Only networks
 * trained to the end have such gradients.
 */
const MIN_SCALE = 1e-3;

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
export interface CheckedGradient extends GradientError {
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
  report(checkGradients(parameters, batch, { ...options, random }), options);
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

/** Names the first wrong gradient from the loss backwards, if there is one, and its function. */
export function firstWrongGradient(
  results: readonly CheckedGradient[],
  layer?: CheckedPart,
): string | undefined {
  const wrong = results.find((result) => !isWithinBound(result));
  if (wrong === undefined) return undefined;
  const { check: { name, by, file, part }, row, column, analytic, numerical } = wrong;
  const why = part === "network" && layer === undefined
    ? "each layer by itself is right, so it connects them wrongly"
    : "the first that fails from the loss backwards";
  return `${name} is wrong at (${row}, ${column}): ${analytic}, by differences ${numerical}: ` +
    `see ${by}() in ${file}, ${why}`;
}

function report(results: readonly CheckedGradient[], { layer, entries: most }: Selection): void {
  print(toTable(results));
  print("\nerror: the greatest difference, divided by the gradient's largest entry");
  if (results.some(({ check, checked }) => checked < check.analytic.data.length)) {
    const drawn = Math.floor(most / 2);
    print(
      `checked: all entries, or the ${most - drawn} largest and ${drawn} drawn from the others`,
    );
  }
  const failure = firstWrongGradient(results, layer);
  if (failure !== undefined) throw new UserError(failure);
  const worst = results.reduce((most, one) =>
    one.error / allowed(one) > most.error / allowed(most) ? one : most
  );
  print(
    `\nEvery gradient holds: greatest error ${worst.error.toExponential(1)} ` +
      `(${worst.check.name}), ${allowed(worst).toExponential(0)} is allowed.`,
  );
  if (allowed(worst) > BOUND) {
    print(`(More than ${BOUND.toExponential()}, as its entries are all below ${MIN_SCALE}.)`);
  }
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

function isWithinBound(result: GradientError): boolean {
  return result.error <= allowed(result);
}

/** The greatest error that a gradient may have. */
function allowed({ scale }: GradientError): number {
  return BOUND * Math.max(1, MIN_SCALE / scale);
}
