"""FP32, Octet and `quantize_dynamic` on the same models, on one runtime, in one interleaved run.

    python bench/compare.py [--octet build/release/octet] [--only SCENARIO ...] [--seconds 20]

Writes bench/runs/<date>/<scenario>.json with every sample and prints a table. See bench/README.md for the rules.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime

import make_models
import measure

ROOT = Path(__file__).parent.parent
MAGIKA = ROOT.parent / "shared" / "models" / "magika_v3_3.onnx"
CANDIDATES = ["octet", "octet standard", "dynamic tensor", "dynamic channel"]
# Before 1.23 ONNX Runtime has no ConvInteger for int8 weights, so the defaults give a model with Conv that does not load.
WITH_CONV = ["dynamic channel uint8"]


# A scenario: the model and inputs of one shape. All of them judge the error, the first is timed.
Scenario = tuple[Path, list[dict]]


def digits(batch: int) -> Scenario | str:
    folder = ROOT / "examples" / "digits"
    if not (folder / "digits.onnx").exists():
        return "examples/digits/digits.onnx is not there"
    rows = np.load(folder / "test_rows.npy").astype(np.float32)
    return folder / "digits.onnx", [{"input": rows[i : i + batch]} for i in range(0, len(rows) - batch + 1, batch)]


def mlp(batch: int, inputs: int) -> Scenario:
    random = np.random.default_rng(10)
    return make_models.ensure("mlp_768_3072_768"), [
        {"x": random.standard_normal((batch, 768), dtype=np.float32)} for _ in range(inputs)]


def bert(inputs: int = 4) -> Scenario:
    random = np.random.default_rng(11)
    return make_models.ensure("bert_block"), [
        {"input_ids": random.integers(0, 30522, (1, 128), dtype=np.int64)} for _ in range(inputs)]


def magika(inputs: int = 16) -> Scenario | str:
    if not MAGIKA.exists():
        return f"{MAGIKA.name} is not in ../shared/models"
    random = np.random.default_rng(12)
    text = [random.integers(32, 127, (1, 2048), dtype=np.int32) for _ in range(inputs // 2)]
    binary = [random.integers(0, 257, (1, 2048), dtype=np.int32) for _ in range(inputs // 2)]
    return MAGIKA, [{"bytes": value} for value in text + binary]


SCENARIOS = {
    "digits_1": lambda: digits(1),
    "digits_360": lambda: digits(360),
    "mlp_1": lambda: mlp(1, 64),
    "mlp_128": lambda: mlp(128, 4),
    "bert_128": bert,
    "magika_1": magika,
}


def command(candidate: str, octet: Path, source: Path, target: Path) -> list:
    if candidate.startswith("octet"):
        operators = ["--ops", "standard"] if candidate.endswith("standard") else []
        return [octet, "quantize", source, "-o", target, "--no-proof", *operators]
    choices = [flag for word, flag in (("channel", "--per-channel"), ("uint8", "--uint8")) if word in candidate]
    return [sys.executable, Path(__file__).parent / "quantize_dynamic.py", source, target, *choices]


def quantize(candidate: str, octet: Path, source: Path, scratch: Path, times: int) -> dict:
    """Quantizes in fresh processes: the medians of their seconds and peaks, or why it failed."""
    target = scratch / f"{candidate.replace(' ', '_')}.onnx"
    runs = []
    for _ in range(times):
        target.unlink(missing_ok=True)
        run = measure.fresh_process(command(candidate, octet, source, target), scratch)
        if run["exit"] != 0:
            last_line = (run["stderr"] or run["stdout"]).strip().splitlines()[-1:]
            return {"failed": f"exit {run['exit']}: {' '.join(last_line)}"}
        runs.append(run)
    result = {
        "quantize_seconds": float(np.median([run["seconds"] for run in runs])),
        "quantize_peak_bytes": int(np.median([run["peak_memory_bytes"] for run in runs])),
        "file_bytes": sum(file.stat().st_size for file in scratch.glob(f"{target.name}*")),
        "path": target,
    }
    if candidate.startswith("dynamic"):
        inner = [json.loads(run["stdout"].strip().splitlines()[-1]) for run in runs]
        for key in ("import_seconds", "quantize_seconds"):
            result[f"inside_{key}"] = float(np.median([run[key] for run in inner]))
    return result


def open_session(path: Path, feeds: dict):
    """A session on one thread and a function that runs it with the inputs already bound."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    for name, value in feeds.items():
        binding.bind_cpu_input(name, value)
    for output in session.get_outputs():
        binding.bind_output(output.name, "cpu")
    return session, lambda: session.run_with_iobinding(binding)


