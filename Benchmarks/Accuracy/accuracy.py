"""Gradients of decompositions and matrix functions against references of 90 digits.

Each function is made scalar by weights, f = sum(W .* F(X)), and differentiated with respect to X by
Frechet (its formula, evaluated in double precision), by PyTorch and by JAX (reverse mode in double
precision). The reference is the central difference with a step of 1e-30 in arithmetic of 90 digits,
off by about 1e-24. The error is that of the whole gradient, relative, in the Frobenius norm; of a
symmetric matrix, that of the symmetric part of the gradient.

Where a library lacks a function, the usual way around is taken: functions of a symmetric matrix
through its eigenvectors, matrix equations through a Kronecker system. These are marked with a *.
"""

import os
import subprocess
import sys
import tempfile

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import torch

mp.mp.dps = 90
STEP = mp.mpf(10) ** -30
N = 4


# Matrices of a given condition number, or with two values at a given distance.


def orthogonal(rng, rows, columns):
    return np.linalg.qr(rng.standard_normal((rows, columns)))[0]


def definite(values, rng):
    q = orthogonal(rng, len(values), len(values))
    s = (q * values) @ q.T
    return (s + s.T) / 2


def rectangular(values, rng, rows):
    return (orthogonal(rng, rows, len(values)) * values) @ orthogonal(rng, len(values), len(values)).T


def spread(condition):
    return np.logspace(0, -np.log10(condition), N)


def close(gap):
    return np.array([1.0, 1.0 + gap, 2.7, 4.1])


# References.


def symmetrized(x):
    return (x + x.T) / 2


def oriented(u, *others):
    """The entry of largest size of each column positive."""
    signs = [1 if max(u[:, j], key=abs) > 0 else -1 for j in range(u.cols)]
    flip = lambda m: mp.matrix([[m[i, j] * signs[j] for j in range(m.cols)] for i in range(m.rows)])
    return [flip(u)] + [flip(m) for m in others]


def eigen(x):
    values, vectors = mp.eigsy(symmetrized(x))
    order = sorted(range(x.rows), key=lambda i: values[i])
    sorted_vectors = mp.matrix([[vectors[i, j] for j in order] for i in range(x.rows)])
    return mp.matrix([values[i] for i in order]), oriented(sorted_vectors)[0]


def singular(x):
    u, s, v = mp.svd_r(x)
    order = sorted(range(len(s)), key=lambda i: -s[i])
    u = mp.matrix([[u[i, j] for j in order] for i in range(x.rows)])
    v = mp.matrix([[v[j, i] for j in order] for i in range(x.cols)])
    u, v = oriented(u, v)
    return u, mp.matrix([s[i] for i in order]), v


def of_eigenvalues(x, f):
    values, v = eigen(x)
    return v * mp.diag([f(l) for l in values]) * v.T


def upper_factor(x):
    return mp.cholesky(x.T * x).T


def solve_sylvester(a, b, c):
    m, n = a.rows, b.rows
    system = mp.matrix(m * n, m * n)
    for j in range(n):
        for i in range(m):
            for k in range(m):
                system[j * m + i, j * m + k] += a[i, k]
            for k in range(n):
                system[j * m + i, k * m + i] += b[k, j]
    x = mp.lu_solve(system, mp.matrix([c[i, j] for j in range(n) for i in range(m)]))
    return mp.matrix([[x[j * m + i] for j in range(n)] for i in range(m)])


# PyTorch and JAX. `np_` is torch or jax.numpy in what follows.


class Torch:
    name = "PyTorch"
    linalg = torch.linalg
    diag = staticmethod(torch.diag)
    tanh = staticmethod(torch.tanh)
    kron = staticmethod(lambda a, b: torch.kron(a.contiguous(), b.contiguous()))
    eye = staticmethod(lambda n: torch.eye(n, dtype=torch.float64))
    stop = staticmethod(lambda x: x.detach())
    expm = staticmethod(torch.linalg.matrix_exp)
    columns = staticmethod(lambda x: x.T.reshape(-1))
    largest = staticmethod(lambda u: torch.gather(u, 0, u.abs().argmax(0, keepdim=True)))

    @staticmethod
    def gradient(f, x, *others):
        x = torch.tensor(x, requires_grad=True)
        f(x, *[torch.tensor(o) for o in others]).backward()
        return x.grad.numpy()


