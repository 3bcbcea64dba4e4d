// A recorded step as bytes, judged; files that are no npz files are told what to do instead.
import { FormatError } from "../formats/errors.ts";
import type { NdArray } from "../formats/nd_array.ts";
import { readNpzMember, readNpzMembers } from "../formats/npz.ts";
import { escapeName } from "../text/escape.ts";
import { t, type Text } from "../text/layout.ts";
import { diagnose, type Diagnosis, type Undecided } from "./diagnose.ts";
import { type DiagnoseOptions, symbolsOf } from "./dump.ts";

/** The arrays of an npz file, and the names of those that are no arrays of numbers. */
export interface StepFile {
  readonly arrays: ReadonlyMap<string, NdArray>;
  /** Arrays that cannot be read, such as strings: programs record what is no quantity as well. */
  readonly unreadable: readonly string[];
  /** Object arrays, such as a dictionary. */
  readonly objects: readonly string[];
}

/** Judges the arrays of a file. */
export function diagnoseFile(
  { arrays, unreadable, objects }: StepFile,
  options: DiagnoseOptions = {},
): Diagnosis | Undecided {
  const found = diagnose(arrays, options);
  if (!("reason" in found)) {
    return { ...found, unused: [...found.unused, ...unreadable, ...objects] };
  }
  return objects.length === 0 ? found : undecided(withObjects(found.reason, objects[0]!));
}

/** That a file cannot be judged, and why. */
export function undecided(reason: Text): Undecided {
  return { verdict: "undecided", reason };
}

/** What to do instead of judging a file with such a name; undefined of an npz file. */
export function otherFormat(name: string): Text | undefined {
  return OTHER_FORMATS.find(([ending]) => ending.test(name))?.[1];
}

/** A step of 3072-512-10 with a batch of 1,000, twice, has 151 MiB in float64. */
export const MAX_BYTES = 256 * 2 ** 20;

/** The same without what the course does otherwise as well. */
export function withoutExpected(
  found: Diagnosis | Undecided,
  expected: readonly string[],
): Diagnosis | Undecided {
  if ("reason" in found || !found.judged || expected.length === 0) return found;
  const isExpected = ({ en }: Text) =>
    en.toLowerCase().split(/[^a-z]+/).some((word) =>
      expected.some((begin) => word.startsWith(begin))
    );
  const notes = found.notes.filter((note) => !isExpected(note));
  const isRight = found.verdict !== "wrong" && notes.length === 0;
  return { ...found, notes, verdict: isRight ? "right" : found.verdict };
}

/** What students save steps in that are no npz files, and what to do instead. */
const OTHER_FORMATS: readonly (readonly [RegExp, Text])[] = [
  [
    /\.npy$/i,
    t(
      'holds one array; save all in one file: np.savez("step.npz", W1=W1, b1=b1, ...)',
      '配列が一つだけである。np.savez("step.npz", W1=W1, b1=b1, ...) ですべてを一つに保存する',
    ),
  ],
  [
    /\.(?:pkl|pickle|joblib)$/i,
    t(
      'is a pickle, which is a program and is not run; save arrays: np.savez("step.npz", **step)',
      'pickle は実行されるプログラムなので読まない。np.savez("step.npz", **step) で配列を保存する',
    ),
  ],
  [
    /\.json$/i,
    t(
      'is JSON; save arrays: np.savez("step.npz", **{k: np.array(v) for k, v in step.items()})',
      "JSON は読まない。配列を保存する: " +
        'np.savez("step.npz", **{k: np.array(v) for k, v in step.items()})',
    ),
  ],
  [
    /\.(?:pt|pth)$/i,
    t(
      "is a file of PyTorch; diagnose --recorder prints a file that records a step of PyTorch",
      "PyTorch のファイルは読まない。diagnose --recorder のファイルで PyTorch のステップを記録できる",
    ),
  ],
];

/** The reason, and how to save what is in an object array, such as a dictionary. */
function withObjects({ en, ja }: Text, name: string): Text {
  const shown = escapeName(name), save = `np.savez("step.npz", **${shown})`;
  return t(
    `${en}; ${shown} holds Python objects: ${save} saves the arrays of a dictionary`,
    `${ja}。${shown} の中身は Python のオブジェクトである。辞書なら ${save} で配列を保存できる`,
  );
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
