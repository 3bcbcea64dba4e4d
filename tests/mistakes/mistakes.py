"""Each mistake of lib/mistakes/ as people type it in NumPy. Columns are examples.

Reads a list of steps from a JSON file: the quantities of each, the ids of the mistakes to make in
it, and equations as NumPy for columns and for rows that are examples. Prints the quantities with
the mistakes, all ids, and what the equations give.
"""
import json
import sys

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def softmax(a):
    e = np.exp(a - a.max(axis=0))
    return e / e.sum(axis=0)


def image_transposed(X):
    side = int(X.shape[0] ** 0.5)
    return X.T.reshape(-1, side, side).transpose(0, 2, 1).reshape(-1, side * side).T


def binary_cross_entropy(p, y):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(axis=0, keepdims=True)


def through_softmax(p, g):
    return np.stack(
        [(np.diag(q) - np.outer(q, q)) @ h for q, h in zip(p.T, g.T)], axis=1
    )


def one_hot(labels):
    """The labels in the rows of a (B, K) array, as in the listing."""
    onehot = np.zeros((B, K))
    onehot[np.arange(B), labels] = 1
    return onehot


def set_every_column(labels):
    onehot = np.zeros((B, K))
    onehot[:, labels] = 1
    return onehot


def loop_overwriting(dA, X):
    for i in range(X.shape[1]):
        dW = np.outer(dA[:, i], X[:, i])
    return dW


def loop_with_latest_inputs(dA, X):
    for i in range(X.shape[1]):
        latest = X[:, i]
    return sum(np.outer(dA[:, i], latest) for i in range(X.shape[1]))


def subtract_from_rows(p, labels):
    dx = p.T.copy()
    dx[labels] -= 1
    return dx.T


def clipped(gradient, *gradients):
    """What clipping to a norm makes of a gradient whose norm is above it."""
    return gradient / np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))


def cross_entropy(p, y):
    return -(y * np.log(p)).sum(axis=0, keepdims=True)


