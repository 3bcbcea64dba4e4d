"""Continues a run of `train` with PyTorch, on any number of processes or machines.

    python3 examples/pytorch_ddp.py --data FOLDER --load p.npz --epochs 30 --save q.npz

All processes draw the same batches from NumPy's random state in the file, and each computes its
share of every batch. docs/beyond.md describes how to start several processes.
"""
import argparse
import datetime
import gzip
import hashlib
import io
import math
import os
import pathlib
import sys
import uuid
import zipfile
import zlib

# before these are imported: more processes are faster than more threads
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel

MAX_WAIT = datetime.timedelta(minutes=3)  # for the other processes
CHUNK = 1000  # images that are evaluated at once
PARAMETERS = ("arr_0", "arr_2", "arr_1", "arr_3")  # W1, b1, W2, b2: the order of the network
HISTORY = [f"history_{name}" for name in (
    "epoch", "cross_entropy", "accuracy", "test_cross_entropy", "test_accuracy",
    "train_cross_entropy", "train_accuracy")]
# the numbers of the state, with their limits
STATE = {
    "version": (2, 2), "epoch": (1, math.inf), "iteration": (0, math.inf),
    "loss_sum": (0, math.inf), "correct": (0, math.inf), "epochs": (1, math.inf),
    "batch": (1, math.inf), "learning_rate": (5e-324, math.inf), "random_pos": (0, 624),
    "random_has_gauss": (0, 1), "random_gauss": (-math.inf, math.inf),
    "train_count": (1, math.inf), "test_count": (1, math.inf)}


class Failure(Exception):
    """What went wrong, in one line."""


