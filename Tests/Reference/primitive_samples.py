"""Writes PrimitiveSamples.swift: the value of every primitive, by NumPy, SciPy and mpmath."""
import mpmath as mp
import numpy as np
import scipy.linalg as sl

mp.mp.dps = 40
A = np.array([[2.0, -1.0, 0.5], [0.25, 3.0, -0.75], [1.0, 0.5, 2.5]])
B = np.array([[0.5, 1.5, -2.0], [1.25, -0.5, 0.75], [2.0, 0.25, 1.0]])
S = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, -0.25], [0.5, -0.25, 2.0]])
T = np.array([[1.5, -0.25], [0.5, 2.0], [-1.0, 0.75]])
x = np.array([[0.5], [-1.25], [2.0]])
y = np.array([[1.5], [0.25], [-0.5]])
p = np.array([[0.25, 1.5], [2.75, 0.5]])
q = np.array([[0.25, -0.5], [0.75, -0.125]])
X = np.arange(1.0, 21.0).reshape(4, 5) / 4
W = np.array([[1.0, -0.5], [0.25, 2.0]])

samples = []


def add(name, operands, expected, parameters=()):
    expected = np.atleast_2d(np.asarray(expected, dtype=float))
    samples.append((name, [np.atleast_2d(np.asarray(o, dtype=float)) for o in operands],
                    list(parameters), expected))


def each(name, function, at):
    values = [[float(function(mp.mpf(float(v)))) for v in row] for row in at]
    add(name, [at], values)


add("add", [A, x.T], A + x.T)
add("subtract", [A, x], A - x)
add("negate", [A], -A)
add("multiply", [A, T], A @ T)
add("divide", [B, A], B @ np.linalg.inv(A))
add("leftDivide", [A, T], np.linalg.solve(A, T))
add("hadamard", [A, B], A * B)
add("elementwiseDivide", [A, x], A / x)
add("power", [A, -2.0], np.linalg.inv(A @ A))
add("power", [S, 0.5], sl.sqrtm(S))
add("power", [2.5, 1.75], 2.5 ** 1.75)
add("elementwisePower", [p, 2.5], p ** 2.5)
add("transpose", [T], T.T)
add("blocks", [A, T, x.T, [[7.0, 8.0]]], np.block([[A, T], [x.T, np.array([[7.0, 8.0]])]]), [2, 2, 2])

for name in ["exp", "expm1", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "erf", "erfc"]:
    each(name, getattr(mp, name), q)
each("log", mp.log, p)
each("log1p", mp.log1p, q)
each("log2", lambda v: mp.log(v, 2), p)
each("log10", mp.log10, p)
each("sqrt", mp.sqrt, p)
each("asin", mp.asin, q)
each("acos", mp.acos, q)
add("abs", [x], abs(x))
add("sign", [[-2.0, 0.0, 3.0]], [-1.0, 0.0, 1.0])
add("square", [x], x ** 2)
each("sigmoid", lambda v: 1 / (1 + mp.exp(-v)), q)
each("softplus", lambda v: mp.log1p(mp.exp(v)), q)
add("relu", [x], np.maximum(x, 0))
add("leakyrelu", [x, 0.125], np.where(x > 0, x, 0.125 * x))
each("elu", lambda v: v if v > 0 else mp.expm1(v), q)
each("gelu", lambda v: v * mp.ncdf(v), q)
each("silu", lambda v: v / (1 + mp.exp(-v)), q)
add("step", [[-2.0, 0.0, 3.0]], [0.0, 0.0, 1.0])
each("normcdf", mp.ncdf, q)
each("normpdf", mp.npdf, q)
each("lgamma", mp.loggamma, p)
each("digamma", mp.digamma, p)
each("trigamma", lambda v: mp.polygamma(1, v), p)
add("polygamma", [p], [[float(mp.polygamma(3, float(v))) for v in r] for r in p], [3])
add("clip", [x, -1.0, 1.0], np.clip(x, -1, 1))
add("max", [x, 0.25], np.maximum(x, 0.25))
add("min", [A, x.T], np.minimum(A, x.T))

