/** @jsxImportSource preact */
// The view Break: one rule of the training step is broken, beside the right one.
import { useEffect, useReducer, useRef } from "preact/hooks";
import { focusOn } from "../../explain/explained_step.ts";
import { counted } from "../../text/layout.ts";
import { percent, significantDigits } from "../../text/numbers.ts";
import { CommandLine, ErrorLine } from "../fields.tsx";
import { formula } from "../formula.ts";
import { Picture } from "../picture.tsx";
import { SymbolName } from "../step/step_view.tsx";
import { language, t } from "../texts.ts";
import { Unavailable } from "../train/train_view.tsx";
import type { ViewProps } from "../view.ts";
import { BreakRun } from "./break_run.ts";
import type { BreakEvent } from "./breaker.ts";
import type { RuleWords } from "./broken_rules.ts";
import { BREAK_SETTINGS, comparedEquations, correctEquationOf, FIRST_RULE } from "./rule_words.ts";

type Checks = NonNullable<BreakEvent["checks"]>;

const { epochs: ALL_EPOCHS, batchSize, learningRate, hidden, seed } = BREAK_SETTINGS;

const SIDES = ["right", "broken"] as const;

/** The run, which is paused while another view is shown. */
const run = new BreakRun();

/** Lets one break a rule, and compares the gradients and the training with the right ones. */
export function BreakView(props: ViewProps) {
  return props.training
    ? <Breaking {...props} />
    : <Unavailable title={t("Break one rule", "式を 1 つ誤ったものに変える")} />;
}

function Breaking(props: ViewProps) {
  const { state, change, training, rules } = props, { counts, classes } = training!.options;
  const [, render] = useReducer((count: number) => count + 1, 0);
  const result = useRef<HTMLElement>(null);
  const find = (id: string | undefined) => rules.find((rule) => rule.id === id);
  const rule = find(state.mistake) ?? find(FIRST_RULE)!;
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
  const checks = run.checked.get(rule.id), epochs = run.rule === rule.id ? run.epochs : [];
  const last = epochs.at(-1), images = Math.min(BREAK_SETTINGS.trainImages, counts.train);
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
                  {mistakes.map(({ quantity }, i) => (
                    <>
                      {i > 0 && ", "}
                      <SymbolName symbol={quantity} />
                    </>
                  ))}
                </b>: <Formula text={mistakes[0]!.words[language()]} />
              </span>
              {run.checked.has(id) && foundMark(run.checked.get(id)!)}
            </label>
          ))}
        </fieldset>
      </section>
      <section class="break-equation" ref={result}>
        <h3 class="visually-hidden">{t("Equation", "式")}</h3>
        <Compared {...rule} />
      </section>
      <section class="break-curves">
        <h3 class="visually-hidden">{t("Learning curves", "学習曲線")}</h3>
        <ErrorLine id="break-error" error={run.error} />
        <div
          class="break-charts"
          dangerouslySetInnerHTML={{ __html: last?.curves[language()] ?? "" }}
        />
        <p class="break-outcome" role="status">
          {last && last.epoch > 0 &&
            outcome(epochs, Math.min(BREAK_SETTINGS.testImages, counts.test), classes)}
        </p>
        <p class="quiet hint">
          {t(
            `${images} training images, ${batchSize} in a batch, learning rate ${learningRate}, ` +
              `${hidden} hidden units, seed ${seed}`,
            `訓練画像 ${images} 枚、バッチ ${batchSize} 枚、学習率 ${learningRate}、` +
              `隠れ層 ${hidden} ユニット、シード ${seed}`,
          )}
        </p>
      </section>
      <section class="break-proof">
        <h3 class="visually-hidden">{t("Gradient check", "勾配の検査")}</h3>
        <GradientCheck {...props} {...{ rule, checks }} />
        {last?.hashes && (
          <div class="card">
            <p>
              {t(
                "SHA-256 of the right network’s parameters after " +
                  `${counted(last.epoch, "epoch")}, as the command prints it:`,
                `${last.epoch} エポック後の正しいネットワークのパラメータの SHA-256` +
                  "（次のコマンドも同じ値を表示する）:",
              )} <code class="hash">{last.hashes.parameters}</code>
            </p>
            <CommandLine
              command={`deno run -A cli.ts train --limit ${images} --batch ${batchSize} ` +
                `--learning-rate ${learningRate} --epochs ${last.epoch} --hash`}
            />
          </div>
        )}
        {last && <Weights epochs={epochs} />}
      </section>
      <Controls rule={rule} epoch={last?.epoch ?? 0} />
    </>
  );
}

