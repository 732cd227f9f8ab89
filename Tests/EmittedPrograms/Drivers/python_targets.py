"""How programs are loaded, called and differentiated: NumPy, JAX, PyTorch, StableHLO, Julia."""

import contextlib
import importlib.util
import io
import re

import numpy as np

PASSED, NOT_APPLICABLE = object(), object()


class PythonModule:
    """A program that is a module of Python."""

    def __init__(self):
        self.checks = {
            "float32": self.float32,
            "test": self.test,
            "shapes": self.shapes,
            "bench": self.bench,
        }

    def load(self, path, case):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def results(self, module, case, arguments):
        results = getattr(module, case["functionName"])(*arguments, *case["sizes"])
        return results if len(case["outputs"]) > 1 else (results,)

    def array(self, values):
        return values

    def numbers(self, array):
        return np.asarray(array)

    def float32(self, module, case, arrays, expected):
        """Single precision in, single precision out, and the same numbers to what it can hold."""
        single = [self.array(a.astype(np.float32)) for a in arrays]
        for output, result, value in zip(
            case["outputs"], self.results(module, case, single), expected
        ):
            numbers = self.numbers(result)
            if numbers.dtype != np.float32:
                return f"{output['name']}: {numbers.dtype}"
            error = difference(numbers, value, 1e-3)
            if error:
                return f"{output['name']}: {error}"
        return PASSED

    def test(self, module, case, arrays, expected):
        """The program's own test."""
        with contextlib.redirect_stdout(io.StringIO()) as report:
            status = module.test()
        return report.getvalue() if status != 0 else PASSED

    def shapes(self, module, case, arrays, expected):
        """Arguments of wrong shapes are refused by name."""
        for misfit in case["misfits"]:
            place, name = misfit["place"], case["arguments"][misfit["place"]]["name"]
            inputs = [self.array(a) for a in arrays]
            inputs[place] = self.array(np.ones(misfit["shape"]))
            try:
                self.results(module, case, inputs)
            except ValueError as error:
                # An underscore follows a name that the language has for something else.
                if not re.match(rf"{name}_*: expected ", str(error)):
                    return f"{name} of shape {misfit['shape']}: {error}"
            else:
                return f"{name} of shape {misfit['shape']} is accepted"
        return PASSED

    def bench(self, module, case, arrays, expected):
        """The program's own measurement, of which the time is read where the lines are."""
        print(case["id"], "bench", "", sep="\t", end="")
        module.benchmark()
        return NOT_APPLICABLE

    def compared(self, case, results, expected):
        """The verdict on results of another call."""
        for output, result, value in zip(case["outputs"], results, expected):
            error = difference(self.numbers(result), value, 1e-8)
            if error:
                return f"{output['name']}: {error}"
        return PASSED


class NumPy(PythonModule):
    pass


class JAX(PythonModule):
    def __init__(self):
        super().__init__()
        import jax

        jax.config.update("jax_enable_x64", True)
        self.jax = jax
        self.checks |= {
            "jit": self.jit,
            "vmap": self.vmap,
            "grad": self.grad,
            "vmap of grad": self.vmap_of_grad,
        }

    def array(self, values):
        return self.jax.numpy.asarray(values)

    def jit(self, module, case, arrays, expected):
        function = self.jax.jit(lambda *arguments: self.results(module, case, arguments))
        return self.compared(case, function(*map(self.array, arrays)), expected)

    def vmap(self, module, case, arrays, expected):
        """Of two problems, both of them the given one."""
        function = self.jax.vmap(lambda *arguments: self.results(module, case, arguments))
        batch = [self.jax.numpy.stack([a, a]) for a in arrays]
        return self.compared(case, [r[1] for r in function(*batch)], expected)

    def gradient(self, module, case, expected):
        """The function and its gradient: the value times random weights, all added up."""
        jnp = self.jax.numpy
        weights = jnp.asarray(np.random.default_rng(0).standard_normal(expected[0].shape))

        def scalar(*arguments):
            own = [arguments[i] for i in case["valuePlaces"]]
            return jnp.vdot(weights, module.value(*own, *case["sizes"]))

        return scalar, self.jax.grad(scalar, tuple(case["places"]))

    def grad(self, module, case, arrays, expected):
        """`jit` of `grad` against central differences."""
        if not hasattr(module, "value"):
            return NOT_APPLICABLE
        scalar, gradient = self.gradient(module, case, expected)
        actual = self.jax.jit(gradient)(*map(self.array, arrays))
        slopes = directional_slopes(lambda *a: float(scalar(*a)), case, arrays, actual)
        for name, slope, product in slopes:
            if abs(slope - product) > 1e-5 * max(abs(slope), abs(product), 1e-3):
                return f"by {name} {product:.8g}, not {slope:.8g}"
        return PASSED

    def vmap_of_grad(self, module, case, arrays, expected):
        if not hasattr(module, "value"):
            return NOT_APPLICABLE
        _, gradient = self.gradient(module, case, expected)
        actual = gradient(*map(self.array, arrays))
        batch = [self.jax.numpy.stack([a, a]) for a in arrays]
        for one, two in zip(actual, self.jax.jit(self.jax.vmap(gradient))(*batch)):
            if not np.allclose(two[1], one, rtol=1e-9, atol=1e-12):
                return "differs from grad"
        return PASSED


