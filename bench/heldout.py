#!/usr/bin/env python3
"""Does `octet quantize` keep its promise on data it has not seen?

Every model of a folder is quantized with some data, and then judged by `octet parity` and `octet bench` on other data: the second half of
its rows; or its one row, where the gate saw that row mirrored; or inputs of another seed, where there are none. The promise is kept
when the result is delivered, passes and is not slower, or when the answer was no.

    build/venv/bin/python bench/heldout.py [--models FOLDER] [--runs bench/runs/DATE] [--only NAME]
"""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent


def octet(args, *words):
    return subprocess.run([args.octet, *map(str, words)], capture_output=True, text=True)


def split(path, folder):
    """Files for the gate and for the judgement."""
    arrays = dict(np.load(path))
    rows = {a.shape[0] for a in arrays.values() if a.ndim}
    if len(rows) == 1 and min(rows) > 1:
        half = min(rows) // 2
        seen, unseen = ({k: a[part] for k, a in arrays.items()} for part in (slice(0, half), slice(half, None)))
        how = f"rows 0-{half - 1} seen, rows {half}- judged"
    else:
        # Another recording of the same kind: backwards, and where a mirror image means nothing (graphs), a little louder.
        single = len(rows) == 1
        seen = {k: np.flip(a, -1).copy() if single and a.dtype == np.float32 and a.ndim > 2 or
                (single and a.dtype == np.float32 and a.shape[-1] > 128 and a.ndim == 2) else
                (a * np.float32(1.1) if a.dtype == np.float32 else a) for k, a in arrays.items()}
        unseen, how = arrays, "mirrored or louder seen, as it is judged"
    files = []
    for name, part in (("seen", seen), ("unseen", unseen)):
        files.append(pathlib.Path(folder) / f"{name}.npz")
        np.savez(files[-1], **part)
    return files, how


