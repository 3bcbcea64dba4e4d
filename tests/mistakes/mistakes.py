"""Mistakes whose equations have no short form, as people type them in NumPy. Columns are examples.

Reads a list of steps from a JSON file: the quantities of each, and what to compute from them, by
the id of a mistake or as an expression, in which the rows may be the examples. Prints the results,
and all ids.
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


def norm(gradients):
    return np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))


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
    "P/keepdims-left-out": "((e := np.exp(A2.T - A2.T.max(axis=1))) / e.sum(axis=1)).T",
    "P/keepdims-left-out-of-the-sum": "((e := np.exp((A2 - A2.max(axis=0)).T)) / e.sum(axis=1)).T",
    "P/keepdims-left-out-without-maximum": "(np.exp(A2.T) / np.exp(A2.T).sum(axis=1)).T",
    "onehot/counted-from-1": "one_hot(labels - 1).T",
    "onehot/off-by-one": "one_hot((labels + 1) % K).T",
    "onehot/labels-of-the-next-image": "one_hot(np.roll(labels, -1)).T",
    "onehot/labels-reversed": "one_hot(labels[::-1]).T",
    "onehot/one-label-for-all": "one_hot(labels[-1]).T",
    "onehot/every-label-of-the-batch": "set_every_column(labels).T",
    "onehot/class-numbers": "np.zeros((K, B)) + labels",
    "onehot/class-numbers-by-row": "(np.zeros((B, K)) + labels).T",
    "onehot/inverted": "1 - one_hot(labels).T",
    "onehot/smoothed": "one_hot(labels).T * (1 - 0.1) + 0.1 / K",
    "onehot/0.01-and-0.99": "np.where(one_hot(labels).T == 1, 0.99, 0.01)",
    "onehot/reshaped": "one_hot(labels).reshape(K, B)",
    "L/probabilities-of-all-labels": "-np.log(P.T[:, labels]).sum(axis=1)[np.newaxis]",
    "E/last-example-only": "L[:, -1:]",
    "dA2/rows-of-the-labels": "subtract_from_rows(P, labels) / B",
    "dA2/predicted-class": "(one_hot(P.argmax(axis=0)).T - onehot) / B",
    "dY1/weights-reshaped": "W2.reshape(M, K) @ dA2",
    "dY1/weight-rows-reshaped": "(dA2.T @ W2.T.reshape(K, M)).T",
    "dY1/first-row-cut": "(np.append(W2, b2, axis=1).T @ dA2)[1:]",
    "dY1/last-row-cut": "(np.append(b2, W2, axis=1).T @ dA2)[:-1]",
}

for A, W, b, X, dA, dW, db in [
    ("A1", "W1", "b1", "X", "dA1", "dW1", "db1"),
    ("A2", "W2", "b2", "Y1", "dA2", "dW2", "db2"),
]:
    MISTAKES |= {
        f"{A}/weights-reshaped": f"{W}.T.reshape({W}.shape) @ {X} + {b}",
        f"{dW}/reshaped": f"({X} @ {dA}.T).reshape({W}.shape)",
        f"{dW}/inputs-reshaped": f"{dA} @ {X}.reshape({X}.T.shape)",
        f"{dW}/input-rows-reshaped": f"({X}.T.reshape({X}.shape) @ {dA}.T).T",
        f"{dW}/first-column-cut": f"({dA} @ np.append({X}, np.ones((1, B)), axis=0).T)[:, 1:]",
        f"{dW}/last-column-cut": f"({dA} @ np.append(np.ones((1, B)), {X}, axis=0).T)[:, :-1]",
        f"{dW}/last-example-only": f"loop_overwriting({dA}, {X})",
        f"{dW}/stale-inputs": f"loop_with_latest_inputs({dA}, {X})",
        f"{db}/first-column": f"({dA} @ np.append({X}, np.ones((1, B)), axis=0).T)[:, :1]",
        f"{db}/last-column": f"({dA} @ np.append(np.ones((1, B)), {X}, axis=0).T)[:, -1:]",
        f"{db}/last-example-only": f"{dA}[:, -1:]",
    }
for W in ["W1", "b1", "W2", "b2"]:
    MISTAKES[f"{W}'/scaled-to-common-norm"] = f"{W} - η * d{W} / norm([dW1, db1, dW2, db2])"


def fill(value, shape):
    """A number everywhere, and a vector as a row or column, whichever is needed."""
    is_vector = 1 in shape and np.size(value) == max(shape)
    return np.reshape(value, shape) if is_vector else np.broadcast_to(value, shape)


if __name__ == "__main__":
    np.seterr(all="ignore")
    with open(sys.argv[1], encoding="utf-8") as file:
        steps = json.load(file)
    results = []
    for step in steps:
        arrays = {name: np.array(value) for name, value in step["values"].items()}
        globals().update(arrays)
        (D, B), (K, M) = X.shape, W2.shape
        pixels = np.rint(X * 255)
        columns = dict(globals())
        rows = {**columns, **{name: array.T for name, array in arrays.items()}}
        rows["softmax"] = lambda a: softmax(a.T).T
        results.append([])
        for form in step["forms"]:
            expression = form.get("form") or MISTAKES[form["id"]]
            shape = arrays[form["quantity"]].shape
            if form["rowsAreExamples"]:
                result = fill(eval(expression, rows), shape[::-1]).T
            else:
                result = fill(eval(expression, columns), shape)
            results[-1].append(result.tolist())
    print(json.dumps({"ids": list(MISTAKES), "results": results}))
