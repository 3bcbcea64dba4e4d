/// <reference lib="dom" />
/** Chromium with the demo page in it, as `serve` gives it out. */
import { deepStrictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import puppeteer, { type Browser, type KeyInput, type Page } from "puppeteer-core";
import type { Point } from "../../mod.ts";
import { testIf } from "../helpers/conditional.ts";

const ROOT = new URL("../../", import.meta.url);

/** Debian's. */
const CHROMIUM = "/usr/bin/chromium";

/** Nothing that Chromium would do on its own account. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Longer than anything here takes on a busy machine. */
export const PATIENCE = 60_000;

/** A test that runs where Chromium is. */
export function browserTest(name: string, fn: () => Promise<void>): void {
  testIf(isThere(CHROMIUM), "Chromium", name, async () => {
    try {
      await fn();
    } catch (error) {
      // what the test found says more than what the console held
      throw error instanceof SuppressedError ? error.suppressed : error;
    }
  });
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** What is to be opened, and how. */
export interface ViewOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  /** A telephone: fingers in place of a mouse. */
  readonly touch?: boolean;
  /** How large letters are that nothing makes larger or smaller, in pixels: as users set their browsers. */
  readonly letters?: number;
}

/** A page of its own in a browser of its own, watched all the time. */
export class View implements AsyncDisposable {
  /** What the page and its worker asked for. */
  readonly requests: string[] = [];
  /** What went to the console, and errors that nothing caught. */
  readonly complaints: string[] = [];

  private constructor(readonly browser: Browser, readonly page: Page) {
    page.on("request", (request) => this.requests.push(request.url()));
    page.on("console", (message) => this.complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("workercreated", (worker) => {
      worker.on("console", (message) => this.complaints.push(`worker: ${message.text()}`));
    });
  }

  /** Opens an address. */
  static async open(address: string, options: ViewOptions = {}): Promise<View> {
    const { letters = 16 } = options;
    const args = [...FLAGS, `--blink-settings=defaultFontSize=${letters}`];
    const browser = await puppeteer.launch({ executablePath: CHROMIUM, args });
    const view = new View(browser, (await browser.pages())[0] ?? await browser.newPage());
    await view.show(options);
    await view.page.goto(address);
    return view;
  }

  /** Sets size, theme and pointer. */
  async show({ width = 1280, height = 900, theme = "light", touch = false }: ViewOptions) {
    await this.page.setViewport({ width, height, hasTouch: touch, isMobile: touch });
    await this.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  }

  /** The words of an element, once the page has been drawn again. */
  async words(selector: string): Promise<string> {
    await this.frame();
    return await this.page.$eval(selector, (element) => (element as HTMLElement).innerText);
  }

  /** The answer that the page shows: a class, or a dash. */
  async answer(): Promise<string> {
    await this.frame();
    return await this.page.$eval("#prediction strong", (element) => element.textContent);
  }

  /** How large a canvas is, and how opaque each of its pixels. */
  async canvas(selector: string): Promise<{ width: number; height: number; opacities: number[] }> {
    return await this.page.$eval(selector, (element) => {
      const canvas = element as HTMLCanvasElement, { width, height } = canvas;
      // a copy, made to be read: Chromium complains of reading what is shown more than once
      const copy = new OffscreenCanvas(width, height);
      const context = copy.getContext("2d", { willReadFrequently: true })!;
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      return { width, height, opacities: Array.from(data).filter((_, i) => i % 4 === 3) };
    });
  }

  /** Begins to write down what a screen reader says. */
  async listen(): Promise<void> {
    await this.page.evaluate(() => {
      const said: string[] = [], region = document.getElementById("announcements")!;
      Object.assign(globalThis, { said });
      new MutationObserver(() => said.push(region.textContent))
        .observe(region, { childList: true, characterData: true, subtree: true });
    });
  }

  /** What it has said since then, once so much has been said. */
  async said(atLeast: number): Promise<string[]> {
    await this.page.waitForFunction(`said.length >= ${atLeast}`, { timeout: PATIENCE });
    return await this.page.evaluate("said") as string[];
  }

  /** Waits until what has changed is drawn. */
  async frame(): Promise<void> {
    await this.page.evaluate(() =>
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    );
  }

  /** Presses keys one after the other. */
  async press(...keys: KeyInput[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Presses keys one after the other while another is held. */
  async pressWith(held: "Control" | "Shift", ...keys: KeyInput[]): Promise<void> {
    await this.page.keyboard.down(held);
    await this.press(...keys);
    await this.page.keyboard.up(held);
  }

  /** Where a point of the drawing area is on the screen; both from 0 to 1. */
  async place({ x, y }: Point): Promise<Point> {
    const box = (await (await this.page.$("#drawing-canvas"))!.boundingBox())!;
    return { x: box.x + x * box.width, y: box.y + y * box.height };
  }

  /** Draws strokes with the mouse; points from 0 to 1. */
  async draw(strokes: readonly (readonly Point[])[]): Promise<void> {
    await (await this.page.$("#drawing-canvas"))!.scrollIntoView();
    const origin = await this.place({ x: 0, y: 0 }), end = await this.place({ x: 1, y: 1 });
    const { mouse } = this.page;
    for (const stroke of strokes) {
      let isDown = false;
      for (const { x, y } of stroke) {
        await mouse.move(origin.x + x * (end.x - origin.x), origin.y + y * (end.y - origin.y));
        if (!isDown) await mouse.down();
        isDown = true;
      }
      await mouse.up();
    }
  }

  /** Closes the browser; claims that nothing has gone to the console. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    deepStrictEqual(this.complaints, []);
  }
}

/** `serve` under way on a port of its own. */
export class Server implements AsyncDisposable {
  private constructor(readonly address: string, readonly process: Deno.ChildProcess) {}

  /** Starts it with these arguments. */
  static async start(...args: string[]): Promise<Server> {
    const process = cli(["serve", "--port", "0", ...args]).spawn();
    const lines = process.stdout.pipeThrough(new TextDecoderStream());
    let text = "";
    for await (const piece of lines) if ((text += piece).includes("\n")) break;
    if (!text.includes("\n")) throw new Error("serve ended without an address; it says why above");
    return new Server(text.trim(), process);
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.status;
  }
}

/** The page as `serve --export` writes it, and its address on the disk. */
export async function exportPage(file: string, ...args: string[]): Promise<string> {
  const { code } = await cli(["serve", "--export", file, ...args]).output();
  deepStrictEqual(code, 0);
  return `file://${file}`;
}

function cli(args: readonly string[]): Deno.Command {
  const config = fileURLToPath(new URL("deno.json", ROOT));
  const entry = fileURLToPath(new URL("cli.ts", ROOT));
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", config, entry, ...args],
    stdout: "piped",
    stderr: "inherit",
  });
}