for name, f in [("sum", np.sum), ("mean", np.mean), ("prod", np.prod),
                ("maximum", np.max), ("minimum", np.min),
                ("logsumexp", lambda M, axis=None, keepdims=False:
                 np.log(np.sum(np.exp(M), axis=axis, keepdims=keepdims)))]:
    add(name, [T], f(T))
    add(name, [T], f(T, axis=0, keepdims=True), [1])
    add(name, [T], f(T, axis=1, keepdims=True), [2])
add("tr", [A], np.trace(A))
add("det", [A], np.linalg.det(A))
add("logdet", [B], np.linalg.slogdet(B)[1])
add("norm1", [A], abs(A).sum())
add("norm2", [A], np.linalg.norm(A))
add("normF", [A], np.linalg.norm(A))
add("normp", [x, 3.0], (abs(x) ** 3).sum() ** (1 / 3))
add("norminf", [A], abs(A).max())
add("nucnorm", [T], np.linalg.svd(T)[1].sum())
add("specnorm", [T], np.linalg.svd(T)[1].max())
add("dot", [x, y], (x * y).sum())
e = np.exp(T)
add("softmax", [T], e / e.sum(0), [1])
add("softmax", [T], e / e.sum(1, keepdims=True), [2])
add("logsoftmax", [T], T - np.log(e.sum(1, keepdims=True)), [2])

add("diag", [x], np.diag(x[:, 0]))
add("diagonal", [A], np.diag(A).reshape(-1, 1))
add("col", [A], A[:, [1]], [2])
add("row", [A], A[[2], :], [3])
add("entry", [A], A[0, 2], [1, 3])
add("unit", [], [[0.0], [1.0], [0.0]], [3, 2])
add("vec", [T], T.reshape(-1, 1, order="F"))
add("reshape", [T], T.reshape(2, 3, order="F"), [2, 3])
add("kron", [T, W], np.kron(T, W))
add("khatrirao", [T, W], sl.khatri_rao(T, W))
add("vech", [S], [[S[i, j]] for j in range(3) for i in range(j, 3)])
add("tril", [A], np.tril(A))
add("triu", [A], np.triu(A))
add("sym", [A], (A + A.T) / 2)
add("skew", [A], (A - A.T) / 2)
add("eye", [], np.eye(3))
add("ones", [], np.ones((2, 3)))
add("zeros", [], np.zeros((3, 2)))
add("constantVector", [0.5], np.full((3, 1), 0.5))
add("constantMatrix", [0.5], np.full((2, 3), 0.5))
K = np.zeros((6, 6))
for i in range(2):
    for j in range(3):
        K[i * 3 + j, j * 2 + i] = 1
add("commutation", [], K, [2, 3])
D = np.zeros((4, 3))
D[0, 0] = D[1, 1] = D[2, 1] = D[3, 2] = 1
add("duplication", [], D, [2])

add("inv", [A], np.linalg.inv(A))
add("pinv", [T], np.linalg.pinv(T))
add("adj", [A], np.linalg.det(A) * np.linalg.inv(A))
add("adj", [np.outer([1.0, 2.0], [3.0, 1.0])], [[2.0, -1.0], [-6.0, 3.0]])
add("cof", [A], (np.linalg.det(A) * np.linalg.inv(A)).T)
add("chol", [S], np.linalg.cholesky(S))
Q, R = np.linalg.qr(T)
sign = np.sign(np.diag(R))
add("qrq", [T], Q * sign)
add("qrr", [T], R * sign[:, None])
L = np.eye(3)
U = A.copy()
for k in range(3):
    for i in range(k + 1, 3):
        L[i, k] = U[i, k] / U[k, k]
        U[i] -= L[i, k] * U[k]
