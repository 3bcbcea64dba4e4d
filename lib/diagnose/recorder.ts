// sanso_step.py: the Python file that records training steps for diagnose, as text.
import type { Language } from "../text/layout.ts";

/**
 * The text of `sanso_step.py`, a Python file that records two training steps of a program in NumPy
 * or PyTorch, in `step.npz`, for {@linkcode diagnose}.
 *
 * @param language that of its head and messages, `en` or `ja`
 *
 * @example
 * ```ts
 * import { recorder } from "@sanso/sanso";
 * import { ok } from "node:assert/strict";
 *
 * ok(recorder("en").includes("def before(scope, **more):"));
 * ```
 *
 * @category 7 Checks
 */
export function recorder(language: Language): string {
  const text = TEXTS[language];
  return String.raw`# sanso_step.py: ${text.header}
#
#     from sanso_step import before, after
#     ...
#     before(locals())  # ${text.before}
#     W1 = W1 - my * delta_W1
#     ...
#     after(locals())   # ${text.after}
#
# ${text.torch}
#
#     from sanso_step import watch
#     watch(model, optimizer)
#
# ${text.keeps}
import atexit
import builtins
import os
import sys
import types
import numpy as np

_FILE = os.path.abspath("step.npz")
_LAST = 3  # the second and the third step are recorded: the first hides what accumulates
# of one array, such as not all images; of one step
_MAX_NUMBERS, _MAX_ARRAYS = 4_000_000, 400
_run = {"step": 0}


def before(scope, **more):
    notebook = getattr(builtins, "get_ipython", None)
    cell = notebook and notebook().execution_count
    if _run["step"] == _LAST and cell != _run["cell"]:  # a notebook's cell was run again
        _run["step"] = 0
    _run["cell"] = cell
    if _run["step"] < _LAST:
        _run["step"] += 1
        _run["before"] = _find(scope, more)


def after(scope, **more):
    if "before" not in _run:
        return
    step, aliases, seen = _run.pop("before")
    known = {key(value): name for key in (_memory, id) for name, value in reversed(seen)}
    found = _find(scope, more, known)[0]
    new = set(found) - set(step) - set(aliases)
    if _run["step"] == 1:
        _run["computed"] = new  # whatever a step makes between before() and after(), it makes anew
    computed = new | _run["computed"] & set(found)
    late = {}
    for n in set(found) - computed:  # W1, or params[0], if W1 was the same array before
        name = aliases.get(n, n)
        if name in step and found[n].tobytes() != step[name].tobytes():
            late[name + "_after"] = found[n]
    names = {n: n for n in step}
    for other, n in aliases.items():  # an array of several names has them all: tot|gW1
        if n in step and n + "_after" not in late:
            names[n] += "|" + other
    step = {**{names[n]: v for n, v in step.items()}, **{n: found[n] for n in computed}}
    if _run["step"] < _LAST:
        _run["record"], _run["late"] = step, late
        np.savez(_FILE, **step, **late)
    else:  # the parameters after the first step are those before the next: kept once
        _run["record"].update({"next_" + n: v for n, v in {**step, **late}.items()})
        np.savez(_FILE, **_run["record"])
        _report(2)


def watch(model, optimizer):
    """Records each layer's input and output, their gradients, and the caller's variables."""
    import torch
    layers, plain_step = {}, optimizer.step

    def hook_of(name):
        def hook(layer, inputs, output):
            for key, value in ((name + "input", inputs[0]), (name + "output", output)):
                if torch.is_grad_enabled() and isinstance(value, torch.Tensor):
                    if value.requires_grad:
                        value.retain_grad()
                    layers[key] = value
        return hook

    def step(self, *args, **options):
        frame = sys._getframe(1)  # the loop, which has the labels and the loss
        while frame.f_back and frame.f_globals.get("__name__", "").startswith("torch"):
            frame = frame.f_back
        settings = {k: v for k, v in self.param_groups[0].items() if k != "params" and v}
        scope = {**dict(model.named_parameters()), **layers, **settings}
        before({**scope, **frame.f_locals})
        result = plain_step(*args, **options)
        after({**scope, **frame.f_locals})
        return result

    for name, layer in model.named_modules():
        if not list(layer.children()):
            layer.register_forward_hook(hook_of(name and name + "."))
    optimizer.step = types.MethodType(step, optimizer)


def _find(scope, more, known={}):
    """Copies of all arrays and numbers by names, further names of the same, and what was seen.
    What is known from before() keeps its name: a loop variable is another layer after the loop."""
    found, aliases, seen, _run["left out"] = {}, {}, {}, []
    scope = scope if isinstance(scope, dict) else {"self": scope}
    roots = [(str(name), value, 0) for name, value in {**more, **scope}.items()]
    # after the loop of an update, its variables are names of the last layer: they come last
    first = _run.setdefault("first", {name for name, *_ in roots})
    waiting, later = [[r for r in roots if (r[0] in first) == one] for one in (True, False)]
    while (waiting or later) and len(found) < _MAX_ARRAYS:
        name, value, depth = (waiting or later).pop(0)
        name = name.replace("/", ".")
        if name[0] == "_" or isinstance(value, (str, bytes, type, type(sys), type(_find))):
            continue
        is_number = isinstance(value, (int, float))
        if id(value) in seen and not is_number:
            aliases[name] = seen[id(value)][0]
            continue
        own = None if is_number else known.get(id(value)) or known.get(_memory(value))
        name = own or name
        seen[id(value)] = name, value
        array = _to_array(value)
        if array is None:
            waiting += [(n, v, depth + 1) for n, v in _inside(name, value) if depth < 4]
        elif array.size > _MAX_NUMBERS:
            _run["left out"].append(name)
        else:
            if not (own and name in found):  # a new array of that name counts
                found[name] = array
            if getattr(value, "is_leaf", False) or getattr(value, "retains_grad", False):
                waiting.append((name + ".grad", value.grad, depth))
    return found, aliases, list(seen.values())


def _memory(value):
    """Where an array's numbers are, and how many: W.T has those of W."""
    if isinstance(value, np.ndarray):
        return value.ctypes.data, value.size
    return (value.data_ptr(), value.numel()) if hasattr(value, "data_ptr") else id(value)


def _inside(name, value):
    """What a dictionary, a list, a module of PyTorch or an own object holds."""
    if isinstance(value, dict):
        return [(f"{name}[{k!r}]", v) for k, v in value.items() if isinstance(k, (str, int))]
    if isinstance(value, (list, tuple)):
        if len(value) > 4 and isinstance(value[0], tuple):  # pairs of an image and its label
            value = [list(column) for column in zip(*value)]
        return [(f"{name}[{i}]", v) for i, v in enumerate(value)]
    if hasattr(value, "named_parameters"):
        return [(f"{name}.{k}", v) for k, v in value.named_parameters()]
    file = getattr(sys.modules.get(type(value).__module__), "__file__", None) or ""
    own = {} if "-packages" in file else getattr(value, "__dict__", {})
    return [(f"{name}.{k}", v) for k, v in own.items() if k[0] != "_"]


def _to_array(value):
    """A copy as an array of NumPy; None if it is no array of numbers."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = (value.float() if str(value.dtype) == "torch.bfloat16" else value).numpy()
    if isinstance(value, (list, tuple)):
        # a few arrays are layers, many are examples
        if not value or len(value) < 5 and not isinstance(value[0], (int, float, list)):
            return None
    elif not isinstance(value, (int, float)) and not hasattr(value, "__array__"):
        return None
    try:
        array = np.array(value)
    except Exception:
        return None
    return array if array.dtype.kind in "fiub" and array.size > 0 else None


def _report(steps):
    print(f"${text.wrote} deno run -A cli.ts diagnose {_FILE}")
    if sum(array.size > 1 for array in _run["late"].values()) < 2:
        print("${text.unchanged}")
    if _run["left out"]:
        print("${text.left}", ", ".join(_run["left out"]))


@atexit.register
def _at_exit():
    if "record" not in _run:
        print("${text.nothing}")
    elif _run["step"] < _LAST:
        _report(1)`;
}

