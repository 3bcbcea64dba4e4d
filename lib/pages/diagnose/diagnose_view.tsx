/** @jsxImportSource preact */
// The view Diagnose: files with recorded steps are judged in the page, and nothing is sent anywhere.
import type { JSX, TargetedDragEvent } from "preact";
import { useReducer, useState } from "preact/hooks";
import { groupBy } from "../../text/layout.ts";
import { ErrorLine } from "../error_line.tsx";
import { type ErrorWords, wordsOf } from "../errors.ts";
import { Picture } from "../picture.tsx";
import { language, t } from "../texts.ts";
import type { ViewProps } from "../view.ts";
import { WorkerClient } from "../worker_client.ts";
import type { Answer, Diagnoser, WrongQuantity } from "./diagnoser.ts";

const client = new WorkerClient<Diagnoser>("diagnoser", () => Promise.resolve(), () => {});

/** What is shown, which stays while another view is. */
const judged = {
  answers: [] as readonly Answer[],
  /** Files that are still to be judged. */
  waiting: 0,
  error: undefined as ErrorWords | undefined,
  expected: "",
};

/** Judges files that are dropped, or chosen. */
export function DiagnoseView(props: ViewProps): JSX.Element {
  const [, render] = useReducer((count: number) => count + 1, 0);
  const [isOver, setOver] = useState(false);
  const judge = async (files: readonly File[]) => {
    judged.answers = [];
    judged.error = undefined;
    judged.waiting = files.length;
    const expected = judged.expected.toLowerCase().match(/[a-z]+/g) ?? [];
    render(undefined);
    for (const file of files) {
      try {
        const bytes = new Uint8Array(await file.arrayBuffer());
        const name = file.webkitRelativePath || file.name;
        judged.answers = [...judged.answers, await client.ask("judge", { name, bytes, expected })];
      } catch (error) {
        judged.error = wordsOf(error);
      }
      judged.waiting--;
      render(undefined);
    }
  };
  const drop = async (event: TargetedDragEvent<HTMLElement>) => {
    event.preventDefault();
    setOver(false);
    await judge(await droppedFiles(event.dataTransfer!));
  };
  if (!props.training) {
    return (
      <p>
        {t("This page has no worker: use the command.", "このページでは使えない。コマンドを使う。")}
      </p>
    );
  }
  return (
    <>
      <section
        class={isOver ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
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
          <FileButton words={t("Choose files", "ファイルを選ぶ")} judge={judge} />
          <FileButton words={t("Choose a folder", "フォルダを選ぶ")} judge={judge} isFolder />
          <button type="button" onClick={saveRecorder}>
            {t("Save sanso_step.py", "sanso_step.py を保存")}
          </button>
        </div>
        <p class="quiet hint">
          {t(
            "sanso_step.py records a step of a NumPy or PyTorch program in three lines: before(locals()) and after(locals()) around the update, or watch(model, optimizer).",
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
        <ErrorLine id="diagnose-error" error={judged.error} />
        {judged.waiting > 0 && (
          <p>{t(`${judged.waiting} to judge …`, `残り ${judged.waiting} ファイル…`)}</p>
        )}
        {judged.answers.length > 1 && judged.waiting === 0 && <CopyTable />}
        {judged.answers.length > 1
          ? groups().map(([title, answers]) => (
            <div key={title} class="group">
              <h3>
                {title} <span class="quiet">({answers.length})</span>
              </h3>
              {answers.map((answer) => (
                <details key={answer.name}>
                  <summary>{answer.name}</summary>
                  <FileAnswer {...props} answer={answer} />
                </details>
              ))}
            </div>
          ))
          : judged.answers.map((answer) => (
            <FileAnswer key={answer.name} {...props} answer={answer} />
          ))}
      </section>
    </>
  );
}

/** The answers by what is wrong, the wrong ones and the largest groups first. */
function groups(): [title: string, answers: Answer[]][] {
  const order = ["wrong", "undecided", "another network", "right by another convention", "right"];
  return [...groupBy(judged.answers, ({ title }) => title[language()])].toSorted(
    ([, [a, ...as]], [, [b, ...bs]]) =>
      order.indexOf(a!.verdict) - order.indexOf(b!.verdict) || bs.length - as.length,
  );
}

/** The words of the command, and the first wrong quantity beside the right one. */
function FileAnswer(
  { answer: { words, table, firstWrong }, link }: ViewProps & { readonly answer: Answer },
): JSX.Element {
  return (
    <div class="answer">
      <pre>{words[language()]}</pre>
      {firstWrong && <Pictures {...firstWrong} />}
      {firstWrong && (
        <p>
          <a href={link({ view: "step", quantity: firstWrong.symbol, focus: {} })}>
            {t(`See ${firstWrong.symbol} in Step`, `「計算」で ${firstWrong.symbol} を見る`)}
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

function Pictures({ symbol, yours, right }: WrongQuantity): JSX.Element {
  const one = (words: string, image: WrongQuantity["right"]) => (
    <figure>
      <Picture image={image} role="img" aria-label={words} />
      <figcaption>{words}</figcaption>
    </figure>
  );
  return (
    <div class="pictures">
      {yours && one(t(`✗ your ${symbol}`, `✗ あなたの ${symbol}`), yours)}
      {one(t(`✓ right ${symbol}`, `✓ 正しい ${symbol}`), right)}
    </div>
  );
}

function FileButton({ words, judge, isFolder = false }: {
  readonly words: string;
  readonly judge: (files: readonly File[]) => Promise<void>;
  readonly isFolder?: boolean;
}): JSX.Element {
  return (
    <label class="file-button">
      <input
        type="file"
        multiple
        {...isFolder ? { webkitdirectory: true } : { accept: ".npz" }}
        onChange={async ({ currentTarget }) => {
          const files = [...currentTarget.files!];
          currentTarget.value = ""; // so that the same file can be chosen again
          await judge(isFolder ? stepFiles(files) : files);
        }}
      />
      <span>{words}</span>
    </label>
  );
}

/** A table of all files for a spreadsheet. */
function CopyTable(): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const rows = judged.answers.map(({ row }) => row[language()]);
  return (
    <p>
      <button
        type="button"
        onClick={async () => {
          await navigator.clipboard.writeText([judged.answers[0]!.header, ...rows, ""].join("\n"));
          setCopied(true);
        }}
      >
        {isCopied ? t("Copied", "コピーした") : t("Copy the table (CSV)", "表をコピー（CSV）")}
      </button>
    </p>
  );
}

/** The npz files of a folder, in the order of their names. */
function stepFiles(files: readonly File[]): File[] {
  const path = (file: File) => file.webkitRelativePath || file.name;
  return files.filter(({ name }) => /\.npz$/i.test(name))
    .toSorted((a, b) => path(a) < path(b) ? -1 : 1);
}

/** What was dropped: files, and the npz files in folders. */
async function droppedFiles({ items }: DataTransfer): Promise<File[]> {
  // the entries are gone after the first await
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) =>
    entry !== null
  );
  const found = await Promise.all(entries.map(filesIn));
  return entries.length === 1 && entries[0]!.isFile ? found.flat() : stepFiles(found.flat());
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [
      await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject)
      ),
    ];
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

async function saveRecorder(): Promise<void> {
  const text = await client.ask("recorder", language());
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/x-python" }));
  link.download = "sanso_step.py";
  link.click();
  URL.revokeObjectURL(link.href);
}
