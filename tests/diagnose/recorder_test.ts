/** The Python file of `diagnose --recorder`: programs that it records, and what it says. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { recorder } from "../../lib/diagnose/recorder.ts";
import { diagnose, readNpz } from "../../mod.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, pythonWith, pytorch, pytorchTest } from "../helpers/numpy.ts";

Deno.test("example: diagnose --recorder prints the Python file, in both languages", async () => {
  for (const language of ["en", "ja"] as const) {
    const { stdout } = await cli(["diagnose", "--recorder", "--lang", language]);
    strictEqual(stdout, `${recorder(language)}\n`);
    ok(stdout.split("\n").length < 190, "a page or two, which students read");
    ok(stdout.split("\n").every((line) => line.length <= 100));
  }
});

const DATA = `
import numpy as np
from sanso_step import before, after, watch
rng = np.random.RandomState(1)
data = [(rng.rand(8, 12), rng.randint(0, 5, 8)) for _ in range(5)]
W1, b1 = rng.normal(0, 0.3, (7, 12)), rng.normal(0, 0.3, (7, 1))
W2, b2 = rng.normal(0, 0.3, (5, 7)), rng.normal(0, 0.3, (5, 1))
lr, eye = 0.5, np.eye(5)
`;

const LOOP = `${DATA}
for x, t in data:
    a1 = W1 @ x.T + b1
    y1 = 1 / (1 + np.exp(-a1))
    a2 = W2 @ y1 + b2
    p = np.exp(a2) / np.exp(a2).sum(axis=0)
    d2 = (p - eye[t].T) / 8
    dW2, db2 = d2 @ y1.T, d2.sum(axis=1, keepdims=True)
    d1 = W2.T @ d2 * y1 * (1 - y1)
    dW1, db1 = d1 @ x, d1.sum(axis=1, keepdims=True)
    before(locals())
    W1 -= lr * dW1; b1 -= lr * db1; W2 -= lr * dW2; b2 -= lr * db2
    after(locals())
`;

/** A class whose method takes a step: parameters in a dictionary, layers as objects. */
const CLASS = `${DATA}
class Layer:
    def __init__(self, params, i): self.params, self.W, self.b = params, f"W{i}", f"b{i}"
    def forward(self, x):
        self.x, self.out = x, x @ self.params[self.W] + self.params[self.b]
        return self.out
    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.params[self.W].T
class Network:
    def __init__(self):
        self.params = {"W1": W1.T.copy(), "b1": b1[:, 0], "W2": W2.T.copy(), "b2": b2[:, 0]}
        self.layers = {"one": Layer(self.params, 1), "two": Layer(self.params, 2)}
    def fit(self, batches):
        for x_batch, t_batch in batches:
            self.z1 = 1 / (1 + np.exp(-self.layers["one"].forward(x_batch)))
            y = np.exp(self.layers["two"].forward(self.z1))
            y = y / y.sum(axis=1, keepdims=True)
            loss = -np.log(y[np.arange(8), t_batch]).mean()
            dout = self.layers["two"].backward((y - eye[t_batch]) / 8)
            self.layers["one"].backward(dout * self.z1 * (1 - self.z1))
            before(locals(), lr=lr)
            for i, layer in enumerate(self.layers.values(), 1):
                self.params[f"W{i}"] = self.params[f"W{i}"] - lr * layer.dW
                self.params[f"b{i}"] = self.params[f"b{i}"] - lr * layer.db
            after(locals(), lr=lr)
Network().fit(data)
`;

/** Lists of tuples within a function, whose update makes new ones. */
const FUNCTIONS = `${DATA}
def step(params, x, t):
    (w1, c1), (w2, c2) = params
    hidden = 1 / (1 + np.exp(-(x @ w1 + c1)))
    scores = hidden @ w2 + c2
    logp = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    delta = (np.exp(logp) - eye[t]) / len(t)
    back = delta @ w2.T * hidden * (1 - hidden)
    grads = [(x.T @ back, back.sum(0)), (hidden.T @ delta, delta.sum(0))]
    before(locals(), rate=lr)
    params = [(w - lr * dw, c - lr * dc) for (w, c), (dw, dc) in zip(params, grads)]
    after(locals(), rate=lr)
    return params
params = [(W1.T, b1[:, 0]), (W2.T, b2[:, 0])]
for x, t in data: params = step(params, x, t)
`;

