/** The figures in the documents, computed from the program and the files of docs/reproduction/. */
import report from "../../docs/reproduction/report_losses.json" with { type: "json" };
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BYTES_PER_EPOCH } from "../../lib/storage/history.ts";
import { runs } from "../helpers/fixtures.ts";
import { codeBlocks, tables } from "../helpers/markdown.ts";

function read(name: string): string {
  return Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url));
}

/** A document on one line, so that a sentence is found wherever its lines are broken. */
function flat(name: string): string {
  return read(name).replaceAll(/\s+/g, " ");
}

/** Checks that a document has each of these texts. */
function has(name: string, ...texts: string[]): void {
  const document = flat(name);
  deepStrictEqual(texts.filter((text) => !document.includes(text)), [], name);
}

/** The rows of a CSV file by the names of its columns; an empty cell is NaN. */
function csv(name: string): Record<string, number>[] {
  const [head, ...rows] = read(`docs/reproduction/${name}`).trim().split("\n").map((line) =>
    line.split(",")
  );
  return rows.map((cells) =>
    Object.fromEntries(
      cells.map((cell, i) => [head![i]!, cell === "" ? NaN : Number(cell)] as const),
    )
  );
}

const history = csv("history_10000_thinned.csv"), first30 = csv("history_30.csv");
const seeds = csv("seeds.csv");

const measured = first30.slice(0, 5).map((row) => row["cross_entropy"]!);
const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

Deno.test("example: docs/reproduction.md compares the losses of the report, of seed 601 and of twenty seeds", () => {
  strictEqual(seeds.length, 20);
  const rows = report.map((printed, i) => {
    const values = seeds.map((row) => row[`epoch_${i + 1}`]!);
    const below = (loss: number) => `${values.filter((value) => value < loss).length}`;
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    ok(
      least < printed && printed < greatest,
      `the report's loss of epoch ${i + 1} is in the range`,
    );
    const losses = [least, greatest, printed, measured[i]!].map((loss) => loss.toFixed(4));
    const [a, b, c, d] = losses as [string, string, string, string];
    return [`${i + 1}`, a, b, c, below(printed), d, below(measured[i]!)];
  });
  const [results, losses] = tables(read("docs/reproduction.md")) as [string[][], string[][]];
  deepStrictEqual(losses, rows);
  const short = (numbers: readonly number[]) => numbers.map((x) => x.toFixed(4)).join(", ");
  deepStrictEqual(results[0]!.slice(1, 3), [short(report), short(measured)]);
  const counts = rows.map((row) => Number(row.at(-1)));
  has(
    "docs/reproduction.md",
    `those of ${Math.min(...counts)} to ${Math.max(...counts)} of the twenty seeds`,
  );
  strictEqual(counts[4], 20, "in epoch 5, above all of them");
});

Deno.test("example: docs/reproduction.md has the figures of the 10,000 epochs", () => {
  const last = history.at(-1)!,
    at = (epoch: number) => history.find((row) => row["epoch"] === epoch)!;
  strictEqual(last["epoch"], 10_000);
  const results = tables(read("docs/reproduction.md"))[0]!.map((row) => row[2]);
  const count = (share: number, of: number) =>
    `${percent(share)} (${Math.round(share * of).toLocaleString("en")} of ${
      of.toLocaleString("en")
    })`;
  deepStrictEqual(results.slice(1, 4), [
    last["cross_entropy"]!.toFixed(6),
    count(last["accuracy"]!, 60_000),
    count(last["test_accuracy"]!, 10_000),
  ]);
  const tested = (epoch: number) => percent(at(epoch)["test_accuracy"]!);
  has(
    "docs/reproduction.md",
    `${tested(100)} after 100 epochs, ${tested(200)} after 200 and ${tested(1000)} after 1,000`,
  );
  const lowest = Math.min(...history.map((row) => row["test_cross_entropy"]!));
  const { epoch } = history.find((row) => row["test_cross_entropy"] === lowest)!;
  has(
    "docs/reproduction.md",
    `lowest, ${lowest.toFixed(4)}, near epoch ${epoch!.toLocaleString("en")}, and rises to ${
      last["test_cross_entropy"]!.toFixed(4)
    }`,
  );
});

Deno.test("example: docs/reproduction.md states when the test set is better than the training set", () => {
  const better = (row: Record<string, number>, train: "" | "train_") => [
    row["test_cross_entropy"]! < row[`${train}cross_entropy`]!,
    row["test_accuracy"]! > row[`${train}accuracy`]!,
  ];
  for (const row of history) {
    const { epoch } = row as { epoch: number };
    if (epoch <= 100) deepStrictEqual(better(row, ""), [true, true], `epoch ${epoch}`);
    if (epoch === 200) deepStrictEqual(better(row, ""), [false, false]);
  }
  has("docs/reproduction.md", "| up to epoch 100, no longer at 200 |");
  strictEqual(first30.length, 30);
  for (const row of first30) {
    deepStrictEqual(better(row, "train_"), [true, true], `epoch ${row["epoch"]}`);
  }
  const second = first30[1]!;
  has(
    "docs/reproduction.md",
    `${percent(second["test_accuracy"]!)} against ${
      percent(second["train_accuracy"]!)
    } after epoch 2`,
  );
  const below = first30.filter((row) => row["cross_entropy"]! < row["train_cross_entropy"]!);
  has(
    "docs/reproduction.md",
    `In epochs ${below.map((row) => row["epoch"]).join(" and ")} the mean`,
  );
});

