/** @jsxImportSource preact */
// The view Diagnose: files with recorded steps are judged in the page, and nothing is sent anywhere.
import { useReducer, useState } from "preact/hooks";
import { groupBy } from "../../text/layout.ts";
import { ErrorLine } from "../fields.tsx";
import { type ErrorWords, wordsOf } from "../errors.ts";
import { Picture } from "../picture.tsx";
import { download } from "../store.ts";
import { language, t } from "../texts.ts";
import type { ViewProps } from "../view.ts";
import { WorkerClient } from "../worker_client.ts";
import type { Answer, diagnoser } from "./diagnoser.ts";

/** The verdicts in the order of the groups. */
const VERDICTS = ["wrong", "undecided", "another network", "right by another convention", "right"];

const client = new WorkerClient<ReturnType<typeof diagnoser>>(
  "diagnoser",
  () => Promise.resolve(),
  () => {},
);

/** What is shown, which stays while another view is; `waiting` files are still to be judged. */
const judged = {
  files: [] as readonly File[],
  answers: [] as readonly Answer[],
  waiting: 0,
  error: undefined as ErrorWords | undefined,
  expected: "",
  render: () => {},
};

/** Judges files that are dropped, or chosen. */
export function DiagnoseView(props: ViewProps) {
  const [, update] = useReducer((count: number) => count + 1, 0);
  const [isOver, setOver] = useState(false);
  const [copied, setCopied] = useState<typeof judged.answers>();
  judged.render = () => update(undefined);
  const judge = async (files: readonly File[]) => {
    Object.assign(judged, { files, answers: [], waiting: files.length, error: undefined });
    const expected = judged.expected.toLowerCase().match(/[a-z]+/g) ?? [];
    judged.render();
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
      judged.render();
    }
  };
  if (!props.training) {
    return (
      <p>
        {t("This page has no worker: use the command.", "このページでは使えない。コマンドを使う。")}
      </p>
    );
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
            <button
              type="button"
              onClick={async () => {
                const rows = [answers[0]!.header, ...answers.map(({ row }) => row[language()]), ""];
                await navigator.clipboard.writeText(rows.join("\n"));
                setCopied(answers);
              }}
            >
              {copied === answers
                ? t("Copied", "コピーした")
                : t("Copy the table (CSV)", "表をコピー（CSV）")}
            </button>
          </p>
        )}
        {answers.length <= 1
          ? answers.map((answer) => <FileAnswer key={answer.name} {...props} answer={answer} />)
          : groups.map(([title, group]) => (
            <div key={title} class="group">
              <h3>
                {title} <span class="quiet">({group.length})</span>
              </h3>
              {group.map((answer) => (
                <details key={answer.name}>
                  <summary>{answer.name}</summary>
                  <FileAnswer {...props} answer={answer} />
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
  { answer: { words, table, firstWrong }, link }: ViewProps & { readonly answer: Answer },
) {
  const symbol = firstWrong?.symbol;
  const pictures = firstWrong && [
    [t(`✗ your ${symbol}`, `✗ あなたの ${symbol}`), firstWrong.yours] as const,
    [t(`✓ right ${symbol}`, `✓ 正しい ${symbol}`), firstWrong.right] as const,
  ];
  return (
    <div class="answer">
      <pre>{words[language()]}</pre>
      {pictures && (
        <div class="pictures">
          {pictures.map(([words, image]) =>
            image && (
              <figure key={words}>
                <Picture image={image} role="img" aria-label={words} />
                <figcaption>{words}</figcaption>
              </figure>
            )
          )}
        </div>
      )}
      {symbol && (
        <p>
          <a href={link({ view: "step", quantity: symbol, focus: {} })}>
            {t(`See ${symbol} in Step`, `「計算」で ${symbol} を見る`)}
          </a>
        </p>
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
function stepFiles(files: readonly File[]): File[] {
  return files.filter(({ name }) => /\.npz$/i.test(name))
    .toSorted((a, b) => pathOf(a) < pathOf(b) ? -1 : 1);
}

/** What was dropped: files, and the npz files in folders. */
async function droppedFiles({ items }: DataTransfer): Promise<File[]> {
  // the entries are gone after the first await
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) =>
    entry !== null
  );
  const found = (await Promise.all(entries.map(filesIn))).flat();
  return entries.length === 1 && entries[0]!.isFile ? found : stepFiles(found);
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const { file } = entry as FileSystemFileEntry;
    return [await new Promise<File>((resolve, reject) => file.call(entry, resolve, reject))];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader(), files: File[] = [];
  for (;;) { // it gives a hundred at a time
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject)
    );
    if (some.length === 0) return files;
    files.push(...(await Promise.all(some.map(filesIn))).flat());
  }
}
