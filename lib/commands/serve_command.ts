// `serve`: a page that reads the digits you draw.
import { gzipSync } from "node:zlib";
import { Command } from "commander";
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
import { checkFit, countImages, limitTo, loadDataset, readDatasetHeader } from "../system/data.ts";
import { UsageError } from "../system/errors.ts";
import { info, print } from "../system/output.ts";
import { loadParametersOrPretrained } from "../system/runs.ts";
import { OutputFile } from "../system/save.ts";
import {
  dataFile,
  openInBrowser,
  openServer,
  type Site,
  type SiteFile,
  textFile,
  waitUntilClosed,
} from "../system/server.ts";
import { BREAK_SETTINGS } from "../pages/break/rule_words.ts";
import { writeDataset } from "../pages/dataset_npz.ts";
import { WORKER_SCRIPT } from "../pages/generated/scripts.ts";
import { ICON, playgroundPage, type TrainingImages, WORKER_POLICY } from "../pages/page.tsx";

/** Test images in the page. */
const MAX_EXAMPLES = 200;

/** Images that an exported page trains on, without --limit, and tests with: 1.4 MB of MNIST's. */
const MAX_EMBEDDED_TRAIN = 5000, MAX_EMBEDDED_TEST = 1000;

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
  if (overwrite && out === undefined) throw new UsageError("--overwrite needs --export");
  const output = out === undefined
    ? undefined
    : new OutputFile("--export", out, "serve", overwrite);
  const sources = await loadSources(given, folder), { test, training } = sources;
  if (output) {
    const inputs = [test, training].flatMap((half) => half ? Object.values(half.files) : []);
    output.check([given, ...inputs]);
    return output.save(makePage(sources, embeddedImages(sources, limit)).html);
  }
  const server = await openServer(port, makeSite(sources, limit));
  const address = `http://${server.addr.hostname}:${server.addr.port}/`;
  print(address);
  info(`serving ${sources.file.name}; stop with Ctrl-C`);
  if (open) await openInBrowser(address, "the page");
  await waitUntilClosed(server);
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

/** The contents of the page; training images, if there are any, are read when they are needed. */
type Sources = Awaited<ReturnType<typeof loadSources>>;

async function loadSources(given: string | undefined, folder: string | undefined) {
  const file = await loadParametersOrPretrained(given);
  const test = loadDataset(folder, "test");
  checkFit(file.name, file.parameters, test);
  return { file, folder, test, training: readDatasetHeader(folder, "train") };
}

function makePage(
  { file: { title, parameters }, test: { data } }: Sources,
  training: TrainingImages | undefined,
) {
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
  const files = new Map<string, SiteFile>([
    ["/", { ...textFile("text/html", html), policy }],
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
  return files;
}

/** The number of images to train on, at most `most` where the user gives no limit, if there are any. */
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

/** Reads the first training images. */
function loadTraining({ file: { name, parameters }, folder }: Sources, count: number) {
  const training = limitTo(count, loadDataset(folder, "train"));
  checkFit(name, parameters, training);
  return training.data;
}
