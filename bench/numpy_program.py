"""The report's program under NumPy, timed: one of the programs of compare.ts.

    python3 bench/numpy_program.py DATA EPOCHS [without-delta-x]

The listing computes delta_x, the gradient with respect to the images, and never uses it; fixtures/generate.py omits it. This
program computes it unless the third argument is without-delta-x. Loading is not timed.
"""
import json
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fixtures"))
import generate


def delta_x(_, names):
    np.matmul(names["W1"].T, names["delta_a"])


data, epochs = sys.argv[1], int(sys.argv[2])
X, Y = generate.load(data, "train")
start = time.perf_counter()
generate.original(X, Y, num=epochs, watch=None if sys.argv[3:] else delta_x, log=lambda _: None)
seconds = (time.perf_counter() - start) / epochs
print(json.dumps({"seconds": seconds, "version": f"NumPy {np.__version__}"}))
