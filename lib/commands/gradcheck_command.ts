// `gradcheck`: compares every gradient of the network with finite differences, on real images.
import type { Command } from "commander";
import { dim, Indices, initialise, RandomState, REPORT_SETTINGS } from "../../mod.ts";
import {
  checkDirection,
  CHECKED_PARTS,
  type CheckedGradient,
  checkGradients,
  type CheckOptions,
  DIRECTION_BOUND,
  type DirectionalError,
  firstWrongGradient,
  GRADIENT_BOUND,
  undecidedGradients,
  wrongDirection,
} from "../checks/layer_checks.ts";
import { argumentPath, integer, oneOf, SansoCommand } from "../system/arguments.ts";
import { checkFit, loadDataset } from "../system/data.ts";
import { UserError } from "../system/errors.ts";
import { coloured, info, print, showJob } from "../system/output.ts";
import { loadParameters } from "../system/runs.ts";
import { toJson } from "../text/escape.ts";
import { counted, table } from "../text/layout.ts";

const MAX_SAMPLES = 1000;

interface GradcheckOptions extends Pick<CheckOptions, "layer" | "entries"> {
  readonly seed: number;
  readonly samples: number;
  readonly data?: string;
  readonly quiet?: true;
  readonly json?: true;
}

export function gradcheckCommand(): Command {
  const drawn = `npz file of a network (default: drawn, ${REPORT_SETTINGS.hidden} hidden units)`;
  return new SansoCommand("gradcheck")
    .description("Check the gradients of every layer and of the network by finite differences.")
    .argument("[parameters]", drawn, argumentPath)
    .option(
      "--layer <name>",
      `check only the gradients of this layer, or of the network: ${CHECKED_PARTS.join(", ")}`,
      oneOf(...CHECKED_PARTS),
    )
    .setting("seed", "draws parameters, images and entries", REPORT_SETTINGS.seed)
    .option("--samples <n>", "training images in the batch", integer(1, MAX_SAMPLES), 10)
    .option("--entries <n>", "entries to check of a gradient that has more", integer(2), 300)
    .data()
    .option("--quiet", "print nothing but errors on standard error")
    .option("--json", "print one JSON object")
    .action(run)
    .examples("checks.md", "gradcheck", "gradcheck parameter.npz --layer affine");
}

function run(
  file: string | undefined,
  { seed, samples, data: folder, quiet, json, ...options }: GradcheckOptions,
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
  log?.(`batch: ${counted(samples, "training image")} of ${loaded.source}`);
  using display = showJob(log);
  const onProgress = display.show, isWhole = [undefined, "network"].includes(options.layer);
  const gradients = checkGradients(parameters, batch, { ...options, random, onProgress });
  const direction = isWhole ? checkDirection(parameters, batch, random) : undefined;
  const failure = firstWrongGradient(gradients) ?? (direction && wrongDirection(direction)) ??
    undecidedGradients(gradients, direction);
  if (json) {
    const sizes = { D: W1.columns, M: W1.rows, K: W2.rows, B: samples };
    const results = describeAsJson(gradients, direction);
    print(toJson({ parameters: file ?? null, seed, sizes, reason: failure ?? null, ...results }));
  } else {
    printTable(gradients, options.entries);
    if (direction) print(`\n${describeDirection(direction)}`);
  }
  if (failure !== undefined) throw new UserError(failure);
  if (json) return;
  const worst = gradients.reduce((most, one) => one.error > most.error ? one : most);
  print(
    `\n${coloured("Every gradient holds", true)}: greatest error ` +
      `${worst.error.toExponential(1)} (${worst.check.name}), ` +
      `${GRADIENT_BOUND.toExponential()} is allowed.`,
  );
}

function printTable(gradients: readonly CheckedGradient[], most: number): void {
  const head = ["gradient", "shape", "checked", "error", "at entry", "equation", "differences"];
  const rows = gradients.map(({ check, checked, error, row, column, analytic, numerical }) => [
    check.name,
    `${check.analytic.rows}x${check.analytic.columns}`,
    `${checked}`,
    error.toExponential(1),
    `(${row}, ${column})`,
    nineDigits(analytic),
    nineDigits(numerical),
  ]);
  const drawn = Math.floor(most / 2);
  print(table([head, ...rows]));
  print("\nerror: the greatest difference, divided by the gradient's largest entry");
  print(`checked: all entries, or the ${most - drawn} largest and ${drawn} drawn from the others`);
}

function describeAsJson(gradients: readonly CheckedGradient[], direction?: DirectionalError) {
  const verdicts = [...gradients, ...direction ? [direction] : []].map(({ verdict }) => verdict);
  return {
    verdict: (["wrong", "undecided"] as const).find((one) => verdicts.includes(one)) ?? "right",
    gradients: gradients.map(({ check: { name, analytic, by, file }, ...result }) => (
      { name, shape: [analytic.rows, analytic.columns], ...result, function: by, file }
    )),
    direction: direction ?? null,
  };
}

function describeDirection({ analytic, numerical, error }: DirectionalError): string {
  return `direction: one random direction through all parameters at once\n` +
    `  equation ${nineDigits(analytic)}, differences ${nineDigits(numerical)}, ` +
    `error ${error.toExponential(1)}\n` +
    `  error: the difference, divided by |gradient| |direction|; ` +
    `${DIRECTION_BOUND.toExponential()} is allowed`;
}

/** Nine significant digits in at most 14 characters, so that the table fits 80 columns. */
function nineDigits(x: number): string {
  const fixed = x.toPrecision(9);
  return fixed.length <= 14 ? fixed : x.toExponential(8);
}
