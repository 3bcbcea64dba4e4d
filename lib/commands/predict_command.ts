// `predict`: the class of images.
import { type Command, InvalidArgumentError } from "commander";
import {
  type AnyParameters,
  classify,
  extractForeground,
  type GreyImage,
  normalizeDigit,
  type Size,
} from "../../mod.ts";
import { blockCharacters } from "../drawing/resample.ts";
import { argumentPath, SansoCommand, SAVED_BY_TRAIN } from "../system/arguments.ts";
import { checkDataSample, checkFit, loadDataset, parseDataSample } from "../system/data.ts";
import { UsageError, UserError, withFileName } from "../system/errors.ts";
import { readFile } from "../system/files.ts";
import { coloured, info, print } from "../system/output.ts";
import { decodePng, MAX_PNG_BYTES } from "../system/png.ts";
import { loadParametersOrPretrained } from "../system/runs.ts";
import { oneLine, toJson } from "../text/escape.ts";
import { beside, fitName, table } from "../text/layout.ts";
import { percent } from "../text/numbers.ts";

/** Columns of an image, so that image and probabilities fit side by side into 80. */
const IMAGE_COLUMNS = 40;
const BAR_COLUMNS = 20;

/** An image as the network sees it. */
interface Seen {
  readonly name: string;
  readonly image: GreyImage;
  /** Its class, where that is known. */
  readonly label?: number;
}

type Prediction = ReturnType<typeof predict>;

export function predictCommand(): Command {
  return new SansoCommand("predict")
    .description("Predict the class of images, and the probability of every class.")
    .argument(
      "<images...>",
      "PNG files of any size and colours, or images of the data set, counted from 0: test:42, " +
        "train:7; an npz file among them is the network that answers " +
        `(default: ${SAVED_BY_TRAIN} if it is there, else the report's parameters)`,
      paths,
    )
    .data()
    .option("--json", "print one JSON object per image, one per line")
    .action(run)
    .examples("drawing.md", "predict digit.png", "predict parameter.npz test:42");
}

function paths(text: string, before: readonly string[] = []): readonly string[] {
  const [, split] = /^(test|train):/.exec(text) ?? [];
  if (split !== undefined && parseDataSample(text) === undefined) {
    throw new InvalidArgumentError(
      `Must be a number after "${split}:", or ./${split}:… for a file`,
    );
  }
  return [...before, argumentPath(text)];
}

async function run(
  given: readonly string[],
  { data, json }: { readonly data?: string; readonly json?: true },
): Promise<void> {
  const isNetwork = (name: string) => /\.npz$/i.test(name);
  const [file, other] = given.filter(isNetwork), images = given.filter((name) => !isNetwork(name));
  if (other !== undefined) throw new UsageError(`needs one network, and not ${file} and ${other}`);
  if (images.length === 0) throw new UsageError("needs an image besides the network");
  const { name, parameters } = await loadParametersOrPretrained(file);
  const samples = images.map(parseDataSample);
  const splits = new Set(samples.flatMap((sample) => sample?.split ?? []));
  if (splits.size === 0 && data !== undefined) splits.add("test"); // for its size
  const sets = new Map([...splits].map((split) => [split, loadDataset(data, split)]));
  for (const set of sets.values()) checkFit(name, parameters, set);
  const [set] = sets.values();
  const size = set?.data.size ?? squareSize(name, parameters);
  // all are read before the first is printed
  const seen = samples.map((sample, i): Seen => {
    if (sample === undefined) return readDrawing(images[i]!, size);
    const { name, split, index } = sample, loaded = sets.get(split)!;
    checkDataSample(sample, loaded);
    return { name, image: loaded.data.image(index), label: loaded.data.labels[index]! };
  });
  const results = seen.map((image) => predict(name, parameters, image)), { W1, W2 } = parameters;
  info(`network: ${W1.columns}-${W1.rows}-${W2.rows}, ${name}`);
  print(json ? results.map(describeAsJson).join("\n") : results.map(toText).join("\n\n"));
}

/** Images of unknown size are assumed to be square. */
function squareSize(name: string, { W1 }: AnyParameters): Size {
  const side = Math.sqrt(W1.columns);
  if (!Number.isInteger(side)) {
    throw new UserError(
      `${name}: arr_0 takes images of ${W1.columns} pixels, which is no square: ` +
        "need --data to know their width and height",
    );
  }
  return { width: side, height: side };
}

function readDrawing(name: string, size: Size): Seen {
  const bytes = readFile(name, MAX_PNG_BYTES, "that a PNG file may have");
  const foreground = extractForeground(withFileName(name, () => decodePng(bytes)));
  const image = foreground && normalizeDigit(foreground, size);
  if (!image) throw new UserError(`${name}: image is of one colour, need something drawn on it`);
  return { name, image };
}

function predict(file: string, parameters: AnyParameters, seen: Seen) {
  const { class: answer, probabilities } = classify(parameters, seen.image);
  if (probabilities.some(Number.isNaN)) {
    throw new UserError(`${file}: the scores of ${seen.name} overflow: parameters are too large`);
  }
  return { ...seen, class: answer, probabilities: [...probabilities] };
}

function describeAsJson({ name, class: k, label, probabilities }: Prediction): string {
  return toJson({ image: name, class: k, label: label ?? null, probabilities });
}

/** A heading, and below it image and probabilities side by side. */
function toText({ name, image, class: k, label, probabilities }: Prediction): string {
  const isRight = label === k, truth = label === undefined || isRight ? "" : `, is ${label}`;
  const verdict = label === undefined ? "" : isRight ? ", right" : ", wrong";
  const heading = fitName(
    oneLine(name),
    (name) => `${name}: class ${k}${truth}, ${percent(probabilities[k]!)}${verdict}`,
  ).replace(/(?<=, )(right|wrong)$/, (word) => coloured(word, isRight));
  const lines = blockCharacters(image, IMAGE_COLUMNS), edge = "─".repeat(lines[0]!.length);
  const left = [`┌${edge}┐`, ...lines.map((line) => `│${line}│`), `└${edge}┘`];
  const shares = table(probabilities.map((p, k) => [`${k}`, percent(p)])).split("\n");
  const right = shares.map((row, k) => `${row}  ${bar(probabilities[k]!)}`.trimEnd());
  const above = new Array(Math.max(0, Math.floor((left.length - right.length) / 2))).fill("");
  const blocks = [left, [...above, ...right]].map((lines) => lines.join("\n"));
  return `${heading}\n${beside(blocks, 0, 2)}`;
}

function bar(share: number): string {
  const eighths = Math.round(8 * BAR_COLUMNS * share);
  return "█".repeat(eighths >> 3) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths & 7]!;
}
