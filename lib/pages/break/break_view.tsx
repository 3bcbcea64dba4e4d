/** @jsxImportSource preact */
// The view Break: one rule of the training step is broken, beside the right one.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useReducer, useRef } from "preact/hooks";
import { ErrorLine } from "../error_line.tsx";
import { CommandLine } from "../fields.tsx";
import { Picture } from "../picture.tsx";
import { BREAK_SETTINGS, FIRST_RULE } from "./break_settings.ts";
import type { RuleWords } from "./broken_rules.ts";
import type { NetworkState } from "./broken_run.ts";
import { comparedEquations, correctEquationOf } from "./compared_equations.ts";
import { outcomeOf } from "./outcome.ts";
import type { CheckedGradient } from "./rule_check.ts";
import type { ImageCounts } from "../page_data.ts";
import { formula } from "../formula.ts";
import { focusOn } from "../../explain/explained_step.ts";
import { SymbolName } from "../step/quantity.tsx";
import { significantDigits } from "../../text/numbers.ts";
import { language, t } from "../texts.ts";
import { Unavailable } from "../train/train_view.tsx";
import type { ViewProps } from "../view.ts";
import { BreakRun, type BrokenEpoch, type Chosen } from "./break_run.ts";

/** The run, which is paused while another view is shown. */
const run = new BreakRun();

/** Lets one break a rule, and compares the gradients and the training with the right ones. */
export function BreakView(props: ViewProps): JSX.Element {
  if (!props.training) {
    return <Unavailable title={t("Break one rule", "式を 1 つ誤ったものに変える")} />;
  }
  return <Breaking {...props} />;
}

function Breaking(props: ViewProps): JSX.Element {
  const { state, change } = props, [, render] = useReducer((n: number) => n + 1, 0);
  const result = useRef<HTMLElement>(null);
  const rule = props.rules.find(({ id }) => id === state.mistake) ??
    props.rules.find(({ id }) => id === FIRST_RULE)!;
  useEffect(() => {
    run.onChange = () => render(undefined);
    return () => {
      run.onChange = () => {};
      run.pause();
    };
  }, []);
  useEffect(() => {
    if (run.rule !== rule.id) run.choose(rule.id);
  }, [rule.id]);
  const choose = ({ id }: RuleWords) => {
    change({ mistake: id });
    run.choose(id);
    run.train(BREAK_SETTINGS.epochs);
    // on a phone the curves are below the window
    const { top } = result.current!.getBoundingClientRect();
    if (top > innerHeight * 0.8) result.current!.scrollIntoView();
  };
  const checks = run.rule === rule.id ? run.checked.get(rule.id) : undefined;
  const epochs = run.rule === rule.id ? run.epochs : [];
  return (
    <>
      <section aria-labelledby="break-title">
        <h2 id="break-title">{t("Break one rule", "式を 1 つ誤ったものに変える")}</h2>
        <p class="quiet hint">
          {t(
            "Both networks begin alike, see the same batches, and are judged by the right labels.",
            "初期値もバッチも同じ 2 つのネットワークを、正しいラベルで評価する。",
          )}
        </p>
        <fieldset class="rules" aria-labelledby="break-title">
          {props.rules.map((one) => (
            <Rule
              key={one.id}
              rule={one}
              isChosen={one === rule}
              checks={run.checked.get(one.id)}
              onChoose={() => choose(one)}
            />
          ))}
        </fieldset>
      </section>
      <section class="break-equation" ref={result}>
        <h3 class="visually-hidden">{t("Equation", "式")}</h3>
        <Compared rule={rule} />
      </section>
      <section class="break-curves">
        <h3 class="visually-hidden">{t("Learning curves", "学習曲線")}</h3>
        <ErrorLine id="break-error" error={run.error} />
        <div class="break-charts" dangerouslySetInnerHTML={curvesOf(epochs.at(-1))} />
        <p class="break-outcome" role="status">{outcome(epochs)}</p>
        <p class="quiet hint">{settingsWords(epochs.at(-1), props.training!.options.counts)}</p>
      </section>
      <section class="break-proof">
        <h3 class="visually-hidden">{t("Gradient check", "勾配の検査")}</h3>
        <GradientCheck {...props} rule={rule} checks={checks} />
        <RightNetwork checks={checks} epoch={epochs.at(-1)} />
        <Weights epochs={epochs} />
      </section>
      <Controls run={run} epochs={epochs} />
    </>
  );
}

