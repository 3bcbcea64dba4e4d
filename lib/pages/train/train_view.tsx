/** @jsxImportSource preact */
// The view Train: a network is trained, and what it has learned is seen.
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Quality } from "../../../mod.ts";
import { thousands } from "../../charts/words.ts";
import { counted as count } from "../../text/layout.ts";
import { percent } from "../../text/numbers.ts";
import {
  ExamplesSection,
  HiddenUnitsSection,
  PredictionSection,
  useResult,
} from "../draw/results.tsx";
import { ErrorLine } from "../error_line.tsx";
import { MAX_LINKED_BATCHES } from "../state.ts";
import { noBetterThan } from "./guessing.ts";
import { PAGE_SETTINGS } from "./training_settings.ts";
import { language, t } from "../texts.ts";
import type { ViewProps } from "../view.ts";
import type { Goal, Progress, Training } from "./training.ts";

/** Losses from here on are shown with an exponent; a diverging training may have any. */
const LARGE_LOSS = 1e5;

/** Trains a network; the drawing and the examples are classified meanwhile. */
export function TrainView(props: ViewProps): JSX.Element {
  const { training } = props, result = useResult(props);
  return (
    <div class="columns" id="columns">
      {training
        ? <ControlsSection training={training} />
        : <Unavailable title={t("Train", "学習")} />}
      {training && <ProgressSection training={training} />}
      <PredictionSection {...props} result={result} />
      <HiddenUnitsSection {...props} result={result} />
      <ExamplesSection {...props} />
    </div>
  );
}

/** What a view says that needs training images. */
export function Unavailable({ title }: { readonly title: string }): JSX.Element {
  return (
    <section>
      <h2>{title}</h2>
      <p>
        {t(
          <>
            This page cannot train: the folder given with <code>--data</code>{" "}
            has no training images.
          </>,
          <>
            <code>--data</code> のフォルダに訓練画像がないので、このページでは学習できない。
          </>,
        )}
      </p>
    </section>
  );
}

