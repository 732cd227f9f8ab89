"""How far inverses of random symmetric positive definite 4x4 matrices are from the exact ones.

The exact inverse of a matrix of doubles is a matrix of fractions. Prints the 10 %, 50 % and 90 %
quantiles of the relative error over 300 matrices for each condition number:

    python3 Benchmarks/Accuracy/inverses.py    # needs NumPy and SciPy
"""

from fractions import Fraction

import numpy as np
import scipy.linalg

N = 4


def exact_inverse(a):
    rows = [[Fraction(float(x)) for x in row] + [Fraction(int(i == j)) for j in range(N)]
            for i, row in enumerate(a)]
    for k in range(N):
        pivot = max(range(k, N), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(N):
            if i != k:
                rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k])]
    return [row[N:] for row in rows]


def error(x, exact):
    pairs = [(Fraction(float(x[i, j])), exact[i][j]) for i in range(N) for j in range(N)]
    squares = sum((a - b) ** 2 for a, b in pairs) / sum(b ** 2 for _, b in pairs)
    return float(squares) ** 0.5


def definite(condition, seed):
    rng = np.random.default_rng(seed)
    q, _ = np.linalg.qr(rng.standard_normal((N, N)))
    a = (q * np.logspace(0, -np.log10(condition), N)) @ q.T
    return (a + a.T) / 2


for condition in (1e4, 1e8, 1e12):
    errors = {"LU": [], "LU of the transpose": [], "Cholesky": []}
    for seed in range(300):
        a = definite(condition, seed)
        exact, identity = exact_inverse(a), np.eye(N)
        factors = scipy.linalg.lu_factor(a)
        errors["LU"].append(error(scipy.linalg.lu_solve(factors, identity), exact))
        transposed = scipy.linalg.lu_solve(factors, identity, trans=1)
        errors["LU of the transpose"].append(error(transposed, exact))
        cholesky = scipy.linalg.cho_factor(a, lower=True)
        errors["Cholesky"].append(error(scipy.linalg.cho_solve(cholesky, identity), exact))
    for name, values in errors.items():
        low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
        print(f"{condition:.0e}  {name:20}  {low:.0e}  {middle:.0e}  {high:.0e}")
