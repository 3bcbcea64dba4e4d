// The texts of the playground, in both languages.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  label,
  text,
  textIn,
  type TextName,
  TEXTS,
} from "../../../lib/pages/playground/texts/texts.ts";
import type { Text } from "../../../lib/text/layout.ts";

const FOLDER = new URL("../../../lib/pages/playground/", import.meta.url);
const entries = Object.entries(TEXTS) as [TextName, Text][];

/** The names in braces, the keys and the commands of a text. */
function marks(text: string): string[] {
  return [...text.matchAll(/\{\w+\}|\[[^\]]+\]|`[^`]+`/g)].map(([mark]) => mark).sort();
}

function sources(folder: URL): string {
  return [...Deno.readDirSync(folder)].map(({ name, isDirectory }) => {
    if (isDirectory) {
      return ["generated", "texts"].includes(name) ? "" : sources(new URL(`${name}/`, folder));
    }
    return Deno.readTextFileSync(new URL(name, folder));
  }).join("\n");
}

Deno.test("example: every text is in both languages, with the same values and keys", () => {
  for (const [name, { en, ja }] of entries) {
    ok(en !== "" && ja !== "", name);
    ok(/[\u3040-\u30ff\u4e00-\u9fff]/.test(ja), `${name} is not Japanese: ${ja}`);
    ok(!/[\u3000-\u9fff]/.test(en), `${name} is not English: ${en}`);
    const inEnglish = marks(en).filter((mark) => mark !== "[arrow]");
    const inJapanese = marks(ja).filter((mark) => mark !== "[矢印]");
    deepStrictEqual(inJapanese, inEnglish, name);
  }
});

Deno.test("example: every text is used", () => {
  const code = sources(FOLDER);
  const unused = entries.map(([name]) => name)
    .filter((name) => {
      const family = name.slice(0, name.lastIndexOf(".") + 1); // `view.${name}`
      return !code.includes(`"${name}"`) && !(family && code.includes(`\`${family}\${`));
    });
  deepStrictEqual(unused, []);
});

Deno.test("example: textIn() fills in values and counts", () => {
  const training = (images: number) => textIn("en", "status.training", { images, classes: 10 });
  strictEqual(training(1), "Training on 1 image of 10 classes");
  strictEqual(training(2), "Training on 2 images of 10 classes");
  strictEqual(textIn("ja", "status.finished", { epochs: 1 }), "1 エポックで終了した");
  const paused = (batches: string) => textIn("en", "status.paused", { batches });
  strictEqual(paused("1"), "Paused after 1 batch");
  strictEqual(paused("10,001"), "Paused after 10,001 batches");
  const speed = textIn("en", "progress.speed", { speed: "2.05", threads: 1 });
  strictEqual(speed, "2.05 epochs per second, 1 thread");
});

Deno.test("example: text() and label() say what the script translates", () => {
  const values = `data-values="{&quot;count&quot;:7}"`;
  const inside = "The first 7 images of the test set.";
  ok(
    text("examples.hint", { count: 7 }).text
      .startsWith(`<span data-text="examples.hint" ${values}>${inside}`),
  );
  strictEqual(label("views").text, ` aria-label="Views" data-label="views"`);
  ok(text("draw.keys").text.includes("<kbd>Shift</kbd>"));
  ok(text("train.unavailable").text.includes("<code>--data</code>"));
});