/** A rule as one of the choices, with what the gradient check says once it has been chosen. */
function Rule({ rule: { id, mistakes }, isChosen, checks, onChoose }: {
  readonly rule: RuleWords;
  readonly isChosen: boolean;
  readonly checks: Chosen | undefined;
  readonly onChoose: () => void;
}): JSX.Element {
  return (
    <label class="rule">
      <input type="radio" name="rule" value={id} checked={isChosen} onChange={onChoose} />
      <span>
        <b>
          {mistakes.map(({ quantity }, i) => (
            <>
              {i > 0 && ", "}
              <SymbolName symbol={quantity} />
            </>
          ))}
        </b>
        : <Formula text={mistakes[0]!.words[language()]} />
      </span>
      {checks && (
        <small class={checks.broken.wrong ? "mark found" : "mark"}>
          {checks.broken.wrong ? t("found", "見つかる") : t("not found", "見つからない")}
        </small>
      )}
    </label>
  );
}

/** A text in which symbols have their digit below. */
function Formula({ text }: { readonly text: string }): JSX.Element {
  return <span dangerouslySetInnerHTML={{ __html: formula(text).text }} />;
}

const sideName = (side: "right" | "broken") =>
  side === "right" ? t("✓ right", "✓ 正しい") : t("✗ broken", "✗ 誤り");

/** The equations of a rule, right and broken. */
function Compared({ rule: { mistakes } }: { readonly rule: RuleWords }): JSX.Element {
  const pairs = mistakes.map(({ quantity, equation }) =>
    comparedEquations(correctEquationOf(quantity), equation)
  );
  return (
    <>
      {(["right", "broken"] as const).map((side) => (
        <div key={side} class={`compared ${side}`}>
          <span>{sideName(side)}</span>
          <div>
            {pairs.map((pair) => (
              <p key={pair[side].text} dangerouslySetInnerHTML={{ __html: pair[side].text }} />
            ))}
          </div>
        </div>
      ))}
    </>
  );
}

