// `train`: the report's program. Standard output is what that program prints, or JSON lines with
// `--json`; everything else goes to standard error.
import type { Command } from "commander";
import type { TrainingPosition } from "../../../mod.ts";
import { formatHashes } from "../../storage/run_hash.ts";
import { SansoCommand } from "../../system/arguments.ts";
import { describeSize } from "../../system/data.ts";
import { Exit, ifPossible } from "../../system/errors.ts";
import { info, invocation, print } from "../../system/output.ts";
import { toJson } from "../../text/escape.ts";
import { counted } from "../../text/layout.ts";
import { percent } from "../../text/numbers.ts";
import { addTrainOptions, toRequest, type TrainOptions, type TrainRequest } from "./options.ts";
import { prepareRun } from "./prepare.ts";
import { type Result, TrainingSession } from "./session.ts";

export function trainCommand(): Command {
  const command = new SansoCommand("train")
    .description("Train the three-layer network as the report does, and save its parameters.")
    .examples("training.md", "train --epochs 5", "train --resume parameter.npz --epochs 40");
  return addTrainOptions(command).action(run);
}

async function run(options: TrainOptions): Promise<void> {
  const request = toRequest(options), { save, log, json, hash } = request;
  const run = prepareRun(request), { data } = run.training;
  const inputs = [run.training, run.test].flatMap(({ files }) => [files.images, files.labels]);
  save.assertNotInput("--save", inputs); // loaded parameters may be replaced
  if (request.history) request.history.assertNotInput("--history", inputs);
  const { epochs, hidden } = run.settings;
  log?.(
    `data: ${run.training.source}: ${counted(data.count, "image")} of ${describeSize(data)}, ` +
      `${data.classes} classes`,
  );
  log?.(`network: ${data.inputs}-${hidden}-${data.classes}, ${run.origin}`);
  if (run.position.epoch > epochs) {
    log?.(`the run of ${counted(epochs, "epoch")} is done; for more use --epochs`);
  }
  const session = new TrainingSession(run, request);
  /** The last line of JSON: files, hashes and figures, or where a signal stopped the run. */
  const resultAsJson = async (stopped?: TrainingPosition, train?: Result, test?: Result) =>
    toJson({
      saved: save.name, // the run may have gone on under another name than the one asked for
      history: request.history ? request.history.name : null,
      stopped: stopped ? { epoch: stopped.epoch, iteration: stopped.iteration } : null,
      hashes: { loss: null, ...await session.hashes() },
      train: figures(train),
      test: figures(test),
    });
  const reportHash = async () => {
    if (hash) info(`hash: ${formatHashes(await session.hashes())}`);
  };
  let results: Awaited<ReturnType<typeof session.run>>;
  try {
    results = await session.run();
  } catch (error) {
    if (error instanceof Exit) {
      const line = await resultAsJson(session.position);
      if (json) ifPossible(() => print(line)); // its exit code matters more
      await reportHash();
    }
    throw error;
  }
  if (!json) print("finish");
  log?.(`saved: ${save.name}`);
  const { train, test } = results;
  if (train) log?.(`train: ${describe(train)}`);
  log?.(`test:  ${describe(test)}`);
  if (json) print(await resultAsJson(undefined, train, test));
  await reportHash();
  if (log && !json && Deno.stderr.isTerminal()) {
    suggestNext(request, run.history !== undefined).forEach(log);
  }
}

/** The figures of an evaluation that the last line has. */
function figures(result: Result | undefined) {
  if (result === undefined) return null;
  const { crossEntropy, accuracy, correct, count } = result;
  return { crossEntropy, accuracy, correct, count };
}

/** Cross-entropy and accuracy in one line. */
function describe({ crossEntropy, correct, count, accuracy }: Result): string {
  return `cross-entropy ${crossEntropy.toFixed(4)}, accuracy ${percent(accuracy)} ` +
    `(${correct} of ${count})`;
}

/** The commands that go on from the saved file, one a line. */
function suggestNext({ save: { name }, data }: TrainRequest, hasHistory: boolean): string[] {
  const folder = data === undefined ? [] : ["--data", data];
  const commands = [
    ["evaluate", name, ...folder],
    ...(hasHistory ? [["plot", name]] : []),
    ["serve", name, ...folder],
  ];
  return commands.map((words, i) => `${i === 0 ? "next: " : "      "}${invocation(...words)}`);
}
