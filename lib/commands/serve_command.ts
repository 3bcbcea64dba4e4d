// `serve`: a page that reads the digits you draw.
import { gzipSync } from "node:zlib";
import { Command } from "commander";
import type { Dataset, Dim } from "../../mod.ts";
import { MAX_ARCHIVE_BYTES } from "../formats/zip.ts";
import {
  addExamples,
  anyParametersArgument,
  dataOption,
  integer,
  option,
  overwriteOption,
  path,
} from "../system/arguments.ts";
import {
  checkFit,
  countImages,
  type DatasetHeader,
  limitTo,
  loadDataset,
  type LoadedDataset,
  readDatasetHeader,
} from "../system/data.ts";
import { UsageError } from "../system/errors.ts";
import { info, print } from "../system/output.ts";
import { loadParametersOrPretrained, type ParametersFile } from "../system/runs.ts";
import { OutputFile } from "../system/save.ts";
import {
  dataFile,
  openInBrowser,
  openServer,
  type Site,
  textFile,
  waitUntilClosed,
} from "../system/server.ts";
import { BREAK_SETTINGS } from "../pages/break/break_settings.ts";
import { writeDataset } from "../pages/dataset_npz.ts";
import { WORKER_SCRIPT } from "../pages/generated/scripts.ts";
import { ICON } from "../pages/icon.ts";
import { playgroundPage, type TrainingImages, WORKER_POLICY } from "../pages/page.tsx";

/** Test images in the page. */
const MAX_EXAMPLES = 200;

/**
 * The images that an exported page trains on, if there is no --limit, and tests with: those of
 * MNIST take 1.4 MB of the file.
 */
const MAX_EMBEDDED_TRAIN = 5000;
const MAX_EMBEDDED_TEST = 1000;

/** An upper bound of the bytes of an npz file of two arrays besides their data. */
const NPZ_OVERHEAD = 1024;

interface ServeOptions {
  readonly port: number;
  readonly data?: string;
  readonly limit?: number;
  readonly open?: true;
  readonly export?: string;
  readonly overwrite?: true;
}

/** The command, to be added to the program. */
export function serveCommand(): Command {
  const command = new Command("serve")
    .description("Serve a page, on this computer alone, that reads the digits you draw.")
    .addArgument(anyParametersArgument())
    .addOption(
      option("--port <n>", "port to listen on; 0: any free one", integer(0, 65535)).default(8000),
    )
    .option("--open", "open the page in the browser")
    .addOption(dataOption())
    .addOption(option("--limit <n>", "train on only the first n images", integer(1)))
    .addOption(
      option("--export <file>", "save the page (HTML) instead; it opens without a server", path)
        .conflicts(["port", "open"]),
    )
    .addOption(overwriteOption("--export"))
    .action(run);
  return addExamples(
    command,
    "drawing.md",
    "serve --open",
    "serve parameter.npz --export page.html",
  );
}

async function run(
  given: string | undefined,
  { port, open, data: folder, limit, export: out, overwrite }: ServeOptions,
): Promise<void> {
  if (out !== undefined) {
    const output = new OutputFile("--export", out, "serve", overwrite);
    return exportPage(given, await loadSources(given, folder), limit, output);
  }
  if (overwrite) throw new UsageError("--overwrite needs --export");
  const sources = await loadSources(given, folder);
  const site = makeSite(sources, limit);
  const server = await openServer(port, site);
  const address = `http://${server.addr.hostname}:${server.addr.port}/`;
  print(address);
  info(`serving ${sources.file.name}; stop with Ctrl-C`);
  if (open) {
    const reason = await openInBrowser(address);
    if (reason !== undefined) info(`--open: the page cannot be opened: ${reason}`);
  }
  await waitUntilClosed(server);
}

function exportPage(
  given: string | undefined,
  sources: Sources,
  limit: number | undefined,
  output: OutputFile,
): void {
  const { test, training } = sources;
  const inputs = [test, training].flatMap((half) =>
    half ? [half.files.images, half.files.labels] : []
  );
  output.check([given, ...inputs]);
  const { html } = makePage(sources, embeddedImages(sources, limit));
  output.save(html);
}

