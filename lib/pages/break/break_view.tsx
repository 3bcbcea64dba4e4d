/** @jsxImportSource preact */
// The view Break: one rule of the training step is broken, beside the right one.
import { useEffect, useReducer, useRef } from "preact/hooks";
import { tokensOf } from "../../explain/equation.ts";
import { QUANTITIES, type ReplaceableSymbol } from "../../network/step.ts";
import { mathml } from "../mathml.ts";
import { percent, significantDigits } from "../../text/numbers.ts";
import { language, t } from "../texts.ts";
import { ErrorLine } from "../fields.tsx";
import { trainingData } from "../page_data.ts";
import type { ViewProps } from "../store.ts";
import { TrainingClient } from "../worker_client.ts";
import type { breaker, BreakProgress } from "./breaker.ts";
import { BREAK_SETTINGS, FIRST_RULE, type RuleWords } from "./rules.ts";

const ALL_EPOCHS = BREAK_SETTINGS.epochs;

type Checks = BreakProgress["checks"];

/** A training with a broken rule. */
class BreakRun extends TrainingClient<ReturnType<typeof breaker>, BreakProgress> {
  progress: BreakProgress | undefined;
  /** The id of the rule. */
  rule = "";
  /** What the gradient check says to each rule that was chosen. */
  readonly checked = new Map<string, Checks>();

  constructor() {
    const data = async () => ({ rule: this.rule, data: await trainingData("few") });
    super("breaker", data, (progress) => {
      this.progress = progress;
      this.checked.set(this.rule, progress.checks);
    }, () => {});
  }

  /** Trains for so many epochs more; with another rule, after the last epoch or an error anew. */
  train(epochs: number, rule = this.rule): void {
    if (rule !== this.rule || this.error || this.progress?.epoch === ALL_EPOCHS) this.end();
    this.rule = rule;
    this.isTraining = epochs > 0;
    this.request("train", epochs);
  }

  override end(): void {
    super.end();
    this.progress = undefined;
  }
}

/** The run, which is paused while another view is shown. */
const run = new BreakRun();

/** Lets one break a rule, and compares the gradients and the training with the right ones. */
export function BreakView({ state, change, rules }: ViewProps) {
  const [, render] = useReducer((count: number) => count + 1, 0);
  const result = useRef<HTMLElement>(null);
  const find = (id: string | undefined) => rules.find((rule) => rule.id === id);
  const rule = find(state.mistake) ?? find(FIRST_RULE)!, checks = run.checked.get(rule.id);
  useEffect(() => {
    run.onChange = () => render(undefined);
    return () => {
      run.onChange = () => {};
      if (run.isTraining) run.train(0);
    };
  }, []);
  useEffect(() => {
    if (run.rule !== rule.id) run.train(0, rule.id);
  }, [rule.id]);
  const choose = (id: string) => {
    change({ mistake: id });
    run.train(ALL_EPOCHS, id);
    // on a phone the curves are below the window
    const { top } = result.current!.getBoundingClientRect();
    if (top > innerHeight * 0.8) result.current!.scrollIntoView();
  };
  const progress = run.rule === rule.id ? run.progress : undefined, { epoch = 0 } = progress ?? {};
  const isBetween = epoch > 0 && epoch < ALL_EPOCHS;
  const startWords = isBetween ? t("Continue", "続ける") : t("Start", "開始");
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
          {rules.map(({ id, mistakes }) => (
            <label key={id} class="rule">
              <input
                type="radio"
                name="rule"
                value={id}
                checked={id === rule.id}
                onChange={() => choose(id)}
              />
              <span>
                <b>
                  <Formula
                    text={mistakes.map(({ quantity }) => quantity).join(", ").replaceAll("'", "′")}
                  />
                </b>: <Formula text={mistakes[0]!.words[language()]} />
              </span>
              <FoundMark checks={run.checked.get(id)} />
            </label>
          ))}
        </fieldset>
      </section>
      <section class="break-equation" aria-label={t("Equation", "式")} ref={result}>
        <Compared {...rule} />
      </section>
      <section class="break-curves" aria-label={t("Learning curves", "学習曲線")}>
        <div
          class="break-charts"
          dangerouslySetInnerHTML={{ __html: progress?.curves[language()] ?? "" }}
        />
      </section>
      <section class="break-proof" aria-label={t("Gradient check", "勾配の検査")}>
        <p role="status">{checks && <Formula text={verdict(checks)} />}</p>
        {checks && <GradientTable checks={checks} />}
      </section>
      <div class="player" role="group" aria-label={t("Training", "学習の進行")}>
        <div class="going">
          <button
            type="button"
            class="primary"
            onClick={() => run.train(run.isTraining ? 0 : ALL_EPOCHS)}
          >
            {run.isTraining ? t("Pause", "一時停止") : startWords}
          </button>
          <button type="button" onClick={() => run.train(1)}>
            {t("One epoch", "1 エポック")}
          </button>
          <ErrorLine id="break-error" error={run.error} />
          <p class="losses" role="status">{run.error ? "" : placeOf(progress)}</p>
        </div>
      </div>
    </>
  );
}

/** A text in which symbols have their digit below, and differences a minus sign: (1 − Y₁). */
function Formula({ text }: { readonly text: string }) {
  const parts = text.replaceAll(" - ", " − ").split(/(?<=\bd?[AWYb])([12])\b/);
  return <>{parts.map((part, i) => i % 2 === 1 ? <sub key={i}>{part}</sub> : part)}</>;
}