class Jax:
    name = "JAX"
    linalg = jnp.linalg
    diag = staticmethod(jnp.diag)
    tanh = staticmethod(jnp.tanh)
    kron = staticmethod(jnp.kron)
    eye = staticmethod(jnp.eye)
    stop = staticmethod(jax.lax.stop_gradient)
    expm = staticmethod(jax.scipy.linalg.expm)
    columns = staticmethod(lambda x: x.T.reshape(-1))
    largest = staticmethod(
        lambda u: jnp.take_along_axis(u, jnp.abs(u).argmax(0, keepdims=True), 0)
    )

    @staticmethod
    def gradient(f, x, *others):
        return np.asarray(jax.grad(f)(jnp.asarray(x), *[jnp.asarray(o) for o in others]))


def sign(b, u):
    """1 or -1 for each column; no derivative passes."""
    largest = b.stop(b.largest(u))
    return largest / abs(largest)


def thin_svd(b, x):
    u, s, vt = b.linalg.svd(x, full_matrices=False)
    flips = sign(b, u)
    return u * flips, s, vt.T * flips


def eigh(b, x):
    values, vectors = b.linalg.eigh((x + x.T) / 2)
    return values, vectors * sign(b, vectors)


def through_eigenvectors(b, x, f):
    values, v = b.linalg.eigh((x + x.T) / 2)
    return (v * f(values)) @ v.T


def kronecker_sylvester(b, a, c, e):
    m, n = a.shape[0], c.shape[0]
    system = b.kron(b.eye(n), a) + b.kron(c.T, b.eye(m))
    return b.linalg.solve(system, b.columns(e)).reshape(n, m).T


def thin_qr(b, x):
    q, r = b.linalg.qr(x)
    d = b.stop(b.diag(r))
    flips = d / abs(d)
    return q * flips, flips[:, None] * r


class Row:
    """A function: its text in Frechet, its reference, and what the libraries call it."""

    def __init__(self, name, text, kind, reference, library, around="", levels="condition"):
        self.name, self.text, self.kind = name, text, kind
        self.reference, self.library = reference, library
        self.around, self.levels = around, levels


def weighted(w, m):
    return sum(w[i, j] * m[i, j] for i in range(m.rows) for j in range(m.cols))


