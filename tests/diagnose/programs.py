"""Training steps as students program them: styles, and tables of what is changed in them.

python3 programs.py, with sanso_step.py beside it, records each program, and writes truth.json. A
style is its parameters, a step and the update, with --- between. A row is a style, its changes
("old >> new ;; old >> new"), the first wrong quantity of a wrong program, words that are found in
the answer, and options: sizes, f32 or f64, a rate, and -names that are not recorded.
"""
import contextlib, io, json, os, re
import numpy as np
import sanso_step

try:
    import torch
except ImportError:
    torch = None

STYLES = {}
STYLES["report"] = """W1, b1, W2, b2, my = _W1, _b1[:, None], _W2, _b2[:, None], _lr
M, img_size, C, crossE = *W1.shape, len(W2), 0
---
B = len(_x); img, answer = _x.reshape((B, img_size, 1)), _t; onehot = np.zeros((answer.size, C))
onehot[np.arange(answer.size), answer] = 1; onehot = onehot.reshape(B, C, 1)
input1 = np.matmul(W1, img) + b1; output1 = 1 / (1 + np.exp(-1 * input1))
input2 = np.matmul(W2, output1) + b2
alpha = np.repeat(input2.max(axis=1), C, axis=1).reshape(B, C, 1)
sumexp = np.repeat(np.sum(np.exp(input2 - alpha), axis=1), C, axis=1).reshape(B, C, 1)
output_last = np.exp(input2 - alpha) / sumexp
crossE += (-1 / B) * np.sum(onehot * np.log(output_last))
delta_b = ((output_last - onehot) / B).reshape(B, C).T; delta_y1 = np.dot(W2.T, delta_b)
delta_W2 = np.dot(delta_b, output1.reshape(B, M)); delta_b2 = np.sum(delta_b, axis=1).reshape(C, 1)
delta_a = delta_y1 * (1 - output1.reshape(B, M).T) * output1.reshape(B, M).T
delta_W1 = np.matmul(delta_a, img.reshape(B, img_size))
delta_b1 = np.sum(delta_a, axis=1).reshape(M, 1)
---
W1 = W1 - my * delta_W1; b1 = b1 - my * delta_b1; W2 = W2 - my * delta_W2; b2 = b2 - my * delta_b2
"""
STYLES["oreilly4"] = """def sigmoid(x): return 1 / (1 + np.exp(-x))
def sigmoid_grad(x): return (1.0 - sigmoid(x)) * sigmoid(x)
def softmax(x):
    x = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)
params, learning_rate = {'W1': _W1.T.copy(), 'b1': _b1, 'W2': _W2.T.copy(), 'b2': _b2}, _lr
---
x_batch, t_batch, batch_num = _x, _t, len(_x); a1 = np.dot(x_batch, params['W1']) + params['b1']
z1 = sigmoid(a1); a2 = np.dot(z1, params['W2']) + params['b2']; y = softmax(a2)
t = np.eye(y.shape[1], dtype=np.int64)[t_batch]
loss = -np.sum(np.log(y[np.arange(batch_num), t_batch] + 1e-7)) / batch_num
dy = (y - t) / batch_num; grads = {'W2': np.dot(z1.T, dy), 'b2': np.sum(dy, axis=0)}
da1 = np.dot(dy, params['W2'].T); dz1 = sigmoid_grad(a1) * da1; grads['W1'] = np.dot(x_batch.T, dz1)
grads['b1'] = np.sum(dz1, axis=0)
---
for key in ('W1', 'b1', 'W2', 'b2'):
    params[key] = params[key] - learning_rate * grads[key]
"""
STYLES["oreilly5"] = """class Affine:
    def __init__(self, W, b): self.W, self.b = W, b
    def forward(self, x):
        self.x = x; self.out = np.dot(self.x, self.W) + self.b; return self.out
    def backward(self, dout):
        self.dx = np.dot(dout, self.W.T); self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0); return self.dx
class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x)); return self.out
    def backward(self, dout):
        self.dx = dout * (1.0 - self.out) * self.out; return self.dx
class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t, e = t, np.exp(x - np.max(x, axis=1, keepdims=True))
        self.y = e / np.sum(e, axis=1, keepdims=True)
        self.loss = -np.sum(self.t * np.log(self.y + 1e-7)) / len(t)
    def backward(self):
        self.dx = (self.y - self.t) / self.t.shape[0]; return self.dx
affine1, affine2, lr = Affine(_W1.T.copy(), _b1), Affine(_W2.T.copy(), _b2), _lr
sigmoid, last = Sigmoid(), SoftmaxWithLoss()
---
last.forward(affine2.forward(sigmoid.forward(affine1.forward(_x))), np.eye(len(_W2))[_t])
affine1.backward(sigmoid.backward(affine2.backward(last.backward())))
---
for layer in (affine1, affine2):
    layer.W = layer.W - lr * layer.dW; layer.b = layer.b - lr * layer.db
"""
STYLES["coursera"] = """def sigmoid(x): return 1 / (1 + np.exp(-x))
W1, b1, W2, b2, learning_rate = _W1, _b1[:, None], _W2, _b2[:, None], _lr
---
X, Y = _x.T, np.eye(len(_W2))[:, _t]; m = X.shape[1]; Z1 = np.dot(W1, X) + b1; A1 = sigmoid(Z1)
Z2 = np.dot(W2, A1) + b2; t = np.exp(Z2 - np.max(Z2)); A2 = t / np.sum(t, axis=0, keepdims=True)
cost = -np.sum(Y * np.log(A2)) / m; dZ2 = A2 - Y; dW2 = np.dot(dZ2, A1.T) / m
db2 = np.sum(dZ2, axis=1, keepdims=True) / m; dZ1 = np.dot(W2.T, dZ2) * A1 * (1 - A1)
dW1 = np.dot(dZ1, X.T) / m; db1 = np.sum(dZ1, axis=1, keepdims=True) / m
---
W1 = W1 - learning_rate * dW1; b1 = b1 - learning_rate * db1; W2 = W2 - learning_rate * dW2
b2 = b2 - learning_rate * db2
"""
STYLES["cs231n"] = """\
W, b, W2, b2, step_size = _W1.T.copy(), _b1[None], _W2.T.copy(), _b2[None], _lr
---
X, y, num_examples = _x, _t, len(_x); hidden_input = np.dot(X, W) + b
hidden_layer = 1 / (1 + np.exp(-hidden_input)); scores = np.dot(hidden_layer, W2) + b2
exp_scores = np.exp(scores); probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
corect_logprobs = -np.log(probs[range(num_examples), y])
data_loss = np.sum(corect_logprobs) / num_examples; dscores = probs.copy()
dscores[range(num_examples), y] -= 1; dscores /= num_examples; dW2 = np.dot(hidden_layer.T, dscores)
db2 = np.sum(dscores, axis=0, keepdims=True); dhidden_out = np.dot(dscores, W2.T)
dhidden = dhidden_out * hidden_layer * (1 - hidden_layer); dW = np.dot(X.T, dhidden)
db = np.sum(dhidden, axis=0, keepdims=True)
---
W = W - step_size * dW; b = b - step_size * db; W2 = W2 - step_size * dW2; b2 = b2 - step_size * db2
"""
STYLES["nielsen"] = """def sigmoid(x): return 1 / (1 + np.exp(-x))
weights, biases, eta = [_W1, _W2], [_b1[:, None], _b2[:, None]], _lr
def vectorized_result(j):
    e = np.zeros((len(_W2), 1)); e[j] = 1.0; return e
def backprop(x, y):
    nabla_b, nabla_w, activation, activations, zs = [0, 0], [0, 0], x, [x], []
    for b, w in zip(biases, weights):
        z = np.dot(w, activation) + b; zs.append(z); activation = sigmoid(z)
        activations.append(activation)
    output = np.exp(zs[-1]) / np.exp(zs[-1]).sum(); outputs.append(output[:, 0]); delta = output - y
    nabla_b[-1], nabla_w[-1] = delta, np.dot(delta, activations[-2].T)
    sp = sigmoid(zs[-2]) * (1 - sigmoid(zs[-2])); delta = np.dot(weights[-1].T, delta) * sp
    nabla_b[-2], nabla_w[-2] = delta, np.dot(delta, activations[-3].T); return nabla_b, nabla_w
---
mini_batch, outputs = [(x[:, None], vectorized_result(j)) for x, j in zip(_x, _t)], []
nabla_b, nabla_w = [np.zeros(b.shape) for b in biases], [np.zeros(w.shape) for w in weights]
for x, y in mini_batch:
    delta_nabla_b, delta_nabla_w = backprop(x, y)
    nabla_b = [nb + dnb for nb, dnb in zip(nabla_b, delta_nabla_b)]
    nabla_w = [nw + dnw for nw, dnw in zip(nabla_w, delta_nabla_w)]
---
weights = [w - (eta / len(mini_batch)) * nw for w, nw in zip(weights, nabla_w)]
biases = [b - (eta / len(mini_batch)) * nb for b, nb in zip(biases, nabla_b)]
"""
STYLES["loops"] = """import math
w1, b1, w2, b2, rate = _W1.tolist(), _b1.tolist(), _W2.tolist(), _b2.tolist(), _lr
---
xs, ts, D, M, K, B = _x.tolist(), _t.tolist(), len(w1[0]), len(w1), len(w2), len(_x)
a, h, o, p, go = [], [], [], [], []; gw1, gb1 = [[0.0] * D for i in range(M)], [0.0] * M
gw2, gb2, gh, ga, loss = [[0.0] * M for k in range(K)], [0.0] * K, [], [], 0.0
for n in range(B):
    a.append([sum(w1[i][j] * xs[n][j] for j in range(D)) + b1[i] for i in range(M)])
    h.append([1.0 / (1.0 + math.exp(-a[n][i])) for i in range(M)])
    o.append([sum(w2[k][i] * h[n][i] for i in range(M)) + b2[k] for k in range(K)])
    total = sum(math.exp(v) for v in o[n]); p.append([math.exp(v) / total for v in o[n]])
    loss -= math.log(p[n][ts[n]]) / B
    go.append([(p[n][k] - (1 if k == ts[n] else 0)) / B for k in range(K)])
    gh.append([sum(w2[k][i] * go[n][k] for k in range(K)) for i in range(M)])
    ga.append([gh[n][i] * h[n][i] * (1 - h[n][i]) for i in range(M)])
    for k in range(K):
        gb2[k] += go[n][k]
        for i in range(M):
            gw2[k][i] += go[n][k] * h[n][i]
    for i in range(M):
        gb1[i] += ga[n][i]
        for j in range(D):
            gw1[i][j] += ga[n][i] * xs[n][j]
---
w1 = [[w1[i][j] - rate * gw1[i][j] for j in range(D)] for i in range(M)]
b1 = [b1[i] - rate * gb1[i] for i in range(M)]
w2 = [[w2[k][i] - rate * gw2[k][i] for i in range(M)] for k in range(K)]
b2 = [b2[k] - rate * gb2[k] for k in range(K)]
"""
STYLES["einsum"] = """W1, b1, W2, b2, lr = _W1, _b1, _W2, _b2, _lr
---
batch, targets = _x, np.eye(len(_W2), dtype=_x.dtype)[_t]
pre1 = np.einsum("md,nd->nm", W1, batch) + b1; act1 = np.reciprocal(1 + np.exp(-pre1))
pre2 = np.einsum("km,nm->nk", W2, act1) + b2
q = np.exp(pre2 - np.log(np.einsum("nk->n", np.exp(pre2)))[:, None])
nll = -np.einsum("nk,nk->n", targets, np.log(q)).mean(); g2 = (q - targets) / len(batch)
gW2 = np.einsum("nk,nm->km", g2, act1); gb2 = np.einsum("nk->k", g2)
g1 = np.einsum("nk,km->nm", g2, W2); gpre1 = np.einsum("nm,nm,nm->nm", g1, act1, 1 - act1)
gW1 = np.einsum("nm,nd->md", gpre1, batch); gb1 = np.einsum("nm->m", gpre1)
---
W1 = W1 - lr * gW1; b1 = b1 - lr * gb1; W2 = W2 - lr * gW2; b2 = b2 - lr * gb2
"""
STYLES["rows"] = """def sigmoid(x): return 1 / (1 + np.exp(-x))
W1, b1, W2, b2, lr = _W1.T.copy(), _b1, _W2.T.copy(), _b2, _lr
---
X, t, B, K = _x, _t, len(_x), len(_b2); A1 = X @ W1 + b1; H = sigmoid(A1); A2 = H @ W2 + b2
Y = np.exp(A2) / np.exp(A2).sum(axis=1, keepdims=True); E = -np.log(Y[np.arange(B), t]).mean()
T = np.zeros((B, K)); T[np.arange(B), t] = 1; dA2 = (Y - T) / B; dW2 = H.T @ dA2
db2 = dA2.sum(axis=0); dH = dA2 @ W2.T; dA1 = dH * H * (1 - H); dW1 = X.T @ dA1
db1 = dA1.sum(axis=0)
---
W1 = W1 - lr * dW1; b1 = b1 - lr * db1; W2 = W2 - lr * dW2; b2 = b2 - lr * db2
"""
STYLES["columns"] = """W1, b1, W2, b2, eps = _W1, _b1[:, None], _W2, _b2[:, None], _lr
---
x, t, n = _x.T, np.eye(len(_W2))[_t].T, len(_x); v1 = W1.dot(x) + b1; h = 1. / (1. + np.exp(-v1))
v2 = W2.dot(h) + b2; ex = np.exp(v2 - v2.max(0)); out = ex / ex.sum(0)
err = -(t * np.log(out + 1e-12)).sum(0).mean(); d2 = (out - t) / n; dw2 = d2.dot(h.T)
dB2 = d2.sum(1, keepdims=True); back = W2.T.dot(d2); d1 = back * h * (1 - h); dw1 = d1.dot(x.T)
dB1 = d1.sum(1, keepdims=True)
---
W1 = W1 - eps * dw1; b1 = b1 - eps * dB1; W2 = W2 - eps * dw2; b2 = b2 - eps * dB2
"""
STYLES["octave"] = """def sigmoid(x): return 1 / (1 + np.exp(-x))
Theta1, Theta2, alpha = np.c_[_b1, _W1], np.c_[_b2, _W2], _lr
---
X, y, m = _x, _t, len(_x); Y = np.eye(len(_W2))[y]; a1 = np.c_[np.ones(m), X]; z2 = a1 @ Theta1.T
a2 = np.c_[np.ones(m), sigmoid(z2)]; z3 = a2 @ Theta2.T
h = np.exp(z3) / np.exp(z3).sum(1, keepdims=True); J = -(Y * np.log(h)).sum() / m; d3 = h - Y
d2 = (d3 @ Theta2[:, 1:]) * sigmoid(z2) * (1 - sigmoid(z2)); Theta2_grad = d3.T @ a2 / m
Theta1_grad = d2.T @ a1 / m
---
Theta1 = Theta1 - alpha * Theta1_grad; Theta2 = Theta2 - alpha * Theta2_grad
"""
STYLES["torch_module"] = """F = torch.nn.functional
class Model(torch.nn.Module):
    def __init__(self, d, m, k):
        super().__init__(); self.fc1 = torch.nn.Linear(d, m); self.fc2 = torch.nn.Linear(m, k)
    def forward(self, x):
        h = torch.sigmoid(self.fc1(x)); return h, self.fc2(h)
model, lr = Model(_W1.shape[1], *_W1.shape[:1], len(_W2)).to(torch.from_numpy(_W1).dtype), _lr
with torch.no_grad():
    for p, v in zip(model.parameters(), (_W1, _b1, _W2, _b2)): p.copy_(torch.from_numpy(v))
optimizer = torch.optim.SGD(model.parameters(), lr=lr)
---
images, labels = torch.from_numpy(_x), torch.from_numpy(_t); optimizer.zero_grad()
hidden, output = model(images); loss = F.cross_entropy(output, labels); loss.backward()
---
optimizer.step()
"""
STYLES["torch_manual"] = """\
W1, b1, W2, b2 = (torch.from_numpy(v) for v in (_W1.copy(), _b1, _W2.copy(), _b2))
lr = _lr
---
data, target = torch.from_numpy(_x), torch.from_numpy(_t); n = data.shape[0]
z1 = torch.addmm(b1, data, W1.t()); a1 = z1.sigmoid(); z2 = torch.addmm(b2, a1, W2.t())
probs = torch.softmax(z2, dim=1); loss = torch.nn.functional.nll_loss(probs.log(), target)
dz2 = (probs - torch.nn.functional.one_hot(target, len(b2))) / n; dW2 = dz2.t() @ a1
db2 = dz2.sum(0); da1 = dz2 @ W2; dz1 = da1 * a1 * (1 - a1); dW1 = dz1.t() @ data; db1 = dz1.sum(0)
---
W1 = W1 - lr * dW1; b1 = b1 - lr * db1; W2 = W2 - lr * dW2; b2 = b2 - lr * db2
"""

