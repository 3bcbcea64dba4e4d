/** @jsxImportSource preact */
// The view Diagnose: files with recorded steps are judged in the page, and nothing is sent anywhere.
import { useState } from "preact/hooks";
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

/** What is shown, which stays while another view is; `waiting` files are still to be judged. */
const judged = {
  files: [] as readonly File[],
  answers: [] as readonly Answer[],
  waiting: 0,
  error: undefined as ErrorWords | undefined,
  expected: "",
};

/** Judges files that are dropped, or chosen. */
export function DiagnoseView({ training, change, link }: ViewProps) {
  const [isOver, setOver] = useState(false);
  const judge = async (files: readonly File[]) => {
    Object.assign(judged, { files, answers: [], waiting: files.length, error: undefined });
    const expected = judged.expected.toLowerCase().match(/[a-z]+/g) ?? [];
    change({});
    for (const file of files) {
      try {
        const bytes = new Uint8Array(await file.arrayBuffer());
        const answer = await client.ask("judge", { name: pathOf(file), bytes, expected });
        if (judged.files !== files) return; // others have been dropped meanwhile
        judged.answers = [...judged.answers, answer];
      } catch (error) {
        judged.error = wordsOf(error);
      }
      judged.waiting--;
      change({});
    }
  };
  if (!training) {
    const words = t(
      "This page has no worker: use the command.",
      "このページでは使えない。コマンドを使う。",
    );
    return <p>{words}</p>;
  }
  const { answers, waiting, error } = judged;
  // the wrong ones and the largest groups first
  const rank = ([one]: Answer[]) => VERDICTS.indexOf(one!.verdict);
  const groups = [...groupBy(answers, ({ title }) => title[language()])]
    .toSorted(([, a], [, b]) => rank(a) - rank(b) || b.length - a.length);
  return (
    <>
      <section
        class={isOver ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={async (event) => {
          event.preventDefault();
          setOver(false);
          await judge(await droppedFiles(event.dataTransfer!));
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
          {[
            [t("Choose files", "ファイルを選ぶ"), { accept: ".npz" }],
            [t("Choose a folder", "フォルダを選ぶ"), { webkitdirectory: true }],
          ].map(([words, attributes]) => (
            <label key={words} class="file-button">
              <input
                type="file"
                multiple
                {...attributes as object}
                onChange={async ({ currentTarget }) => {
                  const files = [...currentTarget.files!];
                  currentTarget.value = ""; // so that the same file can be chosen again
                  await judge(currentTarget.webkitdirectory ? stepFiles(files) : files);
                }}
              />
              <span>{words}</span>
            </label>
          ))}
          <button
            type="button"
            onClick={async () =>
              download("sanso_step.py", await client.ask("recorder", language()))}
          >
            {t("Save sanso_step.py", "sanso_step.py を保存")}
          </button>
        </div>
        <p class="quiet hint">
          {t(
            "sanso_step.py records a step of a NumPy or PyTorch program in three lines: " +
              "before(locals()) and after(locals()) around the update, or watch(model, optimizer).",
            "sanso_step.py は、NumPy や PyTorch のプログラムのステップを 3 行で記録する。更新の前後に before(locals()) と after(locals())、または watch(model, optimizer) を書く。",
          )}
        </p>
        <label class="expected">
          <span>{t("What the course does otherwise", "授業での流儀")}</span>
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
              text={[answers[0]!.header, ...answers.map(({ row }) => row[language()]), ""].join(
                "\n",
              )}
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
  const symbol = firstWrong?.symbol;
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
      {firstWrong && (
        <>
          <div class="pictures">
            {picture(t(`✗ your ${symbol}`, `✗ あなたの ${symbol}`), firstWrong.yours)}
            {picture(t(`✓ right ${symbol}`, `✓ 正しい ${symbol}`), firstWrong.right)}
          </div>
          <p>
            <a href={link({ view: "step", quantity: firstWrong.symbol, focus: {} })}>
              {t(`See ${symbol} in Step`, `「計算」で ${symbol} を見る`)}
            </a>
          </p>
        </>
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

const pathOf = (file: File) => file.webkitRelativePath || file.name;

/** The npz files of a folder, in the order of their names. */
const stepFiles = (files: readonly File[]) =>
  files.filter(({ name }) => /\.npz$/i.test(name))
    .toSorted((a, b) => pathOf(a) < pathOf(b) ? -1 : 1);

/** What was dropped: files, and the npz files in folders. */
async function droppedFiles({ items }: DataTransfer): Promise<File[]> {
  // the entries are gone after the first await
  const entries = Array.from(items, (item) => item.webkitGetAsEntry() ?? []).flat();
  const found = await filesIn(entries);
  return entries.length === 1 && entries[0]!.isFile ? found : stepFiles(found);
}

async function filesIn(entries: readonly FileSystemEntry[]): Promise<File[]> {
  const all = entries.map((entry) =>
    new Promise<File[]>((resolve, reject) => {
      if (entry.isFile) {
        return (entry as FileSystemFileEntry).file((file) => resolve([file]), reject);
      }
      const reader = (entry as FileSystemDirectoryEntry).createReader(),
        found: FileSystemEntry[] = [];
      const read = () =>
        reader.readEntries((some) => { // it gives a hundred at a time
          found.push(...some);
          if (some.length > 0) read();
          else resolve(filesIn(found));
        }, reject);
      read();
    })
  );
  return (await Promise.all(all)).flat();
}
