"""The report's network in PyTorch, float64: one of the programs of compare.ts.

    python3 bench/pytorch_program.py DATA LIMIT THREADS EPOCHS

Written for speed: the images are float64 tensors, indexing gathers the batches, and the layers, the loss and the optimiser
are PyTorch's own. Loading is not timed.
"""
import pathlib
import sys
import time

import torch
from torch import nn

import program

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fixtures"))
import generate

data, (limit, threads, epochs) = sys.argv[1], map(int, sys.argv[2:])
torch.set_num_threads(threads)
torch.set_default_dtype(torch.float64)
torch.manual_seed(601)
images, labels = generate.load(data, "train")
X = torch.from_numpy(images.reshape(len(images), -1))[:limit]
Y = torch.from_numpy(labels.astype("int64"))[:limit]
network = nn.Sequential(nn.Linear(784, 80), nn.Sigmoid(), nn.Linear(80, 10))
loss = nn.CrossEntropyLoss()
descent = torch.optim.SGD(network.parameters(), lr=0.01)
first_step, steps = None, len(X) // 100

start = time.perf_counter()
for _ in range(epochs):
    total = 0.0
    for _ in range(steps):
        batch_indices = torch.randint(0, len(X), (100,))
        descent.zero_grad()
        error = loss(network(X[batch_indices]), Y[batch_indices])
        error.backward()
        descent.step()
        total += error.item()
        first_step = first_step or program.since_start()
    print(total / steps, flush=True)
seconds = (time.perf_counter() - start) / (epochs * steps)
program.report(seconds, f"PyTorch {torch.__version__}", first_step)
