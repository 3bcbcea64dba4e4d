"""The report's training under NumPy, timed: one of the programs of compare.ts.

    python3 bench/numpy_program.py DATA LIMIT HIDDEN BATCH WARM_UP EPOCHS listing|matrices

It trains on the first LIMIT images and prints the loss of each epoch. The first WARM_UP epochs are not timed, nor is loading.

listing is the report's program. It multiplies W1 by one image at a time, and computes delta_x, the gradient with respect to
the images, which it never uses (fixtures/generate.py omits that). matrices computes the same parameters with one product per
batch and without delta_x.
"""
import pathlib
import sys
import time

import numpy as np

import program

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fixtures"))
import generate

data, (limit, hidden, batch, warm_up, epochs), variant = sys.argv[1], map(int, sys.argv[2:7]), sys.argv[7]
X, Y = generate.load(data, "train")
X, Y = X[:limit], Y[:limit]
ends, first_step = [], None


def delta_x(step, names):
    global first_step
    first_step = first_step or program.since_start()
    np.matmul(names["W1"].T, names["delta_a"])


def log(line):
    ends.append(time.perf_counter())
    print(line, flush=True)


def matrices(M, B, num, C, my=0.01):
    global first_step
    np.random.seed(601)
    images = X.reshape(len(X), -1)
    W1, b1, W2, b2 = generate.initial_parameters(images.shape[1], M, C)
    b1, b2 = b1.T, b2.T
    rows = np.arange(B)
    for _ in range(num):
        total = 0
        for _ in range(len(X) // B):
            batch_random = np.random.randint(0, len(X), B)
            x, y = images[batch_random], Y[batch_random]
            Y1 = 1 / (1 + np.exp(-(x @ W1.T + b1)))
            A2 = Y1 @ W2.T + b2
            A2 -= A2.max(axis=1, keepdims=True)
            P = np.exp(A2)
            sums = P.sum(axis=1, keepdims=True)
            total += (np.log(sums[:, 0]) - A2[rows, y]).sum() / B
            first_step = first_step or program.since_start()
            P /= sums
            P[rows, y] -= 1
            dA2 = P / B
            dA1 = dA2 @ W2 * (1 - Y1) * Y1
            W1 -= my * (dA1.T @ x)
            b1 -= my * dA1.sum(axis=0)
            W2 -= my * (dA2.T @ Y1)
            b2 -= my * dA2.sum(axis=0)
        log(total / (len(X) // B))


settings = {"M": hidden, "B": batch, "num": warm_up + epochs, "C": int(Y.max()) + 1}
ends.append(time.perf_counter())
if variant == "listing":
    generate.original(X, Y, **settings, watch=delta_x, log=log)
else:
    matrices(**settings)
seconds = (ends[warm_up + epochs] - ends[warm_up]) / (epochs * (len(X) // batch))
program.report(seconds, f"NumPy {np.__version__}", first_step)
