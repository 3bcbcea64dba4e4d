// A class that hands in training steps, in any sizes, layouts and precisions, each with a mistake
// or all without one. How many mistakes does diagnose() name? How many right steps does it blame?
//
//   deno run --allow-write examples/diagnose_class.ts FOLDER [wrong|right [COUNT [SEED]]]
import { diagnose, type Mistake, MISTAKES, readNpz, withMistakes, writeNpz } from "@sanso/sanso";
import { dim, Indices, initialise, Matrix, RandomState, runStep } from "@sanso/sanso";
import { type AnyMatrix, STEP, STEP_INPUTS, type WritableArray } from "@sanso/sanso";

const [folder = "class", kind = "wrong", count = "60", seed = "601"] = Deno.args;
const random = new RandomState(Number(seed));
const between = (low: number, high: number) => random.randint(low, high + 1);
const coin = () => between(0, 1) === 1, near = (x: number, y: number) => Math.abs(x - y) < 1e-5;

/** A step of a drawn network: as it is right, and as a program with the mistake computes it. */
function drawSteps(mistake: Mistake) {
  const D = dim("D", between(4, 60)), M = dim("M", between(2, 20));
  const K = dim("K", between(3, 10)), B = dim("B", between(2, 30));
  const pixels = random.randomSample(D * B).map((x) => Math.max(0, 2 * x - 1)); // half are 0
  const batch = { X: Matrix.of(D, B, pixels), labels: Indices.of(B, random.randint(0, K, B)) };
  const parameters = initialise(D, M, K, random), right = runStep(parameters, batch, 0.1);
  const wrong = { ...runStep(parameters, batch, 0.1, withMistakes(mistake)), X: batch.X };
  const far = (a: AnyMatrix, b: AnyMatrix) => a.data.some((x, i) => !near(x, b.data[i]!));
  return { right, wrong, differs: STEP.some(({ symbol }) => far(right[symbol], wrong[symbol])) };
}

/** What a student hands in: names, layout and precision are the student's. */
function record(step: ReturnType<typeof drawSteps>["right"]): Uint8Array {
  const [listing, rows, textbook, float32, axis] = [coin(), coin(), coin(), coin(), coin()];
  const { count, values } = step.labels;
  const arrays: [string, WritableArray][] = [["answer", { shape: [count], data: values }]];
  for (const { symbol, shape, ...quantity } of [...STEP_INPUTS, ...STEP]) {
    if (symbol === "labels" || symbol === "η") continue;
    const matrix = step[symbol];
    const turned = rows && (textbook || shape.endsWith("B"));
    const layout: AnyMatrix = turned ? matrix.transposed : matrix;
    const data = float32 ? Float32Array.from(layout.data) : layout.data;
    const updated = symbol.endsWith("'"), name = symbol.replace("'", "_after");
    const axes = [layout.rows, layout.columns, ...(axis ? [1] : [])];
    arrays.push([listing && !updated ? quantity.listing ?? name : name, { shape: axes, data }]);
  }
  return writeNpz(arrays);
}

Deno.mkdirSync(folder, { recursive: true });
let key = "file,mistake\n", blamed = 0, named = 0;
for (let i = 1; i <= Number(count);) {
  const mistake = MISTAKES[between(0, MISTAKES.length - 1)]!;
  const { right, wrong, differs } = drawSteps(mistake);
  if (!differs) continue; // it needs other shapes, or changes the last digits only
  const file = `${String(i++).padStart(3, "0")}.npz`;
  const bytes = record(kind === "right" ? right : wrong), found = diagnose(readNpz(bytes));
  Deno.writeFileSync(`${folder}/${file}`, bytes);
  key += `${file},${kind === "right" ? "" : mistake.id}\n`;
  if (found.verdict === "wrong") blamed++;
  const causes = found.verdict === "wrong" ? found.firstWrong!.causes : [];
  if (causes.some((one) => one.kind === "mistakes" && one.mistakes.includes(mistake))) named++;
  else if (kind === "wrong") console.log(`${file}: ${mistake.id} is not named`);
}
Deno.writeTextFileSync(`${folder}/key.csv`, key);
console.log(`${count} steps: ${blamed} called wrong, ${named} mistakes named`);
