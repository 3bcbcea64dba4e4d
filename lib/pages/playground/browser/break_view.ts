// The view in which one breaks a rule: a worker trains the broken network beside the right one.
import { markup } from "../../../charts/html.ts";
import { formula } from "../formula.ts";
import type { MatrixSymbol, ReplaceableSymbol } from "../../../network/step.ts";
import { significantDigits } from "../../../text/numbers.ts";
import { BREAK_SETTINGS, FIRST_RULE } from "../break/break_settings.ts";
import type { NetworkState } from "../break/broken_run.ts";
import { outcomeOf } from "../break/outcome.ts";
import type { PageState } from "../page_state.ts";
import type { StepCheck } from "../break/rule_check.ts";
import { focusOn } from "../step/slices.ts";
import { textMarkup, type TextValues } from "../texts/texts.ts";
import type { Address } from "./address.ts";
import type { BreakMessage, BreakRequest, CheckedMessage, EpochMessage } from "./break_messages.ts";
import { byId, createElement, showError } from "./elements.ts";
import { language, say, setText } from "./language.ts";
import { type ErrorWords, wordsOf } from "../../errors.ts";
import { scriptAddress } from "../../worker_client.ts";
import { trainingData } from "../../page_data.ts";
import { paint } from "./paint.ts";

