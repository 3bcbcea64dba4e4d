// `inspect`: the arrays of an npz file.
import type { Command } from "commander";
import { formatShape } from "../formats/nd_array.ts";
import { readNpzMembers } from "../formats/npz.ts";
import { lastLoss, readRunMembers } from "../storage/checkpoint_file.ts";
import { readParameterMembers } from "../storage/parameters_file.ts";
import { formatHashes, runHashes } from "../storage/run_hash.ts";
import { SansoCommand } from "../system/arguments.ts";
import { UserError } from "../system/errors.ts";
import { info, print } from "../system/output.ts";
import { readNpzFile } from "../system/runs.ts";
import { escapeName, toJson } from "../text/escape.ts";
import { table } from "../text/layout.ts";
import { percent, shortFloat, shortInteger } from "../text/numbers.ts";
import { settingsIn } from "../training/settings.ts";
import { type AnyParameters, FormatError, type NdArray, toFloat64 } from "../../mod.ts";

const COLUMNS = ["name", "dtype", "shape", "min", "mean", "max"];

/** The columns that are cut if the table is too wide: names and shapes. */
const CUT = [0, 2];

/** A member of the file: what it holds, or why it cannot be read. */
type Member = ReturnType<typeof describeArray> | { readonly name: string; readonly error: string };

export function inspectCommand(): Command {
  return new SansoCommand("inspect")
    .description(
      "Show what an npz file holds: a run in short, its arrays, and the hash of a network.",
    )
    .parameters("file.npz", "any npz file")
    .option("--json", "print one JSON object, with all digits")
    .action(run)
    .examples("numpy.md", "inspect", "inspect step.npz --json");
}

async function run(file: string, { json }: { readonly json?: true }): Promise<void> {
  const arrays = new Map<string, NdArray>();
  const members = Array.from(readNpzFile(file, readNpzMembers), ([name, read]): Member => {
    const { found, error } = tryTo(read);
    if (!found) return { name, error };
    arrays.set(name, found);
    return describeArray(name, found);
  });
  const parameters = tryTo(() => readParameterMembers(arrays)).found;
  const run = parameters && tryTo(() => readRunMembers(arrays)).found;
  const loss = run?.state && lastLoss(run.state.position, run.history?.rows);
  const hashes = parameters && await runHashes(parameters, loss);
  if (json) {
    print(toJson({ file, arrays: members, hashes: hashes ? { loss: null, ...hashes } : null }));
  } else {
    if (parameters !== undefined) print(`${summarise(parameters, run ?? {})}\n`);
    print(table([COLUMNS, ...members.map(toRow)], 1, { cut: CUT }));
    if (hashes !== undefined) print(`hash: ${formatHashes(hashes)}`);
  }
  const errors = members.flatMap((member) => "error" in member ? [member.error] : []);
  // a line for each, of which the last one ends the command
  errors.slice(0, -1).forEach((error) => info(`error: ${file}: ${error}`));
  if (errors.length > 0) throw new UserError(`${file}: ${errors.at(-1)}`);
}

/** What is read, or why it cannot be: the others are listed all the same. */
function tryTo<T>(read: () => T): { found: T; error?: never } | { found?: never; error: string } {
  try {
    return { found: read() };
  } catch (error) {
    if (error instanceof FormatError) return { error: error.message };
    throw error;
  }
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

function toRow(member: Member): string[] {
  const name = escapeName(member.name);
  if ("error" in member) return [name, ...COLUMNS.slice(1).map(() => "-")];
  const { dtype, order, min, mean, max } = member;
  const shape = formatShape(member.shape) + (order === "C" ? "" : ` ${order}`);
  const show = (x: number | bigint | null, isFloat = dtype.includes("f")) => {
    if (x === null) return "-";
    return isFloat ? shortFloat(Number(x)) : shortInteger(x);
  };
  return [name, dtype, shape, show(min), show(mean, true), show(max)];
}

/** A double cannot represent every 64-bit integer, which keeps its type. */
function describeArray(name: string, array: NdArray) {
  const { dtype, shape, data } = array, order = array.fortranOrder ? "Fortran" : "C";
  if (data.length === 0) return { name, dtype, shape, order, min: null, mean: null, max: null };
  let [min, max] = [data[0]!, data[0]!];
  for (const x of data) {
    if (x < min || Number.isNaN(x)) min = x;
    if (x > max || Number.isNaN(x)) max = x;
  }
  const mean = toFloat64(array).reduce((sum, x) => sum + x, 0) / data.length;
  return { name, dtype, shape, order, min, mean, max };
}
