/// <reference lib="dom" />
/** The playground in a browser: a broken network beside the right one. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BROKEN_RULES } from "../../lib/pages/playground/break/broken_rules.ts";
import { Folder } from "../helpers/folder.ts";
import { browserTest, exportPage, output, Server, TIMEOUT, View } from "./_browser.ts";

/** Waits until the check of the rule is done. */
async function checked(view: View): Promise<void> {
  await view.page.waitForSelector("#break-verdict strong", { timeout: TIMEOUT });
  await view.page.waitForSelector("#break-curves svg", { timeout: TIMEOUT });
}

/** Waits until so many epochs have passed and the training has stopped. */
async function epochsPassed(view: View, epochs: number): Promise<void> {
  await view.page.waitForFunction(
    (place) =>
      document.getElementById("break-place")!.textContent === place &&
      document.getElementById("break-start")!.textContent !== "Pause",
    { timeout: TIMEOUT },
    `epoch ${epochs} of 20`,
  );
}

/** The rule that is chosen. */
async function chosen(view: View): Promise<string> {
  await view.frame();
  return await view.page.$eval(
    "#break-rules :checked",
    (radio) => (radio as HTMLInputElement).value,
  );
}

async function click(view: View, id: string): Promise<void> {
  await view.page.click(`#${id}`);
  await view.frame();
}

browserTest(
  "example: one trains epoch by epoch, and the hash is what the command in the page prints",
  async () => {
    await using server = await Server.start("--limit", "500");
    await using view = await View.open(`${server.address}#view=break&lang=en`);
    await checked(view);
    const verdict = await view.text("#break-verdict");
    ok(verdict.startsWith("The gradient check finds it. dA1 is the first gradient"), verdict);
    const [, place] = /In (row \d+, column \d) it is/.exec(verdict)!;
    ok(/off by 0\.\d+ of its largest entry, /.test(verdict), verdict);
    ok((await view.text("#break-right")).startsWith("The right network passes"));
    // the network in the header is that of the other views
    ok(await view.page.$eval("#parameters-name", (name) => !name.checkVisibility()));
    for (const epochs of [1, 2]) {
      await click(view, "break-epoch");
      await epochsPassed(view, epochs);
      const [, ...args] = (await view.text("#break-command")).split("cli.ts");
      using folder = new Folder();
      const printed = await output(
        ...args.join("").trim().split(" "),
        ...["--save", folder.file("run.npz"), "--quiet", "--json"],
      );
      strictEqual(
        await view.text("#break-hash"),
        JSON.parse(printed.trim().split("\n").at(-1)!).hashes.parameters,
      );
    }
    ok(/^After 2 epochs: right \d+\.\d\s%, broken/.test(await view.text("#break-outcome")));
    strictEqual(await view.text("#break-start"), "Continue");
    await click(view, "break-restart");
    strictEqual(await view.text("#break-place"), "epoch 0 of 20");
    strictEqual(await view.text("#break-outcome"), "");
    const link = "[data-rule='dA1/1-y-lost'] a";
    strictEqual(await view.text(link), "See the right dA1 in Step (other images)");
    await view.page.click(link);
    await view.page.waitForSelector("[data-view=step][aria-current=page]");
    await view.frame();
    const { unit, image } = await view.page.evaluate(() =>
      Object.fromEntries(new URLSearchParams(location.hash.slice(1)))
    );
    strictEqual(`row ${unit}, column ${image}`, place);
    ok(await view.page.$eval("#parameters-name", (name) => name.checkVisibility()));
  },
);

browserTest(
  "example: a network trains to the end, can be paused, and what one sees is said and announced",
  async () => {
    await using server = await Server.start("--limit", "200");
    const rule = encodeURIComponent("W1'/wrong-sign");
    await using view = await View.open(`${server.address}#view=break&lang=en&mistake=${rule}`);
    await checked(view);
    ok((await view.text("#break-verdict")).startsWith("The gradient check does not find it."));
    await click(view, "break-start");
    strictEqual(await view.text("#break-start"), "Pause");
    await click(view, "break-start");
    strictEqual(await view.text("#break-start"), "Continue");
    await click(view, "break-start");
    await epochsPassed(view, 20);
    const outcome = await view.text("#break-outcome");
    ok(outcome.endsWith("The broken network is no better than guessing (10.0\u00a0%)."), outcome);
    strictEqual(await view.text("#break-announcements"), outcome);
    const focused = await view.page.evaluate(() => document.activeElement!.id);
    strictEqual(focused, "break-restart"); // the button that had the focus is disabled now
    const labels = await view.page.$$eval(
      "#break-curves svg",
      (charts) => charts.map((chart) => chart.ariaLabel!),
    );
    ok(labels[0]!.startsWith("Cross-entropy (nats): right, training images: "), labels[0]);
    ok(labels[1]!.includes("in epoch 20"), labels[1]);
  },
);

