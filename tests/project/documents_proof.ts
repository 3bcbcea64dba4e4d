/** The console transcripts in the documents are what the program prints. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { documentedDumps } from "../diagnose/documented_dumps.ts";
import { ENTRY } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { codeBlocks } from "../helpers/markdown.ts";

function read(name: string): string {
  return Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url));
}

const PAGES = [
  "README.md",
  "README.ja.md",
  "docs/checks.md",
  "docs/diagnose.md",
  "docs/ja/diagnose.md",
  "docs/drawing.md",
  "docs/binary.md",
  "docs/training.md",
];

/** A command of a transcript, and the lines shown below it; "…" is any lines. */
interface Shown {
  readonly args: string;
  readonly lines: readonly string[];
}

function commandsOf(code: string): Shown[] {
  return code.split(/^\$ /m).slice(1).map((part) => {
    const [command, ...lines] = part.trimEnd().split("\n");
    return { args: command!.replace(/^(deno run -A cli\.ts|\.\/sanso) /, ""), lines };
  });
}

/** What a command prints, both streams in the order of writing. */
async function output(args: string, cwd: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `exec "$@" 2>&1`, "sh", Deno.execPath(), "run", "-A", ENTRY, ...args.split(" ")],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

/** Lines that are written every two seconds: which ones depends on the machine. */
const PROGRESS = /: [\d.]+ of \d+ (epochs|entries|files|images), .* left, /;

/** The lines without versions, and without progress. */
function comparable(lines: readonly string[]): string[] {
  return lines.filter((line) => !PROGRESS.test(line))
    .map((line) => line.replace(/\(Deno .*\)/, "(Deno)"));
}

/** Whether the lines are those shown, "…" for any number of them. */
function agrees(lines: readonly string[], shown: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return lines.length === 0;
  if (first !== "…") return lines[0] === first && agrees(lines.slice(1), rest);
  return lines.some((_, i) => agrees(lines.slice(i), rest)) || agrees([], rest);
}

for (const page of PAGES) {
  Deno.test(`example: the transcripts of ${page} are what the program prints`, async () => {
    const blocks = codeBlocks(read(page)).filter(({ language }) => language === "console");
    ok(blocks.length > 0);
    using folder = new Folder(/diagnose|README/.test(page) ? documentedDumps() : {});
    for (const { args, lines } of blocks.flatMap(({ code }) => commandsOf(code))) {
      const printed = comparable(await output(args, folder.path)), shown = comparable(lines);
      // the second comparison is for its message
      if (!agrees(printed, shown)) deepStrictEqual(printed, shown, `${page}: ${args}`);
    }
  });
}