class Torch(PythonModule):
    def __init__(self):
        super().__init__()
        import torch

        torch.set_num_threads(1)
        self.torch = torch
        self.checks |= {
            "vmap": self.vmap,
            "gradcheck": lambda *case: self.gradcheck(torch.autograd.gradcheck, *case),
            "gradgradcheck": lambda *case: self.gradcheck(torch.autograd.gradgradcheck, *case),
        }

    def array(self, values):
        return self.torch.tensor(values)

    def numbers(self, array):
        return array.detach().numpy()

    def vmap(self, module, case, arrays, expected):
        """Of two problems, both of them the given one."""
        function = self.torch.vmap(lambda *arguments: tuple(self.results(module, case, arguments)))
        batch = [self.torch.tensor(np.stack([a, a])) for a in arrays]
        return self.compared(case, [r[1] for r in function(*batch)], expected)

    def gradcheck(self, check, module, case, arrays, expected):
        """Of the value, a structured variable by parameters."""
        if not hasattr(module, "value"):
            return NOT_APPLICABLE
        torch = self.torch
        places, sizes = case["places"], case["sizes"]
        constants = [torch.tensor(a) for a in arrays]
        maps = [parametrization(torch, case["arguments"][p]["type"], arrays[p]) for p in places]

        def value(*parameters):
            arguments = list(constants)
            for place, (_, curve), parameter in zip(places, maps, parameters):
                arguments[place] = curve(parameter)
            own = [arguments[i] for i in case["valuePlaces"]]
            return module.value(*own, *sizes)

        start = [m[0].requires_grad_() for m in maps]
        return PASSED if check(value, start, raise_exception=False) else "fails"


class StableHLO:
    """A module for the CPU client of JAX."""

    def __init__(self):
        import jax
        import jax.extend.backend
        from jaxlib import xla_client

        jax.config.update("jax_enable_x64", True)
        self.array = jax.device_put
        self.client = jax.extend.backend.get_backend("cpu")
        self.options = xla_client.CompileOptions()
        self.checks = {}

    def load(self, path, case):
        return self.client.compile_and_load(
            path.read_text(), self.client.devices()[:1], self.options
        )

    def numbers(self, array):
        return np.asarray(array)

    def results(self, executable, case, arguments):
        results = executable.execute_sharded(arguments).disassemble_into_single_device_arrays()
        return [devices[0] for devices in results]


class Julia:
    """Julia is not run: its programs are parsed."""

    def __init__(self):
        import tree_sitter
        import tree_sitter_julia

        self.parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_julia.language()))
        self.checks = {}

    def load(self, path, case):
        tree = self.parser.parse(path.read_bytes())
        node = tree.root_node
        while node.has_error and not node.is_error and not node.is_missing:
            node = next(child for child in node.children if child.has_error)
        if node.has_error:
            line = node.text.decode().split("\n")[0]
            raise SyntaxError(f"line {node.start_point[0] + 1}: {line}")
        return None


TARGETS = {
    "numpy": NumPy,
    "jax": JAX,
    "torch": Torch,
    "stablehlo": StableHLO,
    "julia": Julia,
}


def difference(actual, expected, tolerance):
    """What is wrong with an array; None where it is right."""
    if actual.shape != expected.shape:
        return f"shape {actual.shape}, not {expected.shape}"
    scale = np.abs(expected).max(initial=0)
    error = np.abs(actual - expected).max(initial=0)
    if not error <= tolerance * scale + 1e-3 * tolerance:
        return f"off by {error:.1e} of {scale:.1e}"
    return None


def parametrization(torch, kind, point):
    """A plain tensor and the map from it to matrices of a structure, the point at the start."""
    start = torch.tensor(point)
    if kind in ("symmetric", "spd", "psd"):
        return start, lambda x: (x + x.T) / 2
    if kind == "skew":
        return start, lambda x: (x - x.T) / 2
    if kind == "diagonal":
        return torch.diag(start).clone(), torch.diag
    if kind in ("lower", "upper"):
        return start, torch.tril if kind == "lower" else torch.triu
    if kind in ("orthogonal", "stiefel"):
        # The retraction by QR, with a positive diagonal of R.
        def retract(x):
            q, r = torch.linalg.qr(x)
            return q * torch.sign(torch.diagonal(r))

        return start, retract
    return start, lambda x: x


def tangent(kind, point, rng):
    """A random direction in which a matrix of a structure may move."""
    z = rng.standard_normal(point.shape)
    if kind in ("symmetric", "spd", "psd"):
        return (z + z.T) / 2
    if kind == "skew":
        return (z - z.T) / 2
    if kind == "diagonal":
        return np.diag(np.diag(z))
    if kind == "lower":
        return np.tril(z)
    if kind == "upper":
        return np.triu(z)
    if kind in ("orthogonal", "stiefel"):
        product = point.T @ z
        return z - point @ (product + product.T) / 2
    return z


def retracted(kind, point, direction):
    if kind in ("orthogonal", "stiefel"):
        q, r = np.linalg.qr(point + direction)
        return q * np.sign(np.diag(r))
    return point + direction


def directional_slopes(function, case, arrays, gradients):
    """Central differences along tangents, and the products of the gradients with these."""
    rng = np.random.default_rng(1)
    slopes = []
    for place, gradient in zip(case["places"], gradients):
        argument = case["arguments"][place]
        point = arrays[place]
        direction = tangent(argument["type"], point, rng)
        step = 1e-5 * max(1e-3, np.abs(point).max(initial=0) / np.abs(direction).max(initial=1))
        values = []
        for sign in (1, -1):
            moved = list(arrays)
            moved[place] = retracted(argument["type"], point, sign * step * direction)
            values.append(function(*moved))
        product = float(np.sum(np.asarray(gradient) * direction))
        slopes.append((argument["name"], (values[0] - values[1]) / (2 * step), product))
    return slopes
