/**
 * `predict`: the class of images.
 *
 * @module
 */

import { Command } from "commander";
import {
  type AnyParameters,
  classify,
  extractForeground,
  type GreyImage,
  normalizeDigit,
  type Size,
} from "../../mod.ts";
import { blockCharacters } from "../drawing/block_characters.ts";
import { decodePng, MAX_PNG_BYTES } from "../system/png.ts";
import {
  checkDataSample,
  checkFit,
  dataOption,
  type DataSample,
  loadDataset,
  type LoadedDataset,
  loadParametersOrPretrained,
  option,
  parseDataSample,
  path,
  print,
  readFile,
  type Split,
  UserError,
  withFileName,
} from "../system/system.ts";
import { oneLine, toJson } from "../text/escape.ts";
import { beside, fitNames, table } from "../text/layout.ts";
import { percent } from "../text/numbers.ts";

/** Columns of an image, so that image and probabilities fit side by side into 80. */
const IMAGE_COLUMNS = 40;
/** Columns of the bar of a probability of 1. */
const BAR_COLUMNS = 20;

interface PredictOptions {
  readonly parameters?: string;
  readonly data?: string;
  readonly json?: true;
}

/** The source of an image: a PNG file, or an example of the data set. */
interface Source {
  /** As the user wrote it. */
  readonly name: string;
  readonly example?: DataSample;
}

/** An image as the network sees it. */
interface Seen {
  readonly name: string;
  readonly image: GreyImage;
  /** Its class, where that is known. */
  readonly label?: number;
}

/** The prediction of the network. */
interface Prediction extends Seen {
  readonly class: number;
  readonly probabilities: readonly number[];
}

/** The command, to be added to the program. */
export function predictCommand(): Command {
  return new Command("predict")
    .description("Predict the class of images, and the probability of every class.")
    .argument(
      "<images...>",
      "PNG files of any size and colours, or images of the data set, counted from 0: test:42, train:7",
      source,
    )
    .addOption(
      option("--parameters <file>", "npz file (default: those of the report's experiment)", path),
    )
    .addOption(dataOption())
    .option("--json", "print one JSON object per image, one per line")
    .action(run);
}

function source(name: string, before: readonly Source[] = []): readonly Source[] {
  const example = parseDataSample(path(name), (split) => `, or ./${split}:… for a file`);
  return [...before, example ? { name, example } : { name }];
}

async function run(sources: readonly Source[], options: PredictOptions): Promise<void> {
  const { name, parameters } = await loadParametersOrPretrained(options.parameters);
  const sets = new Map(
    splitsFor(sources, options).map((split) => [split, loadDataset(options.data, split)]),
  );
  for (const set of sets.values()) checkFit(name, parameters, set);
  const [set] = sets.values();
  const size = set?.data.size ?? squareSize(name, parameters);
  // all are read before the first is printed
  const seen = sources.map((source) =>
    source.example
      ? take(source.example, sets.get(source.example.split)!)
      : readDrawing(source.name, size)
  );
  const results = seen.map((image) => predict(name, parameters, image));
  print(options.json ? results.map(describeAsJson).join("\n") : results.map(toText).join("\n\n"));
}

/**
 * The halves of the data set to load: for PNG files none, unless --data gives the size of images.
 */
function splitsFor(sources: readonly Source[], { data }: PredictOptions): Split[] {
  const named = new Set(sources.flatMap(({ example }) => example ? [example.split] : []));
  return named.size === 0 && data !== undefined ? ["test"] : [...named];
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

function take(sample: DataSample, loaded: LoadedDataset): Seen {
  checkDataSample(sample, loaded);
  const { name, index } = sample, { data } = loaded;
  return { name, image: data.image(index), label: data.labels[index]! };
}

function readDrawing(name: string, size: Size): Seen {
  const bytes = readFile(name, { bytes: MAX_PNG_BYTES, reason: "that a PNG file may have" });
  const foreground = extractForeground(withFileName(name, () => decodePng(bytes)));
  const image = foreground && normalizeDigit(foreground, size);
  if (!image) throw new UserError(`${name}: image is of one colour, need something drawn on it`);
  return { name, image };
}

function predict(file: string, parameters: AnyParameters, seen: Seen): Prediction {
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
  const [truth, verdict] = label === undefined
    ? ["", ""]
    : label === k
    ? ["", ", right"]
    : [`, is ${label}`, ", wrong"];
  const heading = fitNames(
    [oneLine(name)],
    (name) => `${name}: class ${k}${truth}, ${percent(probabilities[k]!)}${verdict}`,
  );
  const left = framed(blockCharacters(image, IMAGE_COLUMNS)), right = bars(probabilities);
  const above = new Array(Math.max(0, Math.floor((left.length - right.length) / 2))).fill("");
  const blocks = [left, [...above, ...right]].map((lines) => lines.join("\n"));
  return `${heading}\n${beside(blocks, 0, 2)}`;
}

function framed(lines: readonly string[]): string[] {
  const edge = "─".repeat(lines[0]!.length);
  return [`┌${edge}┐`, ...lines.map((line) => `│${line}│`), `└${edge}┘`];
}

function bars(probabilities: readonly number[]): string[] {
  const rows = probabilities.map((p, k) => [`${k}`, percent(p)]);
  return table(rows).split("\n").map((row, k) => `${row}  ${bar(probabilities[k]!)}`.trimEnd());
}

/** A bar in eighths of a column. */
function bar(share: number): string {
  const eighths = Math.round(8 * BAR_COLUMNS * share);
  return "█".repeat(eighths >> 3) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths & 7]!;
}
