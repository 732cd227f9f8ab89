"""Writes VectorMathTable.swift: functions of a number to the last bit, by mpmath."""
import math
import os
import random
import struct

import mpmath as mp

mp.mp.prec = 400
random.seed(5)
FUNCTIONS = {
    "exp": mp.exp, "expm1": mp.expm1, "log": mp.log, "log1p": mp.log1p, "tanh": mp.tanh,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)), "softplus": lambda x: mp.log1p(mp.exp(x)),
    "sin": mp.sin, "cos": mp.cos, "erf": mp.erf, "erfc": mp.erfc,
    "log2": lambda x: mp.log(x) / mp.log(2), "log10": mp.log10, "tan": mp.tan, "asin": mp.asin,
    "acos": mp.acos, "atan": mp.atan, "sinh": mp.sinh, "cosh": mp.cosh,
}
LIMITS = {  # at -infinity, infinity
    "exp": (0.0, math.inf), "expm1": (-1.0, math.inf), "log": (math.nan, math.inf),
    "log1p": (math.nan, math.inf), "tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0),
    "softplus": (0.0, math.inf), "sin": (math.nan, math.nan), "cos": (math.nan, math.nan),
    "erf": (-1.0, 1.0), "erfc": (2.0, 0.0), "log2": (math.nan, math.inf),
    "log10": (math.nan, math.inf), "tan": (math.nan, math.nan), "asin": (math.nan, math.nan),
    "acos": (math.nan, math.nan), "atan": (-math.pi / 2, math.pi / 2),
    "sinh": (-math.inf, math.inf), "cosh": (math.inf, math.inf),
}
COMMON = [5e-324, -5e-324, 1e-310, -1e-310, 2.3e-308, -1e-300, 1e-300, 1e-16, -1e-16, 1e-9, -1e-9,
          0.35, -0.35, 1.0, -0.75, 2.0, -2.5, 5.9, 19.2, -19.2, 36.5, -37.2, 700.0, -700.0]
OWN = {"exp": [709.78, 710.0, -708.4, -740.3, -745.13, -745.2], "expm1": [709.78, 710.0, -50.0],
       "log": [1.7976931348623157e308, 1.0000000001, 0.99999], "log1p": [1e300, 1e17, -0.9999999],
       "sigmoid": [-745.0, -710.0, 745.0], "softplus": [-745.0, 1e300],
       "sin": [math.pi, 1e6, 1e22, 710475.0, 10 * math.pi, 1e5 * math.pi],
       "cos": [math.pi / 2, 1e6, 1e22, 710475.0, 10.5 * math.pi, 99999.5 * math.pi],
       "tanh": [1e300], "erf": [6.5, -6.5],
       "erfc": [6.5, -6.5, 0.46, 0.4600000001, 15.7, 26.1, 26.54, 26.6, 27.2, 27.23, 27.3, 30.0],
       "log2": [1.7976931348623157e308, 1.0000000001, 0.99999, 8.0, 0.125],
       "log10": [1.7976931348623157e308, 1.0000000001, 0.99999, 1000.0, 1e-5, 1e22],
       "tan": [math.pi / 2, math.pi, 3 * math.pi / 4, 10.5 * math.pi, 1e5 * math.pi, 1e6, 1e22,
               710475.0, 999999.5],
       "asin": [0.5, 0.50000001, 0.999999, -1.0, 0.123], "acos": [0.5, 0.50000001, 0.999999, -1.0],
       "atan": [0.41421356237309503, 2.414213562373095, 1e17, -1e300],
       "sinh": [21.9, 22.1, 709.9, 710.4, -710.4, 710.5, -711.0],
       "cosh": [21.9, 22.1, 709.9, 710.4, -710.4, 710.5, -711.0]}
DOMAIN = {"log": lambda x: x > 0, "log2": lambda x: x > 0, "log10": lambda x: x > 0,
          "log1p": lambda x: x > -1, "asin": lambda x: abs(x) <= 1, "acos": lambda x: abs(x) <= 1}


def spelled(x):
    if math.isnan(x):
        return ".nan"
    if math.isinf(x):
        return ".infinity" if x > 0 else "-.infinity"
    if 0 < abs(x) < 2.3e-308:  # a literal would be a warning
        return f"Double(bitPattern: {struct.unpack('<Q', struct.pack('<d', x))[0]:#x})"
    return repr(x)