/** Cells of a notebook in one namespace, the last one run again after a mistake is corrected. */
const NOTEBOOK = `
import builtins
class Shell: execution_count = 0
builtins.get_ipython = lambda: Shell
def run_cell(text):
    Shell.execution_count += 1
    exec(text, names)
names = {"__name__": "__main__"}
run_cell(open("../sanso_step.py").read())
run_cell('''${DATA.replace(/from sanso_step.*/, "")}''')
loop = '''${LOOP.slice(DATA.length)}'''
run_cell(loop.replace("(1 - y1)", "1"))
run_cell(loop)
`;

/** A list of layers, which one loop variable goes through before the update and in it. */
const LAYERS = `${DATA}
class Dense:
    def __init__(self, kernel, bias): self.kernel, self.bias = kernel, bias
    def call(self, x):
        self.inputs = x
        return x @ self.kernel + self.bias
    def backprop(self, grad):
        self.grad_kernel, self.grad_bias = self.inputs.T @ grad, grad.sum(0)
        return grad @ self.kernel.T
class Sigmoid:
    def call(self, x):
        self.outputs = 1 / (1 + np.exp(-x))
        return self.outputs
    def backprop(self, grad): return grad * self.outputs * (1 - self.outputs)
layers = [Dense(W1.T.copy(), b1[:, 0]), Sigmoid(), Dense(W2.T.copy(), b2[:, 0])]
del W1, b1, W2, b2
for x, t in data:
    a = x
    for layer in layers: a = layer.call(a)
    p = np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)
    grad = (p - eye[t]) / 8
    for layer in reversed(layers): grad = layer.backprop(grad)
    before(locals())
    for layer in layers[::2]:
        flat = layer.kernel.reshape(-1)
        flat -= lr * layer.grad_kernel.reshape(-1)
        layer.bias = layer.bias - lr * layer.grad_bias
    after(locals())
`;

/** Much that is no quantity of the step: a sum of losses, labels of all images, old values. */
const MORE = LOOP.replace("for x", "total_loss = best_loss = prev_loss = 9.0\nfor x").replace(
  "    before(",
  `    loss = -np.log(p[t, range(8)]).mean()
    total_loss += loss; best_loss = min(best_loss, loss)
    step_W1, onehot, epoch, j = lr * dW1, eye[np.arange(40) % 5], 0, 3
    W1_init = W1.copy(); del loss, dW1
    before(`,
).replace("W1 -= lr * dW1;", "W1 -= step_W1;").replace("b1 -=", "prev_loss = best_loss; b1 -=");

const MODULE = `${DATA}
import torch
model = torch.nn.Sequential(torch.nn.Linear(12, 7), torch.nn.Sigmoid(), torch.nn.Linear(7, 5))
optimizer = torch.optim.SGD(model.parameters(), lr=lr)
watch(model, optimizer)
schedule = torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1)
for x, t in data:
    x, t = torch.tensor(x, dtype=torch.float32), torch.tensor(t)
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), t)
    loss.backward()
    optimizer.step()
    with torch.no_grad(): accuracy = (model(x).argmax(1) == t).float().mean()
`;

const TENSORS = `${DATA}
import torch
W1, b1, W2, b2 = (torch.tensor(w, requires_grad=True) for w in (W1, b1[:, 0], W2, b2[:, 0]))
for x, t in data:
    x, t = torch.tensor(x), torch.tensor(t)
    W1.grad = b1.grad = W2.grad = b2.grad = None
    hidden = torch.sigmoid(x @ W1.T + b1)
    scores = hidden @ W2.T + b2
    hidden.retain_grad()
    loss = torch.nn.functional.cross_entropy(scores, t)
    loss.backward()
    before(locals())
    with torch.no_grad():
        for w in (W1, b1, W2, b2): w -= lr * w.grad
    after(locals())
`;

const TORCH = { MODULE, TENSORS };
const STEPS = { LOOP, CLASS, FUNCTIONS, NOTEBOOK, LAYERS, MORE, ...TORCH };