class Run:
    """A run that `train` saved: the members of its file, the numbers of its state, its random
    numbers."""

    def __init__(self, path):
        try:
            raw = path.read_bytes()
            with np.load(io.BytesIO(raw), allow_pickle=False) as file:
                self.members = {name: file[name] for name in file.files}
        except OSError as error:
            raise Failure(f"{path}: cannot be read: {error.strerror or error}") from None
        except (EOFError, NotImplementedError, TypeError, ValueError, zipfile.BadZipFile,
                zlib.error):
            raise Failure(f"{path}: is no npz file, or is damaged") from None
        self.digest = hashlib.sha256(raw).hexdigest()
        try:
            self.state = {name: self.number(name, *limits) for name, limits in STATE.items()}
            self.has_history = HISTORY[0] in self.members
            self.random = np.random.RandomState()
            s = self.state
            self.random.set_state(("MT19937", self.members["state_random_key"], s["random_pos"],
                                   s["random_has_gauss"], s["random_gauss"]))
            self.check()
        except KeyError as error:
            raise Failure(f"{path}: has no {error}, need a file that train saved") from None
        except (TypeError, ValueError) as error:
            raise Failure(f"{path}: {error}, need a file that train saved") from None

    def number(self, name, low, high):
        value = self.members[f"state_{name}"].item()
        if not (low <= value <= high and math.isfinite(value)):
            raise ValueError(f"state_{name} is {value}")
        return value

    def check(self):
        """Refuses members that do not fit together."""
        s = self.state
        if s["batch"] > s["train_count"] or s["iteration"] > self.iterations:
            raise ValueError(f"state_batch is {s['batch']}, state_iteration {s['iteration']}")
        W1, b1, W2, b2 = arrays = [self.members[name] for name in PARAMETERS]
        M, K = b1.size, b2.size
        if [a.shape for a in arrays] != [(M, W1.size // M), (M, 1), (K, M), (K, 1)]:
            raise ValueError(f"the parameters have shapes {[a.shape for a in arrays]}")
        if not all(a.dtype == np.float64 and np.isfinite(a).all() for a in arrays):
            raise ValueError("the parameters are not finite numbers of float64")
        if self.has_history:
            shapes = {self.members[name].shape for name in HISTORY}
            if len(shapes) > 1 or len(shapes.pop()) != 1:
                raise ValueError("the columns of the history do not fit together")
            self.evaluate_every = self.members["state_evaluate_every"].item()
            self.evaluate_train = self.members["state_evaluate_train"].item()

    @property
    def iterations(self):
        """Batches of an epoch."""
        return self.state["train_count"] // self.state["batch"]

    def network(self):
        """The report's network with the run's parameters."""
        (M, D), (K, _) = self.members["arr_0"].shape, self.members["arr_1"].shape
        network = nn.Sequential(nn.Linear(D, M), nn.Sigmoid(), nn.Linear(M, K)).double()
        with torch.no_grad():
            for name, parameter in zip(PARAMETERS, network.parameters()):
                parameter.copy_(torch.from_numpy(self.members[name].reshape(parameter.shape)))
        return network

    def is_evaluated(self, epoch):
        """Whether `train` evaluates after this epoch."""
        every = self.evaluate_every
        return epoch == self.state["epochs"] or every > 0 and epoch % every == 0

    def add_to_history(self, row):
        for name, value in zip(HISTORY, row):
            self.members[name] = np.append(self.members[name], float(value))

    def save(self, path, network):
        """Replaces the file at once: it is the old one or the new one, whole."""
        _, key, pos, has_gauss, gauss = self.random.get_state()
        self.state.update(random_pos=pos, random_has_gauss=has_gauss, random_gauss=gauss)
        self.members["state_random_key"] = key
        for name, value in self.state.items():
            member = f"state_{name}"
            self.members[member] = np.array(value, self.members[member].dtype)
        for name, parameter in zip(PARAMETERS, network.parameters()):
            values = parameter.detach().numpy()
            self.members[name] = values.reshape(self.members[name].shape)
        target = path.resolve()
        temporary = target.with_name(f".sanso-{uuid.uuid4()}.tmp")
        try:
            with open(temporary, "xb") as file:
                np.savez(file, **self.members)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise Failure(f"{path}: cannot be written: {error.strerror}") from None


def read_idx(folder, name, dimensions):
    """The bytes of a file of MNIST's format, gzipped or not."""
    found = [path for path in (folder / name, folder / f"{name}.gz") if path.exists()]
    if not found:
        raise Failure(f"{folder}: has no {name} or {name}.gz")
    try:
        raw = found[0].read_bytes()
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        start = 4 + 4 * dimensions
        shape = np.frombuffer(raw, ">u4", dimensions, offset=4).tolist()
        if raw[:4] != bytes((0, 0, 8, dimensions)) or math.prod(shape) != len(raw) - start:
            raise ValueError
        return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)
    except (EOFError, OSError, ValueError, zlib.error):
        raise Failure(f"{found[0]}: is no IDX file of images or labels") from None


class Images:
    """The training or the test images of a run: bytes, one row each, with their labels."""

    def __init__(self, run, folder, split, prefix):
        images = read_idx(folder, f"{prefix}-images-idx3-ubyte", 3)
        labels = read_idx(folder, f"{prefix}-labels-idx1-ubyte", 1)
        count = run.state[f"{split}_count"]
        images, labels = images[:count], labels[:count]
        digest = hashlib.sha256(images.tobytes() + labels.tobytes()).digest()
        if digest != run.members[f"state_{split}_digest"].tobytes():
            raise Failure(f"{folder}: its {split} images are not those that the run began with")
        self.images, self.labels = images.reshape(count, -1), labels.astype(np.int64)

    def losses(self, network, indices):
        """The sum of the cross-entropies of some images, and how many are right."""
        answers = torch.from_numpy(self.labels[indices])
        scores = network(torch.from_numpy(self.images[indices] / 255))
        correct = (scores.argmax(dim=1) == answers).sum()
        return cross_entropy(scores, answers, reduction="sum"), correct


def add_up(*numbers):
    """The sums of these numbers over all processes, the same in each of them."""
    sums = torch.tensor([float(x) for x in numbers], dtype=torch.float64)
    dist.all_reduce(sums)
    return sums.tolist()


@torch.no_grad()
def evaluate(network, data):
    """Mean cross-entropy and accuracy; each process evaluates its share."""
    rank, world, count = dist.get_rank(), dist.get_world_size(), len(data.labels)
    loss = correct = 0
    for start in range(rank * CHUNK, count, world * CHUNK):
        parts = data.losses(network, slice(start, start + CHUNK))
        loss, correct = loss + parts[0].item(), correct + parts[1].item()
    loss, correct = add_up(loss, correct)
    return loss / count, correct / count


def train(run, network, training, test, epochs):
    """Trains to the end of an epoch; yields the mean cross-entropy of each."""
    rank, world, s = dist.get_rank(), dist.get_world_size(), run.state
    rate, B = s["learning_rate"], s["batch"]
    shared = DistributedDataParallel(network)
    descent = torch.optim.SGD(network.parameters(), lr=rate)

    def check(ok, what):
        if not ok:
            raise Failure(f"Training diverged: {what} iteration {s['iteration']} of epoch "
                          f"{s['epoch']}, at learning rate {rate}")

    while s["epoch"] <= epochs:
        while s["iteration"] < run.iterations:
            batch = run.random.randint(0, s["train_count"], B)
            loss, correct = training.losses(shared, np.array_split(batch, world)[rank])
            descent.zero_grad()
            # the gradients are the means over the processes: times their number, they are sums
            (loss / B * world).backward()
            descent.step()
            loss, correct = add_up(loss, correct)
            s["iteration"] += 1
            s["loss_sum"] += loss / B
            s["correct"] += int(correct)
            check(math.isfinite(s["loss_sum"]), f"the loss is {s['loss_sum']} in")
        check(all(parameter.isfinite().all() for parameter in network.parameters()),
              "a parameter is not finite after")
        mean, accuracy = s["loss_sum"] / s["iteration"], s["correct"] / (s["iteration"] * B)
        if run.has_history:
            row = [s["epoch"], mean, accuracy, *[math.nan] * 4]
            if run.is_evaluated(s["epoch"]):
                row[3:5] = evaluate(network, test)
                check(math.isfinite(row[3]), f"the loss on the test images is {row[3]} after")
                row[5:7] = evaluate(network, training) if run.evaluate_train else row[5:7]
            run.add_to_history(row)
        s.update(epoch=s["epoch"] + 1, iteration=0, loss_sum=0.0, correct=0)
        yield mean


def first_line(error):
    return str(error).split("\n")[0]


def connect():
    """Joins the other processes, as RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT say."""
    try:
        if "RANK" not in os.environ and "WORLD_SIZE" not in os.environ:
            dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
            return
        rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        if not 0 <= rank < world:
            raise ValueError(f"RANK is {rank}, need 0 to {world - 1}")
        dist.init_process_group("gloo", timeout=MAX_WAIT)
    except (OSError, RuntimeError, ValueError) as error:
        raise Failure(f"Cannot join the other processes: {first_line(error)}") from None


def read(arguments):
    """The run, its training images and its test images, once the arguments are checked."""
    load, save, folder = arguments.load, arguments.save, arguments.data
    run = Run(load)
    training, test = Images(run, folder, "train", "train"), Images(run, folder, "test", "t10k")
    inputs, needed = training.images.shape[1], run.members["arr_0"].shape[1]
    if inputs != needed:
        raise Failure(f"{load}: arr_0 takes images of {needed} pixels, the data has {inputs}")
    finished = run.state["epoch"] - 1
    if arguments.epochs <= finished:
        raise Failure(f"--epochs {arguments.epochs}: {load} has finished {finished}, need more")
    run.state["epochs"] = max(run.state["epochs"], arguments.epochs)
    if os.environ.get("RANK", "0") == "0":  # the process that saves
        if save.exists() and not save.samefile(load):
            raise Failure(f"--save {save}: exists, choose another file")
        if not os.access(save.parent, os.W_OK | os.X_OK):
            raise Failure(f"--save {save}: its folder is missing or write-protected")
    return run, training, test


def run_all(arguments):
    """Reads, trains and saves; process 0 prints."""
    work = problem = None
    try:
        work = read(arguments)
    except Failure as error:
        problem = str(error)
    connect()
    # each process hears of the others' problems: none waits for one that is gone
    world, answers = dist.get_world_size(), [None] * dist.get_world_size()
    dist.all_gather_object(answers, (problem, work and (work[0].digest, arguments.epochs)))
    for rank, (problem, _) in enumerate(answers):
        if problem:
            raise Failure(problem if world == 1 else f"process {rank}: {problem}")
    if len(set(answers)) > 1:
        raise Failure("The processes were given different files or numbers of epochs")
    (run, training, test), save = work, arguments.save
    network, is_first = run.network(), dist.get_rank() == 0
    for loss in train(run, network, training, test, arguments.epochs):
        if is_first:
            print(loss, flush=True)
            run.save(save, network)
    dist.barrier()  # a process that ends well knows that all is saved
    if is_first:
        print("finish")
        print(f"saved: {save}", file=sys.stderr)


def epoch_number(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"is {text!r}, need an integer from 1")
    return int(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--data", metavar="FOLDER", type=pathlib.Path, required=True,
        help="MNIST's four files, gzipped or not")
    add("--load", metavar="FILE", type=pathlib.Path, required=True, help="the run, saved by train")
    add("--epochs", metavar="N", type=epoch_number, required=True, help="the last epoch to train")
    add("--save", metavar="FILE", type=pathlib.Path, required=True,
        help="where to save after each epoch: a new file, or that of --load")
    arguments = parser.parse_args()
    try:
        run_all(arguments)
    except Failure as error:
        sys.exit(f"error: {error}")
    except RuntimeError as error:  # PyTorch's, such as a lost connection
        sys.exit(f"error: {first_line(error)}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
