/** The view Diagnose in a browser: recorded steps are judged in the page. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { MISTAKES, RandomState, writeNpz } from "../../mod.ts";
import { PROJECT, record, stepWith } from "../diagnose/dumps.ts";
import { Folder } from "../helpers/folder.ts";
import { browserTest, exportPage, output, pageTest, View } from "./_browser.ts";

/** The file of a step with known mistakes. */
function dump(...ids: string[]): Uint8Array<ArrayBuffer> {
  const mistakes = MISTAKES.filter(({ id }) => ids.includes(id));
  const step = stepWith({ D: 16, M: 5, K: 4, B: 6 }, new RandomState(1), mistakes);
  return writeNpz(record(step, { ...PROJECT, program: "listing" }));
}

const WRONG = dump("dW1/divided-by-B-twice");

async function choose(view: View, ...files: string[]): Promise<void> {
  const field = await view.page.$(".file-button input[accept]");
  await (field as unknown as { uploadFile(...files: string[]): Promise<void> })
    .uploadFile(...files);
  const hasAll = `document.querySelectorAll(".answer").length === ${files.length}`;
  await view.page.waitForFunction(hasAll);
}

pageTest(
  "example: the page says what the command says, with pictures and a link into Step",
  { limit: 100 },
  async (view) => {
    using folder = new Folder({ "step.npz": WRONG });
    for (const lang of ["en", "ja"]) {
      await view.page.evaluate((hash) => location.hash = hash, `view=diagnose&lang=${lang}`);
      await view.page.waitForSelector(`html[lang=${lang}] .drop`);
      await choose(view, folder.file("step.npz"));
      const printed = await output("diagnose", folder.file("step.npz"), "--lang", lang);
      const said = (await view.text(".answer pre")).trim();
      strictEqual(said, printed.replace(/\n *--all .*\n$/, "").trim());
      strictEqual((await view.page.$$(".pictures canvas")).length, 2);
      deepStrictEqual(view.requests.filter((url) => !/\/(worker\.js|#.*)?$/.test(url)), []);
      await view.page.click(".answer a");
      await view.page.waitForFunction("location.hash.includes('quantity=dW1')");
    }
  },
);

pageTest(
  "example: files of a class stand in groups, and other formats are told what to do",
  { limit: 100, fragment: "view=diagnose&lang=en" },
  async (view) => {
    using folder = new Folder({
      ...{ "a.npz": WRONG, "b.npz": WRONG, "c.npz": dump(), "d.pkl": "no arrays" },
    });
    await choose(view, ...folder.names().map((name) => folder.file(name)));
    await view.page.waitForSelector(".group:nth-of-type(3)");
    const groups = await view.page.$$eval(".group", (all) =>
      all.map((group) => ({
        title: group.querySelector("h3")!.textContent!,
        names: Array.from(group.querySelectorAll(".group > details > summary"), (one) =>
          one.textContent!),
      })));
    deepStrictEqual(groups.map(({ names }) => names), [["a.npz", "b.npz"], ["d.pkl"], ["c.npz"]]);
    ok(groups[0]!.title.startsWith("WRONG: dW1: "), groups[0]!.title);
    ok(groups[1]!.title.includes("pickle"), groups[1]!.title);
  },
);

browserTest("example: an exported page judges from disk, and requests nothing", async () => {
  using folder = new Folder({ "step.npz": WRONG });
  const address = await exportPage(folder.file("page.html"), "--limit", "100");
  await using view = await View.open(`${address}#view=diagnose&lang=en`);
  await choose(view, folder.file("step.npz"));
  ok((await view.text(".answer pre")).startsWith("First wrong: dW1"));
  deepStrictEqual(view.requests.filter((url) => !/^(file|blob|data):/.test(url)), []);
});
