/// <reference lib="dom" />
/** The playground in a browser: what of a training step is on the screen together. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { EXPLANATIONS } from "../../lib/explain/explanations.ts";
import { browserTest, Server, View } from "./_browser.ts";

const ENTRY = "view=step&example=8&seed=601&quantity=dW1&unit=7&pixel=400&batch=4";

browserTest(
  "example: on a laptop and a projector the derivation, the picture, the sum and the differences are on the screen together",
  async () => {
    await using server = await Server.start();
    for (const [width, height] of [[1280, 800], [1024, 768]] as const) {
      for (const language of ["en", "ja"]) {
        const address = `${server.address}#${ENTRY}&lang=${language}`;
        await using view = await View.open(address, { width, height });
        const hidden = await view.page.evaluate(() => {
          const limit = document.querySelector(".player")!.getBoundingClientRect().top;
          return [
            "#map",
            "#words-equation",
            "#words-derivation",
            "#picture",
            ".terms",
            "#difference",
          ].filter((selector) => {
            const { top, bottom } = document.querySelector(selector)!.getBoundingClientRect();
            return top < 0 || bottom > limit;
          });
        });
        deepStrictEqual(hidden, [], `${width} ${language}`);
      }
    }
  },
);

browserTest("example: the buttons stay in one row after updates, from 1024 pixels on", async () => {
  await using server = await Server.start();
  for (const language of ["en", "ja"]) {
    const address = `${server.address}#${ENTRY}&updates=3&lang=${language}`;
    await using view = await View.open(address);
    await view.page.waitForSelector("#step-first:not([hidden])");
    for (const width of [1024, 1279, 1280, 1599, 1600, 1920]) {
      await view.show({ width });
      await view.frame();
      const boxes = await view.page.$$eval(
        "#step .player button, #step .player select, #step-losses",
        (all) =>
          all.map((one) => {
            const { left, right, top, bottom } = one.getBoundingClientRect();
            return { left, right, middle: Math.round((top + bottom) / 2) };
          }),
      );
      deepStrictEqual(new Set(boxes.map(({ middle }) => middle)).size, 1, `${width} ${language}`);
      boxes.slice(1).forEach(({ left }, i) => ok(left >= boxes[i]!.right, `${width} ${language}`));
      ok(boxes.at(-1)!.right <= width, `${width} ${language}`);
    }
  }
});

browserTest("example: a product stays in one line, and fits, from 320 pixels on", async () => {
  await using server = await Server.start();
  await using view = await View.open(`${server.address}#${ENTRY}`, { width: 320, touch: true });
  for (const quantity of ["dW1", "dA1", "P", "W1'"]) {
    await view.page.evaluate((hash) => {
      location.hash = hash;
    }, ENTRY.replace("dW1", encodeURIComponent(quantity)));
    for (const width of [320, 390, 1024, 1240, 1280]) {
      await view.show({ width, height: 800, touch: true });
      await view.page.waitForSelector("html:not(.starting)");
      await view.frame();
      const { over, rows } = await view.page.evaluate(() => ({
        over: Math.max(
          ...Array.from(
            document.querySelectorAll("#entry-terms .scroll"),
            ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
          ),
        ),
        // the bottoms of a product's numbers
        rows: Array.from(
          document.querySelectorAll(".terms tr"),
          (row) =>
            new Set(
              Array.from(row.querySelectorAll(".factor > span"), (number) =>
                Math.round(number.getBoundingClientRect().bottom)),
            ).size,
        ),
      }));
      strictEqual(over, 0, `${quantity} ${width}`);
      ok(rows.every((lines) => lines <= 1), `${quantity} ${width}: ${rows}`);
    }
  }
});

browserTest("example: on a phone the entry and its terms stand before the derivation", async () => {
  await using server = await Server.start();
  await using view = await View.open(`${server.address}#${ENTRY}`, {
    width: 390,
    height: 844,
    touch: true,
  });
  const tops = await view.page.evaluate(() =>
    ["#words-equation", "#entry-title", ".terms", "#picture", "#words-derivation"]
      .map((selector) => document.querySelector(selector)!.getBoundingClientRect().top)
  );
  deepStrictEqual(tops, tops.toSorted((a, b) => a - b));
  const { top, going } = await view.page.evaluate(() => ({
    top: document.querySelector("#entry-title")!.getBoundingClientRect().bottom,
    going: document.querySelector(".going")!.getBoundingClientRect().toJSON(),
  }));
  ok(top < going.top, "the number is on the screen");
  ok(going.height < 80, "the buttons are one row");
});

browserTest("example: a sum over the images shows whose term each is", async () => {
  await using server = await Server.start();
  await using view = await View.open(`${server.address}#${ENTRY}`);
  const [labels, factors] = await view.page.evaluate(() => [
    Array.from(document.querySelectorAll(".terms .thumbnail"), (image) => image.ariaLabel!),
    Array.from(
      document.querySelectorAll(".terms a:first-of-type small"),
      (name) => name.textContent!,
    ).filter((name) => name.startsWith("dA1")),
  ]);
  strictEqual(labels!.length, 4);
  deepStrictEqual(
    labels,
    factors!.map((name) => `image ${/(\d+)\]$/.exec(name)![1]} of the batch`),
  );
  // the same pixels as X of that image
  const place = /\d+/.exec(labels![0]!)![0];
  const { opacities } = await view.canvas(".terms .thumbnail");
  await view.page.evaluate((hash) => {
    location.hash = hash;
  }, `${ENTRY.replace("dW1", "X")}&image=${place}`);
  await view.frame();
  deepStrictEqual((await view.canvas("#picture")).opacities, opacities);
  deepStrictEqual((await view.canvas("#entry-place .thumbnail")).opacities, opacities);
  ok(opacities.some((opacity) => opacity > 0));
});

browserTest(
  "example: the accessibility tree has the step's words, its numbers and its mathematics",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${ENTRY.replace("dW1", "dA1")}`);
    await view.page.click("#step-next");
    const title = EXPLANATIONS.dW1.title.en, entry = await view.text("#entry-title");
    await view.page.waitForFunction(
      (words: string) => document.getElementById("step-announcements")!.textContent === words,
      {},
      `13 of 18. ${title}. ${entry}`,
    );
    type Node = { role: string; name?: string; children?: Node[] };
    const nodes: Node[] = [];
    const collect = (node: Node) => {
      nodes.push(node);
      node.children?.forEach(collect);
    };
    collect(await view.page.accessibility.snapshot({ interestingOnly: false }) as Node);
    const names = (role: string) =>
      nodes.filter((node) => node.role === role).map(({ name }) => name ?? "");
    const [status] = nodes.filter(({ role, children }) =>
      role === "status" && children?.some(({ name }) => name?.startsWith("13 of 18. "))
    );
    ok(status, "the announcement is in a live region");
    ok(names("heading").includes(title) && names("heading").includes(entry));
    ok(names("button").some((name) => name.startsWith("dW") && name.includes("∂E/∂W1")));
    ok(names("application").some((name) => name === "dW1 as a picture; dW1[7,400] is chosen"));
    ok(nodes.some(({ role }) => /^math/i.test(role)), "MathML is in the tree");
    const images = nodes.filter(({ role, name }) =>
      /^(image|img)$/.test(role) && /^image \d of the batch$/.test(name ?? "")
    );
    strictEqual(images.length, 4);
  },
);

browserTest(
  "example: the Tab key reaches everything in the view, and what has the focus is not below the buttons",
  async () => {
    await using server = await Server.start();
    for (const [width, height] of [[1280, 800], [390, 844]] as const) {
      await using view = await View.open(`${server.address}#${ENTRY}&updates=1`, {
        width,
        height,
      });
      await view.page.waitForSelector("#step-first:not([hidden])");
      await view.page.click("#settings summary");
      const all = await view.page.evaluate(() => {
        const focusable = "a[href], button, input, select, summary, [tabindex='0']";
        const found = Array.from(document.querySelectorAll<HTMLElement>(focusable)).filter((one) =>
          one.checkVisibility() && !(one as HTMLButtonElement).disabled
        );
        found.forEach((one, i) => one.dataset.order = `${i}`);
        return found.length;
      });
      ok(all > 40, `${all}`);
      await view.page.evaluate(() => {
        (document.activeElement as HTMLElement).blur();
        scrollTo(0, 0);
      });
      const reached = new Set<string>(), covered: string[] = [];
      for (let presses = 0; presses < all + 20 && reached.size < all; presses++) {
        await view.press("Tab");
        const { order, text, isCovered } = await view.page.evaluate(() => {
          const focused = document.activeElement as HTMLElement;
          const bar = [...document.querySelectorAll<HTMLElement>(".player, .going")]
            .find((one) => getComputedStyle(one).position === "fixed")!;
          const { top, bottom } = focused.getBoundingClientRect();
          return {
            order: focused.dataset.order,
            text: focused.id || focused.textContent!.slice(0, 40),
            isCovered: !bar.contains(focused) && bottom - top < innerHeight / 2 &&
              bottom > bar.getBoundingClientRect().top + 1,
          };
        });
        if (order !== undefined) reached.add(order);
        if (isCovered) covered.push(text);
      }
      strictEqual(reached.size, all, `${width}`);
      deepStrictEqual(covered, [], `${width}`);
    }
  },
);

/** The longest task and the longest time between two frames while the step plays, in ms. */
async function playing(view: View, seconds: number): Promise<{ task: number; gap: number }> {
  await view.page.select("#step-speed", "4");
  await view.page.click("#step-play");
  return await view.page.evaluate(
    (seconds) =>
      new Promise<{ task: number; gap: number }>((resolve) => {
        let task = 0, gap = 0, before = performance.now();
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) task = Math.max(task, duration);
        }).observe({ type: "longtask" });
        const start = before;
        const onFrame = (now: number) => {
          gap = Math.max(gap, now - before);
          before = now;
          if (now - start < 1000 * seconds) requestAnimationFrame(onFrame);
          else resolve({ task, gap });
        };
        requestAnimationFrame(onFrame);
      }),
    seconds,
  );
}

