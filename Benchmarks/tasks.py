"""The tasks: the text for Frechet, the same function for JAX and PyTorch, data, and for gradients
the formula that an expert writes in NumPy."""
import numpy as np

rng = np.random.default_rng(7)


def normal(*shape):
    return rng.normal(size=shape)


def spd(n):
    a = normal(n, n) / np.sqrt(n)
    return a @ a.T + np.eye(n)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class Task:
    """A function `f(ns, *data)` in any of the three libraries; `ns` is `jax.numpy` or a stand-in."""

    def __init__(self, name, text, wrt, f, sizes, data, declare=(), expert=None, hessian=None,
                 kinds=("gradient", "hvp", "hessian")):
        self.name, self.text, self.wrt, self.f, self.kinds = name, text, wrt, f, kinds
        self.sizes, self.data, self.declare, self.expert = sizes, data, declare, expert
        # Sizes at which a Hessian is asked for: those of the gradient would not fit.
        self.hessian = hessian if hessian is not None else sizes


def logsoftmax(ns, z):
    s = z - ns.amax(z, 1, keepdims=True)
    return s - ns.log(ns.sum(ns.exp(s), 1, keepdims=True))


def quad_expert(d):
    y = d["A"] @ d["x"]
    return d["x"] @ y, y + d["A"].T @ d["x"]


def ls_expert(d):
    r = d["X"] @ d["w"] - d["y"]
    return r @ r / 2, d["X"].T @ r


def logistic_expert(d):
    z = d["y"] * (d["X"] @ d["w"])
    return np.logaddexp(0, -z).sum(), d["X"].T @ (-d["y"] * sigmoid(-z))


def softmax_expert(d):
    z = d["X"] @ d["W"]
    z -= z.max(1, keepdims=True)
    e = np.exp(z)
    s = e.sum(1, keepdims=True)
    return -(d["Y"] * (z - np.log(s))).sum(), d["X"].T @ (d["Y"].sum(1, keepdims=True) * e / s - d["Y"])


def factorization_expert(d):
    r = d["U"] @ d["V"].T - d["X"]
    return (r * r).sum() / 2, r @ d["V"]


def network_expert(d):
    h = np.tanh(d["X"] @ d["A"])
    r = h @ d["B"] - d["Y"]
    return (r * r).sum() / 2, d["X"].T @ ((r @ d["B"].T) * (1 - h * h))


def gaussian_expert(d):
    import scipy.linalg as la
    c = la.cho_factor(d["S"], lower=True)
    p = la.cho_solve(c, np.eye(len(d["S"])))
    pc = p @ d["C"]
    return 2 * np.log(np.diag(c[0])).sum() + np.trace(pc), p - pc @ p


def mahalanobis_expert(d):
    import scipy.linalg as la
    r = d["x"] - d["u"]
    s = la.cho_solve(la.cho_factor(d["S"]), r)
    return r @ s, 2 * s


def trace_expert(d):
    ax, xb = d["A"] @ d["X"], d["X"] @ d["B"]
    return (ax * (d["X"] @ d["B"].T)).sum(), d["A"].T @ d["X"] @ d["B"].T + d["A"] @ xb


def huber_expert(d):
    r = d["X"] @ d["w"] - d["y"]
    s = np.sqrt(1 + r * r)
    return (s - 1).sum(), d["X"].T @ (r / s)


def logdet_expert(d):
    return np.linalg.slogdet(d["X"])[1], np.linalg.inv(d["X"]).T


def lse_expert(d):
    z = d["A"] @ d["x"]
    m = z.max()
    e = np.exp(z - m)
    s = e.sum()
    return m + np.log(s), d["A"].T @ (e / s)


def softmax(ns, x):
    e = ns.exp(x - ns.amax(x, 0, keepdims=True))
    return e / ns.sum(e)


def deep(ns, X, Y, W, *rest):
    h = ns.tanh(X @ W)
    for w in rest:
        h = ns.tanh(h @ w)
    return ns.sum((h - Y) ** 2) / 2


def deep_text(layers):
    lines = ["H1 = tanh(X*W)"] + [f"H{i} = tanh(H{i-1}*W{i})" for i in range(2, layers + 1)]
    return "; ".join(lines + [f"norm2(H{layers} - Y)^2/2"])


def conv(ns, X, w):
    n = X.shape[0] - 2
    z = sum(w[3 * a + b] * X[a:a + n, b:b + n] for a in range(3) for b in range(3))
    return ns.sum(ns.tanh(z))