/** What it says, to its user and while it runs; what is for the reader of the code is English. */
const TEXTS = {
  en: {
    header: "records two training steps of your program in step.npz, for the command diagnose.",
    before: "after the gradients, just before the parameters are updated",
    after: "just after the update",
    torch: "In PyTorch, before the loop (before and after work as well):",
    keeps: "A variable that is not local is given by name: before(locals(), W1=net.W1).",
    wrote: "{len(_run['record'])} arrays, {steps} step(s):",
    unchanged:
      "No parameters changed: is before() above the update? What is not local needs a name",
    left: "Too large for a batch, left out:",
    nothing: "sanso_step: nothing was recorded: before() and after() were not both reached",
  },
  ja: {
    header: "学習の 2 ステップを step.npz に記録する。判定はコマンド diagnose で行う。",
    before: "勾配を求めた後、パラメータを更新する直前",
    after: "更新の直後",
    torch: "PyTorch では、ループの前に次の 2 行を書く（before と after も使える）:",
    keeps: "ローカルでない変数は、before(locals(), W1=net.W1) のように名前を付けて渡す。",
    wrote: "{steps} ステップ、{len(_run['record'])} 個の配列。次:",
    unchanged:
      "パラメータが変わっていない。before() は更新の前か。ローカルでない変数には名前を付ける",
    left: "ミニバッチとしては大きすぎるため記録しない:",
    nothing: "sanso_step: 何も記録していない。before() と after() の両方は実行されなかった",
  },
};
