// `gradcheck`: compares every gradient of the network with finite differences, on real images.
import { Command } from "commander";
import {
  type AnyParameters,
  type Batch,
  type Dim,
  dim,
  Indices,
  initialise,
  RandomState,
  REPORT_SETTINGS,
} from "../../mod.ts";
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
import {
  addExamples,
  argumentPath,
  dataOption,
  integer,
  oneOf,
  settingOption,
} from "../system/arguments.ts";
import { checkFit, loadDataset } from "../system/data.ts";
import { UserError } from "../system/errors.ts";
import { coloured, info, type Log, print, showJob } from "../system/output.ts";
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
  const command = new Command("gradcheck")
    .description("Check the gradients of every layer and of the network by finite differences.")
    .argument("[parameters]", drawn, argumentPath)
    .option(
      "--layer <name>",
      `check only the gradients of this layer, or of the network: ${CHECKED_PARTS.join(", ")}`,
      oneOf(...CHECKED_PARTS),
    )
    .addOption(
      settingOption("seed", "draws parameters, images and entries").default(REPORT_SETTINGS.seed),
    )
    .option("--samples <n>", "training images in the batch", integer(1, MAX_SAMPLES), 10)
    .option("--entries <n>", "entries to check of a gradient that has more", integer(2), 300)
    .addOption(dataOption())
    .option("--quiet", "print nothing but errors on standard error")
    .option("--json", "print one JSON object")
    .action(run);
  return addExamples(command, "checks.md", "gradcheck", "gradcheck parameter.npz --layer affine");
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
  const results = check(parameters, batch, { ...options, random }, log);
  const { gradients, direction, failure } = results;
  if (json) print(describeAsJson(results, { parameters: file ?? null, seed }, samples));
  else {
    printTable(gradients, options.entries);
    if (direction) print(`\n${describeDirection(direction, parameters)}`);
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

function check(
  parameters: AnyParameters,
  batch: Batch<Dim<"inputs">, Dim<"batch">>,
  options: CheckOptions,
  log: Log,
) {
  using display = showJob(log);
  const gradients = checkGradients(parameters, batch, { ...options, onProgress: display.show });
  const direction = options.layer === undefined || options.layer === "network"
    ? checkDirection(parameters, batch, options.random)
    : undefined;
  const failure = firstWrongGradient(gradients) ?? (direction && wrongDirection(direction)) ??
    undecidedGradients(gradients, direction);
  return { gradients, direction, failure, parameters };
}

/** The gradients, the direction unless a layer is given, and why one is not right, if so. */
type Results = ReturnType<typeof check>;

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
  print(table([head, ...rows]));
  print("\nerror: the greatest difference, divided by the gradient's largest entry");
  if (gradients.some(({ check, checked }) => checked < check.analytic.data.length)) {
    const drawn = Math.floor(most / 2);
    print(
      `checked: all entries, or the ${most - drawn} largest and ${drawn} drawn from the others`,
    );
  }
}

function describeAsJson(
  { gradients, direction, failure, parameters: { W1, W2 } }: Results,
  given: { readonly parameters: string | null; readonly seed: number },
  samples: number,
): string {
  const verdicts = [...gradients, ...direction ? [direction] : []].map(({ verdict }) => verdict);
  const compared = (
    { verdict, error, analytic, numerical, uncertainty }: DirectionalError | CheckedGradient,
  ) => ({ verdict, error, analytic, numerical, uncertainty });
  return toJson({
    ...given,
    sizes: { D: W1.columns, M: W1.rows, K: W2.rows, B: samples },
    verdict: (["wrong", "undecided"] as const).find((one) => verdicts.includes(one)) ?? "right",
    reason: failure ?? null,
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

/** Nine significant digits in at most 14 characters, so that the table fits 80 columns. */
function nineDigits(x: number): string {
  const fixed = x.toPrecision(9);
  return fixed.length <= 14 ? fixed : x.toExponential(8);
}
