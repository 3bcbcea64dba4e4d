// `summary`: a page about a saved network.
import type { Command } from "commander";
import { basename, join, resolve } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { evaluate, type TrainingState } from "../../mod.ts";
import { misclassifiedExamples, summaryPage } from "../pages/summary/summary_page.tsx";
import { t, useLanguage } from "../pages/texts.ts";
import { readParametersAndState } from "../storage/checkpoint_file.ts";
import { path, SansoCommand, SAVED_BY_TRAIN } from "../system/arguments.ts";
import { checkFit, describeSize, loadDataset, makeEngine, sha256 } from "../system/data.ts";
import { isFolder } from "../system/files.ts";
import { info, showExamples, showJob } from "../system/output.ts";
import { readNpzFile, readStoredHistory, type StoredHistory } from "../system/runs.ts";
import { OutputFile } from "../system/save.ts";
import { openFile } from "../system/server.ts";
import { oneLine } from "../text/escape.ts";
import type { Language } from "../text/layout.ts";
import { hex } from "../text/numbers.ts";
import { settingsIn } from "../training/settings.ts";

/** Misclassified images on the page, at most. */
const MAX_MISCLASSIFIED = 24;

interface SummaryOptions {
  readonly out: string;
  readonly overwrite?: true;
  readonly open?: true;
  readonly history?: string;
  readonly data?: string;
  readonly lang: Language;
}

export function summaryCommand(): Command {
  return new SansoCommand("summary")
    .description(
      "Write one page about a saved network: curves, confusion matrix, hidden units, misclassified images.",
    )
    .parameters("run", `npz file of a network, or a folder with ${SAVED_BY_TRAIN}`)
    .option("--out <file>", "where to save the page (HTML)", path, "summary.html")
    .overwrite()
    .option("--open", "open the page in the browser")
    .option("--history <file>", "CSV of the run (default: the history in the npz file)", path)
    .data()
    .language()
    .action(run)
    .examples("training.md", "summary --open", "summary run/parameter.npz --lang ja");
}

async function run(
  given: string,
  { out, overwrite, open, history: table, data: folder, lang }: SummaryOptions,
): Promise<void> {
  const output = new OutputFile("--out", out, "summary", overwrite);
  const file = isFolder(given) ? join(given, SAVED_BY_TRAIN) : given;
  const loaded = loadDataset(folder, "test"), { data } = loaded;
  const { parameters, state, history, digest } = readNpzFile(file, (bytes) => ({
    ...readParametersAndState(bytes, (line) => info(`${file}: ${line}`)),
    digest: sha256(bytes),
  }));
  checkFit(file, parameters, loaded);
  output.check([file, table, loaded.files.images, loaded.files.labels]);
  const { rows, seconds }: Pick<StoredHistory, "rows" | "seconds"> = table === undefined
    ? { rows: history?.rows ?? [] }
    : readStoredHistory(table, state && { state, history });
  if (rows.length === 0) info("no history: the page has no curves");

  const engine = makeEngine("simd", parameters, data), name = basename(resolve(file));
  // a page that may be passed on names no folder of its author
  const source = folder === undefined ? loaded.source : basename(resolve(folder));
  const { W1, W2 } = parameters, size = describeSize(data);
  useLanguage(lang);
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    [t("network", "ネットワーク"), `${W1.columns}-${W1.rows}-${W2.rows}`],
    [t("file", "ファイル"), name],
    [t("SHA-256 of the file", "ファイルの SHA-256"), hex(digest)],
    ...(state ? trainingFacts(state, lang) : []),
    [t("history", "学習の履歴"), historyWords(table ?? file, rows, seconds)],
    [
      t("data", "データ"),
      t(
        `${source}: ${data.count} test images of ${size}`,
        `${source}、${size} のテスト画像 ${data.count} 枚`,
      ),
    ],
    ["sanso", manifest.version],
    ["Deno", Deno.version.deno],
  ];
  using display = showJob(info);
  const page = summaryPage({
    name: oneLine(name),
    parameters,
    data,
    evaluation: evaluate(showExamples(engine, "evaluating", display)),
    misclassified: misclassifiedExamples(
      showExamples(engine, "misclassified images", display),
      MAX_MISCLASSIFIED,
    ),
    rows,
    facts: facts.flatMap(([name, value]) => value === undefined ? [] : [[name, oneLine(value)]]),
    lang,
  });
  output.save(page);
  if (open) await openFile(out);
}

/** The settings that the file holds, each as the table of settings calls it. */
function trainingFacts(
  { settings, position, seed, data }: TrainingState,
  language: Language,
): [string, string][] {
  const { epochs, batchSize } = settings, done = position.epoch - 1, { trainCount } = data;
  const special: Readonly<Record<string, string>> = {
    epochs: t(`${done} of ${epochs} done`, `全 ${epochs} エポックのうち ${done} まで終了`),
    batchSize: t(
      `${batchSize} of ${trainCount} training images`,
      `${batchSize} 枚（訓練画像 ${trainCount} 枚）`,
    ),
  };
  return settingsIn({ ...settings, seed })
    .map(([{ name, words }, value]) => [words[language], special[name] ?? `${value}`]);
}

/** Where the epochs are from, if there are any, and how long they took, if that is known. */
function historyWords(path: string, rows: StoredHistory["rows"], seconds: number | undefined) {
  const file = basename(resolve(path)), first = rows[0]?.epoch, last = rows.at(-1)?.epoch;
  const time = seconds?.toFixed(1);
  return first === undefined ? undefined : t(
    `${file}: epochs ${first} to ${last}${time ? ` in ${time} s` : ""}`,
    `${file}、エポック ${first} から ${last} まで${time ? `、${time} 秒` : ""}`,
  );
}
