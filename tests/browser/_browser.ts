/// <reference lib="dom" />
/** Helpers that open the playground in Chromium, as `serve` serves it. */
import { deepStrictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import axe, { type AxeResults } from "axe-core";
import puppeteer, { type Browser, type KeyInput, type Page } from "puppeteer-core";
import type { Point } from "../../lib/drawing/pen.ts";
import type { ViewName } from "../../lib/pages/state.ts";
import { CHROMIUM, FLAGS } from "../helpers/chromium.ts";
import { testIf } from "../helpers/conditional.ts";

/** Milliseconds to wait: more than anything here takes on a busy machine. */
export const TIMEOUT = 60_000;

/** A test that runs if Chromium is installed. */
export function browserTest(name: string, fn: () => Promise<void>): void {
  testIf(existsSync(CHROMIUM), "Chromium", name, async () => {
    try {
      await fn();
    } catch (error) {
      // the failure of the test says more than messages on the console
      throw error instanceof SuppressedError ? error.suppressed : error;
    }
  });
}

/** A test on one page, which serves so many training images and opens with this fragment. */
export function pageTest(
  name: string,
  { limit = 1, fragment = "view=draw", ...options }: ViewOptions & {
    readonly limit?: number;
    readonly fragment?: string;
  },
  fn: (view: View, address: string) => Promise<void>,
): void {
  browserTest(name, async () => {
    await using server = await Server.start("--limit", `${limit}`);
    await using view = await View.open(`${server.address}#${fragment}`, options);
    await fn(view, server.address);
  });
}

/** The window: with `touch` that of a phone; `fontSize` is the user's default, in pixels. */
export interface ViewOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  readonly touch?: boolean;
  readonly fontSize?: number;
}

/** A page in a browser of its own. */
export class View implements AsyncDisposable {
  /** URLs that the page and its worker requested. */
  readonly requests: string[] = [];
  /** Console messages and uncaught errors. */
  readonly messages: string[] = [];

  private constructor(readonly browser: Browser, readonly page: Page) {
    page.on("request", (request) => this.requests.push(request.url()));
    page.on("console", (message) => this.messages.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.messages.push(String(error)));
    page.on("workercreated", (worker) => {
      worker.on("console", (message) => this.messages.push(`worker: ${message.text()}`));
    });
  }

