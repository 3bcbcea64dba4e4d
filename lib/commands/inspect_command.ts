// `inspect`: the arrays of an npz file.
import { Command } from "commander";
import { formatShape } from "../formats/nd_array.ts";
import { readNpzMembers } from "../formats/npz.ts";
import { lastLoss, readRunMembers } from "../storage/checkpoint_file.ts";
import { readParameterMembers } from "../storage/parameters_file.ts";
import { formatHashes, type RunHashes, runHashes } from "../storage/run_hash.ts";
import { addExamples, parametersArgument } from "../system/arguments.ts";
import { UserError } from "../system/errors.ts";
import { info, print } from "../system/output.ts";
import { readNpzFile } from "../system/runs.ts";
import { escapeName, toJson } from "../text/escape.ts";
import { COLUMNS as WIDTH, fits, table } from "../text/layout.ts";
import { percent, shortFloat, shortInteger } from "../text/numbers.ts";
import { settingsIn } from "../training/settings.ts";
import { type AnyParameters, FormatError, type NdArray, toFloat64 } from "../../mod.ts";

const COLUMNS = ["name", "dtype", "shape", "order", "min", "mean", "max"];

/** The columns that are cut if the table is too wide. */
const CUT = [COLUMNS.indexOf("name"), COLUMNS.indexOf("shape")];

/** A member of the file: an array, or the reason why it cannot be read. */
interface Member {
  readonly name: string;
  readonly array: NdArray | FormatError;
}

export function inspectCommand(): Command {
  const command = new Command("inspect")
    .description(
      "Show what an npz file holds: a run in short, its arrays, and the hash of a network.",
    )
    .addArgument(parametersArgument("file.npz", "any npz file"))
    .option("--json", "print one JSON object, with all digits")
    .action(run);
  return addExamples(command, "numpy.md", "inspect", "inspect step.npz --json");
}

async function run(file: string, { json }: { readonly json?: true }): Promise<void> {
  const members = Array.from(
    readNpzFile(file, readNpzMembers),
    ([name, read]): Member => ({ name, array: tryTo(read) }),
  );
  const arrays = new Map(
    members.flatMap(({ name, array }) => array instanceof FormatError ? [] : [[name, array]]),
  );
  const parameters = ifRead(tryTo(() => readParameterMembers(arrays)));
  const run = parameters && ifRead(tryTo(() => readRunMembers(arrays)));
  const loss = run?.state && lastLoss(run.state.position, run.history?.rows);
  const hashes = parameters && await runHashes(parameters, loss);
  if (json) print(describeAsJson(file, members, hashes));
  else {
    if (parameters !== undefined) print(`${summarise(parameters, run ?? {})}\n`);
    print(toTable(members));
    if (hashes !== undefined) print(`hash: ${formatHashes(hashes)}`);
  }
  const reasons = members.flatMap(({ array }) =>
    array instanceof FormatError ? [array.message] : []
  );
  // a line for each, of which the last one ends the command
  reasons.slice(0, -1).forEach((reason) => info(`error: ${file}: ${reason}`));
  if (reasons.length > 0) throw new UserError(`${file}: ${reasons.at(-1)}`);
}

/** What is read, or the reason why it cannot be: the others are listed all the same. */
function tryTo<T>(read: () => T): T | FormatError {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

function ifRead<T>(found: T | FormatError): T | undefined {
  return found instanceof FormatError ? undefined : found;
}

function summarise(
  { W1, b1, W2, b2 }: AnyParameters,
  { state, history }: Partial<ReturnType<typeof readRunMembers>>,
): string {
  const count = [W1, b1, W2, b2].reduce((sum, { data }) => sum + data.length, 0);
  const lines = [
    `network   ${W1.columns}-${W1.rows}-${W2.rows}, ${count.toLocaleString("en-US")} parameters`,
  ];
  if (state !== undefined) {
    const { position: { epoch, iteration }, settings: { epochs, ...settings }, seed } = state;
    const known = settingsIn({ ...settings, seed })
      .map(([{ words }, value]) => `${words.en} ${value}`);
    const more = iteration > 0 ? `, ${iteration} iterations of the next` : "";
    lines.push(
      `run       ${epoch - 1} of ${epochs} epochs${more}`,
      `settings  ${known.join(", ")}`,
    );
  }
  const last = history?.rows.at(-1);
  if (last !== undefined) {
    const { epoch, running, test, train } = last;
    const evaluated = Object.entries({ test, train }).flatMap(([split, quality]) =>
      quality ? [`${percent(quality.accuracy)} on the ${split} images`] : []
    );
    const own = `${percent(running.accuracy)} during epoch ${epoch}`;
    lines.push(`accuracy  ${[own, ...evaluated].join(", ")}`);
  }
  return lines.join("\n");
}

function toTable(members: readonly Member[]): string {
  const rows = [COLUMNS, ...members.map(toRow)];
  const isAllInC = members.every(({ array }) =>
    array instanceof FormatError || !array.fortranOrder
  );
  const without = (...names: string[]) =>
    rows.map((row) => row.filter((_, i) => !names.includes(COLUMNS[i]!)));
  const left = isAllInC ? ["order"] : [], whole = without(...left);
  // names are of more use than means, where there is no room for both
  const shown = WIDTH < 80 && !fits(table(whole)) ? without(...left, "mean") : whole;
  return table(shown, 1, CUT);
}

function toRow({ name, array }: Member): string[] {
  if (array instanceof FormatError) return [escapeName(name), ...COLUMNS.slice(1).map(() => "-")];
  const show = array.dtype.includes("f")
    ? (x: number | bigint) => shortFloat(Number(x))
    : shortInteger;
  const { min, mean, max } = minMeanMax(array) ?? {};
  return [
    escapeName(name),
    array.dtype,
    formatShape(array.shape),
    orderOf(array),
    min === undefined ? "-" : show(min),
    mean === undefined ? "-" : shortFloat(mean),
    max === undefined ? "-" : show(max),
  ];
}

function describeAsJson(
  file: string,
  members: readonly Member[],
  hashes: RunHashes | undefined,
): string {
  const arrays = members.map(({ name, array }) => {
    if (array instanceof FormatError) return { name, error: array.message };
    const { min = null, mean = null, max = null } = minMeanMax(array) ?? {};
    const { dtype, shape } = array;
    return { name, dtype, shape, order: orderOf(array), min, mean, max };
  });
  return toJson({ file, arrays, hashes: hashes ? { loss: null, ...hashes } : null });
}

function orderOf({ fortranOrder }: NdArray): "Fortran" | "C" {
  return fortranOrder ? "Fortran" : "C";
}

/** Undefined if there are no numbers. A double cannot represent every 64-bit integer. */
function minMeanMax(array: NdArray) {
  if (array.data.length === 0) return undefined;
  let [min, max] = [array.data[0]!, array.data[0]!];
  for (const x of array.data) {
    if (x < min || Number.isNaN(x)) min = x;
    if (x > max || Number.isNaN(x)) max = x;
  }
  return { min, mean: toFloat64(array).reduce((sum, x) => sum + x, 0) / array.data.length, max };
}