ROWS = [
    Row("logdet", "logdet(X)", "spd", lambda x, w: mp.log(mp.det(symmetrized(x))),
        lambda b, x, w: b.linalg.slogdet((x + x.T) / 2)[1]),
    Row("inv", "sum(W.*inv(X))", "square", lambda x, w: weighted(w, x ** -1),
        lambda b, x, w: (w * b.linalg.inv(x)).sum()),
    Row("chol", "sum(W.*chol(X))", "spd", lambda x, w: weighted(w, mp.cholesky(symmetrized(x))),
        lambda b, x, w: (w * b.linalg.cholesky((x + x.T) / 2)).sum()),
    Row("qrq", "sum(W.*qrq(X))", "tall", lambda x, w: weighted(w, x * upper_factor(x) ** -1),
        lambda b, x, w: (w * thin_qr(b, x)[0]).sum()),
    Row("qrr", "sum(V.*qrr(X))", "tall", lambda x, w: weighted(w, upper_factor(x)),
        lambda b, x, w: (w[:N] * thin_qr(b, x)[1]).sum()),
    Row("pinv", "sum(W'.*pinv(X))", "tall",
        lambda x, w: weighted(w.T, (x.T * x) ** -1 * x.T),
        lambda b, x, w: (w.T * b.linalg.pinv(x)).sum()),
    Row("expm", "sum(W.*expm(X))", "square", lambda x, w: weighted(w, mp.expm(x)),
        lambda b, x, w: (w * b.expm(x)).sum()),
    Row("logm", "sum(W.*logm(X))", "spd",
        lambda x, w: weighted(w, of_eigenvalues(x, mp.log)),
        lambda b, x, w: (w * through_eigenvectors(b, x, lambda l: l.log() if b is Torch else jnp.log(l))).sum(),
        around="*"),
    Row("sqrtm", "sum(W.*sqrtm(X))", "spd",
        lambda x, w: weighted(w, of_eigenvalues(x, mp.sqrt)),
        lambda b, x, w: (w * through_eigenvectors(b, x, lambda l: l ** 0.5)).sum(), around="*"),
    Row("sylvester", "sum(W.*sylvester(X,Y,Z))", "sylvester",
        lambda x, w, y, z: weighted(w, solve_sylvester(x, y, z)),
        lambda b, x, w, y, z: (w * kronecker_sylvester(b, x, y, z)).sum(), around="*"),
    Row("nucnorm", "nucnorm(X)", "tall", lambda x, w: sum(singular(x)[1]),
        lambda b, x, w: b.linalg.svdvals(x).sum() if b is Torch
        else b.linalg.svd(x, compute_uv=False).sum()),
    Row("eigvals", "w*eigvals(X)", "symmetric",
        lambda x, w: sum(w[0, i] * l for i, l in enumerate(eigen(x)[0])),
        lambda b, x, w: (w[0] * b.linalg.eigvalsh((x + x.T) / 2)).sum(), levels="gap"),
    Row("eigvecs", "sum(W.*eigvecs(X))", "symmetric", lambda x, w: weighted(w, eigen(x)[1]),
        lambda b, x, w: (w * eigh(b, x)[1]).sum(), levels="gap"),
    Row("svdvals", "w*svdvals(X)", "tall",
        lambda x, w: sum(w[0, i] * s for i, s in enumerate(singular(x)[1])),
        lambda b, x, w: (w[0] * thin_svd(b, x)[1]).sum(), levels="gap"),
    Row("svdu", "sum(W.*svdu(X))", "tall", lambda x, w: weighted(w, singular(x)[0]),
        lambda b, x, w: (w * thin_svd(b, x)[0]).sum(), levels="gap"),
    Row("svdv", "sum(V.*svdv(X))", "tall", lambda x, w: weighted(w, singular(x)[2]),
        lambda b, x, w: (w[:N] * thin_svd(b, x)[2]).sum(), levels="gap"),
    Row("V tanh(l) V'", "sum(W.*(eigvecs(X)*diag(tanh(eigvals(X)))*eigvecs(X)'))", "symmetric",
        lambda x, w: weighted(w, of_eigenvalues(x, mp.tanh)),
        lambda b, x, w: (w * through_eigenvectors(b, x, b.tanh)).sum(), levels="gap"),
    Row("logm", "sum(W.*logm(X))", "spd",
        lambda x, w: weighted(w, of_eigenvalues(x, mp.log)),
        lambda b, x, w: (w * through_eigenvectors(b, x, lambda l: l.log() if b is Torch else jnp.log(l))).sum(),
        around="*", levels="gap"),
    Row("nucnorm", "nucnorm(X)", "tall", lambda x, w: sum(singular(x)[1]),
        lambda b, x, w: b.linalg.svdvals(x).sum() if b is Torch
        else b.linalg.svd(x, compute_uv=False).sum(), levels="gap"),
]

DECLARED = {
    "spd": "X: spd(n)", "symmetric": "X: symmetric(n)", "square": "X: matrix(n,n)",
    "tall": "X: matrix(m,n)", "sylvester": "X: matrix(n,n)",
}


