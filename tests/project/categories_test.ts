// Every export of the library has a category: the chapters of `deno task api`.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { tables } from "../helpers/markdown.ts";

/** The chapters, and the folders whose exports they hold. */
const CHAPTERS: Readonly<Record<string, readonly string[]>> = {
  "1 Matrices": ["math"],
  "2 File formats": ["formats"],
  "3 Network": ["network"],
  "4 Data sets": ["data"],
  "5 Random numbers": ["random"],
  "6 Training": ["training", "simd"],
  "7 Checks": ["checks", "mistakes", "diagnose"],
  "8 Saved runs": ["storage"],
  "9 Drawings": ["drawing"],
};

const root = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFileSync(new URL(path, root));

/** An exported name, and the file that declares it. */
type Export = readonly [name: string, file: string];

/** The exports of a module that only passes on what other files declare. */
function reexports(path: string): Export[] {
  return [...read(path).matchAll(/^export (?:type )?\{([^}]*)\} from "\.\/([^"]*)";/gm)]
    .flatMap(([, names, file]) =>
      names!.split(",").map((name) => name.replace("type ", "").trim()).filter((name) => name)
        .map((name): Export => [name, file!])
    );
}

const DECLARATION = String
  .raw`export (?:declare )?(?:const|(?:async )?function\*?|class|interface|type) `;

/** The names that a file declares and exports. */
function declarations(path: string): Export[] {
  return [...read(path).matchAll(new RegExp(`^${DECLARATION}(\\w+)`, "gm"))]
    .map(([, name]): Export => [name!, path]);
}

/** The documentation comment of an export. */
function comment([name, file]: Export): string {
  const pattern = String.raw`/\*\*((?:(?!\*/)[^])*)\*/\n${DECLARATION}${name}\b`;
  const match = new RegExp(`^${pattern}`, "m").exec(read(file));
  ok(match, `${name} of ${file} has no documentation comment`);
  return match[1]!;
}

Deno.test("example: every export of the library has its folder's category", () => {
  const exports = [...reexports("mod.ts"), ...declarations("lib/storage/onnx_file.ts")];
  ok(exports.length > 90);
  const wrong = exports.filter((one) => {
    const categories = [...comment(one).matchAll(/@category (.*)/g)].map(([, name]) => name!);
    const folder = one[1].split("/")[1]!;
    return categories.length !== 1 || !CHAPTERS[categories[0]!]?.includes(folder);
  });
  deepStrictEqual(wrong, []);
});

Deno.test("example: mod.ts exports in the order of the categories", () => {
  const folders = Object.values(CHAPTERS).flat();
  const places = reexports("mod.ts").map(([, file]) => folders.indexOf(file.split("/")[1]!));
  deepStrictEqual(places, places.toSorted((a, b) => a - b));
});

Deno.test("example: categories are numbered in the order of ARCHITECTURE.md's folders", () => {
  const folders = tables(read("ARCHITECTURE.md"))[0]!.map(([place]) => place!.replaceAll("`", ""));
  const places = Object.values(CHAPTERS).map(([folder]) => folders.indexOf(`lib/${folder}/`));
  ok(!places.includes(-1));
  deepStrictEqual(places, places.toSorted((a, b) => a - b));
  Object.keys(CHAPTERS).forEach((name, i) => strictEqual(name.split(" ")[0], `${i + 1}`));
});
