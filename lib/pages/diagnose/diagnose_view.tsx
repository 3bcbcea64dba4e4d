/** @jsxImportSource preact */
// The view Diagnose: files of recorded steps are judged in the page, and nothing is sent anywhere.
import type { IndexedImage } from "../../charts/encode_png.ts";
import { groupBy } from "../../text/layout.ts";
import { CopyButton, ErrorLine, Picture } from "../fields.tsx";
import { download, type ViewProps } from "../store.ts";
import { type ErrorWords, language, t, wordsOf } from "../texts.ts";
import { WorkerClient } from "../worker_client.ts";
import type { Answer, diagnoser } from "./diagnoser.ts";

/** The verdicts in the order of the groups. */
const VERDICTS = ["wrong", "undecided", "another network", "right by another convention", "right"];

const client = new WorkerClient<typeof diagnoser>("diagnoser", async () => {}, () => {});

/** What is shown, which stays while another view is. */
const judged = {
  files: [] as readonly Found[],
  answers: [] as readonly Answer[],
  /** How many files are still to be judged. */
  waiting: 0,
  error: undefined as ErrorWords | undefined,
  expected: "",
};

/** A file, and its path in the folder that was dropped. */
type Found = readonly [path: string, file: File];

/** Judges files that are dropped, or chosen. */
export function DiagnoseView({ training, change, link }: ViewProps) {
  const judge = async (found: readonly Found[]) => {
    // other files of a folder are none of steps; of a file alone it is said what it is
    const files = found.length === 1 ? found : found.filter(([path]) => /\.npz$/i.test(path))
      .sort(([a], [b]) => a < b ? -1 : 1);
    const none = { en: "No file in it ends in .npz.", ja: "名前が .npz で終わるファイルがない。" };
    const error = files.length === 0 ? none : undefined;
    Object.assign(judged, { files, answers: [], waiting: files.length, error });
    const expected = judged.expected.toLowerCase().match(/[a-z]+/g) ?? [];
    change({});
    for (const [name, file] of files) {
      let answer: Answer | undefined, failure: ErrorWords | undefined;
      try {
        const bytes = new Uint8Array(await file.arrayBuffer());
        answer = await client.ask("judge", { name, bytes, expected });
      } catch (error) {
        failure = wordsOf(error);
      }
      if (judged.files !== files) return; // others have been dropped meanwhile
      if (answer) judged.answers = [...judged.answers, answer];
      if (failure) judged.error = failure;
      judged.waiting--;
      change({});
    }
  };
  const choose = (webkitdirectory: boolean) => {
    const attributes = { type: "file", multiple: true, webkitdirectory };
    const field = Object.assign(document.createElement("input"), attributes);
    field.onchange = () => judge(foundIn(field.files!));
    field.click();
  };
  if (!training) return <p>{t("Use the command diagnose.", "コマンド diagnose を使う。")}</p>;
  const { answers, waiting, error } = judged, rows = answers.map(({ row }) => row[language()]);
  // the wrong ones and the largest groups first
  const rank = ([one]: Answer[]) => VERDICTS.indexOf(one!.verdict);
  const groups = [...groupBy(answers, ({ title }) => title[language()])]
    .toSorted(([, a], [, b]) => rank(a) - rank(b) || b.length - a.length);
  return (
    <>
      <section
        class="drop"
        onDragOver={(event) => event.preventDefault()}
        onDrop={async (event) => {
          event.preventDefault();
          try {
            await judge(await droppedFiles(event.dataTransfer!));
          } catch { // of a page on disk
            judged.error = {
              en: "The browser does not open a folder that is dropped: choose it instead.",
              ja: "ドロップしたフォルダをブラウザが開けない。フォルダを選ぶこと。",
            };
            change({});
          }
        }}
      >
        <h2>
          {t("Which equation of my program is wrong?", "自分のプログラムのどの式が間違っているか")}
        </h2>
        <p>
          {t(
            "Drop step.npz here, or a folder of such files. Nothing is sent anywhere.",
            "step.npz か、そのようなファイルのフォルダをここにドロップする。どこにも送信されない。",
          )}
        </p>
        <div class="buttons">
          {[t("Choose files", "ファイルを選ぶ"), t("Choose a folder", "フォルダを選ぶ")]
            .map((words, i) => (
              <button key={i} type="button" onClick={() => choose(i === 1)}>{words}</button>
            ))}
          <button
            type="button"
            onClick={async () =>
              download("sanso_step.py", await client.ask("recorder", language()))}
          >
            {t("Save the recorder, sanso_step.py", "記録用の sanso_step.py を保存")}
          </button>
        </div>
        <label>
          {t("What the course does otherwise", "授業での流儀")}
          <input
            type="text"
            placeholder="sum, relu"
            value={judged.expected}
            onInput={({ currentTarget: { value } }) => judged.expected = value}
          />
        </label>
      </section>
      <section class="judged" aria-live="polite">
        <ErrorLine id="diagnose-error" error={error} />
        {waiting > 0 && <p>{t(`${waiting} to judge …`, `残り ${waiting} ファイル…`)}</p>}
        {answers.length > 1 && waiting === 0 && (
          <p>
            <CopyButton
              text={`${[answers[0]!.header, ...rows].join("\n")}\n`}
              words={t("Copy the table (CSV)", "表をコピー（CSV）")}
            />
          </p>
        )}
        {answers.length <= 1
          ? answers.map((answer) => <FileAnswer key={answer.name} {...{ answer, link }} />)
          : groups.map(([title, group]) => (
            <div key={title} class="group">
              <h3>
                {title} <span class="quiet">({group.length})</span>
              </h3>
              {group.map((answer) => (
                <details key={answer.name}>
                  <summary>{answer.name}</summary>
                  <FileAnswer {...{ answer, link }} />
                </details>
              ))}
            </div>
          ))}
      </section>
    </>
  );
}