/** Shows the rule that the page's state names, and lets the user train. */
export class BreakView {
  readonly #radios = Array.from(
    document.querySelectorAll<HTMLInputElement>("#break-rules input"),
  );
  readonly #start = byId("break-start", HTMLButtonElement);
  readonly #oneEpoch = byId("break-epoch", HTMLButtonElement);
  readonly #restart = byId("break-restart", HTMLButtonElement);
  #worker: Worker | undefined;
  /** Whether the worker has the images. */
  #isLoaded = false;
  /** The number of requests to the worker, and the one that chose the rule. */
  #requests = 0;
  #choice = 0;
  /** The one that began the training. */
  #training = 0;
  #rule: string | undefined;
  /** What the checks said to each rule that has been chosen, by its id. */
  readonly #checked = new Map<string, CheckedMessage>();
  /** Both networks before training and after each epoch. */
  #epochs: EpochMessage[] = [];
  /** The epochs to train for, which is all as long as the training goes on. */
  #isTraining = false;
  #epochsWanted = 0;
  /** Whether the training of this rule has been started. */
  #hasBegun = false;

  /**
   * Handles the controls of the view.
   *
   * @param address holds the state
   */
  constructor(readonly address: Address) {
    for (const radio of this.#radios) {
      radio.onchange = () => {
        address.change({ mistake: radio.value });
        this.#train(BREAK_SETTINGS.epochs);
      };
    }
    this.#start.onclick = () =>
      this.#isTraining ? this.#pause() : this.#train(BREAK_SETTINGS.epochs);
    this.#oneEpoch.onclick = () => this.#train(1);
    this.#restart.onclick = () => this.#choose(this.#rule!);
  }

  /** Pauses the training while the view is not visible. */
  leave(): void {
    if (this.#isTraining) this.#pause();
  }

  /** Shows the rule of a state. */
  show({ mistake }: PageState): void {
    if (!this.#worker) this.#startWorker();
    const named = this.#radios.find(({ value }) => value === mistake);
    const rule = named?.value ?? FIRST_RULE;
    for (const radio of this.#radios) radio.checked = radio.value === rule;
    if (rule !== this.#rule) this.#scrollTo(rule);
    for (const element of document.querySelectorAll<HTMLElement>("#break [data-rule]")) {
      element.hidden = element.dataset.rule !== rule;
    }
    if (rule !== this.#rule) this.#choose(rule);
    else this.#showAll();
  }

  /** Scrolls the list of rules, but not the page, until the rule is visible. */
  #scrollTo(rule: string): void {
    const list = byId("break-rules", HTMLElement);
    const { offsetTop: top, offsetHeight: height } = this.#radios.find(({ value }) =>
      value === rule
    )!.parentElement!;
    if (top < list.scrollTop || top + height > list.scrollTop + list.clientHeight) {
      list.scrollTop = top - (list.clientHeight - height) / 2;
    }
  }

  #startWorker(): void {
    const worker = this.#worker = new Worker(scriptAddress(), { name: "breaker" });
    worker.onmessage = ({ data }: MessageEvent<BreakMessage>) => this.#onMessage(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || "Cannot load worker.js");
    };
    trainingData().then((data) => {
      this.#isLoaded = true;
      this.#request({ type: "data", data });
      const wanted = this.#epochsWanted;
      this.#choose(this.#rule!);
      if (wanted > 0) this.#train(wanted);
    }, (error) => this.#fail(wordsOf(error)));
  }

  #request(request: BreakRequest): number {
    this.#worker!.postMessage(request);
    return ++this.#requests;
  }

  /** Begins anew with a rule. */
  #choose(rule: string): void {
    this.#rule = rule;
    this.#epochs = [];
    this.#isTraining = this.#hasBegun = false;
    this.#epochsWanted = 0;
    if (this.#isLoaded) this.#choice = this.#request({ type: "choose", rule });
    this.#showAll();
  }

  #train(epochs: number): void {
    this.#isTraining = this.#hasBegun = true;
    this.#epochsWanted = epochs;
    if (this.#isLoaded) this.#training = this.#request({ type: "train", epochs });
    this.#showControls();
  }

  #pause(): void {
    this.#isTraining = false;
    this.#epochsWanted = 0;
    if (this.#isLoaded) this.#request({ type: "pause" });
    this.#showControls();
  }

  #onMessage(message: BreakMessage): void {
    switch (message.type) {
      case "checked":
        if (message.request !== this.#choice) return;
        this.#checked.set(this.#rule!, message);
        this.#showMark(this.#rule!, message);
        return this.#showChecks();
      case "epoch":
        if (message.request !== this.#choice) return;
        this.#epochs.push(message);
        return this.#showEpochs();
      case "stopped":
        if (message.request !== this.#training) return;
        this.#isTraining = false;
        this.#showControls();
        return this.#announceOutcome();
      case "error":
        return this.#fail(message.error);
    }
  }

  #fail(error: ErrorWords): void {
    this.#isTraining = false;
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#isLoaded = false;
    this.#requests = 0;
    showError(byId("break-error", HTMLElement), error);
    this.#showControls();
  }

  #showAll(): void {
    this.#showChecks();
    this.#showEpochs();
  }

  get #isAtEnd(): boolean {
    return this.#epochs.at(-1)?.epoch === BREAK_SETTINGS.epochs;
  }

  #showControls(): void {
    const epoch = this.#epochs.at(-1)?.epoch ?? 0, { epochs } = BREAK_SETTINGS;
    const focused = document.activeElement;
    setText(
      this.#start,
      this.#isTraining ? "break.pause" : this.#hasBegun ? "break.continue" : "break.start",
    );
    this.#start.disabled = this.#isAtEnd;
    this.#oneEpoch.disabled = this.#isAtEnd;
    this.#restart.disabled = !this.#hasBegun;
    // a button that cannot be used any more would lose the focus
    const isOurs = [this.#start, this.#oneEpoch, this.#restart].some((one) => one === focused);
    if (isOurs && (focused as HTMLButtonElement).disabled) {
      (this.#isAtEnd ? this.#restart : this.#start).focus();
    }
    byId("break-place", HTMLElement).textContent = this.#isLoaded || this.#epochsWanted === 0
      ? say("break.place", { epoch, epochs })
      : say("break.loading");
  }

  /** What the checks say to the rule that is chosen; undefined until they are done. */
  get #checks(): CheckedMessage | undefined {
    return this.#checked.get(this.#rule!);
  }

  /** Marks a rule in the list: whether the gradient check finds it. */
  #showMark(rule: string, { broken: { wrong } }: CheckedMessage): void {
    const radio = this.#radios.find(({ value }) => value === rule)!;
    const words = createElement("span", { class: "visually-hidden" });
    setText(words, wrong ? "break.mark.found" : "break.mark.missed");
    radio.parentElement!.querySelector(".mark")!.replaceChildren(
      createElement("span", { "aria-hidden": "true" }, wrong ? "✓" : "✗"),
      words,
    );
  }

  /** Links to the quantity in Step: to the entry that is wrong, if there is one. */
  #showLinks(): void {
    const { seed, learningRate: rate, checkedImages: batch } = BREAK_SETTINGS;
    const wrong = this.#checks?.broken.wrong;
    const focus = wrong ? focusOn(wrong.symbol as MatrixSymbol, wrong.row, wrong.column) : {};
    for (const link of document.querySelectorAll<HTMLAnchorElement>("#break [data-quantity]")) {
      const quantity = link.dataset.quantity as ReplaceableSymbol;
      const step = { quantity, seed, rate, batch, updates: 0, focus };
      link.href = this.address.link({ view: "step", ...step });
    }
  }

  #showChecks(): void {
    this.#showLinks();
    const verdict = byId("break-verdict", HTMLElement), right = byId("break-right", HTMLElement);
    if (!this.#checks) {
      verdict.textContent = say("check.running");
      right.replaceChildren();
      return;
    }
    const { broken } = this.#checks;
    const values = verdictValues(broken);
    const [title, words] = broken.wrong
      ? ["check.found", "check.found.where"] as const
      : ["check.missed", "check.missed.why"] as const;
    verdict.innerHTML = markup`<strong>${say(title)}</strong> ${formula(say(words, values))}`.text;
    this.#showRight();
  }

  /** What is said of the right network: its check, and the hash after the last epoch. */
  #showRight(): void {
    if (!this.#checks) return;
    const { error, bound } = this.#checks.right, epoch = this.#epochs.at(-1);
    const passes = markup`<p><strong>${say("right.passes")}</strong> ${
      say("right.error", { error: scientific(error), bound: scientific(bound) })
    }</p>`;
    const hash = epoch?.hashes
      ? markup`<p>${
        say("right.hash", { epochs: epoch.epoch })
      } <code id="break-hash">${epoch.hashes.parameters}</code></p>
<p class="quiet">${say("right.command")} <code id="break-command">${commandFor(epoch)}</code></p>`
      : markup`<p class="quiet">${textMarkup(language(), "right.later")}</p>`;
    byId("break-right", HTMLElement).innerHTML = `${passes}${hash}`;
  }

  #showEpochs(): void {
    this.#showControls();
    this.#showRight();
    const latest = this.#epochs.at(-1);
    byId("break-outcome", HTMLElement).textContent = latest ? this.#outcome(latest) : "";
    if (!latest) return;
    byId("break-curves", HTMLElement).innerHTML = latest.curves[language()];
    for (const name of ["right", "broken"] as const) {
      const units = latest[name]?.units;
      const canvases = byId(`break-weights-${name}`, HTMLElement).children;
      units?.forEach((image, i) => paint(canvases[i] as HTMLCanvasElement, image));
    }
  }

  /** What one sees after an epoch. */
  #outcome({ epoch, right, broken, testImages: count, classes }: EpochMessage): string {
    if (epoch === 0) return "";
    const separator = language() === "en" ? " " : "";
    if (!broken) {
      const finite = this.#epochs.filter(({ broken }) => broken);
      return say("outcome.diverged", { epoch: finite.length }) + separator +
        say("outcome.diverged.right", { epoch, count, right: accuracy(right) });
    }
    const words = say("outcome", {
      epoch,
      count,
      right: accuracy(right),
      broken: accuracy(broken),
    });
    if (!this.#isAtEnd) return words;
    const outcome = outcomeOf(right.test.accuracy, broken.test.accuracy, classes);
    return words + separator + say(`outcome.${outcome}`, { chance: percent(1 / classes) });
  }

  #announceOutcome(): void {
    byId("break-announcements", HTMLElement).textContent =
      byId("break-outcome", HTMLElement).textContent;
  }
}

function verdictValues({ wrong, error, bound, difference }: StepCheck): TextValues {
  const values = { others: scientific(error), bound: scientific(bound) };
  if (!wrong) {
    const { symbol, error } = difference!;
    return { ...values, symbol, difference: shareOfLargest(error) };
  }
  const { symbol, row, column, analytic, numerical } = wrong;
  return {
    ...values,
    ...{ symbol, row, column },
    error: shareOfLargest(wrong.error),
    analytic: scientific(analytic),
    numerical: scientific(numerical),
  };
}

/** An error that is divided by the largest entry, in words. */
function shareOfLargest(error: number): string {
  return say(error < 1 ? "check.share" : "check.times", { share: scientific(error) });
}

/** The command whose hash is that of the right network after an epoch. */
function commandFor({ epoch, trainImages }: EpochMessage): string {
  const { batchSize, learningRate } = BREAK_SETTINGS;
  return `deno run -A cli.ts train --limit ${trainImages} --batch ${batchSize} ` +
    `--learning-rate ${learningRate} --epochs ${epoch} --hash`;
}

function accuracy({ test }: NetworkState): string {
  return percent(test.accuracy);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}\u00a0%`;
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