def matrices(row, level):
    rng = np.random.default_rng(7)
    values = spread(level) if row.levels == "condition" else close(level)
    if row.kind == "tall":
        x = rectangular(values, rng, N + 2)
    elif row.kind in ("spd", "symmetric"):
        x = definite(values, rng)
    else:
        x = rectangular(values, rng, N)
        if row.kind == "sylvester":
            x = definite(values, rng)
    w = rng.standard_normal(x.shape)
    others = []
    if row.kind == "sylvester":
        others = [definite(values, rng), rng.standard_normal((N, N))]
    return x, w, others


def difference_quotients(row, x, w, others):
    exact = [mp.matrix(m.tolist()) for m in (w, *others)]
    gradient = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            ends = []
            for step in (STEP, -STEP):
                moved = mp.matrix(x.tolist())
                moved[i, j] += step
                ends.append(row.reference(moved, *exact))
            gradient[i, j] = float((ends[0] - ends[1]) / (2 * STEP))
    return gradient


def of_frechet(row, x, w, others):
    with tempfile.TemporaryDirectory() as folder:
        data = {"X": x, "W": w, "V": w[:N], "w": w[:1]}
        data.update(zip("YZ", others))
        arguments = [os.environ["FRECHET"], "evaluate", row.text, "--declare", DECLARED[row.kind]]
        if row.text.startswith("w*"):
            arguments += ["--declare", "w: row(n)"]
        for name, matrix in data.items():
            if name in row.text.replace("svd", "").replace("tanh", ""):
                path = f"{folder}/data-{name}.npy"
                np.save(path, matrix)
                arguments += ["--data", f"{name}={path}"]
        arguments += ["--gradient", "X", "--out", folder, "--time-limit", "120"]
        done = subprocess.run(arguments, capture_output=True, text=True)
        if done.returncode != 0:
            return done.stderr.strip().splitlines()[0]
        return np.load(f"{folder}/gradient-X.npy")


def error(row, gradient, reference):
    if isinstance(gradient, str):
        return "error" if "error" in gradient else gradient
    if row.kind in ("spd", "symmetric"):
        gradient, reference = (gradient + gradient.T) / 2, (reference + reference.T) / 2
    if not np.isfinite(gradient).all():
        return "nan"
    return f"{np.linalg.norm(gradient - reference) / np.linalg.norm(reference):.0e}"


def main():
    names = [a for a in sys.argv[1:] if not a.startswith("-")]
    quick = "--quick" in sys.argv
    levels = {
        "condition": [1e0, 1e2, 1e4, 1e6, 1e8, 1e10, 1e12],
        "gap": [1e0, 1e-2, 1e-4, 1e-6, 1e-8, 0],
    }
    if quick:
        levels = {"condition": [1e2, 1e8], "gap": [1e-2, 1e-8]}
    print(f"mpmath {mp.__version__}, NumPy {np.__version__}, PyTorch {torch.__version__}, JAX {jax.__version__}")
    for kind, title in [("condition", "condition number"), ("gap", "gap")]:
        print(f"\n| function | of | {' | '.join(f'{l:.0e}' for l in levels[kind])} |")
        print("|---|---|" + "---|" * len(levels[kind]))
        for row in ROWS:
            if row.levels != kind or (names and row.name not in names):
                continue
            table = {"Frechet": [], "PyTorch": [], "JAX": []}
            for level in levels[kind]:
                x, w, others = matrices(row, level)
                reference = difference_quotients(row, x, w, others)
                table["Frechet"].append(error(row, of_frechet(row, x, w, others), reference))
                for library in (Torch, Jax):
                    try:
                        g = library.gradient(
                            lambda *a: row.library(library, *a), x, w, *others)
                    except Exception as problem:  # what a library cannot do is a finding
                        g = f"error: {problem}"
                    table[library.name].append(error(row, g, reference))
            for who, errors in table.items():
                mark = row.around if who != "Frechet" else ""
                print(f"| `{row.name}` | {who}{mark} | {' | '.join(errors)} |", flush=True)


main()