MISTAKES = {
    "X/not-divided-by-255": "pixels",
    "X/divided-by-255-twice": "pixels / 255 / 255",
    "X/divided-by-256": "pixels / 256",
    "X/divided-as-integers": "pixels // 255",
    "X/signed-bytes": "pixels.astype(np.uint8).astype(np.int8) / 255",
    "X/standardised": "(pixels / 255 - 0.1307) / 0.3081",
    "X/from-minus-1-to-1": "(pixels / 255 - 0.5) / 0.5",
    "X/from-0.01-to-1": "pixels / 255 * 0.99 + 0.01",
    "X/inverted": "1 - pixels / 255",
    "X/images-transposed": "image_transposed(X)",
    "X/reshaped": "X.T.reshape(D, B)",
    "X/transposed": "X.T",
    "Y1/sign-lost": "1 / (1 + np.exp(A1))",
    "Y1/parentheses-lost": "1 / 1 + np.exp(-A1)",
    "Y1/minus-in-denominator": "1 / (1 - np.exp(-A1))",
    "Y1/left-out": "A1",
    "Y1/applied-twice": "sigmoid(sigmoid(A1))",
    "Y1/tanh": "np.tanh(A1)",
    "Y1/relu": "np.maximum(0, A1)",
    "Y1/step-function": "np.where(A1 > 0, 1, 0)",
    "Y1/overflow": "np.exp(A1) / (1 + np.exp(A1))",
    "A2/sigmoid-skipped": "W2 @ A1 + b2",
    "P/maximum-not-subtracted": "np.exp(A2) / np.exp(A2).sum(axis=0)",
    "P/maximum-of-the-batch": "np.exp(A2 - A2.max()) / np.exp(A2 - A2.max()).sum(axis=0)",
    "P/maximum-over-the-batch": "(e := np.exp(A2 - A2.max(axis=1, keepdims=True))) / e.sum(axis=0)",
    "P/maximum-subtracted-above-only": "np.exp(A2 - A2.max(axis=0)) / np.exp(A2).sum(axis=0)",
    "P/over-the-batch": "(e := np.exp(A2 - A2.max(axis=1, keepdims=True))) / e.sum(axis=1, keepdims=True)",
    "P/sum-over-the-batch": "(e := np.exp(A2 - A2.max(axis=0))) / e.sum(axis=1, keepdims=True)",
    "P/keepdims-left-out": "((e := np.exp(A2.T - A2.T.max(axis=1))) / e.sum(axis=1)).T",
    "P/keepdims-left-out-of-the-sum": "((e := np.exp(A2.T - A2.T.max(axis=1, keepdims=True))) / e.sum(axis=1)).T",
    "P/keepdims-left-out-without-maximum": "(np.exp(A2.T) / np.exp(A2.T).sum(axis=1)).T",
    "P/over-everything": "(e := np.exp(A2 - A2.max(axis=0))) / e.sum()",
    "P/without-axis": "(e := np.exp(A2 - A2.max())) / e.sum()",
    "P/denominator-lost": "np.exp(A2 - A2.max(axis=0))",
    "P/exponential-lost": "A2 / A2.sum(axis=0)",
    "P/left-out": "A2",
    "P/of-the-sigmoid": "softmax(sigmoid(A2))",
    "P/of-relu": "softmax(np.maximum(0, A2))",
    "P/applied-twice": "softmax(softmax(A2))",
    "P/log-softmax": "np.log(softmax(A2))",
    "P/log-softmax-over-the-batch": "A2 - np.log(np.exp(A2).sum(axis=1, keepdims=True))",
    "P/sigmoid": "sigmoid(A2)",
    "onehot/counted-from-1": "one_hot(labels - 1).T",
    "onehot/off-by-one": "one_hot((labels + 1) % K).T",
    "onehot/labels-of-the-next-image": "one_hot(np.roll(labels, -1)).T",
    "onehot/labels-reversed": "one_hot(labels[::-1]).T",
    "onehot/one-label-for-all": "one_hot(labels[-1]).T",
    "onehot/every-label-of-the-batch": "set_every_column(labels).T",
    "onehot/class-numbers": "np.zeros((K, B)) + labels",
    "onehot/class-numbers-by-row": "(np.zeros((B, K)) + labels).T",
    "onehot/never-set": "np.zeros((K, B))",
    "onehot/inverted": "1 - one_hot(labels).T",
    "onehot/smoothed": "one_hot(labels).T * (1 - 0.1) + 0.1 / K",
    "onehot/0.01-and-0.99": "np.where(one_hot(labels).T == 1, 0.99, 0.01)",
    "onehot/reshaped": "one_hot(labels).reshape(K, B)",
    "onehot/transposed": "one_hot(labels)",
    "L/log-base-10": "-(onehot * np.log10(P)).sum(axis=0, keepdims=True)",
    "L/log-base-2": "-(onehot * np.log2(P)).sum(axis=0, keepdims=True)",
    "L/wrong-sign": "(onehot * np.log(P)).sum(axis=0, keepdims=True)",
    "L/logarithm-lost": "-(onehot * P).sum(axis=0, keepdims=True)",
    "L/epsilon-in-logarithm": "cross_entropy(P + 1e-7, onehot)",
    "L/1-in-logarithm": "-(onehot * np.log1p(P)).sum(axis=0, keepdims=True)",
    "L/logarithm-squared": "-(onehot * np.log(P) ** 2).sum(axis=0, keepdims=True)",
    "L/softmax-over-the-batch": "-(A2 - np.log(np.exp(A2).sum(axis=1, keepdims=True)))[labels, np.arange(B)][np.newaxis]",
    "L/probabilities-of-all-labels": "-np.log(P.T[:, labels]).sum(axis=1)[np.newaxis]",
    "L/unsigned-minus": "(-onehot.astype(np.uint8) * np.log(P)).sum(axis=0, keepdims=True)",
    "L/underflow": "cross_entropy(P, onehot)",
    "L/all-classes": "-np.log(P).sum(axis=0, keepdims=True)",
    "L/mean-over-classes": "-(onehot * np.log(P)).mean(axis=0, keepdims=True)",
    "L/binary-cross-entropy": "binary_cross_entropy(P, onehot)",
    "L/squared-error": "0.5 * ((P - onehot) ** 2).sum(axis=0, keepdims=True)",
    "L/softmax-twice": "cross_entropy(softmax(P), onehot)",
    "L/arguments-swapped": "cross_entropy(onehot + 1e-7, P)",
    "E/summed": "L.sum(keepdims=True)",
    "E/divided-by-K": "L.sum(keepdims=True) / K",
    "E/divided-by-D": "L.sum(keepdims=True) / X.shape[0]",
    "E/divided-by-100": "L.sum(keepdims=True) / 100",
    "E/divided-as-integers": "L.sum(keepdims=True) * (1 // B)",
    "E/divided-by-B-twice": "L.mean(keepdims=True) / B",
    "E/mean-over-everything": "(onehot * L).mean(keepdims=True)",
    "E/last-example-only": "L[:, -1:]",
    "dA2/not-divided-by-B": "P - onehot",
    "dA2/divided-by-B-twice": "(P - onehot) / B / B",
    "dA2/divided-by-K": "(P - onehot) / K",
    "dA2/divided-by-D": "(P - onehot) / X.shape[0]",
    "dA2/divided-by-100": "(P - onehot) / 100",
    "dA2/divided-as-integers": "(P - onehot) * (1 // B)",
    "dA2/mean-squared-error": "2 / K * (P - onehot) / B",
    "dA2/rows-of-the-labels": "subtract_from_rows(P, labels) / B",
    "dA2/unsigned-minus": "(-onehot.astype(np.uint8) + P) / B",
    "dA2/softmax-skipped-1e-7": "-onehot / (P + 1e-7) / B",
    "dA2/sigmoid-derivative": "(P - onehot) * sigmoid(A2) * (1 - sigmoid(A2)) / B",
    "dA2/mean-over-everything": "(P - onehot) / P.size",
    "dA2/wrong-sign": "(onehot - P) / B",
    "dA2/doubled": "2 * (P - onehot) / B",
    "dA2/onehot-lost": "P / B",
    "dA2/right-class-only": "np.where(onehot == 1, P - 1, 0) / B",
    "dA2/softmax-skipped": "-onehot / P / B",
    "dA2/derivative-again": "(P - onehot) * P * (1 - P) / B",
    "dA2/squared-error": "through_softmax(P, (P - onehot) / B)",
    "dA2/softmax-twice": "through_softmax(P, (softmax(P) - onehot) / B)",
    "dA2/scores": "(A2 - onehot) / B",
    "dA2/predicted-class": "(one_hot(P.argmax(axis=0)).T - onehot) / B",
    "A2/bias-of-the-first-layer": "W2 @ Y1 + b1",
    "dW2/sigmoid-skipped": "dA2 @ A1.T",
    "dY1/weights-not-transposed": "W2 @ dA2",
    "dY1/weights-reshaped": "W2.reshape(M, K) @ dA2",
    "dY1/weight-rows-reshaped": "(dA2.T @ W2.T.reshape(K, M)).T",
    "dY1/first-row-cut": "(np.append(W2, b2, axis=1).T @ dA2)[1:]",
    "dY1/last-row-cut": "(np.append(b2, W2, axis=1).T @ dA2)[:-1]",
    "dY1/weights-updated-first": "(W2 - η * dW2).T @ dA2",
    "dA1/1-y-lost": "dY1 * Y1",
    "dA1/y-lost": "dY1 * (1 - Y1)",
    "dA1/1+y": "dY1 * (1 + Y1) * Y1",
    "dA1/parentheses-lost": "dY1 * 1 - Y1 * Y1",
    "dA1/parentheses-lost-at-the-end": "dY1 * Y1 * 1 - Y1",
    "dA1/matrix-product": "dY1 @ ((1 - Y1) * Y1)",
    "dA1/matrix-product-of-rows": "(dY1.T @ ((1 - Y1) * Y1).T).T",
    "dA1/derivative-averaged": "dY1 * ((1 - Y1) * Y1).mean(axis=0)",
    "dA1/at-the-sum": "dY1 * (1 - A1) * A1",
    "dA1/sigmoid-again": "dY1 * (1 - sigmoid(Y1)) * sigmoid(Y1)",
    "dA1/sigmoid-skipped": "dY1",
    "dA1/derivative-twice": "dY1 * (1 - Y1) * Y1 * (1 - Y1) * Y1",
    "dA1/chain-rule-lost": "(1 - Y1) * Y1",
    "dA1/tanh": "dY1 * (1 - Y1 ** 2)",
    "dA1/relu": "np.where(A1 > 0, dY1, 0)",
    "dW1/y-again": "(dA1 * Y1) @ X.T",
    "dW1/sigmoid-skipped": "dY1 @ X.T",
    "db1/sigmoid-skipped": "dY1.sum(axis=1, keepdims=True)",
    "db1/wrong-axis": "dA1.sum(axis=0)[:, np.newaxis]",
    "db1/mean-over-everything": "np.full((M, 1), dA1.mean())",
}

