"""Runs emitted programs and prints what they return.

usage: run_programs.py TARGET FOLDER [CHECK,...] [NAME...]

FOLDER has the programs and cases.json; the names are those of the cases to run. Each line of the
output is the id of a case, a word and what belongs to it, separated by tabs.
"""

import json
import pathlib
import sys
import traceback

import numpy as np

import python_targets


def say(*fields):
    print(*fields, sep="\t", flush=True)


def run(target, case, folder, checks):
    program = target.load(folder / case["file"], case)
    if program is None:
        say(case["id"], "parsed")
        return
    arrays = [np.reshape(a["values"], a["shape"]).astype(float) for a in case["arguments"]]
    expected = [np.reshape(a["values"], a["shape"]).astype(float) for a in case["outputs"]]
    results = target.results(program, case, [target.array(a) for a in arrays])
    for output, result in zip(case["outputs"], results, strict=True):
        numbers = target.numbers(result)
        sizes = " ".join(str(n) for n in numbers.shape)
        values = " ".join(repr(float(x)) for x in numbers.ravel())
        say(case["id"], "output", output["name"], sizes, values)
    for check in checks:
        verdict = target.checks[check](program, case, arrays, expected)
        if verdict is python_targets.PASSED:
            say(case["id"], "check", check)
        elif verdict is not python_targets.NOT_APPLICABLE:
            raise RuntimeError(f"{check}: {verdict}")


def main():
    folder, names = pathlib.Path(sys.argv[2]), set(sys.argv[4:])
    target = python_targets.TARGETS[sys.argv[1]]()
    checks = [c for c in sys.argv[3].split(",") if c in target.checks]
    for case in json.loads((folder / "cases.json").read_text()):
        if case["name"] not in names:
            continue
        try:
            with np.errstate(all="ignore"):
                run(target, case, folder, checks)
            say(case["id"], "end")
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            message = f"{type(error).__name__}: {error} ({where.name}: {where.line})"
            say(case["id"], "failure", " ".join(message.split()))


main()
