/** @jsxImportSource preact */
// The view Train: a network is trained, and what it has learned is seen.
import { MEASURES, thousands } from "../../charts/words.ts";
import { percent } from "../../text/numbers.ts";
import {
  ExamplesSection,
  HiddenUnitsSection,
  PredictionSection,
  useResult,
} from "../draw/draw_view.tsx";
import { ErrorLine } from "../fields.tsx";
import { language, t } from "../texts.ts";
import type { ImageCounts } from "../page_data.ts";
import { download, type ViewProps } from "../store.ts";
import type { Goal, Progress } from "./trainer.ts";
import { PAGE_SETTINGS, type Training } from "./training.ts";

/** Trains a network; the drawing and the examples are classified meanwhile. */
export function TrainView(props: ViewProps) {
  const training = props.training!, result = useResult(props);
  return (
    <div class="columns" id="columns">
      <ControlsSection training={training} counts={props.counts!} />
      <ProgressSection training={training} />
      <PredictionSection {...props} result={result} />
      <HiddenUnitsSection {...props} result={result} />
      <ExamplesSection {...props} />
    </div>
  );
}

/** The settings, and the buttons of a training. */
function ControlsSection({ training, counts }: {
  readonly training: Training;
  readonly counts: ImageCounts;
}) {
  const { settings, fields, progress, isTraining } = training;
  const refusal = "reason" in fields ? fields : undefined;
  const isFinished = progress?.isFinished ?? false;
  const train = thousands(counts.train), test = thousands(counts.test);
  /** Begins a training, or shows the field whose setting is not valid. */
  const start = (goal: Goal) => {
    if ("reason" in fields) document.getElementsByName(fields.name)[0]!.focus();
    else if (mayLose(training)) training.start(fields, goal);
  };
  const goOn = (goal: Goal) => () => settings ? training.goOn(goal) : start(goal);
  const restore = () => {
    if (!mayLose(training)) return;
    document.getElementById("start")!.focus(); // this button cannot keep the focus
    training.reset();
  };
  const save = async () => {
    const file = await training.save();
    if (file) download("parameter.npz", file);
  };
  const startWords = settings ? t("Continue", "続ける") : t("Start", "開始");
  const saveWords = t("Save parameter.npz", "parameter.npz を保存");
  const buttons: readonly (readonly [string, string, boolean, (() => void)?])[] = [
    isTraining
      ? ["start", t("Pause", "一時停止"), isFinished, () => training.pause()]
      : ["start", startWords, isFinished, goOn(Infinity)],
    ["restart", t("Restart", "最初から"), false], // submits the form, as Enter in a field does
    ["run-batch", t("One batch", "1 バッチ"), isFinished, goOn(1)],
    ["run-epoch", t("One epoch", "1 エポック"), isFinished, goOn("epoch")],
    ["save", saveWords, !progress, save],
    ["restore", t("Original network", "学習前に戻す"), !settings, restore],
  ];
  return (
    <section class="training" aria-labelledby="train-title">
      <h2 id="train-title">{t("Train", "学習")}</h2>
      <p class="hint quiet">
        {t(
          `Trains a new network on ${train} training images, and tests it on ${test} others. ` +
            "Changed settings apply after Restart.",
          `新しいネットワークを訓練画像 ${train} 枚で学習させ、テスト画像 ${test} 枚で試す。` +
            "設定の変更は「最初から」を押すと有効になる。",
        )}
      </p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          start(Infinity);
        }}
      >
        {PAGE_SETTINGS.map(({ name, words, range }) => (
          <label key={name}>
            {words[language()]}{" "}
            <input
              name={name}
              autocomplete="off"
              inputMode={range.isInteger ? "numeric" : "decimal"}
              value={training.texts[name]}
              aria-describedby="settings-error"
              aria-invalid={refusal?.name === name}
              onInput={({ currentTarget }) => training.setText(name, currentTarget.value)}
            />
          </label>
        ))}
        <p class="error" id="settings-error" role="alert">
          {refusal && `${refusal.words[language()]}: ${refusal.reason[language()]}`}
        </p>
        <div class="buttons">
          {buttons.map(([id, words, disabled, onClick]) => (
            <button
              key={id}
              type={onClick ? "button" : "submit"}
              class={id === "start" ? "primary" : undefined}
              {...{ id, disabled, onClick }}
            >
              {words}
            </button>
          ))}
        </div>
      </form>
    </section>
  );
}

/** Asks before a training is lost that is neither in the address nor saved. */
function mayLose(training: Training): boolean {
  return !training.isUnsaved || confirm(t(
    "This ends the training, and its network is not saved. Go on?",
    "学習は終わり、保存していないネットワークは失われる。続けるか。",
  ));
}

/** What a training has reached: its state, its figures and its curves. */
function ProgressSection({ training }: { readonly training: Training }) {
  const { settings, progress, error } = training;
  const rows = [
    ["train", t("train, during epoch", "訓練（エポック中）"), progress?.running],
    ["test", t("test, last one", "テスト（最新）"), progress?.test],
  ] as const;
  return (
    <section class="progress" aria-labelledby="progress-title">
      <h2 id="progress-title">{t("Progress", "学習の経過")}</h2>
      <ErrorLine id="training-error" error={error} />
      <p id="training-status" role="status">{settings && statusOf(training)}</p>
      <table class="qualities" aria-labelledby="progress-title">
        <thead>
          <tr>
            <td id="epoch">{placeOf(progress)}</td>
            <th scope="col">{t("cross-entropy (nats)", "クロスエントロピー誤差（nat）")}</th>
            <th scope="col">{t("accuracy", "正解率")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([id, words, quality]) => (
            <tr key={id}>
              <th scope="row">{words}</th>
              <td id={`${id}-loss`}>{quality ? quality.crossEntropy.toFixed(4) : "–"}</td>
              <td id={`${id}-accuracy`}>{quality ? percent(quality.accuracy) : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {progress
        ? (
          <div
            key="curves"
            class="curves"
            id="curves"
            dangerouslySetInnerHTML={{ __html: progress.curves[language()] }}
          />
        )
        : <EmptyAxes />}
    </section>
  );
}

/** Axes where the curves of a training will have theirs. */
function EmptyAxes() {
  return (
    <div class="curves">
      <svg viewBox="0 0 420 532" fill="currentColor" aria-hidden="true">
        {(["crossEntropy", "accuracy"] as const).map((measure, i) => (
          <g key={measure} transform={`translate(0 ${28 + 252 * i})`}>
            <text x="8" y="14" font-weight="bold">{MEASURES[measure][language()]}</text>
            <path d="M60,26V206H400" fill="none" stroke="currentColor" />
            <text x="230" y="244" text-anchor="middle">{t("epoch", "エポック")}</text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** What a training does, or did last. */
function statusOf({ progress, isTraining, saved }: Training): string {
  if (!progress) return t("Loading the images …", "画像を読み込んでいる…");
  if (saved === progress.batches) return t("Saved", "保存した");
  if (isTraining) return t("Training …", "学習している…");
  return progress.isFinished ? t("Finished", "終了した") : t("Paused", "一時停止した");
}

function placeOf(progress: Progress | undefined): string {
  if (!progress) return t("Not trained yet", "まだ学習していない");
  const { batches, batchesPerEpoch: all } = progress;
  const epoch = Math.max(1, Math.ceil(batches / all)), batch = batches - (epoch - 1) * all;
  return t(
    `epoch ${thousands(epoch)}, batch ${batch} of ${all}`,
    `エポック ${thousands(epoch)}、バッチ ${batch} / ${all}`,
  );
}