RIGHT = [
    ("report", ""),
    ("oreilly4", ""),
    ("oreilly5", ""),
    ("coursera", ""),
    ("cs231n", ""),
    ("nielsen", ""),
    ("loops", ""),
    ("einsum", ""),
    ("rows", ""),
    ("columns", ""),
    ("octave", ""),
    ("torch_module", ""),
    ("torch_manual", ""),
    ("report", "", "784-80-10x50"),
    ("rows", "", "f32"),
    ("coursera", "", "784-80-10x5"),
    ("rows", "", "12-7-5x1"),
    ("rows", "", "784-80-10x100 f32"),
    ("columns", "", "784-80-10x100 f32 scale=5"),
    ("octave", "", "784-80-10x10 f32 scale=20"),
    ("einsum", "", "30-20-7x100 f32 scale=20"),
    ("coursera", "", "9-9-9x10 f64 scale=20"),
    ("oreilly4", "", "784-80-10x100 f64 scale=5"),
    ("report", "", "784-80-10x1 f32"),
    ("cs231n", "probs.copy() >> probs"),
    ("rows", "t]).mean >> t]).sum ;;  T) / B >>  T) ", "rate=0.01"),
    ("columns", "(out - t) / n >> out - t", "rate=0.001"),
    ("einsum", "q)).mean >> q)).sum"),
    ("rows", "= sigmoid(A1 >> = 1 / (1 + np.exp(-A1, out=A1)"),
    ("columns", "ex = np.exp(v2 - v2.max(0) >> v2 -= v2.max(0)\\nex = np.exp(v2"),
    ("rows", "), t] >> ), t] + 3e-7", "f64"),
    ("coursera", " np.log(A2 >>  np.log(np.clip(A2, 1e-15, 1 - 1e-15)"),
    ("report", "(output_last >> (np.maximum(output_last, 1e-9)", "f32"),
    ("einsum", "", "-lr f32 rate=0.00116904 64-20-10x32"),
    ("torch_manual", "", "-lr f32 rate=0.0317"),
    ("rows", "(), _b1 >> (), _b1 * 0 ;; (), _b2 >> (), _b2 * 0", "-lr f32"),
    ("report", "", "later"),
    ("columns", "W1 = W1 -  >> W1 += - ;; ; b2 = b2 - >> ; b2 -="),
    ("oreilly5", "", "f32"),
    ("rows", "K = _x >> K = _x.astype(np.float64)", "f32 64-20-10x32"),
    ("columns", "v2.max(0 >> v2.max( ;; sum(0).mean() >> sum() / n", "12-12-12x12"),
    ("loops", "", "5-5-5x5"),
    ("rows", "X, t, B >> A = np.ones((len(_b2), len(_x[0])))\\nX, t, B"),
    ("octave", "_b1, _W1], np.c_[_b2, _W2 >> _W1, _b1], np.c_[_W2, _b2 ;; 2[:, 1:] >> 2[:, :-1] ;; "
     "np.ones(m), X >> X, np.ones(m) ;; np.ones(m), sigmoid(z2) >> sigmoid(z2), np.ones(m)"),
    # the loss of the step before, after its update
    ("columns", "x, t, n >> ex = 1 / (1 + np.exp(-W1.dot(x) - b1)) if 'x' in dir() else 0 * b1\\n"
     "out = np.exp(W2.dot(ex) + b2)\\n"
     "err = -(t * np.log(out / out.sum(0))).sum(0).mean() if 'x' in dir() else 0\\nx, t, n ;; "
     "err = -(t * np.log(out + 1e-12)).sum(0).mean(); d2 = >> d2 ="),
]
WRONG = [
    ("loops", "in range(D) >> in range(D - 1)", "A1", "last|left out|without|input", "random"),
    ("loops", "for j in range(D)) + b1[i] >> + b1[i] for j in range(D))", "A1", "D|times|inputs"),
    ("rows", "X @ W1 +  >> X @ W1 - ", "A1", "- b1|-1|subtract|sign|2 b1"),
    ("columns", " W1.dot(x) >>  W1.dot(x - x.mean())", "A1", "mean|centr|constant|X [+-]|shift"),
    ("einsum", ") + b1; >> ) + b1[::-1];", "A1", "revers|order|permut"),
    ("oreilly5", ".W) + self.b >> .W)", "A1", "left out|without|forgot|not added|missing|omitted"),
    ("report", "(W1, img) >> (W1, img / 255)", "A1", "255|scale|divided"),
    ("cs231n", " W) + >>  W) + num_examples *", "A1", "B|times|32|batch"),
    ("columns", ") + b1; >> ) + b1.ravel();", "A1", "broadcast|batch|example", "12-8-5x8"),
    ("coursera", " np.dot(W1, >>  np.dot(W1.T,", "A1", "transpos|W1ᵀ", "20-20-10x12"),
    ("octave", " a1 @ Theta1 >>  X @ Theta1[:, :-1]", "A1", "bias|b1|column|shift"),
    ("report", "(W1, img) >> (W1, img).astype(int)", "A1", "int|trunc|round"),
    ("oreilly4", "dot(x_batch, >> dot(x_batch[::-1],", "A1", "example|batch|order|revers|permut"),
    ("rows", "np.exp(- >> np.exp(", "Y1", "sign|e\\^\\(?A1|exp\\(A1|\\+A1|-A1|minus|1 - Y1"),
    ("cs231n", "(1 + np.exp(-hidden_input) >> 1 + np.exp(-hidden_input", "Y1", "parenthes|1 \\+ e"),
    ("columns", "/ (1. +  >> / (1. - ", "Y1", "1 - e|minus|sign"),
    ("einsum", "np.exp(-pre1) >> 2 ** -pre1", "Y1", "2\\^|base|0.69|ln 2|log"),
    ("rows", "= sigmoid(A1 >> = sigmoid(sigmoid(A1)", "Y1", "twice|sigmoid\\(sigmoid|two|again"),
    ("torch_manual", " z1.sigmoid( >>  z1.softmax(0", "Y1", "softmax"),
    ("columns", " h = 1. >>  h = np.exp(v1)", "Y1", "e\\^|exp"),
    ("oreilly5", ".out = 1 >> .out = np.round(1 ;; np.exp(-x) >> np.exp(-x))", "Y1", "round|step"),
    ("octave", " sigmoid(z2) >>  sigmoid(z2 - z2.mean(0))", "Y1", "mean|centr|batch|normal"),
    ("rows", "; A2 = H  >> ; A2 = A1 ", "A2", "Y1|in place|instead"),
    ("einsum", " b2\\n >>  b1[:len(b2)]\\n", "A2", "b1|b2|bias", "12-7-5x8"),
    ("columns", "W2.dot(h) >> W2.dot(h) / np.sqrt(len(h))", "A2", "√M|sqrt|0.22", "64-20-10x32"),
    ("coursera", " np.dot(W2, >>  np.dot(W2[::-1],", "A2", "W2|class|row|revers|order|permut"),
    ("loops", "in range(M)) >> in range(M - 1))", "A2", "last|left out|without|unit|column"),
    ("report", "W2, output1) >> W2, output1 > 0.5)", "A2", "0.5|step|round|0 (and|or) 1|threshold"),
    ("oreilly4", "']) + params['b2 >> ']) + 2 * params['b2", "A2", "2|twice|again"),
    ("rows", "axis=1, keepdims=True >> ", "P", "batch|all|whole|every"),
    ("columns", " ex / ex. >>  ex / np.exp(v2).", "P", "max|α|numerator|denominator|shift"),
    ("oreilly4", "x = x -  >> x = x / ", "P", "max|divid|scale"),
    ("cs231n", "np.exp(scores >> 1 / (1 + np.exp(-scores)", "P", "sigmoid"),
    ("torch_manual", "softmax(z2, dim=1 >> sigmoid(z2", "P", "sigmoid"),
    ("coursera", "np.sum(t, >> np.sum(t[1:],", "P", "first|class"),
    ("columns", ".max(0)); >> .max(0)) ** 2;", "P", "2|squar|twice"),
    ("octave", "(z3).sum >> (z3).mean", "P", "mean|K|average"),
    ("report", "size), answer] >> size), answer - 1]", "onehot", "shift|1|label"),
    ("report", "np.arange(answer.size) >> :", "onehot", "all|batch|every|several", "12-7-5x4"),
    ("columns", "* np.log >> * np.log2", "E", "log2|log₂|base 2|1.44|ln 2"),
    ("rows", " -np.log >>  -np.log10", "E", "log10|log₁₀|base 10|0.43|ln 10"),
    ("coursera", " = -np.sum(Y >>  = -np.mean(Y ;; (A2)) / m >> (A2))", "E", "K|class|0.1|0.2"),
    ("cs231n", "corect_logprobs = - >> corect_logprobs = ", "L", "sign|-1|minus|negat"),
    ("octave", "np.log(h)) >> np.log(h) + (1 - Y) * np.log(1 - h))", "E", "1 - |binary|one-vs"),
    ("einsum", "targets, np.log(q) >> targets, q", "E", "log|ln"),
    ("report", "-1 / B >> -1 / (B - 1)", "E", "B ?- ?1|B/\\(B", "784-80-10x10"),
    ("loops", "][ts[n]])  >> ][ts[n] - 1]) ", "E", "class|label|shift|- 1"),
    ("rows", "), t] >> ), t] + 0.1", "E", "0.1|guard|added|P \\+"),
    ("torch_manual", "(probs.log() >> (probs", "E", "log|ln"),
    ("oreilly4", " batch_num\\n >>  y.shape[1]\\n", "E", "K|class"),
    ("torch_module", "cross_entropy(output, >> cross_entropy(output.softmax(1),", "E", "softmax"),
    ("rows", " = (Y - T >>  = (T - Y", "dA2", "sign|-1|minus|negat|t - |onehot - P"),
    ("columns", "t) / n; >> t) / len(out);", "dA2", "K|class|5|10|4"),
    ("einsum", "(q - targets) >> q - targets", "dA2", "parenthes|onehot ?/ ?B|t ?/ ?B|P - "),
    ("coursera", "dZ2 = A2 - Y >> dZ2 = (A2 - Y) * A2 * (1 - A2)", "dA2", "P \\(1 - P\\)|1 - P"),
    ("oreilly5", "(self.y - self.t) >> self.y", "dA2", "onehot|label|subtract|P / B"),
    ("cs231n", "] -= 1; >> ] -= data_loss;", "dA2", "E|loss|onehot|factor"),
    ("report", "- onehot) /  >> - onehot) * crossE / ", "dA2", "E|loss|times"),
    ("loops", " == ts[n]  >>  == ts[0] ", "dA2", "first|label"),
    ("octave", "d3 = h - Y >> d3 = np.abs(h - Y)", "dA2", "abs|\\|"),
    ("columns", "d2 = (out - >> d2 = (out[:, :1] -", "dA2", "first|example|broadcast"),
    ("rows", " - T) /  >>  - T) ** 2 / ", "dA2", "squar|\\^2|²"),
    ("coursera", "dot(dZ2, A1. >> dot(dZ2, Z1.", "dW2", "A1"),
    ("rows", " dA2\\n >>  Y / B\\n", "dW2", "P"),
    ("loops", "k][i] +=  >> k][i] = ", "dW2", "last|one example|example"),
    ("columns", "T)\\n >> T) + d2.sum(1, keepdims=True)\\n", "dW2", "db2|rowSum|bias"),
    ("cs231n", "(hidden_layer. >> ((hidden_layer * (1 - hidden_layer)).", "dW2", "1 - Y1"),
    ("report", "reshape(B, M) >> reshape(M, B).T", "dW2", "reshape|transpos"),
    ("coursera", ") / m\\n >> )\\n", "dW2", "B|averag|mean|divid"),
    ("einsum", ", g2, act1); >> , g2, act1 - act1.mean(0));", "dW2", "mean|centr"),
    ("torch_manual", "= dz2.sum >> = dz2.mean", "db2", "B|mean|averag"),
    ("columns", "1, keepdims=True) >> 0)[:, None]", "db2", "class|axis|colSum|column", "12-7-5x5"),
    ("octave", "d3.T @ a2  >> d3.T @ np.c_[np.zeros(m), a2[:, 1:]] ", "db2", "0|zero"),
    ("oreilly4", "np.sum(dy, >> np.sum(dy * y,", "db2", "P"),
    ("rows", " dA2 @ W2. >>  dA2 @ (W2 - lr * dW2).", "dY1", "updat|after|W2'", "rate=0.5"),
    ("report", ".dot(W2.T, >> .dot(W2.reshape(M, C),", "dY1", "reshape|transpos"),
    ("cs231n", "dot(dscores, >> dot(probs,", "dY1", "P"),
    ("columns", "T.dot(d2) >> T.dot(d2 + b2)", "dY1", "b2|bias"),
    ("loops", "in range(K)) >> in range(1, K))", "dY1", "first|class|left out|without"),
    ("einsum", ", g2, W2) >> , g2, W2 / np.linalg.norm(W2))", "dY1", "norm|factor|scal"),
    ("torch_manual", " = dz2 @ W2 >>  = dz2.sum(0) @ W2 + 0 * a1", "dY1", "sum|batch|every|db2"),
    ("rows", " * (1 -  >>  * (1 + ", "dA1", "1 \\+ Y1|\\+|sign"),
    ("oreilly4", "sigmoid(x)) * sigmoid(x) >> x) * x", "dA1", "A1|before the sigmoid"),
    ("columns", "d1 = back *  >> d1 = back + ", "dA1", "\\+|sum|added|plus"),
    ("oreilly5", ") * self.out >> ) ** 2", "dA1", "\\^2|²|squar|\\(1 - Y1\\)"),
    ("report", "delta_y1 * (1 >> delta_y1 * 1 ;;  M).T) >>  M).T", "dA1", "parenthes|dY1 - "),
    ("cs231n", "hidden_layer * (1 - hidden_layer >> (hidden_layer > 0", "dA1", "relu|left out"),
    ("report", "matmul(delta_a >> matmul(delta_y1", "dW1", "dY1"),
    ("coursera", ".dot(dZ1, X. >> .dot(dZ1, sigmoid(X).", "dW1", "sigmoid|X"),
    ("loops", " * xs[n][j]\\n >>  * xs[0][j]\\n", "dW1", "first|example|X"),
    ("octave", "d2.T @ a1  >> d2.T @ np.c_[np.ones(m), 1 - X] ", "dW1", "1 - X|invert"),
    ("rows", "db1 = dA1. >> db1 = dH.", "db1", "dY1"),
    ("columns", "sum(1, keepdims=True)\\n >> sum()\\n", "db1", "all|unit|total|sum"),
    ("einsum", 'm", gpre1) >> m", gpre1 * act1)', "db1", "Y1"),
    ("rows", "W1 = W1 -  >> W1 = -", "W1'", "W1|left out|without|=-|only|replaced by the step"),
    ("report", "W2 = W2 -  >> W2 = W2 + ", "W2'", "sign|\\+|add|ascent|-1"),
    ("cs231n", "step_size * db >> step_size * db2.mean()", "b1'", "db2|mean|not updated"),
    ("coursera", "learning_rate * db2 >> learning_rate * b2", "b2'", "b2"),
    ("columns", "eps * dw2; >> eps * dw2 / n;", "W2'", "B|twice|second time|again|averag"),
    ("einsum", "b1 - lr * gb1 >> b1", "b1'", "not updated|unchanged|not changed"),
    ("torch_module", "optimizer.zero_grad() >> pass", "dW2", "zero_grad|previous|step before"),
]
NETWORK = [
    ("rows", "1 / (1 + np.exp(-x) >> np.maximum(x, 0 ;; * H * (1 - H >> * (A1 > 0", "relu"),
    ("coursera", "1 / (1 + np.exp(-x) >> np.tanh(x ;; A1 * (1 - A1 >> (1 - A1 ** 2", "tanh"),
    ("torch_module", ", lr=lr) >> , lr=lr, momentum=0.9)", "momentum"),
    ("torch_module", "torch.optim.SGD >> torch.optim.Adam", "adam", "rate=0.01"),
]
INPUT = [
    ("report", "len(_x); img >> len(_x); _x = _x / 255\\nimg", "255|twice", "784-80-10x50"),
    ("rows", "K = _x >> K = _x > 0.5", "0 and 1|binar|only 0", "784-80-10x50"),
    ("columns", "eps = _W1 >> eps = _W1 * 0 + 0.1", "equal|same", "784-80-10x50"),
    ("coursera", "X, Y = _x >> X, Y = 255 * _x", "255|saturat", "784-80-10x50"),
    ("oreilly4", " _x, _t >>  _x, 0 * _t + 3", "one class|only class|class", "784-80-10x50"),
    ("einsum", " _b2, _lr >>  _b2, 300.0", "step|rate|large", "784-80-10x50"),
]
SIZES = ["12-7-5x8", "64-20-10x32", "30-16-4x25", "64-32-10x5", "20-12-6x12", "196-40-10x20"]


