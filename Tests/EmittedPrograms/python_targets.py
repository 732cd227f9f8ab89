"""The arrays of NumPy, JAX and PyTorch, and how each differentiates."""

import numpy as np


class NumPy:
    def array(self, values):
        return values

    def numbers(self, array):
        return np.asarray(array)

    def differentiation(self, module, case, arrays, expected):
        return None


class JAX:
    def __init__(self):
        import jax

        jax.config.update("jax_enable_x64", True)
        self.jax = jax

    def array(self, values):
        return self.jax.numpy.asarray(values)

    def numbers(self, array):
        return np.asarray(array)

    def differentiation(self, module, case, arrays, expected):
        """`jit` of `grad` against central differences, and `vmap` of it."""
        if not hasattr(module, "value"):
            return None
        jax, jnp = self.jax, self.jax.numpy
        places, sizes = tuple(case["places"]), case["sizes"]
        arguments = [jnp.asarray(a) for a in arrays]
        weights = jnp.asarray(np.random.default_rng(0).standard_normal(expected[0].shape))

        def scalar(*arguments):
            own = [arguments[i] for i in case["valuePlaces"]]
            return jnp.vdot(weights, module.value(*own, *sizes))

        gradient = jax.jit(jax.grad(scalar, places))
        actual = gradient(*arguments)
        slopes = directional_slopes(lambda *a: float(scalar(*a)), case, arrays, actual)
        for name, slope, product in slopes:
            if abs(slope - product) > 1e-5 * max(abs(slope), abs(product), 1e-3):
                return f"grad by {name}: {product:.8g}, not {slope:.8g}"
        batch = [jnp.stack([a, a]) for a in arguments]
        mapped = jax.vmap(gradient)(*batch)
        for one, two in zip(actual, mapped):
            if not np.allclose(two[1], one, rtol=1e-9, atol=1e-12):
                return "vmap of grad differs from grad"
        return None


class Torch:
    def __init__(self):
        import torch

        torch.set_num_threads(1)
        self.torch = torch

    def array(self, values):
        return self.torch.tensor(values)

    def numbers(self, array):
        return array.detach().numpy()

    def differentiation(self, module, case, arrays, expected):
        """`gradcheck` and `gradgradcheck` of the value, a structured variable by parameters."""
        if not hasattr(module, "value"):
            return None
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
        for check in (torch.autograd.gradcheck, torch.autograd.gradgradcheck):
            if not check(value, start, raise_exception=False):
                return f"{check.__name__} fails"
        return None


TARGETS = {"numpy": NumPy, "jax": JAX, "torch": Torch}


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