for A, W, b, X, dA, dW, db in [
    ("A1", "W1", "b1", "X", "dA1", "dW1", "db1"),
    ("A2", "W2", "b2", "Y1", "dA2", "dW2", "db2"),
]:
    MISTAKES |= {
        f"{A}/bias-left-out": f"{W} @ {X}",
        f"{A}/bias-subtracted": f"{W} @ {X} - {b}",
        f"{A}/bias-added-twice": f"{W} @ {X} + {b} + {b}",
        f"{A}/bias-along-the-batch": f"{W} @ {X} + {b}.ravel()",
        f"{A}/weights-transposed": f"{W}.T @ {X} + {b}",
        f"{A}/weights-reshaped": f"{W}.T.reshape({W}.shape) @ {X} + {b}",
        f"{dW}/transposed": f"{X} @ {dA}.T",
        f"{dW}/reshaped": f"({X} @ {dA}.T).reshape({W}.shape)",
        f"{dW}/inputs-not-transposed": f"{dA} @ {X}",
        f"{dW}/inputs-reshaped": f"{dA} @ {X}.reshape({X}.T.shape)",
        f"{dW}/input-rows-reshaped": f"({X}.T.reshape({X}.shape) @ {dA}.T).T",
        f"{dW}/first-column-cut": f"({dA} @ np.append({X}, np.ones((1, B)), axis=0).T)[:, 1:]",
        f"{dW}/last-column-cut": f"({dA} @ np.append(np.ones((1, B)), {X}, axis=0).T)[:, :-1]",
        f"{dW}/last-example-only": f"loop_overwriting({dA}, {X})",
        f"{dW}/stale-inputs": f"loop_with_latest_inputs({dA}, {X})",
        f"{dW}/averaged-before-the-product": f"np.outer({dA}.sum(axis=1), {X}.mean(axis=1))",
        f"{db}/as-printed": f"({dA} @ {X}.T).sum(axis=1, keepdims=True)",
        f"{db}/first-column": f"({dA} @ np.append({X}, np.ones((1, B)), axis=0).T)[:, :1]",
        f"{db}/last-column": f"({dA} @ np.append(np.ones((1, B)), {X}, axis=0).T)[:, -1:]",
        f"{db}/summed-over-everything": f"np.full({b}.shape, {dA}.sum())",
        f"{db}/last-example-only": f"{dA}[:, -1:]",
    }
