// The texts of the playground, in both languages.
import { deepStrictEqual, ok } from "node:assert/strict";
import { type TextName, TEXTS } from "../../../lib/pages/playground/texts/texts.ts";
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
