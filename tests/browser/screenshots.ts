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

{
  await using view = await View.open(`${server.address}#view=draw`, { theme: "light" });
  await view.draw([THREE]);
  await view.page.click(UNIT);
  await view.page.mouse.move(0, 0);
  await view.frame();
  const { to } = await extent(view, ".columns");
  await take("draw-1280-light.png", view, 0, to - 32); // without the margin below
}

const why = "view=why&unit=3&pixel=400&example=8&stop=backward";
for (const theme of ["light", "dark"] as const) {
  for (const [ending, language] of [["", "en"], ["-ja", "ja"]]) {
    const address = `${server.address}#${why}&lang=${language}`;
    await using view = await View.open(address, { theme, height: 750 });
    await view.frame();
    await take(`why-1280-${theme}${ending}.png`, view, 0, 750);
  }
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
  await view.page.click(".break .player .primary");
  const atEnd = ".break .player .primary[aria-disabled=true]";
  await view.page.waitForSelector(atEnd, { timeout: 2 * TIMEOUT });
  await view.page.mouse.move(0, 0);
  await view.frame();
  await take(name, view, 0, options.height!);
}

const trainings: [name: string, language: string, options: ViewOptions][] = [
  ["train-1280-light.png", "en", { height: 800 }],
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
