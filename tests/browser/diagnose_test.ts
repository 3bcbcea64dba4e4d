/** The view Diagnose in a browser: recorded steps are judged in the page. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { MISTAKES, RandomState, writeNpz } from "../../mod.ts";
import { PROJECT, record, stepWith } from "../diagnose/dumps.ts";
import { Folder } from "../helpers/folder.ts";
import { browserTest, exportPage, output, Server, View } from "./_browser.ts";

const STYLE = { ...PROJECT, program: "listing" } as const;
const SIZES = { D: 16, M: 5, K: 4, B: 6 };

/** The file of a step with known mistakes. */
function dump(...ids: string[]): Uint8Array<ArrayBuffer> {
  const mistakes = MISTAKES.filter(({ id }) => ids.includes(id));
  return writeNpz(record(stepWith(SIZES, new RandomState(1), mistakes), STYLE));
}

const WRONG = dump("dW1/divided-by-B-twice");

async function choose(view: View, ...files: string[]): Promise<void> {
  const field = await view.page.$(".file-button input[accept]");
  await (field as unknown as { uploadFile(...files: string[]): Promise<void> }).uploadFile(
    ...files,
  );
  await view.page.waitForFunction(
    (count) => document.querySelectorAll(".answer").length === count,
    {},
    files.length,
  );
}

browserTest(
  "example: the page says what the command says, with pictures and a link into Step",
  async () => {
    using folder = new Folder({ "step.npz": WRONG, "all.txt": "" });
    await using server = await Server.start("--limit", "100");
    for (const lang of ["en", "ja"]) {
      await using view = await View.open(`${server.address}#view=diagnose&lang=${lang}`);
      await choose(view, folder.file("step.npz"));
      const printed = await output("diagnose", folder.file("step.npz"), "--lang", lang);
      strictEqual(
        (await view.text(".answer pre")).trim(),
        printed.replace(/\n *--all .*\n$/, "").trim(),
      );
      strictEqual((await view.page.$$(".pictures canvas")).length, 2);
      deepStrictEqual(view.requests.filter((url) => !/\/(worker\.js|#.*)?$/.test(url)), []);
      await view.page.click(".answer a");
      await view.page.waitForFunction("location.hash.includes('quantity=dW1')");
    }
  },
);

browserTest(
  "example: files of a class stand in groups, and other formats are told what to do",
  async () => {
    using folder = new Folder({
      ...{ "a.npz": WRONG, "b.npz": WRONG, "c.npz": dump(), "d.pkl": "no arrays" },
    });
    await using server = await Server.start("--limit", "100");
    await using view = await View.open(`${server.address}#view=diagnose&lang=en`);
    await choose(view, ...folder.names().map((name) => folder.file(name)));
    await view.page.waitForSelector(".group:nth-of-type(3)");
    const groups = await view.page.$$eval(
      ".group",
      (all) =>
        all.map((group) => [
          group.querySelector("h3")!.textContent!,
          ...[...group.querySelectorAll("summary")].map((one) => one.textContent!),
        ]),
    );
    deepStrictEqual(groups.map(([, ...names]) => names.filter((name) => name.includes("."))), [
      ["a.npz", "b.npz"],
      ["d.pkl"],
      ["c.npz"],
    ]);
    ok(groups[0]![0]!.startsWith("WRONG: dW1: "), groups[0]![0]);
    ok(groups[1]![0]!.includes("pickle"), groups[1]![0]);
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
