/// <reference lib="dom" />
/** The view Diagnose in a browser: recorded steps are judged in the page. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { MISTAKES, RandomState, writeNpz } from "../../mod.ts";
import { PROJECT, record, stepWith } from "../diagnose/dumps.ts";
import { Folder } from "../helpers/folder.ts";
import {
  browserTest,
  exportPage,
  output,
  pageTest,
  TIMEOUT,
  View,
  violations,
} from "./_browser.ts";

/** The file of a step with known mistakes. */
function dump(...ids: string[]): Uint8Array<ArrayBuffer> {
  const mistakes = MISTAKES.filter(({ id }) => ids.includes(id));
  const step = stepWith({ D: 16, M: 5, K: 4, B: 6 }, new RandomState(1), mistakes);
  return writeNpz(record(step, { ...PROJECT, program: "listing" }));
}

const WRONG = dump("dW1/divided-by-B-twice");
const CLASS = {
  ...{ "class/a/step.npz": WRONG, "class/b/step.npz": WRONG, "class/c.npz": dump() },
  ...{ "class/d.npz": "no arrays", "class/e.txt": "no step" },
};

/** The fields for files, and for a folder. */
const FILES = ".drop:nth-of-type(1)", FOLDER = ".drop:nth-of-type(2)";

async function choose(view: View, field: string, path: string): Promise<void> {
  const chooser = view.page.waitForFileChooser();
  await view.page.click(`${field} input`);
  await (await chooser).accept([path]);
}

async function drop(view: View, selector: string, path: string): Promise<void> {
  const session = await view.page.createCDPSession();
  const at = await (await view.page.$(selector))!.clickablePoint();
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, ...at, data });
  }
}

/** What is said of one file. */
async function answer(view: View): Promise<string> {
  await view.page.waitForFunction("document.querySelectorAll('.answer').length === 1");
  return (await view.text(".answer pre")).trim();
}

pageTest(
  "example: the page says what the command says, with pictures and a link into Step",
  { limit: 100 },
  async (view) => {
    using folder = new Folder({ "step.npz": WRONG });
    for (const lang of ["en", "ja"]) {
      await view.page.evaluate((hash) => location.hash = hash, `view=diagnose&lang=${lang}`);
      await view.page.waitForSelector(`html[lang=${lang}] .drop`);
      await choose(view, FILES, folder.file("step.npz"));
      const printed = await output("diagnose", folder.file("step.npz"), "--lang", lang);
      strictEqual(await answer(view), printed.replace(/\n *--all .*\n$/, "").trim());
      strictEqual((await view.page.$$(".pictures canvas")).length, 2);
      deepStrictEqual(view.requests.filter((url) => !/\/(worker\.js|#.*)?$/.test(url)), []);
      await view.page.click(".answer a");
      await view.page.waitForFunction("location.hash.includes('quantity=dW1')");
    }
  },
);

browserTest("example: an exported page judges from disk, and requests nothing", async () => {
  using folder = new Folder({ "step.npz": WRONG, "notes/a.txt": "", "notes/b.txt": "", ...CLASS });
  const address = await exportPage(folder.file("page.html"), "--limit", "100");
  await using view = await View.open(`${address}#view=diagnose&lang=en`);
  const prevented = await view.page.$$eval(".diagnose h2, .drop input", (places) => {
    const drop = () => new DragEvent("drop", { bubbles: true, cancelable: true });
    return places.map((place) => !place.dispatchEvent(drop()));
  });
  deepStrictEqual(prevented, [true, false, false]);
  await drop(view, FILES, folder.file("step.npz"));
  ok((await answer(view)).startsWith("First wrong: dW1"));
  await drop(view, FILES, folder.file("class"));
  await view.page.waitForSelector("#diagnose-error ::-p-text(a folder has a field of its own)");
  await choose(view, FOLDER, folder.file("notes"));
  await view.page.waitForSelector("#diagnose-error ::-p-text(No file in it)");
  await drop(view, FOLDER, folder.file("class"));
  await view.page.waitForSelector(".group:nth-of-type(3)", { timeout: TIMEOUT });
  const groups = await view.page.$$eval(
    ".group",
    (all) => all.map((one) => (one as HTMLElement).innerText),
  );
  deepStrictEqual(groups.map((words) => words.split(/:.*\n|\n/).filter((line) => line !== "")), [
    ["WRONG", "class/a/step.npz", "class/b/step.npz"],
    ...[["undecided", "class/d.npz"], ["right (1)", "class/c.npz"]],
  ]);
  // screen readers are told the groups alone
  const told = await view.text(".judged [role=status]");
  ok(/^WRONG.* \(2\) undecided.* \(1\) right \(1\)$/.test(told), told);
  strictEqual(await view.page.$(".judged [aria-live]"), null);
  deepStrictEqual(await violations(view), []);
  deepStrictEqual(view.requests.filter((url) => !/^(file|blob|data):/.test(url)), []);
});