Deno.test("reference: docs/limits.md states how closely the losses in the README agree with NumPy's", () => {
  const shown = codeBlocks(read("README.md")).find(({ language }) => language === "console")!.code;
  const losses = [...shown.matchAll(/^\d\.\d+$/gm)].map(([loss]) => Number(loss));
  deepStrictEqual(losses, measured);
  const numpy = runs()[0]!.losses;
  strictEqual(numpy.length, losses.length);
  const errors = losses.map((loss, i) => Math.abs(loss - numpy[i]!) / numpy[i]!);
  const greatest = Math.max(...errors), epoch = errors.indexOf(greatest) + 1;
  has("docs/limits.md", `at most ${greatest.toExponential(1)} relative (epoch ${epoch})`);
  has("docs/ja/limits.md", `最大で ${greatest.toExponential(1)}（${epoch} エポック目）`);
  ok(greatest < 1e-15, "losses that agree in 15 digits"); // README.md and docs/reproduction.md
  has("README.md", "losses that agree in 15 digits");
  const rounded = numpy.map((loss) => loss.toFixed(4));
  has("docs/errata.md", rounded.join(", "));
  has("docs/ja/errata.md", rounded.join("、"));
});

/** The value of a constant in a source file: a product of numbers, powers and constants. */
function constant(file: string, name: string): number {
  const source = read(file);
  const valueOf = (name: string): number => {
    const definition = new RegExp(`const ${name}(?:: number)? = ([^;]+);`).exec(source);
    ok(definition !== null, `${file} has no constant ${name}`);
    return definition[1]!.split(" * ").map((factor) => {
      if (/^[A-Z_]+$/.test(factor)) return valueOf(factor);
      const [base, exponent = 1] = factor.replaceAll("_", "").split(" ** ").map(Number);
      return base! ** exponent;
    }).reduce((a, b) => a * b);
  };
  return valueOf(name);
}

Deno.test("example: docs/limits.md has the limits that the program enforces", () => {
  const count = (file: string, name: string) => constant(file, name).toLocaleString("en");
  const mib = (file: string, name: string) => `${constant(file, name) / 2 ** 20} MiB`;
  const zip = "lib/formats/zip.ts", npy = "lib/formats/npy.ts";
  const png = "lib/system/png.ts", idx = "lib/formats/idx.ts";
  const serve = "lib/commands/serve_command.ts", page = "lib/pages/playground/page_state.ts";
  const wanted = [
    `1 to ${constant("lib/training/settings.ts", "MAX_HIDDEN")}`,
    count(idx, "MAX_PIXELS"),
    count(idx, "MAX_ITEMS"),
    "256, as labels are bytes",
    "4 GiB, for parameters and data",
    count("lib/simd/simd_engine.ts", "MAX_BATCH"),
    `${mib(zip, "MAX_ARCHIVE_BYTES")}, ${constant(zip, "MAX_MEMBERS")} members, ${
      mib(zip, "MAX_MEMBER_BYTES")
    } per member, ${mib(zip, "MAX_CONTENTS_BYTES")} in total`,
    `${constant(npy, "MAX_DIMENSIONS")} dimensions, ${count(npy, "MAX_SIZE")} entries along each, ${
      count(npy, "MAX_HEADER_BYTES")
    } bytes of header`,
    `${count(png, "MAX_PNG_PIXELS")} pixels (${Math.sqrt(constant(png, "MAX_PNG_PIXELS"))}x${
      Math.sqrt(constant(png, "MAX_PNG_PIXELS"))
    }), ${mib(png, "MAX_PNG_BYTES")}`,
    mib("lib/system/runs.ts", "MAX_HISTORY_BYTES"),
    `what the npz file leaves: ${BYTES_PER_EPOCH} bytes per epoch`,
    `${constant("lib/commands/gradcheck_command.ts", "MAX_SAMPLES")}`,
    `${
      count("lib/diagnose/step_dump.ts", "MAX_MULTIPLICATIONS")
    } multiplications in W1 X and W2 Y1`,
    `what an npz file holds: ${
      Math.floor(
        (constant(zip, "MAX_ARCHIVE_BYTES") - constant(serve, "NPZ_OVERHEAD")) / (28 * 28 + 1),
      ).toLocaleString("en")
    } of MNIST's size`,
    `${constant(serve, "MAX_EMBEDDED_TRAIN")} for training (or \`--limit n\`), ${
      constant(serve, "MAX_EMBEDDED_TEST")
    } for testing`,
    `1 to ${constant(page, "MAX_BATCH")}`,
    `0 to ${constant(page, "MAX_UPDATES")}`,
    `0 to ${constant(page, "MAX_LINKED_BATCHES")} batches`,
  ];
  deepStrictEqual(tables(read("docs/limits.md"))[0]!.map(([, limit]) => limit), wanted);
});