/** The settings, and the buttons of a training. */
function ControlsSection({ training }: { readonly training: Training }): JSX.Element {
  const { session, settings, options: { counts } } = training;
  const form = useRef<HTMLFormElement>(null), start = useRef<HTMLButtonElement>(null);
  const refusal = "reason" in settings ? settings : undefined;
  const isFinished = session?.progress?.ended === "finished";
  /** Does what needs valid settings, or shows the field whose setting is not. */
  const withSettings = (act: () => void) => {
    if (!refusal) return act();
    (form.current!.elements.namedItem(refusal.name) as HTMLElement).focus();
  };
  const goOn = (goal: Goal) =>
    session ? training.goOn(goal) : withSettings(() => training.goOn(goal));
  return (
    <section class="training" aria-labelledby="train-title">
      <h2 id="train-title">{t("Train", "学習")}</h2>
      <p class="hint quiet">
        {t(
          `Trains a new network on the ${thousands(counts.train)} training images of this page, ` +
            `and tests it on ${
              thousands(counts.test)
            } others. Meanwhile it classifies the drawing.`,
          `新しいネットワークを、このページの訓練画像 ${
            thousands(counts.train)
          } 枚で学習させ、別のテスト画像 ` +
            `${thousands(counts.test)} 枚で試す。そのあいだも手書きの数字を分類する。`,
        )}
      </p>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          withSettings(() => mayLose(training) && training.restart("end"));
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
          {refusal && `${refusal.setting[language()]}: ${refusal.reason[language()]}`}
        </p>
        <p class="hint quiet" id="settings-note" role="status">
          {!refusal && training.isChanged && t(
            "The changed settings apply after Restart.",
            "変更した設定は「最初から」を押すと使われる。",
          )}
        </p>
        <div class="buttons">
          <button
            type="button"
            id="start"
            class="primary"
            ref={start}
            disabled={isFinished}
            onClick={() => session?.isTraining ? training.pause() : goOn("end")}
          >
            {session?.isTraining
              ? t("Pause", "一時停止")
              : session
              ? t("Continue", "続ける")
              : t("Start", "開始")}
          </button>
          <button type="submit" id="restart">{t("Restart", "最初から")}</button>
          <button type="button" id="run-batch" disabled={isFinished} onClick={() => goOn(1)}>
            {t("One batch", "1 バッチ")}
          </button>
          <button type="button" id="run-epoch" disabled={isFinished} onClick={() => goOn("epoch")}>
            {t("One epoch", "1 エポック")}
          </button>
          <button
            type="button"
            id="save"
            disabled={!session?.progress}
            onClick={() => training.save()}
          >
            {t("Save parameter.npz", "parameter.npz を保存")}
          </button>
          <button
            type="button"
            id="restore"
            disabled={!session}
            onClick={() => {
              if (!mayLose(training)) return;
              start.current!.focus(); // this button cannot keep the focus
              training.open(undefined);
            }}
          >
            {t("Original network", "学習前に戻す")}
          </button>
        </div>
      </form>
      <p class="hint quiet" id="link-note">{session?.progress && linkNote(training)}</p>
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

function linkNote({ link }: Training): string {
  return link
    ? t(
      "The address of this page holds the network: a link trains it again.",
      "このページの URL を開くと、同じ設定で学習をやり直し、同じネットワークになる。",
    )
    : t(
      `After more than ${thousands(MAX_LINKED_BATCHES)} batches the address does not hold the ` +
        "network: a reload loses it. Save it first.",
      `${
        thousands(MAX_LINKED_BATCHES)
      } バッチを超えたので、アドレスはこのネットワークを含まない。` +
        "再読み込みすると失われるので、先に保存しておくこと。",
    );
}

/** What a training has reached: its state, its figures and its curves. */
function ProgressSection({ training }: { readonly training: Training }): JSX.Element {
  const { session, error } = training, { progress } = session ?? {};
  const curves = progress?.curves[language()];
  return (
    <section class="progress" aria-labelledby="progress-title">
      <h2 id="progress-title">{t("Progress", "学習の経過")}</h2>
      <ErrorLine id="training-error" error={error} />
      <p id="training-status" role="status">{session && statusOf(training)}</p>
      <table class="qualities" aria-labelledby="progress-title">
        <thead>
          <tr>
            <td id="epoch">{placeOf(progress)}</td>
            <th scope="col">{t("cross-entropy (nats)", "クロスエントロピー誤差（nat）")}</th>
            <th scope="col">{t("accuracy", "正解率")}</th>
          </tr>
        </thead>
        <tbody>
          <QualityRow id="train" quality={progress?.running}>
            {t("train, during epoch", "訓練（エポック中）")}
          </QualityRow>
          <QualityRow id="test" quality={progress?.tested.quality}>
            {!progress || progress.tested.batches === progress.batches ? t("test", "テスト") : t(
              `test, batch ${thousands(progress.tested.batches)}`,
              `テスト（バッチ ${thousands(progress.tested.batches)}）`,
            )}
          </QualityRow>
        </tbody>
      </table>
      <p class="hint quiet" id="speed">{progress && progress.batches > 0 && speedOf(progress)}</p>
      <p class="hint" id="guessing" role="status">
        {progress && guessingWords(progress, training.options.classes)}
      </p>
      {useMemo(
        () =>
          curves === undefined
            ? (
              <p class="curves" id="curves">
                {t(
                  "The curves of the cross-entropy and the accuracy appear here.",
                  "クロスエントロピー誤差と正解率の曲線がここに表示される。",
                )}
              </p>
            )
            : <div class="curves" id="curves" dangerouslySetInnerHTML={{ __html: curves }} />,
        [curves, language()],
      )}
    </section>
  );
}

function QualityRow({ id, quality, children }: {
  readonly id: string;
  readonly quality: Quality | undefined;
  readonly children: string;
}): JSX.Element {
  return (
    <tr>
      <th scope="row" id={`${id}-name`}>{children}</th>
      <td id={`${id}-loss`}>{quality ? lossText(quality.crossEntropy) : "–"}</td>
      <td id={`${id}-accuracy`}>{quality ? percent(quality.accuracy) : "–"}</td>
    </tr>
  );
}

function lossText(loss: number): string {
  return loss < LARGE_LOSS ? loss.toFixed(4) : loss.toExponential(3);
}

function statusOf({ session, options: { counts, classes } }: Training): string {
  const { progress, isTraining, linked, saved } = session!, images = thousands(counts.train);
  const batches = thousands(progress?.batches ?? 0);
  const counted = (number: string, one: string, more = `${one}s`) =>
    `${number} ${number === "1" ? one : more}`;
  if (saved) {
    const loss = lossText(saved.test.crossEntropy), accuracy = percent(saved.test.accuracy);
    const after = thousands(saved.batches);
    return t(
      `Saved after ${
        counted(after, "batch", "batches")
      }. Test: cross-entropy ${loss}, accuracy ${accuracy}`,
      `${after} バッチの後のものを保存した。テスト: クロスエントロピー誤差 ${loss}、正解率 ${accuracy}`,
    );
  }
  if (isTraining && linked) {
    const wanted = thousands(linked.batches);
    return t(
      `Training the link’s network: ${counted(wanted, "batch", "batches")}`,
      `リンクのネットワークを学習させている（${wanted} バッチ）`,
    );
  }
  if (!progress) return t("Loading the images …", "画像を読み込んでいる…");
  if (isTraining) {
    return t(
      `Training on ${counted(images, "image")} of ${classes} classes`,
      `${classes} クラスの画像 ${images} 枚で学習している`,
    );
  }
  return progress.ended === "finished"
    ? t(
      `Finished after ${counted(thousands(progress.epochs), "epoch")}`,
      `${thousands(progress.epochs)} エポックで終了した`,
    )
    : t(`Paused after ${counted(batches, "batch", "batches")}`, `${batches} バッチで一時停止した`);
}

function placeOf(progress: Progress | undefined): string {
  if (!progress) return t("Not trained yet", "まだ学習していない");
  const { batches, epochs, batchesPerEpoch: all } = progress, inEpoch = batches - epochs * all;
  const isEnd = inEpoch === 0 && epochs > 0, epoch = thousands(isEnd ? epochs : epochs + 1);
  const batch = isEnd ? all : inEpoch;
  return t(
    `epoch ${epoch}, batch ${batch} of ${all}`,
    `エポック ${epoch}、バッチ ${batch} / ${all}`,
  );
}

function speedOf({ speed, threads }: Progress): string {
  const rounded = speed < 10 ? speed.toFixed(2) : speed.toFixed(0);
  return t(
    `${rounded} epochs per second, ${count(threads, "thread")}`,
    `1 秒に ${rounded} エポック、スレッド数 ${threads}`,
  );
}

/** Whether the last test is better than guessing; nothing as long as that is one of before. */
function guessingWords({ batches, tested, guessing }: Progress, classes: number): JSX.Element {
  if (batches > 0 && tested.batches === 0) {
    return (
      <span class="quiet">
        {t(
          "The network is tested again at the end of the epoch.",
          "次のテストはエポックの終わりに行う。",
        )}
      </span>
    );
  }
  const found = noBetterThan(guessing, tested.quality);
  const loss = `ln\u00a0${classes}\u00a0=\u00a0${guessing.crossEntropy.toFixed(3)}`;
  const accuracy = percent(guessing.accuracy);
  const compared = t(
    `which has a cross-entropy of ${loss} and is right in ${accuracy}.`,
    `等確率とすればクロスエントロピー誤差は ${loss}、最も多いクラスを常に答えれば正解率は ${accuracy} である。`,
  );
  if (!found) {
    return (
      <span class="quiet">
        {t(`Better than guessing, ${compared}`, `画像を見ない予測よりよい。${compared}`)}
      </span>
    );
  }
  return (
    <strong>
      {found === "answers"
        ? t(`No better than guessing, ${compared}`, `画像を見ない予測と変わらない。${compared}`)
        : t(
          "Its answers are better than guessing, its probabilities are not: equal ones have a " +
            `cross-entropy of ${loss}.`,
          "答えは画像を見ない予測よりよいが、確率はそうではない。確率をすべて等しくすれば、クロスエントロピー" +
            `誤差は ${loss} になる。`,
        )}
    </strong>
  );
}
