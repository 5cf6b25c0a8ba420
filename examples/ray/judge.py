"""Parity of two models on more rows than one machine has hours for: ray's workers compare a share each, and the shares make
the report that one machine would give, byte for byte.

    pip install octet-onnx onnxruntime ray
    python judge.py model.onnx model.int8.onnx rows.npy --shares 64 --folder shares --report parity.json

Each share is a task. A worker that dies costs its share, which ray gives to another. Finished shares lie in the folder: a run
that was ended altogether goes on where it was. Models and rows are paths that every machine of the cluster sees.
"""

import argparse
import json
import os
import pathlib
import sys

import octet
import ray


@ray.remote(num_cpus=1, max_retries=8)
def compare(reference, candidate, rows, share, options):
    return octet.parity(reference, candidate, data=rows, shard=share, **options)


def write(path, text):
    """Whole or not at all."""
    staged = path.with_suffix(".part")
    staged.write_text(text)
    os.replace(staged, path)


def judge(reference, candidate, rows, shares, folder, options):
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{i + 1}-of-{shares}.json" for i in range(shares)]
    missing = [i for i in range(shares) if not paths[i].exists()]
    tasks = {compare.remote(reference, candidate, rows, f"{i + 1}/{shares}", options): paths[i] for i in missing}
    while tasks:
        done, _ = ray.wait(list(tasks), num_returns=1)
        for task in done:
            write(tasks.pop(task), ray.get(task))
        print(f"{shares - len(tasks)} of {shares} shares", file=sys.stderr)
    return octet.merge_parity(paths)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("reference")
    arguments.add_argument("candidate")
    arguments.add_argument("rows", help=".npy or .npz, read a piece at a time")
    arguments.add_argument("--shares", type=int, default=16)
    arguments.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("shares"))
    arguments.add_argument("--report", type=pathlib.Path, default=pathlib.Path("parity.json"))
    arguments.add_argument("--options", type=json.loads, default={}, help='of octet.parity: {"abs_tol": 0.01}')
    arguments.add_argument("--address", help="of a ray cluster; without: this machine")
    given = arguments.parse_args()
    ray.init(address=given.address, include_dashboard=False, log_to_driver=False)
    places = [os.path.abspath(one) for one in (given.reference, given.candidate, given.rows)]
    report = judge(*places, given.shares, given.folder, given.options)
    write(given.report, json.dumps(report.to_dict(), indent=2) + "\n")
    print(f"{report.verdict}: {report.rows} rows, max {report.max_abs_diff:.4g}, mean {report.mean_abs_diff:.4g}")
    return 0 if report.passed else 1


if __name__ == "__main__":
    sys.exit(main())
