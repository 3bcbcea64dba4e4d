/** @jsxImportSource preact */
// The gallery of example images, with marks of those that the network gets wrong.
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { type AnyParameters, classify, type Dataset, type Dim } from "../../../mod.ts";
import { type InputMethod, ListBox } from "../list_box.tsx";
import { Picture } from "../picture.tsx";
import { language, t } from "../texts.ts";
import type { ViewProps } from "../view.ts";
import { exampleOf } from "./drawing.ts";

/** Milliseconds of a task that classifies examples. */
const ANSWERS_MS = 8;

/** The examples, of which one can be selected. */
export function ExamplesSection(props: ViewProps): JSX.Element {
  const { examples, network, drawing: { shown }, edit } = props, { count, labels } = examples;
  const computed = useAnswers(examples, network.answers ? undefined : network.parameters);
  const answers = network.answers ?? computed;
  const images = useMemo(
    () => Array.from(labels, (_, index) => <Picture key={index} image={examples.image(index)} />),
    [examples],
  );
  const option = (index: number) => {
    const label = labels[index]!, answer = answers?.[index] ?? label, isWrong = answer !== label;
    return {
      children: images[index]!,
      "data-answer": isWrong ? answer : undefined,
      "aria-label": isWrong
        ? t(
          `example ${index}: ${label}, answered ${answer}: wrong`,
          `例 ${index}: ${label}。答えは ${answer} で、誤り`,
        )
        : t(`example ${index}: ${label}`, `例 ${index}: ${label}`),
    };
  };
  const onChoose = (index: number, by: InputMethod) => {
    edit((drawing) => drawing.show(exampleOf(examples, index)));
    // on a phone the canvas may be above the window; the arrow keys move on to other examples
    const top = document.getElementById("columns")!;
    requestAnimationFrame(() => {
      if (by === "pointer" && top.getBoundingClientRect().top < 0) top.scrollIntoView();
    });
  };
  const correct = answers && labels.filter((label, index) => label === answers[index]).length;
  return (
    <section class="examples" aria-labelledby="examples-title">
      <h2 id="examples-title">{t("Examples", "例")}</h2>
      <p class="hint quiet">
        {t(
          `The first ${count} images of the test set. Click or tap one, or use the arrow keys; ` +
            "you can draw on it.",
          `テスト画像の最初の ${count} 枚。クリックするかタップするか、矢印キーで選ぶ。その上に描くこともできる。`,
        )}
      </p>
      <p class="hint" id="examples-correct">
        {correct !== undefined && t(
          `The network is right in ${correct} of ${count}; the others show its answer.`,
          `ネットワークは ${count} 枚中 ${correct} 枚に正解する。誤分類した画像には、予測したクラスを示す。`,
        )}
      </p>
      {useMemo(
        () => (
          <ListBox
            id="gallery"
            class="cells gallery"
            aria-labelledby="examples-title"
            selected={shown?.index}
            {...{ count, option, onChoose }}
          />
        ),
        [shown?.index, answers, language()],
      )}
    </section>
  );
}

/** A network's answers to the examples, some tasks later. */
function useAnswers(
  examples: Dataset<Dim<"inputs">>,
  parameters: AnyParameters | undefined,
): Uint8Array | undefined {
  const [known, setKnown] = useState<{ parameters: AnyParameters; answers: Uint8Array }>();
  useEffect(() => {
    if (!parameters) return;
    const answers = new Uint8Array(examples.count);
    let index = 0, timer = setTimeout(classifySome);
    function classifySome() {
      for (const end = performance.now() + ANSWERS_MS; performance.now() < end; index++) {
        if (index === answers.length) return setKnown({ parameters: parameters!, answers });
        answers[index] = classify(parameters!, examples.image(index)).class;
      }
      timer = setTimeout(classifySome);
    }
    return () => clearTimeout(timer);
  }, [examples, parameters]);
  return known && known.parameters === parameters ? known.answers : undefined;
}
