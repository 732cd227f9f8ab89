"""Runs emitted programs and compares what they return with Frechet's own numbers.

usage: run_programs.py TARGET FOLDER [float32] [test] [differentiation]

FOLDER has the programs and cases.json. Writes one line of JSON for each case: its failure, or null.
"""

import contextlib
import importlib.util
import io
import json
import pathlib
import sys
import traceback

import numpy as np

import python_targets


def difference(name, actual, expected, tolerance):
    """What is wrong with an array; None where it is right."""
    if actual.shape != expected.shape:
        return f"{name}: shape {actual.shape}, not {expected.shape}"
    scale = np.abs(expected).max(initial=0)
    error = np.abs(actual - expected).max(initial=0)
    if not error <= tolerance * scale + 1e-3 * tolerance:
        return f"{name}: off by {error:.1e} of {scale:.1e}"
    return None


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def failure(target, case, folder, checks):
    module = load(folder / case["file"])
    function = getattr(module, case["function"])
    arrays = [np.reshape(a["values"], a["shape"]).astype(float) for a in case["arguments"]]
    expected = [np.reshape(a["values"], a["shape"]) for a in case["outputs"]]
    names = [a["name"] for a in case["outputs"]]
    results = function(*[target.array(a) for a in arrays], *case["sizes"])
    if len(names) == 1:
        results = (results,)
    for name, actual, value in zip(names, results, expected, strict=True):
        wrong = difference(name, target.numbers(actual), value, 1e-8)
        if wrong:
            return wrong
    if "float32" in checks:
        single = [target.array(a.astype(np.float32)) for a in arrays]
        results = function(*single, *case["sizes"])
        for name, actual in zip(names, results if len(names) > 1 else (results,)):
            if target.numbers(actual).dtype != np.float32:
                return f"{name}: {target.numbers(actual).dtype} from float32"
    if "test" in checks:
        with contextlib.redirect_stdout(io.StringIO()) as report:
            status = module.test()
        if status != 0:
            return f"test: {report.getvalue()}"
    if "differentiation" in checks:
        return target.differentiation(module, case, arrays, expected)
    return None


def main():
    folder = pathlib.Path(sys.argv[2])
    target = python_targets.TARGETS[sys.argv[1]]()
    for case in json.loads((folder / "cases.json").read_text()):
        try:
            with np.errstate(all="ignore"):
                wrong = failure(target, case, folder, sys.argv[3:])
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            wrong = f"{type(error).__name__}: {error} ({where.name}: {where.line})"
        print(json.dumps({"id": case["id"], "failure": wrong}), flush=True)


main()