/** The first gradient that is wrong, from the loss backwards. */
const firstWrong = (checks: Checks | undefined) => checks?.find(({ isWrong }) => isWrong);

/** Whether the gradient check finds a mistake, once it is done. */
function FoundMark({ checks }: { readonly checks: Checks | undefined }) {
  if (!checks) return null;
  return firstWrong(checks)
    ? <small class="mark found">{t("found", "見つかる")}</small>
    : <small class="mark">{t("not found", "見つからない")}</small>;
}

/** The equations of a rule, right and broken. */
function Compared({ mistakes }: RuleWords) {
  const pairs = mistakes.map(({ quantity, equation }) => comparedEquations(quantity, equation));
  return (
    <>
      {(["right", "broken"] as const).map((side) => (
        <div key={side} class={`compared ${side}`}>
          <span>{side === "right" ? t("✓ right", "✓ 正しい") : t("✗ broken", "✗ 誤り")}</span>
          <div>
            {pairs.map(({ [side]: { text } }) => (
              <p key={text} dangerouslySetInnerHTML={{ __html: text }} />
            ))}
          </div>
        </div>
      ))}
    </>
  );
}

/** Whether the gradient check finds the mistake, and if it does not, what does. */
function verdict(checks: Checks): string {
  const wrong = firstWrong(checks);
  if (!wrong) {
    return t(
      "The gradient check does not find it: finite differences of the same forward pass cannot " +
        "see wrong inputs, wrong labels or a wrong update. A comparison with the right numbers " +
        "can, as in Diagnose.",
      "勾配の検査では見つからない。同じ順伝播の差分と比べるだけでは、入力、ラベル、更新の誤りは分からない。" +
        "「診断」のように正しい数値と比べると見つかる。",
    );
  }
  const off = `${(100 * wrong.error).toPrecision(3)} %`;
  return t(
    `The gradient check finds it: from the loss backwards, ${wrong.symbol} is the first gradient ` +
      `that differs, by ${off} of its largest entry.`,
    `勾配の検査で見つかる。損失から逆向きに見て最初に合わない勾配は ${wrong.symbol} で、最大の要素の ${off} ずれている。`,
  );
}

/** Every gradient of the broken step beside its finite differences and that of the right step. */
function GradientTable({ checks }: { readonly checks: Checks }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t("Gradients", "勾配")}>
      <table class="gradients">
        <thead>
          <tr>
            <td />
            <th scope="col">{t("broken", "誤り")}</th>
            <th scope="col">{t("differences", "差分")}</th>
            <td />
            <th scope="col">{t("right step", "正しい式")}</th>
          </tr>
        </thead>
        <tbody>
          {checks.map(({ symbol, row, column, analytic, numerical, isWrong, right }) => (
            <tr key={symbol} class={isWrong ? "differs" : ""}>
              <th scope="row">
                <Formula text={`${symbol}[${row}, ${column}]`} />
              </th>
              <td>{digits(analytic)}</td>
              <td>{digits(numerical)}</td>
              <td>
                <span
                  role="img"
                  aria-label={isWrong ? t("differs", "合わない") : t("agrees", "一致")}
                >
                  {isWrong ? "✗" : "✓"}
                </span>
              </td>
              <td>{digits(right)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const digits = (x: number) => significantDigits(x, 3).replace(/^-/, "−");

/** The epoch, and how well both networks classify the test images after it. */
function placeOf(progress: BreakProgress | undefined): string {
  if (!progress) return t("The gradient check is running …", "勾配を検査している…");
  const { epoch, right, broken } = progress;
  const place = t(`epoch ${epoch} of ${ALL_EPOCHS}`, `${epoch} / ${ALL_EPOCHS} エポック`);
  if (epoch === 0) return place;
  const [a, b] = [right, broken].map((one) => one ? percent(one.accuracy) : t("diverged", "発散"));
  return t(
    `${place} · accuracy: ✓\u00a0right ${a}, ✗\u00a0broken ${b}`,
    `${place} · 正解率: ✓\u00a0正しい ${a}、✗\u00a0誤り ${b}`,
  );
}

/**
 * The equation of a quantity, right and with a mistake, as MathML: what the wrong one leaves out is
 * in elements of class `lost`, and what it has instead in elements of class `added`.
 */
export function comparedEquations(quantity: ReplaceableSymbol, broken: string) {
  const right = quantity === "X" ? "X = pixels / 255" : QUANTITIES[quantity].equation;
  const a = tokensOf(right), b = tokensOf(broken), shorter = Math.min(a.length, b.length);
  let start = 0, end = 0; // the numbers of tokens that both begin and end with
  while (start < shorter && a[start] === b[start]) start++;
  while (start + end < shorter && a.at(-1 - end) === b.at(-1 - end)) end++;
  const between = [a, b].map((tokens) => tokens.slice(start, tokens.length - end));
  const isMarked = (side: 0 | 1) => (position: number) => {
    const token = between[side]![position - start];
    return token !== undefined && !between[1 - side]!.includes(token);
  };
  return {
    right: mathml(right, { isMarked: isMarked(0), name: "lost" }),
    broken: mathml(broken, { isMarked: isMarked(1), name: "added" }),
  };
}