def error(reference: list, answer: list) -> dict:
    """Over all float outputs of all inputs together; every answer is checked first."""
    largest, total, count, squares, power, labels = 0.0, 0.0, 0, 0.0, 0.0, []
    for expected, got in zip(reference, answer, strict=True):
        if expected.shape != got.shape or expected.dtype != got.dtype:
            raise ValueError(f"output is {got.dtype}{got.shape}, expected {expected.dtype}{expected.shape}")
        if expected.dtype.kind != "f":
            labels.append(float(np.mean(expected == got)))
            continue
        if not np.isfinite(got).all():
            raise ValueError("output is not finite")
        difference = got.astype(np.float64) - expected
        largest = max(largest, float(np.abs(difference).max()))
        total, count = total + float(np.abs(difference).sum()), count + difference.size
        squares, power = squares + float(np.sum(difference**2)), power + float(np.sum(expected.astype(np.float64)**2))
    return {"max_abs": largest, "mean_abs": total / count, "relative_l2": (squares / power) ** 0.5,
            "equal_labels": float(np.mean(labels)) if labels else None}


def run_scenario(name: str, octet: Path, seconds: float, times: int) -> dict | str:
    found = SCENARIOS[name]()
    if isinstance(found, str):
        return found
    source, inputs = found
    with tempfile.TemporaryDirectory(dir=make_models.DEFAULT_FOLDER) as folder:
        candidates = CANDIDATES + (WITH_CONV if name == "magika_1" else [])
        rows = {c: quantize(c, octet, source, Path(folder), times) for c in candidates}
        rows = {"fp32": {"file_bytes": source.stat().st_size, "path": source}} | rows
        rows["fp32 again"] = dict(rows["fp32"])  # the control: what it differs from 1 by is the noise of this run
        runs, reference = {}, None
        for candidate, row in rows.items():
            if "failed" in row:
                continue
            try:
                session, runs[candidate] = open_session(row["path"], inputs[0])
                answer = [output for feeds in inputs for output in session.run(None, feeds)]
                reference = reference or answer
                row["error"] = error(reference, answer)
            except Exception as problem:  # a candidate that does not load or answers nonsense is a result, not a crash
                runs.pop(candidate, None)
                row["failed"] = str(problem).splitlines()[0]
        samples = measure.interleaved(runs, seconds) if seconds > 0 else {}
    for candidate, row in rows.items():
        row.pop("path", None)
        if candidate in samples:
            row["seconds"] = samples[candidate]
            row["ratio_to_fp32"] = measure.ratio(samples[candidate], samples["fp32"])
            for reference_name in ("dynamic tensor", "dynamic channel", *WITH_CONV):
                if candidate.startswith("octet") and reference_name in samples:
                    row[f"ratio_to_{reference_name.replace(' ', '_')}"] = measure.ratio(
                        samples[candidate], samples[reference_name])
    return {"model": source.name, "threads": 1, "inputs": len(inputs),
            "shapes": {k: [str(v.dtype), *v.shape] for k, v in inputs[0].items()}, "candidates": rows}


def table(name: str, result: dict) -> str:
    lines = [f"\n### {name} ({result['model']})\n",
             "| | latency µs | / FP32 [95 %] | / dynamic channel | rel. L2 | max abs | mean abs | file MB "
             "| quantize s | peak MB |",
             "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for candidate, row in result["candidates"].items():
        if "failed" in row:
            lines.append(f"| {candidate} | failed: {row['failed']} |" + " |" * 8)
            continue
        e = row["error"]
        if "seconds" not in row:
            lines.append(f"| {candidate} | | | | {e['relative_l2']:.2e} | {e['max_abs']:.2e} | {e['mean_abs']:.2e} | | | |")
            continue
        r = row["ratio_to_fp32"]
        other = row.get("ratio_to_dynamic_channel") or row.get("ratio_to_dynamic_channel_uint8")
        against = f"{other['median']:.3f} [{other['low']:.3f}, {other['high']:.3f}]" if other else ""
        quantized = "quantize_seconds" in row
        lines.append(
            f"| {candidate} | {np.median(row['seconds']) * 1e6:.1f} "
            f"| {r['median']:.3f} [{r['low']:.3f}, {r['high']:.3f}] | {against} "
            f"| {e['relative_l2']:.2e} | {e['max_abs']:.2e} | {e['mean_abs']:.2e} | {row['file_bytes'] / 1e6:.3f} "
            + (f"| {row['quantize_seconds']:.3f} | {row['quantize_peak_bytes'] / 1e6:.1f} |" if quantized else "| | |"))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--octet", type=Path, default=ROOT / "build" / "release" / "octet")
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, default=list(SCENARIOS))
    parser.add_argument("--seconds", type=float, default=20, help="time spent on the latency of one scenario; 0: compare the answers alone")
    parser.add_argument("--times", type=int, default=3, help="how often each candidate quantizes")
    parser.add_argument("--runs", type=Path, help="folder for the raw data; default bench/runs/<date>")
    arguments = parser.parse_args()
    if not arguments.octet.exists():
        sys.exit(f"{arguments.octet} is not there; build it with scripts/demo or give --octet PATH")
    make_models.DEFAULT_FOLDER.mkdir(parents=True, exist_ok=True)
    for name in arguments.only:
        result = run_scenario(name, arguments.octet, arguments.seconds, arguments.times)
        if isinstance(result, str):
            print(f"\n### {name}\n\nskipped: {result}", flush=True)
            continue
        path = measure.save_run(name, result, arguments.runs)
        print(table(name, result), f"\n\nraw data: {path}", flush=True)


if __name__ == "__main__":
    main()
