/** The view Break in a browser: a broken network beside the right one. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Folder } from "../helpers/folder.ts";
import { browserTest, exportPage, pageTest, TIMEOUT, View } from "./_browser.ts";

const BREAK = "view=break&lang=en", VERDICT = ".break-proof [role=status]";

/** Waits until the check of the rule is done. */
async function checked(view: View): Promise<void> {
  await view.page.waitForSelector(".gradients", { timeout: TIMEOUT });
}

/** Waits until so many epochs have passed and the training has stopped. */
async function epochsPassed(view: View, epochs: number): Promise<void> {
  await view.page.waitForFunction(
    (place) =>
      document.querySelector(".losses")!.textContent!.startsWith(place) &&
      document.querySelector(".primary")!.textContent !== "Pause",
    { timeout: TIMEOUT },
    `epoch ${epochs} of 20 ·`,
  );
}

async function click(view: View, words: string): Promise<void> {
  await view.page.click(`.player button ::-p-text(${words})`);
}

pageTest(
  "example: gradients stand beside their differences and the right ones, and a training is paused",
  { limit: 500, fragment: BREAK },
  async (view) => {
    await checked(view);
    await click(view, "Start");
    await view.page.waitForFunction(
      `/epoch ([2-9]|1.) of/.test(document.querySelector(".losses").textContent)`,
      { timeout: TIMEOUT },
    );
    await click(view, "Pause"); // within an epoch
    await view.page.waitForSelector(".primary ::-p-text(Continue)", { timeout: TIMEOUT });
    const place = await view.text(".losses");
    ok(/^epoch \d+ of 20 · accuracy: ✓\sright \d+\.\d\d %, ✗\sbroken \d/.test(place), place);
    const verdict = await view.text(VERDICT);
    ok(/finds it: .* dA1 is the first .* 61\.0 %/s.test(verdict), verdict);
    const rows = await view.page.$$eval(
      ".gradients tbody tr",
      (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent!)),
    );
    const marks = rows.map(([name, , , mark]) => name!.split("[")[0]! + mark);
    deepStrictEqual(marks, ["dA2✓", "dW2✓", "db2✓", "dY1✓", "dA1✗", "dW1✓", "db1✓"]);
    ok(await view.page.$(".gradients .differs [role=img][aria-label=differs]"));
    const [, broken, numerical, , right] = rows[4]!;
    ok(broken !== numerical && right === numerical, rows[4]!.join(" "));
  },
);

pageTest(
  "example: a rule that is chosen trains to the end, can be paused, and trains again",
  { limit: 200, fragment: BREAK },
  async (view) => {
    await checked(view);
    await view.page.focus(".rule :checked");
    await view.press("ArrowDown");
    await view.page.waitForFunction("location.hash.includes('mistake=dA1/y-lost')");
    await click(view, "Pause");
    await view.page.waitForFunction(
      `/Start|Continue/.test(document.querySelector(".primary").textContent)`,
    );
    await view.page.waitForSelector(".rule:has(:checked) .mark", { timeout: TIMEOUT });
    await view.page.evaluate(() => location.hash = "view=break&lang=en&mistake=W1'/wrong-sign");
    await view.page.waitForSelector(`.rule [value="W1'/wrong-sign"]:checked`);
    await checked(view);
    await view.page.focus(".primary");
    await view.press("Enter");
    await epochsPassed(view, 20);
    const verdict = await view.text(VERDICT);
    ok(/does not find it: .* cannot see wrong inputs/s.test(verdict), verdict);
    const marks = await view.page.$$eval(".mark", (marks) => marks.map((mark) => mark.textContent));
    deepStrictEqual(marks, ["found", "found", "not found"]);
    strictEqual(await view.text(".primary"), "Start");
    await view.press("Enter");
    await view.page.waitForFunction(
      `!/epoch 20 of/.test(document.querySelector(".losses").textContent)`,
    );
  },
);

pageTest("example: images that cannot be loaded are loaded at the next start", {
  limit: 200,
  fragment: "view=draw",
}, async (view) => {
  const { requests } = view;
  await view.page.setOfflineMode(true);
  await view.goTo("break");
  await view.page.waitForSelector("#break-error:not([hidden])");
  const reason = await view.text("#break-error"); // of what fails first
  ok(/^Cannot load (worker\.js|the (training|test) images: the server)/.test(reason), reason);
  await view.page.setOfflineMode(false);
  await click(view, "Start");
  await epochsPassed(view, 20);
  strictEqual(await view.page.$("#break-error:not([hidden])"), null);
  // only the images that it uses
  ok(!requests.some((url) => /\/(train|test)\.images/.test(url)), requests.join(" "));
  view.messages.length = 0; // of the failed requests
});

browserTest(
  "example: an exported page breaks rules without a server, and on a phone a tap brings the curves on the screen",
  async () => {
    using folder = new Folder();
    const address = await exportPage(folder.file("page.html"), "--limit", "200");
    const phone = { width: 390, height: 844, touch: true };
    await using view = await View.open(`${address}#${BREAK}`, phone);
    await checked(view);
    await click(view, "One epoch");
    await epochsPassed(view, 1);
    await view.page.tap(".rule:nth-of-type(2)");
    await view.frame();
    const tops = await view.page.evaluate(() =>
      [".compared.broken", ".break-charts"].map((one) =>
        document.querySelector(one)!.getBoundingClientRect().top
      )
    );
    ok(tops.every((top) => top >= 0 && top < 500), `${tops}`);
    const bottom = await view.page.$eval(".losses", (line) => line.getBoundingClientRect().bottom);
    ok(bottom <= 844, "what the training has reached stands by its buttons");
    deepStrictEqual(view.requests.filter((url) => !/^(file|data|blob):/.test(url)), []);
  },
);