for gradient, right in [
    ("dW2", "dA2 @ Y1.T"),
    ("db2", "dA2.sum(axis=1, keepdims=True)"),
    ("dY1", "W2.T @ dA2"),
    ("dA1", "dY1 * (1 - Y1) * Y1"),
    ("dW1", "dA1 @ X.T"),
    ("db1", "dA1.sum(axis=1, keepdims=True)"),
]:
    MISTAKES |= {
        f"{gradient}/divided-by-B-twice": f"({right}) / B",
        f"{gradient}/not-divided-by-B": f"({right}) * B",
        f"{gradient}/wrong-sign": f"-({right})",
        f"{gradient}/doubled": f"({right}) + ({right})",
    }
for W in ["W1", "b1", "W2", "b2"]:
    MISTAKES |= {
        f"{W}'/not-updated": f"{W}",
        f"{W}'/wrong-sign": f"{W} + η * d{W}",
        f"{W}'/rate-lost": f"{W} - d{W}",
        f"{W}'/rate-twice": f"{W} - η * η * d{W}",
        f"{W}'/divided-by-the-rate": f"{W} - d{W} / η",
        f"{W}'/step-taken-twice": f"{W} - η * d{W} - η * d{W}",
        f"{W}'/divided-by-B-twice": f"{W} - η * d{W} / B",
        f"{W}'/not-divided-by-B": f"{W} - η * d{W} * B",
        f"{W}'/overwritten": f"-η * d{W}",
        f"{W}'/gradient-transposed": f"{W} - η * d{W}.T",
        f"{W}'/scaled-to-norm": f"{W} - η * clipped(d{W}, d{W})",
        f"{W}'/scaled-to-common-norm": f"{W} - η * clipped(d{W}, dW1, db1, dW2, db2)",
        f"{W}'/gradient-of-the-other-layer": f"{W} - η * d{W[0]}{3 - int(W[1])}",
        # in the first step the moments, corrected for their bias, are the gradient and its square
        f"{W}'/adam": f"{W} - η * d{W} / (np.sqrt(d{W} ** 2) + 1e-8)",
    }