/** What it says, of changes of the loop. */
const LINES = {
  "nothing was recorded": changed(["    after(locals())", ""]),
  "No parameters changed: is before() above the update?": changed(
    ["    before(locals())", ""],
    ["    a1 =", "    before({})\n    a1 ="],
    ["after(locals())", "after({})"],
  ),
  "arrays, 1 step(s)": changed(["data:", "data[:1]:"]),
  "left out: images": changed(["lr, eye", "images = np.zeros((60000, 784), 'u1')\nlr, eye"]),
};

const PROGRAMS = {
  ...{ ...STEPS, ...LINES },
  types: changed(["data:", "data:\n    raw = (255 * x).astype(np.uint8)"]),
  names: changed(
    ["for x", "total = 0\nfor x"],
    ["    before(", "    total = total + dW1; dW1 = total\n    before("],
  ),
};

function changed(...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => text.replace(from, to), LOOP);
}

/** Runs each program of a folder in a process of its own, into which NumPy is imported already. */
const RUN_ALL = `
import atexit, os, sys
import numpy as np
for name in sys.argv[1:]:
    if os.fork() == 0:
        os.chdir(name)
        sys.stdout = open("printed", "w")
        exec(open("program.py").read(), {"__name__": "__main__"})
        atexit._run_exitfuncs()
        sys.stdout.flush()
        os._exit(0)
    assert os.wait()[1] == 0, name
    if not os.path.exists(name + "/step.npz"): np.savez(name + "/step.npz")
`;

async function runAll() {
  using folder = new Folder({ "sanso_step.py": recorder("en"), "run_all.py": RUN_ALL });
  const hasTorch = pythonWith("torch") !== undefined, text = new TextDecoder();
  const runnable = Object.entries(PROGRAMS).filter(([name]) => hasTorch || !(name in TORCH));
  for (const [name, program] of runnable) folder.write(`${name}/program.py`, program);
  const names = runnable.map(([name]) => name), PYTHONPATH = folder.path;
  const { code, stderr } = await pytorch(["run_all.py", ...names], PYTHONPATH, { PYTHONPATH });
  strictEqual(code, 0, stderr);
  return new Map(names.map((name) => {
    const printed = text.decode(folder.read(`${name}/printed`));
    return [name, { printed, arrays: readNpz(folder.read(`${name}/step.npz`)) }];
  }));
}

let runs: ReturnType<typeof runAll> | undefined;

/** What a program prints, and the arrays of its step.npz. */
const record = async (name: keyof typeof PROGRAMS) => (await (runs ??= runAll())).get(name)!;

for (const name of Object.keys(STEPS) as (keyof typeof STEPS)[]) {
  const test = name in TORCH ? pytorchTest : numpyTest;
  test(`reference: sanso_step.py records two steps that diagnose finds right, ${name}`, async () => {
    const { printed, arrays } = await record(name);
    const [, count, path] =
      printed.match(/(\d+) arrays, 2 step\(s\): deno run -A cli\.ts diagnose (.*)\n$/) ?? [];
    deepStrictEqual([Number(count), path?.endsWith(`/${name}/step.npz`)], [arrays.size, true]);
    strictEqual(diagnose(arrays).verdict, "right");
  });
}

numpyTest(
  "example: sanso_step.py keeps the types of arrays, and parameters only once",
  async () => {
    const { arrays } = await record("types");
    strictEqual(arrays.get("raw")!.dtype, "|u1");
    deepStrictEqual(
      [...arrays.keys()].filter((name) => name.includes("W1")),
      ["W1", "dW1", "next_W1", "next_dW1", "next_W1_after"],
    );
  },
);

numpyTest(
  "example: sanso_step.py gives an array of several names the one that says most",
  async () => {
    const { arrays } = await record("names"), found = diagnose(arrays);
    ok(arrays.has("total|dW1"), [...arrays.keys()].join());
    ok(found.verdict === "wrong" && found.firstWrong?.name === "dW1");
    ok(found.firstWrong.causes[0]!.words.en.startsWith("dW1 of the step before is added"));
  },
);

numpyTest("example: sanso_step.py says what it did not find", async () => {
  for (const line of Object.keys(LINES) as (keyof typeof LINES)[]) {
    ok((await record(line)).printed.includes(line), line);
  }
});
