"""The report's network in scikit-learn's MLPClassifier, float64: one of the programs of compare.ts.

    python3 bench/sklearn_program.py DATA LIMIT EPOCHS

It is not the same program: an epoch takes every image once, in a random order, where the report draws images with
replacement; the initial parameters are Glorot's; and fit() checks the data first, which is timed with it. Layers, loss, batch
size and learning rate are the report's: no momentum, no penalty on large weights. Loading is not timed.
"""
import pathlib
import sys
import time
import warnings

import sklearn
from sklearn.neural_network import MLPClassifier

import program

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fixtures"))
import generate

data, (limit, epochs) = sys.argv[1], map(int, sys.argv[2:])
images, labels = generate.load(data, "train")
X, Y = images.reshape(len(images), -1)[:limit], labels[:limit]
warnings.simplefilter("ignore")  # that so few epochs are not enough
sys.stdout.reconfigure(line_buffering=True)
classifier = MLPClassifier(
    hidden_layer_sizes=(80,), activation="logistic", solver="sgd", batch_size=100, learning_rate_init=0.01, momentum=0, alpha=0,
    max_iter=epochs, n_iter_no_change=epochs, random_state=601, verbose=True,
)  # fmt: skip
start = time.perf_counter()
classifier.fit(X, Y)
seconds = (time.perf_counter() - start) / (epochs * (len(X) // 100))
program.report(seconds, f"scikit-learn {sklearn.__version__}")
