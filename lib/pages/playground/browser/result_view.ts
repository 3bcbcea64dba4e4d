// The prediction: the image that the network takes, the predicted class and all probabilities.
import { blankImage } from "../../../data/image.ts";
import type { Classification, GreyImage, Size } from "../../../../mod.ts";
import { percent } from "../../../text/numbers.ts";
import { byId, createElement } from "./elements.ts";
import { say } from "./language.ts";
import { paint } from "./paint.ts";

/** Shows a classification. */
export class ResultView {
  #bars: readonly HTMLElement[] = [];
  #result: Classification | undefined;

  /** @param size size of the images that the network takes */
  constructor(readonly size: Size) {}

  /**
   * Shows a result.
   *
   * @param classes the number of classes
   * @param input the network's input; undefined if nothing is drawn
   * @param result the network's result for the input
   * @param label the class of the input, if it is known
   * @param canDraw whether one draws in the view at hand
   */
  show(
    classes: number,
    input: GreyImage | undefined,
    result: Classification | undefined,
    label: number | undefined,
    canDraw: boolean,
  ): void {
    if (this.#bars.length !== classes) this.#createBars(classes);
    paint(byId("network-input", HTMLCanvasElement), input ?? blankImage(this.size));
    this.#bars.forEach((bar, k) => {
      const probability = result?.probabilities[k];
      bar.classList.toggle("largest", k === result?.class);
      if (k === result?.class) bar.setAttribute("aria-current", "true");
      else bar.removeAttribute("aria-current");
      bar.querySelector("i")!.style.setProperty("--share", (probability ?? 0).toFixed(4));
      bar.querySelector("span")!.textContent = probability === undefined
        ? "–"
        : percent(probability);
    });
    byId("prediction", HTMLElement).replaceChildren(
      ...(result
        ? [
          createElement("strong", {}, `${result.class}`),
          createElement("span", {}, percent(result.probabilities[result.class]!)),
        ]
        : [
          createElement("strong", {}, "–"),
          say(canDraw ? "prediction.none" : "prediction.none.train"),
        ]),
    );
    const correctness = byId("correctness", HTMLElement);
    const isKnown = result !== undefined && label !== undefined;
    const isRight = result?.class === label;
    correctness.classList.toggle("wrong", isKnown && !isRight);
    correctness.textContent = isKnown
      ? say(isRight ? "prediction.right" : "prediction.wrong", { label })
      : "";
    this.#result = result;
  }

  /** The result in a few words, for screen readers. */
  get summary(): string {
    if (!this.#result) return say("prediction.nothing");
    const { class: predicted, probabilities } = this.#result;
    // rounds down, so that 100 % means certainty
    const summary = `${predicted}, ${Math.floor(100 * probabilities[predicted]!)} %`;
    const correctness = byId("correctness", HTMLElement);
    return correctness.classList.contains("wrong")
      ? `${summary}, ${correctness.textContent}`
      : summary;
  }

  #createBars(classes: number): void {
    this.#bars = Array.from({ length: classes }, (_, k) =>
      createElement(
        "li",
        {},
        createElement("b", {}, `${k}`),
        createElement("i"),
        createElement("span"),
      ));
    byId("bars", HTMLElement).replaceChildren(...this.#bars);
  }
}