browserTest(
  "example: playing at the fastest speed has no task of 100 ms and keeps the frames coming",
  async () => {
    await using server = await Server.start();
    let task = Infinity, gap = Infinity;
    // another program on the machine can slow one run down
    for (let run = 0; run < 3 && (task >= 100 || gap >= 100); run++) {
      await using view = await View.open(`${server.address}#${ENTRY.replace("dW1", "A1")}`);
      ({ task, gap } = await playing(view, 6));
    }
    ok(task < 100, `a task of ${task} ms`);
    ok(gap < 100, `no frame for ${gap} ms`);
  },
);

browserTest(
  "example: nothing in the view is animated, whatever motion the reader prefers",
  async () => {
    await using server = await Server.start();
    await using view = await View.open(`${server.address}#${ENTRY}`, { width: 390 });
    for (const value of ["no-preference", "reduce"]) {
      await view.page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value }]);
      await view.page.click("#step-next");
      // a map that scrolls does so at once
      const moving = await view.page.evaluate(() => ({
        animations: document.getAnimations().length,
        smooth: [...document.querySelectorAll("*")].filter((one) => {
          const { scrollBehavior, transitionDuration } = getComputedStyle(one);
          return scrollBehavior === "smooth" || transitionDuration !== "0s";
        }).length,
      }));
      deepStrictEqual(moving, { animations: 0, smooth: 0 }, value);
    }
  },
);
