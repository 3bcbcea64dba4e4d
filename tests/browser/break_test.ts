/** The view Break in a browser: a broken network beside the right one. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BROKEN_RULES } from "../../lib/pages/playground/break/broken_rules.ts";
import { Folder } from "../helpers/folder.ts";
import { browserTest, exportPage, output, Server, TIMEOUT, View } from "./_browser.ts";

const BREAK = "view=break&lang=en", VERDICT = ".break-proof [role=status]";

/** Waits until the check of the rule is done. */
async function checked(view: View): Promise<void> {
  await view.page.waitForSelector(".gradients", { timeout: TIMEOUT });
  await view.page.waitForSelector(".break-charts svg", { timeout: TIMEOUT });
}

/** Waits until so many epochs have passed and the training has stopped. */
async function epochsPassed(view: View, epochs: number): Promise<void> {
  await view.page.waitForFunction(
    (place) =>
      document.querySelector(".losses")!.textContent === place &&
      document.querySelector(".primary")!.textContent !== "Pause",
    { timeout: TIMEOUT },
    `epoch ${epochs} of 20`,
  );
}

const chosen = (view: View) =>
  view.page.$eval(".rule :checked", (radio) => (radio as HTMLInputElement).value);

const button = (words: string) => `.player button ::-p-text(${words})`;

async function click(view: View, selector: string): Promise<void> {
  await view.page.click(selector);
  await view.frame();
}

browserTest(
  "example: the hash after an epoch is the one that the command beside it prints",
  async () => {
    await using server = await Server.start("--limit", "500");
    await using view = await View.open(`${server.address}#${BREAK}`);
    await checked(view);
    for (const epochs of [1, 2]) {
      await click(view, button("One epoch"));
      await epochsPassed(view, epochs);
      const [, args] = (await view.text(".command code")).trim().split("cli.ts ");
      using folder = new Folder();
      const printed = await output(
        ...args!.trim().split(/\s+/),
        ...["--save", folder.file("run.npz"), "--quiet", "--json"],
      );
      const { hashes } = JSON.parse(printed.trim().split("\n").at(-1)!);
      strictEqual(await view.text(".hash"), hashes.parameters);
    }
    ok(/^After 2 epochs: right \d+\.\d\s%, broken/.test(await view.text(".break-outcome")));
    await click(view, button("Restart"));
    await epochsPassed(view, 0);
  },
);

browserTest(
  "example: gradients stand beside their differences and the right ones, and lead to Step",
  async () => {
    await using server = await Server.start("--limit", "500");
    await using view = await View.open(`${server.address}#${BREAK}`);
    await checked(view);
    const verdict = await view.text(VERDICT);
    ok(
      /finds it\. dA1 is the first gradient that differs.*off by \d+\.\d\s% of its largest/s.test(
        verdict,
      ),
      verdict,
    );
    const rows = await view.page.$$eval(
      ".gradients tbody tr",
      (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent!)),
    );
    deepStrictEqual(rows.map(([name]) => name!.split("[")[0]), [
      "dA2",
      "dW2",
      "db2",
      "dY1",
      "dA1",
      "dW1",
      "db1",
    ]);
    deepStrictEqual(rows.map((row) => row[3]!.slice(1)), [
      "agrees",
      "agrees",
      "agrees",
      "agrees",
      "differs",
      "agrees",
      "agrees",
    ]);
    // where the right network is right, its number is that of the differences
    const [, broken, numerical, , right] = rows[4]!;
    ok(broken !== numerical && right!.endsWith("✓agrees"), rows[4]!.join(" "));
    await view.page.click(".break-proof .card a");
    await view.page.waitForSelector("[data-view=step][aria-current=page]");
    await view.frame();
    const [, row, column] = /\[(\d+), (\d+)\]/.exec(rows[4]![0]!)!;
    ok((await view.text("#entry-title")).startsWith(`dA1[${row},${column}] = `));
  },
);