def voice(pitch, seconds, seed):
    """Something like speech at 16 kHz: harmonics under two formants, in syllables, with breath."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(16000 * seconds)) / 16000
    phase = 2 * np.pi * np.cumsum(pitch * (1 + 0.1 * np.sin(2 * np.pi * 2.3 * t))) / 16000
    sound = np.zeros_like(t)
    for k in range(1, 30):
        f = k * pitch
        sound += np.sin(k * phase) * (np.exp(-((f - 600) / 300) ** 2) + 0.5 * np.exp(-((f - 1800) / 500) ** 2) + 0.05 / k)
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * t + seed), 0, 1) ** 0.5
    return (0.2 * sound * syllables + 0.003 * rng.standard_normal(t.size)).astype(np.float32)


def silero(path, pitch, seed):
    """Test data sets: steps of one recording, the state silent at the start of each."""
    from onnx import numpy_helper
    sound = voice(pitch, 3, seed)
    for i in range(24):
        at = i * 1900
        step = path / f"test_data_set_{i}"
        step.mkdir(parents=True)
        arrays = {"input": sound[None, at:at + 576], "state": np.zeros((2, 1, 128), np.float32),
                  "sr": np.array(16000, np.int64)}
        for k, (name, array) in enumerate(arrays.items()):
            (step / f"input_{k}.pb").write_bytes(numpy_helper.from_array(np.ascontiguousarray(array), name).SerializeToString())


def judge(args, model, inputs, folder):
    result = pathlib.Path(folder) / "result.onnx"
    row = {"model": model.name, "bytes": model.stat().st_size}
    if inputs.exists():
        (seen, unseen), row["data"] = split(inputs, folder)
        gate, other = ["--data", seen], ["--data", unseen]
    elif model.stem == "silero_vad":
        row["data"] = "one made-up voice seen, another judged"
        paths = [pathlib.Path(folder) / name for name in ("low", "high")]
        silero(paths[0], 110, 1)
        silero(paths[1], 205, 2)
        gate, other = ["--data", paths[0]], ["--data", paths[1]]
    else:
        row["data"] = "made up: seed 0 seen, seed 7 judged"
        gate, other = ["--seed", 0], ["--seed", 7]
    start = time.time()
    done = octet(args, "quantize", model, "-o", result, "--json", *gate)
    row["quantize_seconds"] = round(time.time() - start, 2)
    report = json.loads(done.stdout) if done.stdout else {}
    row["exit"] = done.returncode
    row["detail"] = report.get("detail") or report.get("error", {}).get("message") or done.stderr.strip()
    row["gate"] = report.get("gate", {}).get("status")
    row["gate_seconds"] = report.get("gate_seconds")
    row["repaired"] = report.get("gate", {}).get("repaired", [])
    row["taken_back"] = report.get("gate", {}).get("taken_back", [])
    if done.returncode != 0 or not report.get("written"):
        row["kept"] = done.returncode in (1, 2)
        row["verdict"] = "no"
        return row
    row["result_bytes"] = result.stat().st_size
    parity = octet(args, "parity", model, result, "--json", "--report", pathlib.Path(folder) / "parity.json", *other)
    told = json.loads(parity.stdout) if parity.stdout else {}
    row["parity"] = told.get("verdict", parity.stderr.strip())
    row["max_abs_diff"] = told.get("max_abs_diff")
    row["parity_reason"] = told.get("reason")
    bench = octet(args, "bench", model, result, "--json", "--seconds", args.seconds, *other)
    timed = json.loads(bench.stdout) if bench.stdout else {}
    batches = timed.get("batches") or [{}]
    row["speed"] = timed.get("verdict", bench.stderr.strip())
    row["ratio"] = [batches[0].get(key) for key in ("ratio_low", "ratio", "ratio_high")]
    row["verdict"] = "delivered"
    row["kept"] = row["parity"] == "passed" and row["speed"] != "slower"
    return row


def cells(row):
    size = f"{row['result_bytes'] / row['bytes']:.2f}" if "result_bytes" in row else "-"
    ratio = "-" if "ratio" not in row or row["ratio"][1] is None else "{1:.2f} ({0:.2f} … {2:.2f})".format(*row["ratio"])
    said = row["verdict"] if row["verdict"] == "delivered" else f"no: {row['detail'][:90]}"
    return [row["model"], row["data"], said, row.get("parity", "-"), size, ratio, row.get("speed", "-"),
            f"{row['quantize_seconds']} s", "yes" if row["kept"] else "**NO**"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--octet", default=str(ROOT / "build/release/octet"))
    parser.add_argument("--models", type=pathlib.Path,
                        default=pathlib.Path(os.environ.get("OCTET_MODELS", ROOT.parent / "shared" / "models")))
    parser.add_argument("--runs", type=pathlib.Path, help="folder for heldout.json and heldout.md")
    parser.add_argument("--seconds", default="1")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    rows = []
    for model in sorted(args.models.glob("*.onnx")):
        if args.only not in model.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            rows.append(judge(args, model, args.models / "inputs" / (model.stem + ".npz"), folder))
        print(*cells(rows[-1]), sep=" | ", flush=True)
    head = ["model", "data", "quantize", "parity, held out", "size", "time / float", "speed", "took", "kept"]
    table = "\n".join("| " + " | ".join(map(str, line)) + " |" for line in [head, ["---"] * len(head), *map(cells, rows)])
    if args.runs:
        args.runs.mkdir(parents=True, exist_ok=True)
        version = json.loads(octet(args, "version", "--json").stdout)
        raw = {"machine": version["cpu_model"], "runtime": version["runtime"]["version"], "load_average": os.getloadavg(),
               "rows": rows}
        (args.runs / "heldout.json").write_text(json.dumps(raw, indent=1) + "\n")
        (args.runs / "heldout.md").write_text(table + "\n")
    print(f"{sum(row['kept'] for row in rows)} of {len(rows)} kept")


if __name__ == "__main__":
    main()
