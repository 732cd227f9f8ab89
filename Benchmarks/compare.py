"""Measures Frechet against JAX, PyTorch and NumPy on the same data, in one run.

    Benchmarks/compare.py --frechet .build/release/frechet [--kind gradient] [--size small] ...

Each cell takes turns, so that a busy machine is busy for all; the least of the turns' medians
counts.
Values are compared with JAX's; a Hessian-vector product is taken along the point itself. `bound/` is
the time in units of what the machine needs at least, measured beside it: to read the inputs and
results once (as NumPy's sum does), or for the multiplications of the plan at the speed of DGEMM."""
import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--frechet", required=True)
arguments.add_argument("--kind", action="append", choices=["gradient", "hvp", "hessian", "jacobian"])
arguments.add_argument("--size", action="append", choices=["small", "medium", "large"])
arguments.add_argument("--task", action="append", help="a part of a task's name")
arguments.add_argument("--threads", type=int, default=1)
arguments.add_argument("--rounds", type=int, default=3)
arguments.add_argument("--seconds", type=float, default=0.2, help="of each turn")
arguments.add_argument("--statistic", default="median", choices=["median", "min"],
                       help="of the calls of a turn; the least of the turns counts")
arguments.add_argument("--no-torch", action="store_true")
arguments.add_argument("--torch-compile", action="store_true",
                       help="measure torch.compile beside eager PyTorch; it takes up to a minute a cell")
arguments.add_argument("--json", help="a file for the results")
options = arguments.parse_args()

# One setting for all sides, before any of them is loaded.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(options.threads)
os.environ["XLA_FLAGS"] = (
    f"--xla_cpu_multi_thread_eigen={'false' if options.threads == 1 else 'true'} "
    f"intra_op_parallelism_threads={options.threads}")
if options.threads == 1 and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[-1]})

import numpy as np  # noqa: E402

os.environ["JAX_PLATFORMS"] = "cpu"
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402

jax.config.update("jax_enable_x64", True)
if not options.no_torch:
    import torch
    torch.set_num_threads(options.threads)

from tasks import TASKS  # noqa: E402


class JAXNames:
    exp, log, sum, sqrt, tanh, eye, trace = (
        jnp.exp, jnp.log, jnp.sum, jnp.sqrt, jnp.tanh, jnp.eye, jnp.trace)
    amax, logaddexp, slogdet, solve = jnp.max, jnp.logaddexp, jnp.linalg.slogdet, jnp.linalg.solve
    logsumexp = staticmethod(jax.scipy.special.logsumexp)


class TorchNames:
    if not options.no_torch:
        exp, log, sqrt, tanh, trace = torch.exp, torch.log, torch.sqrt, torch.tanh, torch.trace
        logaddexp, slogdet, solve = torch.logaddexp, torch.linalg.slogdet, torch.linalg.solve

        @staticmethod
        def sum(x, axis=None, keepdims=False):
            return x.sum() if axis is None else x.sum(axis, keepdim=keepdims)

        @staticmethod
        def amax(x, axis, keepdims):
            return torch.amax(x, axis, keepdim=keepdims)

        @staticmethod
        def eye(n):
            return torch.eye(n, dtype=torch.float64)

        @staticmethod
        def logsumexp(x):
            return torch.logsumexp(x, 0)


def times(call):
    """The times of the calls of one turn."""
    call()
    result, end = [], time.perf_counter() + options.seconds
    while True:
        start = time.perf_counter()
        call()
        now = time.perf_counter()
        result.append(now - start)
        if now > end:
            return result


