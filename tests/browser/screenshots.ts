/// <reference lib="dom" />
/**
 * Takes the screenshots of the playground in docs/screenshots/: `deno task screenshots`.
 */
import type { Point } from "../../lib/drawing/pen.ts";
import { Server, TIMEOUT, View, type ViewOptions } from "./_browser.ts";

const FOLDER = new URL("../../docs/screenshots/", import.meta.url);

/** Part of a circle; angles in turns, clockwise from the right. */
function arc(middle: Point, radius: Point, from: number, to: number): Point[] {
  return Array.from({ length: 25 }, (_, i) => {
    const angle = 2 * Math.PI * (from + (to - from) * i / 24);
    return { x: middle.x + radius.x * Math.cos(angle), y: middle.y + radius.y * Math.sin(angle) };
  });
}

/** A 3 as drawn by hand, with coordinates from 0 to 1. */
const THREE = [
  ...arc({ x: 0.48, y: 0.32 }, { x: 0.17, y: 0.15 }, -0.42, 0.22),
  ...arc({ x: 0.48, y: 0.66 }, { x: 0.2, y: 0.19 }, -0.24, 0.42),
];

/** Epochs to train: enough to show the curve. */
const EPOCHS = 20;

/** A unit that is active for a 3. */
const UNIT = "#units-26";

async function take(name: string, view: View, from: number, to: number): Promise<void> {
  const viewport = view.page.viewport()!, { width } = viewport;
  // what is below the window is not drawn yet
  await view.page.setViewport({ ...viewport, height: Math.ceil(to) });
  await view.frame();
  const png = await view.page.screenshot({ clip: { x: 0, y: from, width, height: to - from } });
  Deno.writeFileSync(new URL(name, FOLDER), png);
  console.log(`${name}: ${png.length} bytes`);
}

/** Vertical extent of an element on the page, with a margin. */
async function extent(view: View, selector: string): Promise<{ from: number; to: number }> {
  return await view.page.$eval(selector, (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return { from: Math.max(0, scrollY + top - 16), to: scrollY + bottom + 16 };
  });
}

Deno.mkdirSync(FOLDER, { recursive: true });
await using server = await Server.start();

const views: [name: string, options: ViewOptions][] = [
  ["draw-1280-light.png", { theme: "light" }],
  ["draw-1280-dark.png", { theme: "dark" }],
  ["draw-390-dark.png", { theme: "dark", width: 390, height: 844, touch: true }],
];
for (const [name, options] of views) {
  await using view = await View.open(server.address, options);
  await view.draw([THREE]);
  await view.page.click(UNIT);
  await view.page.mouse.move(0, 0);
  await view.frame();
  const { to } = await extent(view, ".columns");
  await take(name, view, 0, to - 32); // without the margin below
}

const entry = "view=step&quantity=dW1&example=8&unit=3&pixel=400";
const steps: [name: string, fragment: string, options: ViewOptions][] = [
  ["step-1280-light.png", `${entry}&batch=4&seed=601`, { height: 800 }],
  ["step-390-ja.png", `${entry}&lang=ja`, { width: 390, height: 844, touch: true }],
];
for (const [name, fragment, options] of steps) {
  await using view = await View.open(`${server.address}#${fragment}`, options);
  await view.frame();
  await take(name, view, 0, options.height!);
}

const breaks: [name: string, language: string, options: ViewOptions][] = [
  ["break-1280-light.png", "en", { height: 800 }],
  ["break-390-ja.png", "ja", { width: 390, height: 1500, touch: true }],
];
for (const [name, language, options] of breaks) {
  await using view = await View.open(`${server.address}#view=break&lang=${language}`, options);
  await view.page.waitForSelector(".gradients", { timeout: TIMEOUT });
  await view.page.click(".player .primary");
  await view.page.waitForSelector(".player .primary:disabled", { timeout: 2 * TIMEOUT });
  await view.page.mouse.move(0, 0);
  await view.frame();
  await take(name, view, 0, options.height!);
}

const trainings: [name: string, language: string, options: ViewOptions][] = [
  ["train-1280-light.png", "en", { height: 800 }],
  ["train-1280-dark-ja.png", "ja", { height: 800, theme: "dark" }],
  ["train-390-ja.png", "ja", { width: 390, height: 1500, touch: true }],
];
for (const [name, language, options] of trainings) {
  await using view = await View.open(`${server.address}#view=train&lang=${language}`, options);
  await view.goTo("draw");
  await view.draw([THREE]);
  await view.goTo("train");
  await view.page.click("#start");
  await view.page.waitForFunction(
    `document.getElementById("epoch").textContent.match(/\\d+/)?.[0] >= ${EPOCHS}`,
    { timeout: TIMEOUT },
  );
  await view.page.click("#start"); // pauses
  await view.page.waitForFunction(
    `/Paused|一時停止した/.test(document.getElementById("training-status").textContent)`,
  );
  await view.page.mouse.move(0, 0);
  await view.frame();
  await take(name, view, 0, options.height!);
}