def attention(ns, Q, K, V, T):
    p = ns.exp(logsoftmax(ns, Q @ K.T))
    return ns.sum((p @ V - T) ** 2)


def glm(m, n):
    return dict(X=normal(m, n) / np.sqrt(n), w=normal(n), y=np.sign(normal(m)))


MAP = dict(small=(8,), medium=(500,), large=(3000,))
GLM = dict(small=(50, 5), medium=(2000, 100), large=(100000, 200))

TASKS = [
    Task("quadratic form", "x'*A*x", "x", lambda ns, A, x: x @ (A @ x),
         dict(small=(8,), medium=(256,), large=(4096,)),
         lambda n: dict(A=normal(n, n), x=normal(n)), expert=quad_expert),
    Task("least squares", "norm2(X*w - y)^2/2", "w",
         lambda ns, X, w, y: ns.sum((X @ w - y) ** 2) / 2, GLM, glm, ["y: vector(m)"], ls_expert),
    Task("logistic regression", "sum(log(1 + exp(-y.*(X*w))))", "w",
         lambda ns, X, w, y: ns.sum(ns.logaddexp(0 * y, -y * (X @ w))), GLM, glm, ["y: vector(m)"],
         logistic_expert),
    Task("pseudo-Huber", "sum(sqrt(1 + (X*w - y).^2) - 1)", "w",
         lambda ns, X, w, y: ns.sum(ns.sqrt(1 + (X @ w - y) ** 2) - 1), GLM, glm, ["y: vector(m)"],
         huber_expert),
    Task("softmax regression", "-sum(Y.*logsoftmax(X*W,2))", "W",
         lambda ns, X, W, Y: -ns.sum(Y * logsoftmax(ns, X @ W)),
         dict(small=(20, 5, 3), medium=(1000, 50, 10), large=(50000, 200, 10)),
         lambda m, n, k: dict(X=normal(m, n) / np.sqrt(n), W=normal(n, k),
                              Y=np.eye(k)[rng.integers(k, size=m)]), (), softmax_expert,
         dict(small=(20, 5, 3), medium=(200, 20, 5), large=(2000, 50, 10))),
    Task("matrix factorization", "norm2(X - U*V')^2/2", "U",
         lambda ns, X, U, V: ns.sum((X - U @ V.T) ** 2) / 2,
         dict(small=(10, 8, 2), medium=(300, 200, 10), large=(2000, 1500, 50)),
         lambda m, n, k: dict(X=normal(m, n), U=normal(m, k), V=normal(n, k)), (),
         factorization_expert, dict(small=(10, 8, 2), medium=(50, 40, 5), large=(150, 100, 10))),
    Task("2-layer network", "norm2(tanh(X*A)*B - Y)^2/2", "A",
         lambda ns, X, A, B, Y: ns.sum((ns.tanh(X @ A) @ B - Y) ** 2) / 2,
         dict(small=(10, 5, 5, 2), medium=(500, 50, 50, 10), large=(5000, 300, 300, 10)),
         lambda m, n, h, k: dict(X=normal(m, n), A=normal(n, h) / np.sqrt(n),
                                 B=normal(h, k) / np.sqrt(h), Y=normal(m, k)), (), network_expert,
         dict(small=(10, 5, 5, 2), medium=(100, 10, 10, 3), large=(500, 20, 20, 5))),
    Task("10-layer network", deep_text(10), "W", deep,
         dict(small=(10, 5), medium=(500, 50), large=(2000, 200)),
         lambda m, n: dict(X=normal(m, n), Y=normal(m, n),
                           **{w: normal(n, n) / np.sqrt(n)
                              for w in ["W"] + [f"W{i}" for i in range(2, 11)]}), (),
         None, dict(small=(10, 5), medium=(100, 10), large=(300, 20))),
    Task("Gaussian likelihood", "logdet(S) + tr(inv(S)*C)", "S",
         lambda ns, S, C: ns.slogdet(S)[1] + ns.trace(ns.solve(S, C)),
         dict(small=(5,), medium=(100,), large=(600,)),
         lambda n: dict(S=spd(n), C=spd(n)), ["S: spd(n)", "C: symmetric(n)"], gaussian_expert,
         dict(small=(5,), medium=(15,), large=(40,))),
    Task("matrix normal", "tr(inv(V)*(X - M)'*inv(U)*(X - M))", "M",
         lambda ns, X, M, U, V: ns.sum(ns.solve(U, X - M) * ns.solve(V, (X - M).T).T),
         dict(small=(5, 4), medium=(150, 100), large=(800, 600)),
         lambda m, n: dict(X=normal(m, n), M=normal(m, n), U=spd(m), V=spd(n)),
         ["U: spd(m)", "V: spd(n)"], None, dict(small=(5, 4), medium=(20, 15), large=(50, 40))),
    Task("Mahalanobis", "(x - u)'*inv(S)*(x - u)", "x",
         lambda ns, x, u, S: (x - u) @ ns.solve(S, x - u),
         dict(small=(6,), medium=(200,), large=(1000,)),
         lambda n: dict(x=normal(n), u=normal(n), S=spd(n)), ["S: spd(n)"], mahalanobis_expert),
    Task("tr(AXBX')", "tr(A*X*B*X')", "X", lambda ns, A, X, B: ns.trace(A @ X @ B @ X.T),
         dict(small=(5, 4), medium=(150, 100), large=(1000, 800)),
         lambda m, n: dict(A=normal(m, m), X=normal(m, n), B=normal(n, n)), (), trace_expert,
         dict(small=(5, 4), medium=(20, 15), large=(50, 40))),
    Task("attention", "norm2(softmax(Q*K',2)*V - T)^2", "Q", attention,
         dict(small=(6, 6, 4), medium=(200, 200, 32), large=(2000, 2000, 64)),
         lambda m, n, k: dict(Q=normal(m, k) / k, K=normal(n, k), V=normal(n, k), T=normal(m, k)),
         (), None, dict(small=(6, 6, 4), medium=(30, 30, 8), large=(60, 60, 16))),
    Task("PPCA", "logdet(W*W' + c*eye(n)) + tr(inv(W*W' + c*eye(n))*S)", "W",
         lambda ns, W, c, S: ns.slogdet(W @ W.T + c * ns.eye(W.shape[0]))[1]
         + ns.trace(ns.solve(W @ W.T + c * ns.eye(W.shape[0]), S)),
         dict(small=(6, 2), medium=(150, 5), large=(800, 10)),
         lambda n, k: dict(W=normal(n, k), c=np.array(0.7), S=spd(n)),
         ["W: matrix(n,k)", "S: symmetric(n)", "c: positive scalar"], None,
         dict(small=(6, 2), medium=(20, 3), large=(60, 5))),
    Task("log-determinant", "logdet(X)", "X", lambda ns, X: ns.slogdet(X)[1],
         dict(small=(5,), medium=(150,), large=(1000,)), lambda n: dict(X=normal(n, n)), (),
         logdet_expert, dict(small=(5,), medium=(15,), large=(50,))),
    Task("convolution", "sum(tanh(im2col(X,3,3,1,0)*w))", "w", conv,
         dict(small=(8,), medium=(64,), large=(1000,)),
         lambda n: dict(X=normal(n, n), w=normal(9)), ["X: matrix(n,n)"]),
    Task("logsumexp", "logsumexp(A*x)", "x",
         lambda ns, A, x: ns.logsumexp(A @ x),
         dict(small=(8, 5), medium=(500, 200), large=(20000, 500)),
         lambda m, n: dict(A=normal(m, n) / np.sqrt(n), x=normal(n)), (), lse_expert),
    Task("sigmoid map", "sigmoid(x)", "x", lambda ns, x: 1 / (1 + ns.exp(-x)), MAP,
         lambda n: dict(x=normal(n)), ["x: vector(n)"], kinds=["jacobian"]),
    Task("softmax map", "softmax(x)", "x", lambda ns, x: softmax(ns, x), MAP,
         lambda n: dict(x=normal(n)), ["x: vector(n)"], kinds=["jacobian"]),
    Task("normalization", "x/norm2(x)", "x", lambda ns, x: x / ns.sqrt(ns.sum(x * x)), MAP,
         lambda n: dict(x=normal(n)), ["x: vector(n)"], kinds=["jacobian"]),
    Task("dense layer", "tanh(A*x + b)", "x", lambda ns, A, x, b: ns.tanh(A @ x + b),
         dict(small=(8, 6), medium=(300, 200), large=(2000, 1500)),
         lambda m, n: dict(A=normal(m, n) / np.sqrt(n), x=normal(n), b=normal(m)),
         ["b: vector(m)"], kinds=["jacobian"]),
]