/** Whether the gradient check finds a mistake. */
const foundMark = ({ broken: { wrong } }: Checks) => (
  <small class={wrong ? "mark found" : "mark"}>
    {wrong ? t("found", "見つかる") : t("not found", "見つからない")}
  </small>
);

/** A text in which symbols have their digit below. */
function Formula({ text }: { readonly text: string }) {
  return <span dangerouslySetInnerHTML={{ __html: formula(text).text }} />;
}

const sideName = (side: "right" | "broken") =>
  side === "right" ? t("✓ right", "✓ 正しい") : t("✗ broken", "✗ 誤り");

/** The equations of a rule, right and broken. */
function Compared({ mistakes }: RuleWords) {
  const pairs = mistakes.map(({ quantity, equation }) =>
    comparedEquations(correctEquationOf(quantity), equation)
  );
  return (
    <>
      {SIDES.map((side) => (
        <div key={side} class={`compared ${side}`}>
          <span>{sideName(side)}</span>
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

/** Every gradient beside its finite differences, on the same images, with the mistake and without. */
function GradientCheck({ rule: { id, mistakes }, checks, link }: ViewProps & {
  readonly rule: RuleWords;
  readonly checks: Checks | undefined;
}) {
  const wrong = checks?.broken.wrong, { quantity } = mistakes[0]!;
  const focus = wrong ? focusOn(wrong.symbol, wrong.row, wrong.column) : {};
  const batch = BREAK_SETTINGS.checkedImages, rate = learningRate;
  return (
    <div class="card">
      <p role="status">
        {checks
          ? <Verdict {...checks.broken} />
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
              {checks.broken.gradients.map(({ symbol, row, column, ...broken }, i) => {
                const right = checks.right.gradients[i]!;
                return (
                  <tr key={symbol} class={broken.isWrong ? "differs" : ""}>
                    <th scope="row">
                      <SymbolName symbol={symbol} />[{row}, {column}]
                    </th>
                    <td>{digits(broken.analytic)}</td>
                    <td>{digits(broken.numerical)}</td>
                    <td>{mark(broken.isWrong)}</td>
                    <td>{digits(right.analytic)} {mark(right.isWrong)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      <p>
        <a href={link({ view: "step", quantity, seed, rate, batch, updates: 0, focus })}>
          {t(
            `See the right ${quantity} in Step (other images)`,
            `「計算」で正しい ${quantity} を見る（別の画像）`,
          )}
        </a>{" "}
        · <code>{id}</code> {t("in docs/mistakes.md", "（docs/mistakes.md）")}
      </p>
    </div>
  );
}

const mark = (isWrong: boolean) => (
  <span role="img" aria-label={isWrong ? t("differs", "合わない") : t("agrees", "一致")}>
    {isWrong ? "✗" : "✓"}
  </span>
);

/** Whether the check finds a mistake, and if it does not, what does. */
function Verdict({ wrong, difference }: Checks["broken"]) {
  const { symbol, error } = wrong ?? difference!, times = digits(error);
  const off = t(
    `off by ${times} times its largest entry.`,
    `ずれは最大の要素の ${times} 倍である。`,
  );
  const [found, words] = wrong
    ? [
      t("The gradient check finds it.", "勾配の検査で見つかる。"),
      t(
        `${symbol} is the first gradient that differs, from the loss backwards: ${off}`,
        `損失から逆向きに見て最初に合わない勾配は ${symbol} で、${off}`,
      ),
    ]
    : [
      t("The gradient check does not find it.", "勾配の検査では見つからない。"),
      t(
        "Finite differences of the same forward pass cannot see wrong inputs, wrong labels or a " +
          `wrong update. A comparison with the right numbers does: ${symbol} is ${off}`,
        "同じ順伝播の差分と比べるだけでは、入力、ラベル、更新の誤りは見つからない。" +
          `正しい数値と比べると見つかる。${symbol} の${off}`,
      ),
    ];
  return (
    <>
      <strong>{found}</strong> <Formula text={words} />
    </>
  );
}

/** What one sees so far, and after the last epoch what it says. */
function outcome(epochs: readonly BreakEvent[], count: number, classes: number): string {
  const { epoch, right, broken } = epochs.at(-1)!, correct = percent(right.test.accuracy);
  const after = t(`After ${counted(epoch, "epoch")}: `, `${epoch} エポック後、`);
  if (!broken) {
    const diverged = epochs.filter(({ broken }) => broken).length;
    return t(
      `The broken network diverged in epoch ${diverged}: its loss is not a finite number any ` +
        `more. ${after}the right one has ${correct} of ${count} test images.`,
      `誤ったネットワークはエポック ${diverged} で発散し、損失が有限の値でなくなった。${after}` +
        `正しいネットワークはテスト画像 ${count} 枚の ${correct} に正解する。`,
    );
  }
  const { accuracy } = broken.test, wrong = percent(accuracy);
  return after + t(
    `right ${correct}, broken ${wrong} of ${count} test images. `,
    `テスト画像 ${count} 枚の正解率は、正しいネットワークが ${correct}、誤ったネットワークが ${wrong}。`,
  ) + (epoch < ALL_EPOCHS ? "" : conclusion(accuracy, 1 / classes));
}

/** What the accuracy of the broken network shows, where guessing is right in `chance`. */
export function conclusion(accuracy: number, chance: number): string {
  const guessing = percent(chance);
  return accuracy >= 2 * chance
    ? t(
      "The broken network learns too: curves alone do not find this mistake.",
      "誤ったネットワークも学習する。学習曲線だけではこの誤りは見つからない。",
    )
    : t(
      `The broken network is no better than guessing (${guessing}).`,
      `誤ったネットワークは、画像を見ない予測（${guessing}）を上回らない。`,
    );
}

/** The weights of some hidden units of both networks; the broken one's before it diverged. */
function Weights({ epochs }: { readonly epochs: readonly BreakEvent[] }) {
  const last = epochs[0]!.right.units.length - 1;
  return (
    <>
      <h3>{t(`Weights of hidden units 0 to ${last}`, `隠れ層のユニット 0〜${last} の重み`)}</h3>
      {SIDES.map((side) => (
        <div key={side} class="weight-row">
          <span>{sideName(side)}</span>
          <div class="weight-images" role="img" aria-label={sideName(side)}>
            {epochs.findLast((epoch) => epoch[side])?.[side]?.units.map((image, i) => (
              <Picture key={i} image={image} />
            ))}
          </div>
        </div>
      ))}
    </>
  );
}

function Controls({ epoch, rule }: { readonly epoch: number; readonly rule: RuleWords }) {
  const start = useRef<HTMLButtonElement>(null), restart = useRef<HTMLButtonElement>(null);
  const { isTraining, checked } = run, isAtEnd = epoch === ALL_EPOCHS;
  // a button that cannot be used any more would lose the focus
  useEffect(() => {
    if (isAtEnd && document.activeElement === start.current) restart.current!.focus();
  }, [isAtEnd]);
  const going = (epochs: number) => ({
    "aria-disabled": isAtEnd,
    onClick: () => void (isAtEnd || run.train(epochs)),
  });
  const startWords = epoch > 0 ? t("Continue", "続ける") : t("Start", "開始");
  return (
    <div class="player" role="group" aria-label={t("Training", "学習の進行")}>
      <div class="going">
        <button
          type="button"
          class="primary"
          ref={start}
          {...going(isTraining ? 0 : ALL_EPOCHS)}
        >
          {isTraining ? t("Pause", "一時停止") : startWords}
        </button>
        <button type="button" {...going(1)}>{t("One epoch", "1 エポック")}</button>
        <button type="button" ref={restart} onClick={() => void run.train(0, rule.id)}>
          <span aria-hidden="true">↻</span> {t("Restart", "最初から")}
        </button>
      </div>
      <p class="losses">
        {isTraining && checked.size === 0
          ? t("Loading the images …", "画像を読み込んでいる…")
          : t(`epoch ${epoch} of ${ALL_EPOCHS}`, `${epoch} / ${ALL_EPOCHS} エポック`)}
      </p>
    </div>
  );
}

const digits = (x: number) => significantDigits(x, 3).replace(/^-/, "−");