/** Every gradient beside its finite differences, on the same images, with the mistake and without. */
function GradientCheck({ rule, checks, link }: ViewProps & {
  readonly rule: RuleWords;
  readonly checks: Chosen | undefined;
}): JSX.Element {
  const { seed, learningRate: rate, checkedImages: batch } = BREAK_SETTINGS;
  const wrong = checks?.broken.wrong, { quantity } = rule.mistakes[0]!;
  const focus = wrong ? focusOn(wrong.symbol, wrong.row, wrong.column) : {};
  const step = { quantity, seed, rate, batch, updates: 0, focus };
  return (
    <div class="card">
      <p role="status">
        {checks
          ? <Verdict {...checks} />
          : t("The gradient check is running …", "勾配を検査している…")}
      </p>
      {checks && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("Gradients", "勾配")}>
          <table class="gradients">
            <thead>
              <tr>
                <td />
                <th scope="col">{t("broken", "誤り")}</th>
                <th scope="col">{t("differences", "差分")}</th>
                <td />
                <th scope="col">{t("right network", "正しい方")}</th>
              </tr>
            </thead>
            <tbody>
              {checks.broken.gradients.map((broken, i) => (
                <GradientRow
                  key={broken.symbol}
                  broken={broken}
                  right={checks.right.gradients[i]!}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p>
        <a href={link({ view: "step", ...step })}>
          {t(
            `See the right ${quantity} in Step (other images)`,
            `「計算」で正しい ${quantity} を見る（別の画像）`,
          )}
        </a>{" "}
        · <code>{rule.id}</code> {t("in docs/mistakes.md", "（docs/mistakes.md）")}
      </p>
      <p class="quiet">
        {t("Caught by the test", "この誤りを検出するテスト")}:{" "}
        <span lang="en">“{rule.test.name}”</span> (<code>{rule.test.file}</code>)
      </p>
    </div>
  );
}

/** The entry that differs most, by the equation and by differences; that of the right step beside. */
function GradientRow({ broken, right }: {
  readonly broken: CheckedGradient;
  readonly right: CheckedGradient;
}): JSX.Element {
  const { symbol, isWrong, row, column, analytic, numerical } = broken;
  return (
    <tr class={isWrong ? "differs" : ""}>
      <th scope="row">
        <SymbolName symbol={symbol} />[{row}, {column}]
      </th>
      <td>{scientific(analytic)}</td>
      <td>{scientific(numerical)}</td>
      <td>
        <Mark isWrong={isWrong} />
      </td>
      <td>
        {scientific(right.analytic)} <Mark isWrong={right.isWrong} />
      </td>
    </tr>
  );
}

function Mark({ isWrong }: { readonly isWrong: boolean }): JSX.Element {
  const words = isWrong ? t("differs", "合わない") : t("agrees", "一致");
  return (
    <>
      <span aria-hidden="true">{isWrong ? "✗" : "✓"}</span>
      <span class="visually-hidden">{words}</span>
    </>
  );
}

function Verdict({ broken: { wrong, error, bound, difference } }: Chosen): JSX.Element {
  const [others, allowed] = [error, bound].map(scientific);
  if (wrong) {
    const off = shareOfLargest(wrong.error);
    return (
      <>
        <strong>{t("The gradient check finds it.", "勾配の検査で見つかる。")}</strong>{" "}
        <Formula
          text={t(
            `${wrong.symbol} is the first gradient that differs, from the loss backwards: off by ${off}, ${allowed} allowed.`,
            `損失から逆向きに見て最初に合わない勾配は ${wrong.symbol} で、誤差は${off}（許容値 ${allowed}）。`,
          )}
        />
      </>
    );
  }
  return (
    <>
      <strong>{t("The gradient check does not find it.", "勾配の検査では見つからない。")}</strong>
      {" "}
      <Formula
        text={t(
          `All gradients are right for the numbers that the mistake gives (errors up to ${others}, ${allowed} allowed): finite differences of the same forward pass cannot see wrong inputs, wrong labels or a wrong update. A comparison with the right numbers finds it: ${
            difference!.symbol
          } is off by ${shareOfLargest(difference!.error)}.`,
          `誤った数値に対しても、勾配はすべて正しい（誤差 ${others} 以下、許容値 ${allowed}）。同じ順伝播の差分と比べるだけでは、入力、ラベル、更新の誤りは見つからない。正しい数値と比べると見つかる。${
            difference!.symbol
          } のずれは${shareOfLargest(difference!.error)}である。`,
        )}
      />
    </>
  );
}

/** An error that is divided by the largest entry, in words. */
function shareOfLargest(error: number): string {
  const share = error < 1 ? percent(error) : scientific(error);
  return error < 1
    ? t(`${share} of its largest entry`, `最大の要素の ${share}`)
    : t(`${share} times its largest entry`, `最大の要素の ${share} 倍`);
}

function curvesOf(epoch: BrokenEpoch | undefined): { readonly __html: string } {
  return { __html: epoch?.curves[language()] ?? "" };
}

function settingsWords(epoch: BrokenEpoch | undefined, counts: ImageCounts): string {
  const { batchSize, learningRate, hidden, seed, trainImages } = BREAK_SETTINGS;
  const images = epoch?.trainImages ?? Math.min(trainImages, counts.train);
  return t(
    `${images} training images, ${batchSize} in a batch, learning rate ${learningRate}, ${hidden} hidden units, seed ${seed}`,
    `訓練画像 ${images} 枚、バッチ ${batchSize} 枚、学習率 ${learningRate}、隠れ層 ${hidden} ユニット、シード ${seed}`,
  );
}

/** What one sees after the last epoch. */
function outcome(epochs: readonly BrokenEpoch[]): string {
  const latest = epochs.at(-1);
  if (!latest || latest.epoch === 0) return "";
  const { epoch, right, broken, testImages: count, classes } = latest;
  const after = t(`After ${epoch} epoch${epoch === 1 ? "" : "s"}: `, `${epoch} エポック後、`);
  if (!broken) {
    const finite = epochs.filter(({ broken }) => broken).length;
    return t(
      `The broken network diverged in epoch ${finite}: its loss is not a finite number any more. ${after}the right one has ${
        accuracy(right)
      } of ${count} test images.`,
      `誤ったネットワークはエポック ${finite} で発散し、損失が有限の値でなくなった。${after}正しいネットワークはテスト画像 ${count} 枚の ${
        accuracy(right)
      } に正解する。`,
    );
  }
  const words = after + t(
    `right ${accuracy(right)}, broken ${accuracy(broken)} of ${count} test images.`,
    `テスト画像 ${count} 枚の正解率は、正しいネットワークが ${
      accuracy(right)
    }、誤ったネットワークが ${accuracy(broken)}。`,
  );
  if (epoch < BREAK_SETTINGS.epochs) return words;
  const chance = percent(1 / classes);
  const conclusion = {
    better: t(
      "The broken network is even better here: curves do not find this mistake.",
      "ここでは誤ったネットワークの方がむしろ良い。学習曲線ではこの誤りは見つからない。",
    ),
    same: t(
      "The curves do not show the mistake.",
      "学習曲線を見ても、この誤りは分からない。",
    ),
    learns: t(
      "The broken network learns too: curves alone do not find this mistake.",
      "誤ったネットワークも学習する。学習曲線だけではこの誤りは見つからない。",
    ),
    slow: t(
      "The broken network learns too, but far more slowly.",
      "誤ったネットワークも学習するが、ずっと遅い。",
    ),
    guessing: t(
      `The broken network is no better than guessing (${chance}).`,
      `誤ったネットワークは、画像を見ない予測（${chance}）と変わらない。`,
    ),
    below: t(
      `The broken network is far below guessing (${chance}): it has learnt something else.`,
      `誤ったネットワークは画像を見ない予測（${chance}）をはるかに下回る。別のことを学習したのである。`,
    ),
  }[outcomeOf(right.test.accuracy, broken.test.accuracy, classes)];
  return words + t(" ", "") + conclusion;
}

/** What is said of the right network: its check, and the hash after the last epoch. */
function RightNetwork({ checks, epoch }: {
  readonly checks: Chosen | undefined;
  readonly epoch: BrokenEpoch | undefined;
}): JSX.Element | null {
  if (!checks) return null;
  const [error, bound] = [checks.right.error, checks.right.bound].map(scientific);
  const { batchSize, learningRate } = BREAK_SETTINGS;
  return (
    <div class="card">
      <p>
        <strong>{t("✓ The right network passes", "✓ 正しいネットワークは合格する")}</strong> {t(
          `with errors up to ${error}, ${bound} allowed.`,
          `（誤差 ${error} 以下、許容値 ${bound}）。`,
        )}
      </p>
      {epoch?.hashes
        ? (
          <>
            <p>
              {t(
                `SHA-256 of its parameters after ${epoch.epoch} epoch${
                  epoch.epoch === 1 ? "" : "s"
                }:`,
                `${epoch.epoch} エポック後のパラメータの SHA-256:`,
              )} <code class="hash">{epoch.hashes.parameters}</code>
            </p>
            <p class="quiet">
              {t("This command prints the same:", "次のコマンドも同じ値を表示する。")}
            </p>
            <CommandLine
              command={`deno run -A cli.ts train --limit ${epoch.trainImages} --batch ${batchSize} ` +
                `--learning-rate ${learningRate} --epochs ${epoch.epoch} --hash`}
            />
          </>
        )
        : (
          <p class="quiet">
            {t(
              "After an epoch, the SHA-256 of its parameters stands here, as train --hash prints it.",
              "1 エポック後、ここに train --hash が表示するのと同じパラメータの SHA-256 を示す。",
            )}
          </p>
        )}
    </div>
  );
}

/** The weights of some hidden units of both networks; the broken one's before it diverged. */
function Weights({ epochs }: { readonly epochs: readonly BrokenEpoch[] }): JSX.Element | null {
  const rows = (["right", "broken"] as const).map((side) =>
    [side, epochs.findLast((epoch) => epoch[side])?.[side]?.units ?? []] as const
  );
  const count = rows[0]![1].length;
  if (count === 0) return null;
  return (
    <>
      <h3>
        {t(`Weights of hidden units 0 to ${count - 1}`, `隠れ層のユニット 0〜${count - 1} の重み`)}
      </h3>
      {rows.map(([side, units]) => (
        <div key={side} class="weight-row">
          <span>{sideName(side)}</span>
          <div class="weight-images" role="img" aria-label={sideName(side)}>
            {units.map((image, i) => <Picture key={i} image={image} />)}
          </div>
        </div>
      ))}
    </>
  );
}

function Controls({ run, epochs }: {
  readonly run: BreakRun;
  readonly epochs: readonly BrokenEpoch[];
}): JSX.Element {
  const start = useRef<HTMLButtonElement>(null), restart = useRef<HTMLButtonElement>(null);
  const { isTraining, hasBegun, isAtEnd } = run;
  // a button that cannot be used any more would lose the focus
  useEffect(() => {
    if (isAtEnd && document.activeElement === start.current) restart.current!.focus();
  }, [isAtEnd]);
  const button = (words: ComponentChildren, onClick: () => void, isOff: boolean) => (
    <button
      type="button"
      aria-disabled={isOff}
      onClick={() => isOff || onClick()}
    >
      {words}
    </button>
  );
  const epoch = epochs.at(-1)?.epoch ?? 0;
  return (
    <div class="player" role="group" aria-label={t("Training", "学習の進行")}>
      <div class="going">
        <button
          type="button"
          class="primary"
          ref={start}
          aria-disabled={isAtEnd}
          onClick={() => isAtEnd || (isTraining ? run.pause() : run.train(BREAK_SETTINGS.epochs))}
        >
          {isTraining
            ? t("Pause", "一時停止")
            : hasBegun
            ? t("Continue", "再開")
            : t("Start", "開始")}
        </button>
        {button(t("One epoch", "1 エポック"), () => run.train(1), isAtEnd)}
        <button type="button" ref={restart} onClick={() => run.choose(run.rule!)}>
          <span aria-hidden="true">↻</span> {t("Restart", "最初から")}
        </button>
      </div>
      <p class="losses">
        {run.isLoading ? t("Loading the images …", "画像を読み込んでいる…") : t(
          `epoch ${epoch} of ${BREAK_SETTINGS.epochs}`,
          `${epoch} / ${BREAK_SETTINGS.epochs} エポック`,
        )}
      </p>
    </div>
  );
}

const accuracy = ({ test }: NetworkState) => percent(test.accuracy);

function percent(share: number): string {
  const digits = share > 0 && share < 0.001 ? scientific(100 * share) : (100 * share).toFixed(1);
  return `${digits}\u00a0%`;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number of three digits, with a power of ten where it is small or large: 2.1·10⁻¹¹. */
function scientific(x: number): string {
  if (x === 0 || !Number.isFinite(x) || Math.abs(x) >= 0.001 && Math.abs(x) < 1000) {
    return significantDigits(x, 3).replace("-", "−");
  }
  const [digits, exponent] = x.toExponential(2).split("e") as [string, string];
  const power = `${Number(exponent)}`.replaceAll(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]!)
    .replace("-", "⁻");
  const factor = `${Number(digits)}`.replace("-", "−");
  return factor === "1" ? `10${power}` : `${factor}·10${power}`;
}