  /** Opens a URL, of the view Draw unless it names a view or is a file. */
  static async open(address: string, options: ViewOptions = {}): Promise<View> {
    const args = [...FLAGS, `--blink-settings=defaultFontSize=${options.fontSize ?? 16}`];
    const browser = await puppeteer.launch({ executablePath: CHROMIUM, args });
    const view = new View(browser, (await browser.pages())[0] ?? await browser.newPage());
    await view.show(options);
    const fragment = address.includes("#") ? "&view=draw" : "#view=draw";
    await view.page.goto(/#.*view=|\.html$/.test(address) ? address : address + fragment);
    await view.ready();
    return view;
  }

  async show({ width = 1280, height = 900, theme = "light", touch = false }: ViewOptions) {
    await this.page.setViewport({ width, height, hasTouch: touch, isMobile: touch });
    await this.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  }

  /** Waits until the page's script has started. */
  async ready(): Promise<void> {
    await this.page.waitForSelector("html:not(.starting)", { timeout: TIMEOUT });
  }

  async goTo(name: ViewName): Promise<void> {
    await this.page.click(`[data-view=${name}]`);
    await this.page.waitForSelector(`[data-view=${name}][aria-current=page]`);
    await this.frame();
  }

  /** Presses Tab until the element with this id has the focus. */
  async tabTo(id: string): Promise<void> {
    for (let presses = 0; presses < 100; presses++) {
      await this.press("Tab");
      if (await this.page.evaluate(() => document.activeElement?.id) === id) return;
    }
    throw new Error(`Cannot reach #${id} with Tab`);
  }

  /** The text of an element after the next frame. */
  async text(selector: string): Promise<string> {
    await this.frame();
    return await this.page.$eval(selector, (element) => (element as HTMLElement).innerText);
  }

  /** The predicted class, or a dash. */
  async prediction(): Promise<string> {
    return await this.text("#prediction strong");
  }

  /** Size of a canvas and the opacity of each pixel. */
  async canvas(selector: string) {
    return await this.page.$eval(selector, (element) => {
      const canvas = element as HTMLCanvasElement, { width, height } = canvas;
      // reads a copy: Chromium warns when a visible canvas is read repeatedly
      const copy = new OffscreenCanvas(width, height);
      const context = copy.getContext("2d", { willReadFrequently: true })!;
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      return { width, height, opacities: Array.from(data).filter((_, i) => i % 4 === 3) };
    });
  }

  /** Waits until changes are drawn. */
  async frame(): Promise<void> {
    await this.page.evaluate(() =>
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    );
  }

  async press(...keys: KeyInput[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async pressWith(held: "Control" | "Shift", ...keys: KeyInput[]): Promise<void> {
    await this.page.keyboard.down(held);
    await this.press(...keys);
    await this.page.keyboard.up(held);
  }

  /** Screen position of a point of the canvas, with coordinates from 0 to 1. */
  async position({ x, y }: Point): Promise<Point> {
    const box = (await (await this.page.$("#drawing-canvas"))!.boundingBox())!;
    return { x: box.x + x * box.width, y: box.y + y * box.height };
  }

  /** Draws strokes with the mouse; coordinates from 0 to 1. */
  async draw(strokes: readonly (readonly Point[])[]): Promise<void> {
    await (await this.page.$("#drawing-canvas"))!.scrollIntoView();
    const { mouse } = this.page;
    for (const stroke of strokes) {
      for (const [i, point] of stroke.entries()) {
        const { x, y } = await this.position(point);
        await mouse.move(x, y);
        if (i === 0) await mouse.down();
      }
      await mouse.up();
    }
  }

  /** Closes the browser and asserts that there were no console messages. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    deepStrictEqual(this.messages, []);
  }
}

/**
 * Violations of axe's rules, WCAG 2.2 to level AA and best practices; `contrast` is whether they
 * include contrasts, which take longest.
 */
export async function violations({ page }: View, contrast = true): Promise<string[]> {
  await page.evaluate(axe.source);
  // preloading would read the style sheet anew, which no page may do
  const options = { preload: false, rules: { "color-contrast": { enabled: contrast } } };
  const { violations } = await page.evaluate(`axe.run(${JSON.stringify(options)})`) as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`);
}

/** How many pixels the page is wider than the window. */
export async function overflow(view: View): Promise<number> {
  await view.frame();
  return await view.page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth
  );
}

/**
 * What disturbs a reader from now on, or with `buffered` from the beginning: the sum of layout
 * shifts, and the longest task in milliseconds.
 */
export async function record(view: View, buffered = false) {
  await view.page.evaluate((buffered) => {
    const seen = { shifts: 0, longest: 0 };
    Object.assign(globalThis, { seen });
    for (const type of ["layout-shift", "longtask"]) {
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          if (type === "longtask") seen.longest = Math.max(seen.longest, entry.duration);
          const { value, hadRecentInput } = entry as unknown as Record<string, number | undefined>;
          if (!hadRecentInput) seen.shifts += value ?? 0;
        }
      }).observe({ type, buffered });
    }
  }, buffered);
  return async () => {
    await view.frame();
    return await view.page.evaluate("seen") as { shifts: number; longest: number };
  };
}

/** A running `serve` on a free port. */
export class Server implements AsyncDisposable {
  private constructor(readonly address: string, readonly process: Deno.ChildProcess) {}

  static async start(...args: string[]): Promise<Server> {
    const process = cli(["serve", "--port", "0", ...args]).spawn();
    let text = "";
    for await (const piece of process.stdout.pipeThrough(new TextDecoderStream())) {
      if ((text += piece).includes("\n")) return new Server(text.trim(), process);
    }
    throw new Error("serve ended before it printed its address; see its message above");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.status;
  }
}

/** Writes the page with `serve --export` and returns its file URL. */
export async function exportPage(file: string, ...args: string[]): Promise<string> {
  const { code } = await cli(["serve", "--export", file, ...args]).output();
  deepStrictEqual(code, 0);
  return `file://${file}`;
}

/** What the program prints with these arguments. */
export async function output(...args: string[]): Promise<string> {
  const { code, stdout } = await cli(args).output();
  deepStrictEqual(code, args[0] === "diagnose" ? 1 : 0);
  return new TextDecoder().decode(stdout);
}

function cli(args: readonly string[]): Deno.Command {
  const [config, entry] = ["deno.json", "cli.ts"].map((name) =>
    fileURLToPath(new URL(`../../${name}`, import.meta.url))
  );
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", config!, entry!, ...args],
    stdout: "piped",
    stderr: "inherit",
  });
}