add("lul", [A], L)
add("luu", [A], np.triu(U))


def positive(M):
    return np.sign(M[abs(M).argmax(0), range(M.shape[1])])


w, V = np.linalg.eigh(S)
add("eigvals", [S], w.reshape(-1, 1))
add("eigvecs", [S], V * positive(V))
add("lambdamax", [S], w[-1])
add("lambdamin", [S], w[0])
U, s, Vt = np.linalg.svd(T, full_matrices=False)
add("svdvals", [T], s.reshape(-1, 1))
add("svdu", [T], U * positive(U))
add("svdv", [T], Vt.T * positive(U))
for name in ["expm", "logm", "sqrtm", "sinm", "cosm"]:
    value = getattr(mp, name)(mp.matrix(A.tolist()))
    add(name, [A], [[float(mp.re(value[i, j])) for j in range(3)] for i in range(3)])
add("solve", [A, T], np.linalg.solve(A, T))
add("sylvester", [A, W, T], sl.solve_sylvester(A, W, T))
add("lyapunov", [A, S], sl.solve_continuous_lyapunov(A, S))
add("cross", [x, y], np.cross(x[:, 0], y[:, 0]).reshape(-1, 1))


def im2col(M, kh, kw, stride, pad):
    M = np.pad(M, pad)
    return np.array([M[i:i + kh, j:j + kw].ravel()
                     for i in range(0, M.shape[0] - kh + 1, stride)
                     for j in range(0, M.shape[1] - kw + 1, stride)])


P = im2col(X, 3, 2, 2, 1)
add("im2col", [X], P, [3, 2, 2, 1])
back = np.zeros((4, 5))
for i in range(4):
    for j in range(5):
        E = np.zeros((4, 5))
        E[i, j] = 1
        back[i, j] = (im2col(E, 3, 2, 2, 1) * P).sum()
add("col2im", [P], back, [4, 5, 3, 2, 2, 1])
row = np.array([[1.0, 2.0, 3.0, 4.0, 5.0]])
padded = np.pad(row[0], 1)
add("conv1d", [row, [[0.5, -1.0, 2.0]]],
    [[padded[i:i + 3] @ [0.5, -1.0, 2.0] for i in (0, 2, 4)]], [2, 1])
add("conv1d", [row.T, [[0.5, -1.0]]],
    [[row[0, i:i + 2] @ [0.5, -1.0]] for i in range(4)], [1, 0])
add("conv2d", [X, W], (im2col(X, 2, 2, 1, 0) @ W.ravel()).reshape(3, 4), [1, 0])


def literal(M):
    values = ", ".join(repr(float(v)) for v in M.ravel(order="F"))
    return f"m({M.shape[0]}, {M.shape[1]}, [{values}])"


print("""// swift-format-ignore-file
import Evaluation
import ExpressionCore

// Generated by Tests/Reference/primitive_samples.py with NumPy, SciPy and mpmath; not edited.

public struct PrimitiveSample: Sendable {
  public let primitive: Primitive
  public let operands: [Matrix]
  public let parameters: [Dim]
  public let expected: Matrix
}

private func m(_ rows: Int, _ columns: Int, _ values: [Double]) -> Matrix {
  Matrix(rows: rows, columns: columns, values: values) ?? Matrix(.nan)
}

private func s(
  _ primitive: Primitive, _ operands: [Matrix], _ parameters: [Dim], _ expected: Matrix
) -> PrimitiveSample {
  PrimitiveSample(
    primitive: primitive, operands: operands, parameters: parameters, expected: expected)
}

public let primitiveSamples: [PrimitiveSample] = [""")
for name, operands, parameters, expected in samples:
    ops = ", ".join(literal(o) for o in operands)
    pars = ", ".join(str(v) for v in parameters)
    print(f"  s(.{name}, [{ops}], [{pars}], {literal(expected)}),")
print("]")