/** The words of the command, and the first wrong quantity beside the right one. */
function FileAnswer(
  { answer: { words, table, firstWrong }, link }: Pick<ViewProps, "link"> & { answer: Answer },
) {
  const { symbol, yours, right } = firstWrong ?? {};
  const picture = (words: string, image: IndexedImage | undefined) =>
    image && (
      <figure>
        <Picture image={image} role="img" aria-label={words} />
        <figcaption>{words}</figcaption>
      </figure>
    );
  return (
    <div class="answer">
      <pre>{words[language()]}</pre>
      <div class="pictures">
        {picture(t(`✗ your ${symbol}`, `✗ あなたの ${symbol}`), yours)}
        {picture(t(`✓ right ${symbol}`, `✓ 正しい ${symbol}`), right)}
      </div>
      {symbol && (
        <a href={link({ view: "step", quantity: symbol, focus: {} })}>
          {t(`See ${symbol} in Step`, `「計算」で ${symbol} を見る`)}
        </a>
      )}
      {table && (
        <details>
          <summary>{t("All quantities", "すべての量")}</summary>
          <pre>{table[language()]}</pre>
        </details>
      )}
    </div>
  );
}

const foundIn = (files: FileList): readonly Found[] =>
  Array.from(files, (file) => [file.webkitRelativePath || file.name, file]);

/** What was dropped: files, or those in folders. */
async function droppedFiles({ items, files }: DataTransfer): Promise<readonly Found[]> {
  // both are gone after the first await
  const entries = Array.from(items, (item) => item.webkitGetAsEntry() ?? []).flat();
  if (entries.every(({ isFile }) => isFile)) return foundIn(files);
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<readonly Found[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((...to) => (entry as FileSystemFileEntry).file(...to));
    return [[entry.fullPath.slice(1), file]];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader(), found: Found[] = [];
  for (;;) { // it gives a hundred at a time
    const some = await new Promise<FileSystemEntry[]>((...to) => reader.readEntries(...to));
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map(filesIn))).flat());
  }
}