def statistic(values):
    return min(values) if options.statistic == "min" else sorted(values)[len(values) // 2]


def jax_call(task, kind, data):
    names = list(data)
    position = names.index(task.wrt)
    values = [jnp.asarray(data[n]) for n in names]

    def f(*v):
        return task.f(JAXNames, *v)

    if kind == "gradient":
        g = jax.jit(jax.value_and_grad(f, position))
    elif kind == "hessian":
        g = jax.jit(jax.hessian(f, position))
    elif kind == "jacobian":
        g = jax.jit(jax.jacrev(f, position))
    else:
        gradient = jax.grad(f, position)

        def hvp(direction, *v):
            def at(x):
                return gradient(*v[:position], x, *v[position + 1:])
            return jax.jvp(at, (v[position],), (direction,))[1]
        compiled = jax.jit(hvp)
        direction = jnp.asarray(data[task.wrt])
        return lambda: jax.block_until_ready(compiled(direction, *values))
    return lambda: jax.block_until_ready(g(*values))


def torch_call(task, kind, data, is_compiled=False):
    names = list(data)
    position = names.index(task.wrt)
    values = [torch.from_numpy(np.array(data[n], dtype=float)) for n in names]

    def prepared(f):
        return torch.compile(f) if is_compiled else f

    def of(x):
        return task.f(TorchNames, *values[:position], x, *values[position + 1:])

    if kind in ("hessian", "jacobian"):
        derivative = prepared((torch.func.hessian if kind == "hessian" else torch.func.jacrev)(of))
        return lambda: derivative(values[position])
    x = values[position].clone().requires_grad_(True)
    if kind == "gradient":
        f = prepared(of)
        return lambda: torch.autograd.grad(f(x), x)
    if is_compiled:
        derivative = prepared(
            lambda x, direction: torch.func.jvp(torch.func.grad(of), (x,), (direction,))[1])
        return lambda: derivative(values[position], values[position])

    def call():
        g, = torch.autograd.grad(of(x), x, create_graph=True)
        return torch.autograd.grad(g, x, values[position], allow_unused=True)
    return call


def command(task, kind, folder, data):
    arguments = [options.frechet, "bench", task.text, "--task", kind, "--wrt", task.wrt,
                 "--threads", str(options.threads), "--duration", str(options.seconds),
                 "--time-limit", "100"]
    for declaration in task.declare:
        arguments += ["--declare", declaration]
    for name, value in data.items():
        if value.ndim == 0:
            arguments += ["--data", f"{name}={float(value)}"]
        else:
            path = os.path.join(folder, f"{name}.npy")
            np.save(path, np.asfortranarray(value))
            arguments += ["--data", f"{name}={path}"]
    if kind == "hvp":
        # As in the other libraries, along the point itself.
        arguments += ["--along", os.path.join(folder, f"{task.wrt}.npy")]
    return arguments + ["--out", folder]


def entries(x):
    """The entries column by column, as Frechet has them; a Hessian of matrices by vec."""
    x = np.asarray(x)
    if x.ndim == 4:
        m, n = x.shape[:2]
        return x.transpose(1, 0, 3, 2).reshape(m * n, m * n).ravel(order="F")
    return x.ravel(order="F")


def symmetrized(x, n):
    """Along symmetric directions alone: a derivative with respect to a symmetric n×n matrix is not
    fixed along others. Of a gradient the symmetric part, of a Hessian that of both of its sides."""
    if x.size == n * n:
        x = x.reshape(n, n)
        return (x + x.T).ravel() / 2
    x = x.reshape(n, n, n, n)
    x = (x + x.transpose(1, 0, 2, 3)) / 2
    return ((x + x.transpose(0, 1, 3, 2)) / 2).ravel()


def check(kind, expected, folder, task):
    """The largest difference relative to the largest entry."""
    result = np.load(os.path.join(folder, "result.npy"))
    if kind == "gradient":
        expected = expected[1]
    expected = np.asarray(expected)
    a, b = entries(result), entries(expected)
    if any(d.startswith(f"{task.wrt}: spd") for d in task.declare):
        n = expected.shape[0]
        a, b = symmetrized(a, n), symmetrized(b, n)
    return float(np.abs(a - b).max() / max(np.abs(b).max(), 1e-300))


def measure(task, kind, size):
    shape = (task.hessian if kind == "hessian" else task.sizes)[size]
    data = {k: np.asarray(v, dtype=float) for k, v in task.data(*shape).items()}
    row = dict(task=task.name, kind=kind, size=size, shape=shape)
    with tempfile.TemporaryDirectory() as folder:
        own = command(task, kind, folder, data)
        calls = {"jax": jax_call(task, kind, data)}
        start = time.perf_counter()
        expected = calls["jax"]()
        row["jax_first"] = time.perf_counter() - start
        if not options.no_torch and (size != "large" or kind != "hessian"):
            calls["torch"] = torch_call(task, kind, data)
            if options.torch_compile:
                calls["torch.compile"] = torch_call(task, kind, data, is_compiled=True)
        if kind == "gradient" and task.expert:
            calls["numpy"] = lambda: task.expert(data)
        for _ in range(options.rounds):
            outcome = subprocess.run(own, capture_output=True, text=True)
            if outcome.returncode:
                row["error"] = outcome.stderr.strip().splitlines()[-1][:120]
                return row
            report = json.loads(outcome.stdout)
            row["frechet"] = min(row.get("frechet", math.inf), report[f"{options.statistic}_s"])
            row["frechet_first"] = min(
                row.get("frechet_first", math.inf), report["compile_s"] + report["first_s"])
            row["compile"] = min(row.get("compile", math.inf), report["compile_s"])
            row["coretype"] = report["coretype"]
            if size == "large":
                bytes_rate, flops_rate = rates()
                bound = max(report["bytes"] / bytes_rate, report["flops"] / flops_rate)
                row["bound"] = min(row.get("bound", math.inf), bound)
            for name, call in list(calls.items()):
                try:
                    row[name] = min(row.get(name, math.inf), statistic(times(call)))
                except Exception as error:  # a library that cannot do a task is left out
                    row[name + "_error"] = str(error)[:80]
                    del calls[name]
        row["difference"] = check(kind, expected, folder, task)
    return row


def rates():
    """Bytes a second of a sum that reads memory, and operations a second of DGEMM."""
    data, square = rates.data
    read = min(times(lambda: data.sum()))
    multiply = min(times(lambda: square @ square))
    return data.nbytes / read, 2 * len(square) ** 3 / multiply


rates.data = (np.ones((100000, 200)), np.ones((1024, 1024)))


def micro(seconds):
    return f"{seconds * 1e6:10.1f}" if seconds is not None else " " * 10


def ratio(row, name):
    return f"{row[name] / row['frechet']:8.2f}" if name in row else " " * 8


def bound(row):
    return f"{row['frechet'] / row['bound']:8.2f}" if "bound" in row else " " * 8


def main():
    results = []
    print(f"threads {options.threads}, OPENBLAS_CORETYPE={os.environ.get('OPENBLAS_CORETYPE', 'unset')}")
    print(f"{'task':22} {'kind':9} {'size':7} {'µs':>10} {'jax/':>8} {'torch/':>8} {'comp./':>8} {'numpy/':>8} "
          f"{'first/':>8} {'bound/':>8} {'compile ms':>10} difference")
    for kind in options.kind or ["gradient", "hvp", "hessian", "jacobian"]:
        for size in options.size or ["small", "medium", "large"]:
            for task in TASKS:
                if kind not in task.kinds:
                    continue
                if options.task and not any(t in task.name for t in options.task):
                    continue
                row = measure(task, kind, size)
                results.append(row)
                if "error" in row:
                    print(f"{task.name:22} {kind:9} {size:7} {row['error']}")
                else:
                    print(f"{task.name:22} {kind:9} {size:7} {micro(row['frechet'])} "
                          f"{ratio(row, 'jax')} {ratio(row, 'torch')} "
                          f"{ratio(row, 'torch.compile')} {ratio(row, 'numpy')} "
                          f"{row['jax_first'] / row['frechet_first']:8.1f} "
                          f"{bound(row)} "
                          f"{row['compile'] * 1e3:10.2f} {row['difference']:.1e}")
                sys.stdout.flush()
            cells = [r["jax"] / r["frechet"] for r in results
                     if r["kind"] == kind and r["size"] == size and "frechet" in r and "jax" in r]
            if cells:
                mean = math.exp(sum(map(math.log, cells)) / len(cells))
                print(f"{'geometric mean':22} {kind:9} {size:7} {'':10} {mean:8.2f}  "
                      f"least {min(cells):.2f}\n")
    if options.json:
        with open(options.json, "w") as file:
            json.dump(results, file, indent=1)


main()
