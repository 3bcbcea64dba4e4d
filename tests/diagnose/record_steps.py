"""Right steps as NumPy computes them, in float32 and float64: record_steps.py FOLDER COUNT.

The textbook's program: rows are examples, biases are flat, the loss is the mean of -log(y).
"""
import sys
import numpy as np

folder, count = sys.argv[1], int(sys.argv[2])
random = np.random.RandomState(12)
for step in range(count):
    dtype = [np.float32, np.float64][step % 2]
    D, M, K = [(784, 80, 10), (30, 20, 7), (9, 9, 9)][step % 3]
    B = [1, 10, 100][step // 3 % 3]
    scale = [1, 5, 20][step // 9 % 3]  # weights of a trained network are larger

    def draw(*shape):
        return (scale * random.randn(*shape) / np.sqrt(shape[0])).astype(dtype)

    x = (random.randint(0, 256, (B, D)) * random.randint(0, 2, (B, D)) / 255).astype(dtype)
    t = random.randint(0, K, B)
    W1, b1, W2, b2 = draw(D, M), draw(M), draw(M, K), draw(K)
    lr = dtype([0.1, 0.01, 0.5][step % 3])

    a1 = x @ W1 + b1
    z1 = 1 / (1 + np.exp(-a1))
    a2 = z1 @ W2 + b2
    exps = np.exp(a2 - a2.max(axis=1, keepdims=True))
    y = exps / exps.sum(axis=1, keepdims=True)
    losses = -np.log(y[np.arange(B), t])
    loss = losses.mean()
    onehot = np.eye(K, dtype=dtype)[t]
    dy = (y - onehot) / dtype(B)
    grads = {"W2": z1.T @ dy, "b2": dy.sum(axis=0)}
    da1 = dy @ W2.T
    dz1 = (1 - z1) * z1 * da1
    grads["W1"] = x.T @ dz1
    grads["b1"] = dz1.sum(axis=0)
    before = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    after = {name: W - lr * grads[name] for name, W in before.items()}
    assert all(W.dtype == dtype for W in [*grads.values(), *after.values(), y, loss])
    np.savez(
        f"{folder}/{step}.npz", x=x, t=t, **before, a1=a1, z1=z1, a2=a2, y=y, loss=loss, dy=dy, da1=da1, dz1=dz1,
        **{f"grads['{name}']": dW for name, dW in grads.items()},
        **{f"{name}_after": W for name, W in after.items()},
        **({"losses": losses} if np.isfinite(losses).all() else {}),
    )