def batch(rng, options, D, K, B):
    """Images as MNIST's (a few smooth strokes, zeros around), or random ones, and labels."""
    side = int(D ** 0.5)
    if "random" in options or side * side != D:
        return rng.random((B, D)), rng.integers(0, K, B)
    v, u = np.mgrid[:side, :side]
    images = np.zeros((B, side, side))
    for image in images:
        for cv, cu in rng.uniform(0.3 * side, 0.7 * side, (6, 2)):
            near = np.exp(-((v - cv) ** 2 + (u - cu) ** 2) / (0.06 * side) ** 2)
            np.maximum(image, near * (near > 0.02), out=image)
    return np.round(images * 255).reshape(B, D) / 255, rng.integers(0, K, B)


def run(style, changes, options, number):
    """Runs a program for one step or three, of which sanso_step records the last two."""
    code = STYLES[style]
    for change in changes.replace("\\n", "\n").split(" ;; ") if changes else []:
        old, new = change.split(" >> ")
        assert old in code, f"{style} has no {old}"
        code = code.replace(old, new, 1)
    value = lambda name: next((w.split("=", 1)[1] for w in options if w.startswith(name + "=")), "")
    sizes = next((w for w in options if re.match(r"\d+-", w)), SIZES[number % len(SIZES)])
    D, M, K, B = map(int, re.split("[-x]", "12-7-5x8" if style == "loops" else sizes))
    single = style == "torch_module" or number % 5 == 1
    real = np.float32 if "f32" in options or single and "f64" not in options else np.float64
    rng = np.random.default_rng(number)
    scale = float(value("scale") or 1)  # weights of a trained network are larger
    draw = lambda fan, *shape: rng.normal(0, scale * fan ** -0.5, shape).astype(real)
    scope = dict(np=np, torch=torch, before=sanso_step.before, after=sanso_step.after)
    scope.update(_W1=draw(D, M, D), _b1=draw(D, M), _W2=draw(M, K, M), _b2=draw(M, K),
                 _lr=float(value("rate") or (0.01, 0.1, 0.5)[number % 3]))
    init, step, update = code.split("---\n")
    exec(init, scope)
    sanso_step._run = {"step": 0}
    for _ in range(1 if "one" in options else 3):
        x, scope["_t"] = batch(rng, options, D, K, B)
        scope["_x"] = x.astype(real)
        exec(f"{step}before(locals())\n{update}after(locals())\n", scope)
    with np.load("step.npz") as arrays:
        hidden = {prefix + w[1:] for w in options if w[0] == "-" for prefix in ("", "next_")}
        return {name: arrays[name] for name in arrays.files if name not in hidden}


truths = {}
np.seterr(all="ignore")
for kind, rows in dict(right=RIGHT, wrong=WRONG, network=NETWORK, input=INPUT).items():
    for number, (style, changes, *rest) in enumerate(rows):
        # right: options; wrong: first, words, options; network and input: words, options
        rest = {"right": [None, "", *rest], "wrong": rest}.get(kind, [None, *rest])
        first, words, options = (*rest, "")[:3]
        if torch or not style.startswith("torch"):
            name = f"{kind}_{number:03}_{style}"
            with contextlib.redirect_stdout(io.StringIO()):
                np.savez(f"{name}.npz", **run(style, changes, options.split(), number))
            truths[name] = dict(kind=kind, first=first, words=words, changes=changes)
os.remove("step.npz")
with open("truth.json", "w") as file:
    json.dump(truths, file)
