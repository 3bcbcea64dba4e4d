"""The report's network in PyTorch, float64, one thread: one of the programs of compare.ts.

    python3 bench/pytorch_program.py DATA EPOCHS

Written for speed: the images are float64 tensors, indexing gathers the batches, and the layers, the loss and the optimiser
are PyTorch's own. Loading is not timed.
"""
import json
import pathlib
import sys
import time

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fixtures"))
import generate

data, epochs = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
torch.manual_seed(601)
images, labels = generate.load(data, "train")
X, Y = torch.from_numpy(images.reshape(len(images), -1)), torch.from_numpy(labels.astype("int64"))
network = nn.Sequential(nn.Linear(784, 80), nn.Sigmoid(), nn.Linear(80, 10))
loss = nn.CrossEntropyLoss()
descent = torch.optim.SGD(network.parameters(), lr=0.01)

start = time.perf_counter()
for _ in range(epochs):
    total = 0.0
    for _ in range(len(X) // 100):
        batch_indices = torch.randint(0, len(X), (100,))
        descent.zero_grad()
        error = loss(network(X[batch_indices]), Y[batch_indices])
        error.backward()
        descent.step()
        total += error.item()
seconds = (time.perf_counter() - start) / epochs
print(json.dumps({"seconds": seconds, "version": f"PyTorch {torch.__version__}"}))