/** The images that are put into an exported page. */
function embeddedImages(sources: Sources, limit: number | undefined): TrainingImages | undefined {
  const train = trainingCount(sources, limit, MAX_EMBEDDED_TRAIN), { data } = sources.test;
  if (train === undefined) return undefined;
  const test = Math.min(MAX_EMBEDDED_TEST, data.count);
  const embedded = {
    train: gzipSync(writeDataset(loadTraining(sources, train))),
    test: gzipSync(writeDataset(data.first(test))),
  };
  return { train, test, embedded };
}

/** The contents of the page. */
interface Sources {
  readonly file: ParametersFile;
  readonly folder: string | undefined;
  readonly test: LoadedDataset;
  /** The training images, which are read when they are needed; undefined if there are none. */
  readonly training: DatasetHeader | undefined;
}

async function loadSources(
  given: string | undefined,
  folder: string | undefined,
): Promise<Sources> {
  const file = await loadParametersOrPretrained(given);
  const test = loadDataset(folder, "test");
  checkFit(file.name, file.parameters, test);
  return { file, folder, test, training: readDatasetHeader(folder, "train") };
}

function makePage(
  { file: { title, parameters }, test: { data } }: Sources,
  training: TrainingImages | undefined,
): { html: string; policy: string } {
  return playgroundPage({
    name: title,
    parameters,
    examples: data.first(Math.min(MAX_EXAMPLES, data.count)),
    training,
  });
}

function makeSite(sources: Sources, limit: number | undefined): Site {
  const { data } = sources.test, testCount = Math.min(data.count, mostInArchive(data.inputs));
  const count = trainingCount(sources, limit);
  const training = count === undefined ? undefined : { train: count, test: testCount };
  const { html, policy } = makePage(sources, training);
  const files = new Map([
    ["/", textFile("text/html", html)],
    // the page has its icon itself: browsers ask for this one where they show another file
    ["/favicon.ico", textFile("image/svg+xml", ICON)],
  ]);
  if (count !== undefined) {
    const script = textFile("text/javascript", WORKER_SCRIPT);
    files.set("/worker.js", { ...script, policy: WORKER_POLICY });
    files.set("/train.npz", dataFile(() => writeDataset(loadTraining(sources, count))));
    files.set("/test.npz", dataFile(() => writeDataset(data.first(testCount))));
    const few = Math.min(count, BREAK_SETTINGS.trainImages);
    const fewTest = Math.min(testCount, BREAK_SETTINGS.testImages);
    files.set("/few_train.npz", dataFile(() => writeDataset(loadTraining(sources, few))));
    files.set("/few_test.npz", dataFile(() => writeDataset(data.first(fewTest))));
  }
  return { policy, files };
}

/**
 * The number of images that the page trains on; undefined if there are none.
 *
 * @param most where the user gives no limit
 * @throws {UserError} if there are fewer images than the limit, or the page cannot hold that many
 */
function trainingCount(
  { folder, training }: Sources,
  limit: number | undefined,
  most = Infinity,
): number | undefined {
  if (training === undefined) {
    if (limit === undefined) return undefined;
    throw new UsageError(`--limit ${limit}: ${folder} has no training images`);
  }
  const { count, inputs } = training, mostImages = mostInArchive(inputs);
  if (limit === undefined) return Math.min(count, most, mostImages);
  if (limit > count) throw new UsageError(`--limit ${limit}: ${countImages({ count }, "train")}`);
  if (limit > mostImages) {
    const found = `are too many for the page, need ${mostImages} or less`;
    throw new UsageError(`--limit ${limit}: so many images of ${inputs} pixels ${found}`);
  }
  return limit;
}

/** The number of images of so many pixels that fit into an npz file, with their labels. */
function mostInArchive(inputs: number): number {
  return Math.floor((MAX_ARCHIVE_BYTES - NPZ_OVERHEAD) / (inputs + 1));
}

/**
 * Reads the first training images.
 *
 * @throws {UserError} if they cannot be read, or do not fit the parameters
 */
function loadTraining(
  { file: { name, parameters }, folder }: Sources,
  count: number,
): Dataset<Dim<"inputs">> {
  const training = limitTo(count, loadDataset(folder, "train"));
  checkFit(name, parameters, training);
  return training.data;
}
