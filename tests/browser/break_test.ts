/** The view Break in a browser: a broken network beside the right one. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BROKEN_RULES } from "../../lib/pages/break/broken_rules.ts";
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
    deepStrictEqual(rows.map((row) => row[3]!).join(""), "✓✓✓✓✗✓✓");
    // where the right network is right, its number is that of the differences
    const [, broken, numerical, , right] = rows[4]!;
    ok(broken !== numerical && right!.endsWith("✓"), rows[4]!.join(" "));
    await view.page.click(".break-proof .card a");
    await view.page.waitForSelector("[data-view=step][aria-current=page]");
    await view.frame();
    const [, row, column] = /\[(\d+), (\d+)\]/.exec(rows[4]![0]!)!;
    ok((await view.text("#entry-title")).startsWith(`dA1[${row},${column}] = `));
  },
);

browserTest(
  "example: a rule that is chosen trains to the end, can be paused, and what one sees is said",
  async () => {
    await using server = await Server.start("--limit", "200");
    await using view = await View.open(`${server.address}#${BREAK}`);
    await checked(view);
    await view.page.focus(".rule :checked");
    await view.press("ArrowDown");
    await view.page.waitForFunction("location.hash.includes('mistake=dA1/y-lost')");
    await click(view, button("Pause"));
    strictEqual(await view.text(".primary"), "Continue");
    await view.page.evaluate((rule) => {
      location.hash = `view=break&lang=en&mistake=${rule}`;
    }, encodeURIComponent("W1'/wrong-sign"));
    await view.frame();
    strictEqual(await chosen(view), "W1'/wrong-sign");
    await view.page.focus(".primary");
    await view.press("Enter");
    await epochsPassed(view, 20);
    const outcome = await view.text(".break-outcome");
    ok(outcome.endsWith("The broken network is no better than guessing (10.0\u00a0%)."), outcome);
    const focused = await view.page.evaluate(() => document.activeElement!.textContent);
    ok(focused.endsWith("Restart"), "a button that is off keeps no focus");
  },
);

browserTest(
  "example: the check calls the gradient of every rule wrong, or none, and the list says which",
  async () => {
    await using server = await Server.start("--limit", "100");
    await using view = await View.open(`${server.address}#${BREAK}`);
    const missed: string[] = [];
    for (const { id, mistakes } of BROKEN_RULES) {
      await view.page.evaluate((id) => {
        location.hash = `view=break&lang=en&mistake=${encodeURIComponent(id)}`;
      }, id);
      await view.frame();
      await checked(view);
      const verdict = await view.text(VERDICT), found = / finds it\. (\w+) is/.exec(verdict);
      if (!found) missed.push(id);
      else if (id !== "Y1/relu" && id !== "P/over-the-batch") {
        strictEqual(found[1], mistakes[0]!.quantity);
      }
      strictEqual(/cannot see wrong inputs, wrong labels or a wrong update/.test(verdict), !found);
    }
    const marks = await view.page.$$eval(
      ".rule .mark",
      (marks) => marks.map((mark) => mark.textContent),
    );
    deepStrictEqual(
      marks,
      BROKEN_RULES.map(({ id }) => missed.includes(id) ? "not found" : "found"),
    );
    deepStrictEqual(missed, [
      ...["X/not-divided-by-255", "onehot/counted-from-1", "onehot/labels-of-the-next-image"],
      ...["W1'/not-updated", "W1'/wrong-sign"],
    ]);
  },
);

browserTest("example: images that cannot be loaded are loaded at the next start", async () => {
  await using server = await Server.start("--limit", "200");
  await using view = await View.open(`${server.address}#view=draw`);
  const { requests } = view;
  await view.page.setOfflineMode(true);
  await view.goTo("break");
  await view.page.waitForSelector(".break-curves [role=alert]:not([hidden])");
  const reason = await view.text(".break-curves [role=alert]"); // of what fails first
  ok(/^Cannot load (worker\.js|the training images: the server|the test)/.test(reason), reason);
  await view.page.setOfflineMode(false);
  await click(view, button("Start"));
  await epochsPassed(view, 20);
  strictEqual(await view.page.$(".break-curves [role=alert]:not([hidden])"), null);
  // only the images that it uses
  ok(!requests.some((url) => /\/(train|test)\.npz/.test(url)), requests.join(" "));
  view.messages.length = 0; // of the failed requests
});

browserTest(
  "example: on a phone a tap on a rule brings its equations and curves on the screen",
  async () => {
    await using server = await Server.start("--limit", "100");
    const phone = { width: 390, height: 844, touch: true };
    await using view = await View.open(`${server.address}#${BREAK}`, phone);
    await checked(view);
    await view.page.tap(".rule:nth-of-type(2)");
    await view.frame();
    const tops = await view.page.evaluate(() =>
      [".compared.broken", ".break-charts"].map((one) =>
        document.querySelector(one)!.getBoundingClientRect().top
      )
    );
    ok(tops.every((top) => top >= 0 && top < 500), `${tops}`);
  },
);

browserTest("example: an exported page breaks rules without a server", async () => {
  using folder = new Folder();
  const address = await exportPage(folder.file("page.html"), "--limit", "200");
  await using view = await View.open(`${address}#${BREAK}`);
  await checked(view);
  await click(view, button("One epoch"));
  await epochsPassed(view, 1);
  strictEqual((await view.text(".hash")).length, 64);
  deepStrictEqual(view.requests.filter((url) => !/^(file|data|blob):/.test(url)), []);
});