def rows(name):
    arguments = COMMON + OWN.get(name, [])
    arguments += [random.gauss(0, s) for s in (0.1, 1, 1, 5, 5, 30)]
    if name.startswith("log") and name != "log1p":
        arguments = [abs(x) for x in arguments]
    if name in DOMAIN:
        arguments = [x for x in arguments if DOMAIN[name](x)]
    for x in arguments:
        try:
            y = float(FUNCTIONS[name](mp.mpf(x)))
        except OverflowError:
            y = math.inf
        yield x, y
    yield -math.inf, LIMITS[name][0]
    yield math.inf, LIMITS[name][1]
    yield math.nan, math.nan
    if name.startswith("log"):
        yield (0.0, -math.inf) if name != "log1p" else (-1.0, -math.inf)
    if name in DOMAIN:
        yield -1.5, math.nan


def power_rows():
    """Bases and exponents of every size, signs included; then the special cases of IEEE 754-2019,
    section 9.2.1, which C's pow has too (C17, F.10.4.4)."""
    pairs = [(2.0, 0.5), (2.0, -1074.0), (2.0, -1075.0), (2.0, 1023.0), (2.0, 1024.0),
             (-2.0, 1023.0), (-2.0, -1073.0), (10.0, 308.0), (10.0, -308.0), (10.0, -320.0),
             (1.1, 7000.0), (0.9, 7000.0), (1.0000000000000002, 3e18), (0.9999999999999999, 6e18),
             (1.7976931348623157e308, 0.999999), (5e-324, 0.5), (5e-324, 1.0), (1e-310, 0.97),
             (-5e-324, 3.0), (-0.5, 3.0), (-0.5, 2.0), (-1.5, 1001.0), (-3.7, -7.0),
             (-1.0, 9007199254740991.0), (-1.0, 9007199254740992.0), (1e300, 1e-300)]
    for _ in range(60):
        logarithm = max(-700, min(700, random.gauss(0, random.choice([0.01, 1, 30, 300]))))
        y = random.gauss(0, 1) * random.choice([0.1, 1, 10, 400]) / (1 + abs(logarithm))
        pairs.append((math.exp(logarithm), y))
    for x, y in pairs:
        exact = mp.power(mp.mpf(abs(x)), mp.mpf(y))
        try:
            result = float(exact)
        except OverflowError:
            result = math.inf
        if mp.log(exact, 2) > 1024:
            result = math.inf
        yield x, y, -result if x < 0 and y % 2 == 1 else result
    inf, nan = math.inf, math.nan
    for zero in (0.0, -0.0):
        odd = math.copysign(1, zero)
        yield from ((zero, 3.0, odd * 0.0), (zero, -3.0, odd * inf), (zero, 2.0, 0.0),
                    (zero, -2.0, inf), (zero, 0.5, 0.0), (zero, -0.5, inf), (zero, inf, 0.0),
                    (zero, -inf, inf))
    for x in (0.5, -0.5, 2.0, -2.0, inf, -inf):
        yield x, inf, inf if abs(x) > 1 else 0.0
        yield x, -inf, 0.0 if abs(x) > 1 else inf
    for y in (inf, -inf, nan, 0.0, -0.0, 1.5):
        yield 1.0, y, 1.0
    for x in (0.0, -0.0, -1.0, inf, -inf, nan):
        yield x, 0.0, 1.0
        yield x, -0.0, 1.0
    yield from ((-1.0, inf, 1.0), (-1.0, -inf, 1.0), (inf, 0.5, inf), (inf, -0.5, 0.0),
                (-inf, 3.0, -inf), (-inf, 2.0, inf), (-inf, 0.5, inf), (-inf, -3.0, -0.0),
                (-inf, -2.0, 0.0), (-inf, -0.5, 0.0), (-2.0, 0.5, nan), (-1e-310, 1.5, nan),
                (nan, 2.0, nan), (2.0, nan, nan), (-1.0, nan, nan))


path = os.path.join(os.path.dirname(__file__), "../CompilationTests/VectorMathTable.swift")
with open(path, "w") as file:
    file.write("// swift-format-ignore-file\nimport CKernels\n\n"
               "// Generated by Tests/Reference/vector_math.py with mpmath; not edited.\n\n"
               "let vectorMathTable: [(function: FKUnary, rows: [(Double, Double)])] = [\n")
    for name in FUNCTIONS:
        file.write(f"  (FKUnary{name[0].upper()}{name[1:]}, [\n")
        for x, y in rows(name):
            file.write(f"    ({spelled(x)}, {spelled(y)}),\n")
        file.write("  ]),\n")
    file.write("]\n\n/// Base, exponent, power.\n"
               "let powerTable: [(Double, Double, Double)] = [\n")
    for x, y, power in power_rows():
        file.write(f"  ({spelled(x)}, {spelled(y)}, {spelled(power)}),\n")
    file.write("]\n")
