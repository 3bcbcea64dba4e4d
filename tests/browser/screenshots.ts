/// <reference lib="dom" />
/**
 * Takes the screenshots of the playground in docs/screenshots/: `deno task screenshots`.
 */
import { Server, TIMEOUT, View, type ViewOptions } from "./_browser.ts";

const FOLDER = new URL("../../docs/screenshots/", import.meta.url);

/** A 3 as drawn by hand, with coordinates from 0 to 1: two arcs, angles in turns from the right. */
const THREE = [[0.32, 0.17, 0.15, -0.42, 0.22], [0.66, 0.2, 0.19, -0.24, 0.42]].flatMap(
  ([middle, width, height, from, to]) =>
    Array.from({ length: 25 }, (_, i) => {
      const angle = 2 * Math.PI * (from! + (to! - from!) * i / 24);
      return { x: 0.48 + width! * Math.cos(angle), y: middle! + height! * Math.sin(angle) };
    }),
);

/** Draws, and chooses a unit that is active for a 3. */
async function draw(view: View): Promise<void> {
  await view.draw([THREE]);
  await view.page.click("#units-26");
}

async function breakNetwork({ page }: View): Promise<void> {
  await page.waitForSelector(".gradients", { timeout: TIMEOUT });
  await page.click(".break .player .primary");
  await page.waitForFunction(
    `/20 of 20|20 \\/ 20/.test(document.querySelector(".break .losses").textContent)`,
    { timeout: 2 * TIMEOUT },
  );
}

/** Trains for enough epochs to show the curve. */
async function train(view: View): Promise<void> {
  await view.goTo("draw");
  await view.draw([THREE]);
  await view.goTo("train");
  await view.page.click("#start");
  await view.page.waitForFunction(
    `document.getElementById("epoch").textContent.match(/\\d+/)?.[0] >= 20`,
    { timeout: TIMEOUT },
  );
  await view.page.click("#start"); // pauses
  await view.page.waitForFunction(
    `/Paused|一時停止した/.test(document.getElementById("training-status").textContent)`,
  );
}

const WHY = "view=why&unit=3&pixel=400&example=8&stop=backward";
const STEP = "view=step&quantity=dW1&example=8&unit=3&pixel=400";
const PHONE = { width: 390, height: 844, touch: true }, LONG = { ...PHONE, height: 1500 };
const SHOTS: [name: string, fragment: string, ViewOptions, act?: (view: View) => Promise<void>][] =
  [
    ["draw-1280-light", "view=draw", { height: 1168 }, draw],
    ["why-1280-light", `${WHY}&lang=en`, { height: 750 }],
    ["why-1280-light-ja", `${WHY}&lang=ja`, { height: 750 }],
    ["why-1280-dark", `${WHY}&lang=en`, { height: 750, theme: "dark" }],
    ["why-1280-dark-ja", `${WHY}&lang=ja`, { height: 750, theme: "dark" }],
    ["step-1280-light", `${STEP}&batch=4&seed=601`, { height: 800 }],
    ["step-390-ja", `${STEP}&lang=ja`, PHONE],
    ["break-1280-light", "view=break&lang=en", { height: 800 }, breakNetwork],
    ["break-390-ja", "view=break&lang=ja", LONG, breakNetwork],
    ["train-1280-light", "view=train&lang=en", { height: 800 }, train],
    ["train-390-ja", "view=train&lang=ja", LONG, train],
  ];

Deno.mkdirSync(FOLDER, { recursive: true });
await using server = await Server.start();
for (const [name, fragment, options, act] of SHOTS) {
  await using view = await View.open(`${server.address}#${fragment}`, options);
  await act?.(view);
  await view.page.mouse.move(0, 0);
  await view.page.evaluate(() => scrollTo(0, 0));
  await view.frame();
  const png = await view.page.screenshot();
  Deno.writeFileSync(new URL(`${name}.png`, FOLDER), png);
  console.log(`${name}: ${png.length} bytes`);
}
