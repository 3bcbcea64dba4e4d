/** @jsxImportSource preact */
// The view Diagnose: files of recorded steps are judged in the page, and nothing is sent anywhere.
import type { IndexedImage } from "../../charts/encode_png.ts";
import { groupBy } from "../../text/layout.ts";
import { CopyButton, ErrorLine, Picture } from "../fields.tsx";
import { download, type ViewProps } from "../store.ts";
import { type ErrorWords, language, PageError, t, wordsOf } from "../texts.ts";
import { WorkerClient } from "../worker_client.ts";
import type { Answer, diagnoser } from "./diagnoser.ts";

/** The verdicts in the order of the groups. */
const VERDICTS = ["wrong", "undecided", "another network", "right by another convention", "right"];

const client = new WorkerClient<typeof diagnoser>("diagnoser", async () => {}, () => {});

/** So many files, and what is known of them; it stays while another view is shown. */
const filesOf = (count: number, error?: ErrorWords) => ({
  ...{ count, answers: [] as Answer[], waiting: count, error },
});

let judged = filesOf(0);

/** What the course does otherwise, as it is written in the field. */
let conventions = "";

/** Judges files that are dropped, or chosen. */
export function DiagnoseView({ training, change, link }: ViewProps) {
  const judge = async (chosen: readonly File[]) => {
    // other files of a folder are none of steps; of a file alone it is said what it is
    const files = chosen.length === 1 ? chosen : chosen.filter(({ name }) => /\.npz$/i.test(name))
      .toSorted((a, b) => pathOf(a) < pathOf(b) ? -1 : 1);
    const none = { en: "No file in it ends in .npz.", ja: "名前が .npz で終わるファイルがない。" };
    const mine = judged = filesOf(files.length, files.length === 0 ? none : undefined);
    const expected = conventions.toLowerCase().match(/[a-z]+/g) ?? [];
    change({});
    for (const file of files) {
      try {
        const bytes = new Uint8Array(await file.arrayBuffer().catch(() => unreadable(file)));
        mine.answers.push(await client.ask("judge", { name: pathOf(file), bytes, expected }));
      } catch (error) {
        mine.error = wordsOf(error);
      }
      if (judged !== mine) return; // others have been dropped meanwhile
      mine.waiting--;
      change({});
    }
  };
  if (!training) return <p>{t("Use the command diagnose.", "コマンド diagnose を使う。")}</p>;
  const places = [
    t("Drop step.npz here, or choose files", "step.npz をここにドロップするか、ファイルを選択する"),
    t("Drop a folder here, or choose one", "フォルダをここにドロップするか、選択する"),
  ];
  // what is dropped beside a field is not opened
  const ignore = (event: DragEvent) => {
    if (!(event.target instanceof HTMLInputElement)) event.preventDefault();
  };
  return (
    <>
      <section onDragOver={ignore} onDrop={ignore}>
        <h2>
          {t("Which equation of my program is wrong?", "自分のプログラムのどの式が間違っているか")}
        </h2>
        <p>{t("Nothing is sent anywhere.", "どこにも送信されない。")}</p>
        {places.map((words, i) => (
          <label key={i} class="drop">
            {words}
            <input
              {...{ type: "file", multiple: true, webkitdirectory: i === 1 }}
              onChange={({ currentTarget: field }) => {
                judge([...field.files!]);
                field.value = ""; // so that the same file may be chosen again
              }}
            />
          </label>
        ))}
        <div class="buttons">
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
            value={conventions}
            onInput={({ currentTarget: { value } }) => conventions = value}
          />
        </label>
      </section>
      <Judged link={link} />
    </>
  );
}

/** How many files are still to be judged; then the answers by their titles. */
function Judged({ link }: Pick<ViewProps, "link">) {
  const { count, answers, waiting, error } = judged;
  // the wrong ones and the largest groups first
  const rank = ([one]: Answer[]) => VERDICTS.indexOf(one!.verdict);
  const groups = waiting > 0 ? [] : [...groupBy(answers, ({ title }) => title[language()])]
    .toSorted(([, a], [, b]) => rank(a) - rank(b) || b.length - a.length);
  const table = [answers[0]?.header, ...answers.map(({ row }) => row[language()]), ""].join("\n");
  return (
    <section class="judged">
      <ErrorLine id="diagnose-error" error={error} />
      {waiting > 0 && (
        <progress max={count} value={count - waiting} aria-label={t("Judged", "診断済み")} />
      )}
      <p class="visually-hidden" role="status">
        {groups.map(([title, { length }]) => `${title} (${length}) `)}
      </p>
      {groups.length > 0 && count > 1 && (
        <CopyButton text={table} words={t("Copy the table (CSV)", "表をコピー（CSV）")} />
      )}
      {groups.map(([title, group]) => (
        <div key={title} class="group">
          <h3>
            {title} <span class="quiet">({group.length})</span>
          </h3>
          {group.map((answer) => (
            <details key={answer.name} open={count === 1}>
              <summary>{answer.name}</summary>
              <FileAnswer {...{ answer, link }} />
            </details>
          ))}
        </div>
      ))}
    </section>
  );
}

/** What is no file is most likely a folder. */
function unreadable({ name }: File): never {
  throw new PageError({
    en: `Cannot read ${name}; a folder has a field of its own.`,
    ja: `${name} を読み込めない。フォルダは専用の欄にドロップする。`,
  });
}

/** The path of a file in the folder that was chosen, or its name. */
const pathOf = ({ webkitRelativePath, name }: File) => webkitRelativePath || name;

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
