/**
 * `serve`: a page that reads the digits you draw.
 *
 * @module
 */

import { Command } from "commander";
import { writeParameters } from "../../mod.ts";
import { MAX_ARCHIVE_BYTES } from "../formats/zip/zip.ts";
import { writeDataset } from "../pages/playground/dataset_npz.ts";
import {
  checkFit,
  dataOption,
  describeSize,
  info,
  integer,
  limitTo,
  loadDataset,
  type LoadedDataset,
  loadParametersOrPretrained,
  openInBrowser,
  openServer,
  option,
  OutputFile,
  type OutputKind,
  overwriteOption,
  type ParametersFile,
  path,
  print,
  type Site,
  textFile,
  UsageError,
  UserError,
  waitUntilClosed,
  withFileName,
} from "../system/system.ts";

/** Test images in the page. */
const MAX_EXAMPLES = 200;

/** An upper bound of the bytes of an npz file of two arrays besides their data. */
const NPZ_OVERHEAD = 1024;

/** Of the pages that `playgroundPage` makes. */
const PAGE: OutputKind = {
  command: "serve",
  mark: /^<!DOCTYPE html>.*<meta name="generator" content="sanso serve">/s,
};

interface ServeOptions {
  readonly port: number;
  readonly data?: string;
  readonly train?: true;
  readonly limit?: number;
  readonly open?: true;
  readonly export?: string;
  readonly overwrite?: true;
}

/** The command, to be added to the program. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("Serve a page, on this computer alone, that reads the digits you draw.")
    .argument("[parameters]", "npz file (default: those of the report's experiment)", path)
    .addOption(
      option("--port <n>", "port to listen on; 0: any free one", integer(0, 65535)).default(8000),
    )
    .option("--open", "open the page in the browser")
    .addOption(dataOption())
    .option("--train", "let the page also train a network on the training images")
    .addOption(option("--limit <n>", "train on only the first n images", integer(1)))
    .addOption(
      option("--export <file>", "save the page (HTML) instead; it opens without a server", path)
        .conflicts(["port", "open", "train", "limit"]),
    )
    .addOption(overwriteOption("--export"))
    .action(run);
}

async function run(
  given: string | undefined,
  { port, open, data: folder, train, limit, export: out, overwrite }: ServeOptions,
): Promise<void> {
  if (limit !== undefined && !train) throw new UsageError("--limit needs --train");
  if (out !== undefined) {
    const output = new OutputFile("--export", out, PAGE, overwrite);
    return await exportPage(given, folder, output);
  }
  if (overwrite) throw new UsageError("--overwrite needs --export");
  const sources = await loadSources(given, folder);
  const site = await makeSite(sources, train && loadTraining(sources, folder, limit));
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

async function exportPage(
  given: string | undefined,
  folder: string | undefined,
  output: OutputFile,
): Promise<void> {
  const sources = await loadSources(given, folder), { images, labels } = sources.test.files;
  output.check([given, images, labels]);
  const { html } = await makePage(sources, false);
  output.save(html);
}

/** The contents of the page. */
interface Sources {
  readonly file: ParametersFile;
  readonly test: LoadedDataset;
}

async function loadSources(
  given: string | undefined,
  folder: string | undefined,
): Promise<Sources> {
  const file = await loadParametersOrPretrained(given);
  const test = loadDataset(folder, "test");
  checkFit(file.name, file.parameters, test);
  return { file, test };
}

async function makePage(
  { file: { name, title, parameters }, test: { data } }: Sources,
  training: boolean,
): Promise<{ html: string; policy: string }> {
  // imported here and not above: the other commands do not need the page's program
  const { playgroundPage } = await import("../pages/playground/playground_page.ts");
  return playgroundPage({
    name: title,
    // written again: other arrays of the file do not belong in a page that may be passed on
    parameters: withFileName(name, () => writeParameters(parameters)),
    examples: data.first(Math.min(MAX_EXAMPLES, data.count)),
    training,
  });
}

async function makeSite(
  sources: Sources,
  trainingSet: Uint8Array<ArrayBuffer> | undefined,
): Promise<Site> {
  const { html, policy } = await makePage(sources, trainingSet !== undefined);
  const { ICON } = await import("../pages/playground/icon.ts");
  const files = new Map([
    ["/", textFile("text/html", html)],
    // the page has its icon itself: browsers ask for this one where they show another file
    ["/favicon.ico", textFile("image/svg+xml", ICON)],
  ]);
  if (trainingSet) {
    const { TRAINER_SCRIPT } = await import("../pages/playground/generated/scripts.ts");
    files.set("/trainer.js", textFile("text/javascript", TRAINER_SCRIPT));
    files.set("/train.npz", { type: "application/octet-stream", bytes: trainingSet });
  }
  return { policy, files };
}

/**
 * The training images as the page loads them.
 *
 * @throws {UserError} if they do not fit the parameters, or are more than an npz file can hold
 */
function loadTraining(
  { file: { name, parameters } }: Sources,
  folder: string | undefined,
  limit: number | undefined,
): Uint8Array<ArrayBuffer> {
  const training = limitTo(limit, loadDataset(folder, "train")), { data } = training;
  checkFit(name, parameters, training);
  const most = Math.floor((MAX_ARCHIVE_BYTES - NPZ_OVERHEAD) / (data.inputs + 1));
  if (data.count > most) {
    throw new UserError(
      `--train: ${data.count} images of ${describeSize(data)} are too many for the page, ` +
        `need --limit ${most} or less`,
    );
  }
  return writeDataset(data);
}
