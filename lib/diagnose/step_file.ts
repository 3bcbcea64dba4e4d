// A recorded step as bytes, judged; files that are no npz files are told what to do instead.
import { FormatError } from "../formats/errors.ts";
import type { NdArray } from "../formats/nd_array.ts";
import { readNpzMember, readNpzMembers } from "../formats/npz.ts";
import { MISTAKES } from "../mistakes/mistakes.ts";
import { escapeName } from "../text/escape.ts";
import { t, type Text } from "../text/layout.ts";
import { diagnose, type Diagnosis } from "./diagnose.ts";
import { type DiagnoseOptions, symbolsOf, type Undecided, undecided } from "./dump.ts";

export { undecided } from "./dump.ts";

/** A step of 3072-512-10 with a batch of 1,000, twice, has 151 MiB in float64. */
export const MAX_BYTES = 256 * 2 ** 20;

/**
 * The arrays of an npz file, and the names of those that are no arrays of numbers: programs record
 * what is no quantity as well, such as strings, and dictionaries as object arrays.
 */
export interface StepFile {
  readonly arrays: ReadonlyMap<string, NdArray>;
  readonly unreadable: readonly string[];
  readonly objects: readonly string[];
}

/** Reads an npz file; `names` are those that the user has given a symbol. */
export function readStepFile(
  bytes: Uint8Array,
  names: NonNullable<DiagnoseOptions["names"]>,
): StepFile {
  const arrays = new Map<string, NdArray>(), unreadable: string[] = [], objects: string[] = [];
  for (const [name, contents] of readNpzMembers(bytes, { maxBytes: MAX_BYTES })) {
    try {
      arrays.set(name, readNpzMember(name, contents));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const isObject = error.message.includes("(Python objects)");
      const isQuantity = Object.hasOwn(names, name) || symbolsOf(name).length > 0;
      if (isQuantity && !isObject) throw error;
      (isObject ? objects : unreadable).push(name);
    }
  }
  return { arrays, unreadable, objects };
}

/** Judges the arrays of a file. */
export function diagnoseFile(
  { arrays, unreadable, objects: [object, ...more] }: StepFile,
  options: DiagnoseOptions = {},
): Diagnosis | Undecided {
  const found = diagnose(arrays, options), others = object === undefined ? [] : [object, ...more];
  if (!("reason" in found)) {
    return { ...found, unused: [...found.unused, ...unreadable, ...others] };
  }
  if (object === undefined) return found;
  const { en, ja } = found.reason, name = escapeName(object);
  const save = `np.savez("step.npz", **${name})`;
  return undecided(t(
    `${en}; ${name} holds Python objects: ${save} saves the arrays of a dictionary`,
    `${ja}。${name} の中身は Python のオブジェクトである。辞書なら ${save} で配列を保存できる`,
  ));
}

const PICKLE = t(
  'is a pickle, which is a program and is not run; save arrays: np.savez("step.npz", **step)',
  'pickle は実行されるプログラムなので読まない。np.savez("step.npz", **step) で配列を保存する',
);

const TORCH = t(
  "is a file of PyTorch; diagnose --recorder prints a file that records a step of PyTorch",
  "PyTorch のファイルは読まない。diagnose --recorder のファイルで PyTorch のステップを記録できる",
);

const SAVE_JSON = 'np.savez("step.npz", **{k: np.array(v) for k, v in step.items()})';

const JSON_FILE = t(
  `is JSON; save arrays: ${SAVE_JSON}`,
  `JSON は読まない。配列を保存する: ${SAVE_JSON}`,
);

const NPY = t(
  'holds one array; save all in one file: np.savez("step.npz", W1=W1, b1=b1, ...)',
  '配列が一つだけである。np.savez("step.npz", W1=W1, b1=b1, ...) ですべてを一つに保存する',
);

/** What students save steps in that are no npz files, and what to do instead. */
const OTHER_FORMATS = new Map<string, Text>([
  ...[["npy", NPY], ["json", JSON_FILE], ["pt", TORCH], ["pth", TORCH]] as const,
  ...[["pkl", PICKLE], ["pickle", PICKLE], ["joblib", PICKLE]] as const,
]);

/** What to do instead of judging a file with such a name; undefined of an npz file. */
export function otherFormat(name: string): Text | undefined {
  return OTHER_FORMATS.get(/\.([a-z]+)$/.exec(name.toLowerCase())?.[1] ?? "");
}

/** Whether a word of a text begins with what a course is said to do otherwise. */
const says = ({ en }: Text, begin: string) =>
  en.toLowerCase().split(/[^a-z0-9]+/).some((word) => word.startsWith(begin));

/** The same without what the course does otherwise as well. */
export function withoutExpected(
  found: Diagnosis | Undecided,
  expected: readonly string[],
): Diagnosis | Undecided {
  if ("reason" in found || !found.judged || expected.length === 0) return found;
  const notes = found.notes.filter((note) => !expected.some((begin) => says(note, begin)));
  const isRight = found.verdict !== "wrong" && notes.length === 0;
  return { ...found, notes, verdict: isRight ? "right" : found.verdict };
}

/** What `--expect` may name: words of the notes on conventions and networks. */
export const EXPECTABLE =
  ("sum opposite rate loss overwritten recorded digits relu leaky tanh hard dropout squared " +
    "binary linear smoothed weights momentum adam decay l1").split(" ");

/** Whether a convention, a network or a mistake has such a word. */
export function isExpectable(begin: string): boolean {
  const known = [...EXPECTABLE.map((word) => t(word, "")), ...MISTAKES.map(({ words }) => words)];
  return begin !== "" && known.some((text) => says(text, begin));
}