def fill(value, shape):
    """A number everywhere, and a vector as a row or column, whichever is needed."""
    is_bias = 1 in shape and np.size(value) == max(shape)
    return np.reshape(value, shape) if is_bias else np.broadcast_to(value, shape)


def evaluate(written, values):
    """What equations give: pairs of columns and of rows that are examples, transposed."""
    sizes = {"D": D, "B": B, "K": K, "M": M, "np": np, "sigmoid": sigmoid}
    columns = {**values, **sizes, "softmax": softmax}
    rows = {name: value.T for name, value in values.items()}
    rows |= {**sizes, "softmax": lambda a: softmax(a.T).T}
    results = []
    for symbol, column_form, row_form in written:
        shape = columns[symbol].shape
        by_columns = fill(eval(column_form, columns), shape)
        by_rows = fill(eval(row_form, rows), shape[::-1]).T
        results.append([by_columns.tolist(), by_rows.tolist()])
    return results


if __name__ == "__main__":
    np.seterr(all="ignore")
    with open(sys.argv[1], encoding="utf-8") as file:
        steps = json.load(file)
    for step in steps:
        arrays = {name: np.array(value) for name, value in step["values"].items()}
        globals().update(arrays)
        (D, B), (K, M) = X.shape, W2.shape
        pixels = np.rint(X * 255)
        step["results"] = {id: np.asarray(eval(MISTAKES[id])).tolist() for id in step["ids"]}
        step["evaluated"] = evaluate(step["written"], arrays)
    evaluated = [step["evaluated"] for step in steps]
    print(json.dumps({"ids": list(MISTAKES), "results": [step["results"] for step in steps], "evaluated": evaluated}))
