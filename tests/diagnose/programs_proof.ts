/** Programs as students write them, recorded by sanso_step.py: what diagnose says of each. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { recorder } from "../../lib/diagnose/recorder.ts";
import { diagnose, readNpz } from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, pytorch } from "../helpers/numpy.ts";

/** A program of programs.py. */
interface Truth {
  readonly kind: "right" | "wrong" | "network" | "input";
  /** The first wrong quantity. */
  readonly first: string | null;
  /** A regular expression that the cause, the network or the hint matches. */
  readonly words: string;
  readonly changes: string;
}

/** Programs of which something is not found out: the causes are described, or not known. */
const KNOWN: readonly string[] = [
  "wrong_010_octave",
  "wrong_018_torch_manual",
  "wrong_019_columns",
  "wrong_024_columns",
  "wrong_031_oreilly4",
  "wrong_032_cs231n",
  "wrong_034_coursera",
  "wrong_045_report", // crossE is a sum over batches
  "wrong_046_loops",
  "wrong_058_loops",
  "wrong_079_einsum",
  "wrong_084_oreilly5",
  "network_002_torch_module",
  "network_003_torch_module",
  "input_002_columns",
  "input_005_einsum",
];

/** What diagnose gets wrong in a program; undefined if nothing. */
function mistake(bytes: Uint8Array, { kind, first, words }: Truth): string | undefined {
  const found = diagnose(readNpz(bytes)), pattern = new RegExp(words, "i");
  if ("reason" in found) return `${found.verdict}: ${found.reason.en}`;
  const { verdict, firstWrong, notes, hints, quantities } = found;
  // of NumPy's sums and exponentials: half of a tolerance is not used
  const isClose = verdict !== "right" ||
    quantities.every(({ error, tolerance, formula }) =>
      formula !== undefined || 2 * error <= tolerance
    );
  const cause = firstWrong?.causes.map(({ words }) => words.en).join("; ");
  const said = [verdict, firstWrong?.symbol, cause, ...notes.map(({ en }) => en)].join(" ");
  const isRight = verdict.startsWith("right");
  const isFound = {
    right: isRight && isClose,
    wrong: firstWrong?.symbol === first && pattern.test(cause ?? ""),
    network: verdict === "another network" && notes.some(({ en }) => pattern.test(en)),
    input: isRight && hints.some(({ en }) => pattern.test(en)),
  }[kind];
  return isFound ? undefined : said;
}

numpyTest(
  "reference: diagnose() accuses no right program, and finds what is wrong in the others",
  async () => {
    using folder = new Folder({ "sanso_step.py": recorder("en") });
    const script = fileURLToPath(new URL("programs.py", import.meta.url));
    // with PyTorch where it is: without, its styles are left out
    const run = await pytorch([script], folder.path, { PYTHONPATH: folder.path });
    deepStrictEqual([run.code, run.stderr], [0, ""]);
    const truths: Record<string, Truth> = JSON.parse(
      new TextDecoder().decode(folder.read("truth.json")),
    );
    ok(Object.keys(truths).length > 100);
    const wrong = Object.entries(truths).flatMap(([name, truth]) => {
      const found = mistake(folder.read(`${name}.npz`), truth);
      if (found === undefined || KNOWN.includes(name)) return [];
      return [`${name}, ${truth.first ?? truth.kind}, ${truth.changes}: ${found}`];
    });
    deepStrictEqual(wrong, []);
  },
);