browserTest(
  "example: the link, arrow keys and the address choose the view and the rule, and a rule that is chosen trains",
  async () => {
    await using server = await Server.start("--limit", "200");
    await using view = await View.open(`${server.address}#lang=en`);
    await view.goTo("break");
    await checked(view);
    strictEqual(await chosen(view), "dA1/1-y-lost");
    await view.page.focus("#break-rules :checked");
    await view.press("ArrowDown");
    strictEqual(await chosen(view), "dA1/y-lost");
    await epochsPassed(view, 20);
    await view.page.waitForFunction("location.hash.includes('mistake=dA1/y-lost')");
    const math = await view.page.$eval(
      ".break-equation [data-rule]:not([hidden]) .broken math",
      (element) => element.textContent,
    );
    strictEqual(math, "dA1=dY1(1−Y1)");
    await view.goTo("step");
    await view.page.waitForSelector("[data-view=step][aria-current=page]");
    await view.page.evaluate(() => {
      location.hash = "view=break&mistake=db1/as-printed&lang=ja";
    });
    await view.frame();
    strictEqual(await chosen(view), "db1/as-printed");
    await checked(view);
    ok((await view.text("#break-verdict")).startsWith("勾配の検査で見つかる。"));
    await view.page.click("[data-rule='db1/as-printed'] a");
    await view.page.waitForSelector("[data-view=step][aria-current=page]");
    ok(await view.page.evaluate(() => location.hash.includes("quantity=db1&")));
    // what is no rule is the first one
    await view.page.evaluate(() => {
      location.hash = "view=break&mistake=dA1/nothing";
    });
    strictEqual(await chosen(view), "dA1/1-y-lost");
  },
);

browserTest(
  "example: the check in the page calls the gradient of every rule wrong, or none",
  async () => {
    await using server = await Server.start("--limit", "100");
    await using view = await View.open(`${server.address}#view=break&lang=en`);
    const missed: string[] = [], unseen: string[] = [];
    const marks = () =>
      view.page.$$eval(".rule .mark", (marks) => marks.map(({ textContent }) => textContent));
    strictEqual((await marks()).filter((mark) => mark !== "").length, 0);
    for (const { id, mistakes } of BROKEN_RULES) {
      await view.page.evaluate((id) => {
        location.hash = `view=break&lang=en&mistake=${encodeURIComponent(id)}`;
      }, id);
      await view.frame();
      await checked(view);
      const verdict = await view.text("#break-verdict"),
        found = / finds it\. (\w+) is/.exec(verdict);
      if (!found) missed.push(id);
      else if (id !== "Y1/relu" && id !== "P/over-the-batch") {
        strictEqual(
          found[1],
          mistakes[0]!.quantity,
        );
      }
      const shown = await view.page.$$eval(
        ".break-equation > [data-rule]",
        (all) =>
          (all as HTMLElement[]).filter((one) => one.checkVisibility()).map((one) =>
            one.dataset.rule
          ),
      );
      deepStrictEqual(shown, [id]);
      if (/it cannot see wrong inputs, wrong labels or a wrong update/.test(verdict)) {
        unseen.push(id);
      }
      if (id === "X/not-divided-by-255") {
        ok(/: X is off by 254 times its largest entry\.$/.test(verdict), verdict);
      }
    }
    deepStrictEqual(unseen, missed);
    deepStrictEqual(
      await marks(),
      BROKEN_RULES.map(({ id }) =>
        missed.includes(id)
          ? "✗(not found by the gradient check)"
          : "✓(found by the gradient check)"
      ),
    );
    deepStrictEqual(missed, [
      ...["X/not-divided-by-255", "onehot/counted-from-1", "onehot/labels-of-the-next-image"],
      ...["W1'/not-updated", "W1'/wrong-sign"],
    ]);
  },
);

browserTest(
  "example: on a phone all rules are visible, and the verdict is directly below the equations",
  async () => {
    await using server = await Server.start("--limit", "100");
    const phone = { width: 390, height: 844, touch: true };
    await using view = await View.open(`${server.address}#view=break&lang=en`, phone);
    await checked(view);
    const { hidden, gap } = await view.page.evaluate(() => {
      const rules = document.getElementById("break-rules")!;
      const equation = document.querySelector(".break-equation .compared.broken:not([hidden] *)")!;
      const verdict = document.getElementById("break-verdict")!;
      return {
        hidden: rules.scrollHeight - rules.clientHeight,
        gap: verdict.getBoundingClientRect().top - equation.getBoundingClientRect().bottom,
      };
    });
    strictEqual(hidden, 0);
    ok(gap >= 0 && gap < 32, `${gap}`); // pixels
  },
);

browserTest("example: an exported page breaks rules without a server", async () => {
  using folder = new Folder();
  const address = await exportPage(folder.file("page.html"), "--limit", "200");
  await using view = await View.open(`${address}#view=break&lang=en`);
  await checked(view);
  await click(view, "break-epoch");
  await epochsPassed(view, 1);
  strictEqual((await view.text("#break-hash")).length, 64);
  deepStrictEqual(view.requests.filter((url) => !/^(file|data|blob):/.test(url)), []);
});
