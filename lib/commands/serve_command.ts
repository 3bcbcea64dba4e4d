// `serve`: the page, on this computer alone.
import { gzipSync } from "node:zlib";
import type { Command } from "commander";
import { integer, option, path, SansoCommand } from "../system/arguments.ts";
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
import { type ImageCounts, imagesBlock } from "../pages/page_data.ts";
import { BREAK_SETTINGS } from "../pages/break/rules.ts";
import { WORKER_SCRIPT } from "../pages/generated/scripts.ts";
import { playgroundPage, type TrainingImages, WORKER_POLICY } from "../pages/page.tsx";

const MAX_EXAMPLES = 200;

/** Images that an exported page trains on, without --limit, and tests with: 1.4 MB of MNIST's. */
const MAX_EMBEDDED_TRAIN = 5000, MAX_EMBEDDED_TEST = 1000;

interface ServeOptions {
  readonly port: number;
  readonly data?: string;
  readonly limit?: number;
  readonly open?: true;
  readonly export?: string;
  readonly overwrite?: true;
}

export function serveCommand(): Command {
  return new SansoCommand("serve")
    .description(
      "Serve the page that shows why, draws, trains and diagnoses, on this computer alone.",
    )
    .anyParameters()
    .option("--port <n>", "port to listen on; 0: any free one", integer(0, 65535), 8000)
    .option("--open", "open the page in the browser")
    .data()
    .option("--limit <n>", "train on only the first n images", integer(1))
    .addOption(
      option("--export <file>", "save the page (HTML) instead; it opens without a server", path)
        .conflicts(["port", "open"]),
    )
    .overwrite("--export")
    .action(run)
    .examples("drawing.md", "serve --open", "serve parameter.npz --export page.html");
}

async function run(
  given: string | undefined,
  { port, open, data: folder, limit, export: out, overwrite }: ServeOptions,
): Promise<void> {
  if (overwrite && out === undefined) throw new UsageError("--overwrite needs --export");
  const output = out === undefined
    ? undefined
    : new OutputFile("--export", out, "serve", overwrite);
  const sources = await loadSources(given, folder, limit), { test, training } = sources;
  if (output) {
    const inputs = [test, training].flatMap((half) => half ? Object.values(half.files) : []);
    output.check([given, ...inputs]);
    return output.save(makePage(sources, embeddedImages(sources)).html);
  }
  const server = await openServer(port, makeSite(sources));
  const address = `http://${server.addr.hostname}:${server.addr.port}/`;
  print(address);
  info(`serving ${sources.file.name}; stop with Ctrl-C`);
  if (open) await openInBrowser(address, "the page");
  await waitUntilClosed(server);
}

/** The contents of the page; training images, if there are any, are read when they are needed. */
type Sources = Awaited<ReturnType<typeof loadSources>>;

async function loadSources(given: string | undefined, folder: string | undefined, limit?: number) {
  const file = await loadParametersOrPretrained(given);
  const test = loadDataset(folder, "test");
  checkFit(file.name, file.parameters, test);
  const training = readDatasetHeader(folder, "train");
  if (limit !== undefined && !(training && limit <= training.count)) {
    const found = training ? countImages(training, "train") : `${folder} has no training images`;
    throw new UsageError(`--limit ${limit}: ${found}`);
  }
  return { file, folder, test, training, limit };
}

function makePage(
  { file: { title, parameters }, test: { data } }: Sources,
  training: TrainingImages | undefined,
) {
  const examples = data.first(Math.min(MAX_EXAMPLES, data.count));
  return playgroundPage({ name: title, parameters, examples, training });
}

/** The images that are put into an exported page. */
function embeddedImages(sources: Sources): TrainingImages | undefined {
  const { training, test: { data }, limit } = sources;
  if (!training) return undefined;
  const counts = {
    train: limit ?? Math.min(MAX_EMBEDDED_TRAIN, training.count),
    test: Math.min(MAX_EMBEDDED_TEST, data.count),
  };
  const { train, test } = imagesOf(sources, counts);
  return { ...counts, embedded: { train: gzipSync(train()), test: gzipSync(test()) } };
}

function makeSite(sources: Sources): Site {
  const test = sources.test.data.count, count = sources.training?.count;
  const training = count === undefined ? undefined : { train: sources.limit ?? count, test };
  const { html, policy } = makePage(sources, training);
  const files = new Map<string, SiteFile>([["/", { ...textFile("text/html", html), policy }]]);
  if (!training) return files;
  const script = textFile("text/javascript", WORKER_SCRIPT);
  files.set("/worker.js", { ...script, policy: WORKER_POLICY });
  const few = {
    train: Math.min(training.train, BREAK_SETTINGS.trainImages),
    test: Math.min(test, BREAK_SETTINGS.testImages),
  };
  for (const [prefix, counts] of [["", training], ["few_", few]] as const) {
    for (const [half, make] of Object.entries(imagesOf(sources, counts))) {
      files.set(`/${prefix}${half}.images`, dataFile(make));
    }
  }
  return files;
}

/** Read the first images to train on, and the first ones to test with, as the page takes them. */
function imagesOf({ file, folder, test }: Sources, counts: ImageCounts) {
  return {
    train: () => {
      const training = limitTo(counts.train, loadDataset(folder, "train"));
      checkFit(file.name, file.parameters, training);
      return imagesBlock(training.data).bytes;
    },
    test: () => imagesBlock(test.data.first(counts.test)).bytes,
  };
}
