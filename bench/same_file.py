#!/usr/bin/env python3
"""How often does `octet bench` call a file beside itself "no difference"?

Runs it many times on one file, alone and with a load beside (a busy loop for each processor), and counts the verdicts.

    build/venv/bin/python bench/same_file.py --runs 100 [--load] [--model FILE] [--out FILE]
"""
import argparse
import collections
import json
import multiprocessing
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent


def spin():
    while True:
        sum(range(100000))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--octet", default=str(ROOT / "build/release/octet"))
    parser.add_argument("--model", default=str(ROOT / "examples/digits/digits.onnx"))
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seconds", default="0.5")
    parser.add_argument("--load", action="store_true", help="a busy loop for each processor beside")
    parser.add_argument("--out", help="raw data as JSON")
    args = parser.parse_args()
    load = [multiprocessing.Process(target=spin, daemon=True) for _ in range(os.cpu_count() if args.load else 0)]
    for process in load:
        process.start()
    runs = []
    for _ in range(args.runs):
        done = subprocess.run([args.octet, "bench", args.model, args.model, "--json", "--seconds", args.seconds,
                               "--warmup", "0.1"], capture_output=True, text=True, check=True)
        batch = json.loads(done.stdout)["batches"][0]
        runs.append({key: batch[key] for key in ("verdict", "ratio", "ratio_low", "ratio_high", "control_ratio")})
    for process in load:
        process.terminate()
    counts = collections.Counter(run["verdict"] for run in runs)
    report = {"runs": args.runs, "seconds": args.seconds, "load_beside": args.load, "load_average": os.getloadavg(),
              "model": pathlib.Path(args.model).name, "verdicts": dict(counts), "raw": runs}
    if args.out:
        pathlib.Path(args.out).write_text(json.dumps(report, indent=1) + "\n")
    print(f"{args.runs} runs, load average {os.getloadavg()[0]:.1f}: " +
          ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common()))


if __name__ == "__main__":
    main()
