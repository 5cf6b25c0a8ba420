"""Networks of convolutions: FP32, Octet, `quantize_dynamic` (int8 and uint8 weights) and static QDQ, on one runtime.

    python bench/make_convnets.py
    python bench/convolutions.py [--octet build/release/octet] [--threads 1] [--only NAME ...] [--rounds 31]

Every candidate is a process of its own: sessions in one process starve each other of threads. A round asks each for a
few timed calls, after one that is not timed, in an order drawn anew; ratios are formed inside a round. Octet's result comes
from its tables alone (`--no-gate`). Writes bench/runs/<date>/convolutions_<threads>.json with every sample.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import make_models
import measure
import numpy as np

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "models"
REAL = ["akiki_vad", "basic_pitch", "magika_v3_3", "ocrv2_cls", "ocrv4_det", "silero_vad", "ultraface_320"]
TYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(int32)": np.int32}
SAMPLE_SECONDS = 0.01
CANDIDATES = ["fp32 again", "octet", "dynamic int8", "dynamic uint8", "static"]

# The process that times one model: the error first, then seconds of a call for every line it reads.
WORKER = """
import sys, time, numpy as np, onnxruntime
model, feed, reference, threads, repeats = sys.argv[1:6]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(threads)
options.log_severity_level = 3
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
clock = time.thread_time if threads == "1" else time.perf_counter  # other processes' time is not ours
feed = dict(np.load(feed))
answers = [a.astype(np.float64).ravel() for a in session.run(None, feed)]
expected = np.load(reference, allow_pickle=False)
joined = np.concatenate(answers)
print(float(np.linalg.norm(joined - expected) / np.linalg.norm(expected)), flush=True)
for _ in sys.stdin:
    session.run(None, feed)
    started = clock()
    for _ in range(int(repeats)):
        session.run(None, feed)
    print((clock() - started) / int(repeats), flush=True)
"""


def feed_of(path: Path, session) -> dict:
    stored = SHARED / "inputs" / f"{path.stem}.npz"
    if stored.exists():
        return dict(np.load(stored))
    drawn, feed = np.random.default_rng(0), {}
    for port in session.get_inputs():
        shape = [d if isinstance(d, int) else 1 for d in port.shape]
        values = drawn.standard_normal(shape) if TYPES[port.type] is np.float32 else drawn.integers(0, 255, shape)
        feed[port.name] = np.asarray(values, TYPES[port.type])
    if path.stem == "silero_vad":
        feed |= {"input": drawn.standard_normal((1, 576)).astype(np.float32), "sr": np.array(16000, np.int64),
                 "state": np.zeros((2, 1, 128), np.float32)}
    return feed


def static(source: Path, target: Path, feed: dict) -> None:
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_static

    class Once(CalibrationDataReader):
        rows = [feed]

        def get_next(self):
            return self.rows.pop() if self.rows else None

    quantize_static(str(source), str(target), Once(), quant_format=QuantFormat.QDQ, per_channel=True)


def make(candidate: str, octet: Path, source: Path, folder: Path, feed: dict) -> Path | str:
    """The candidate's model, or why there is none."""
    if candidate == "fp32 again":
        return source
    target = folder / f"{candidate.replace(' ', '_')}.onnx"
    try:
        if candidate == "static":
            static(source, target, feed)
            return target
        command = [octet, "quantize", source, "-o", target, "--no-gate", "--no-proof", "--data", folder / "feed.npz"]
        if candidate.startswith("dynamic"):
            flags = ["--uint8"] if candidate.endswith("uint8") else []
            command = [sys.executable, Path(__file__).parent / "quantize_dynamic.py", source, target, *flags]
        run = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        return target if run.returncode == 0 else (run.stderr.strip().splitlines() or ["failed"])[-1]
    except Exception as error:  # the reference's own
        return f"{type(error).__name__}: {error}"


class Worker:
    def __init__(self, model: Path, folder: Path, threads: int, repeats: int):
        command = [sys.executable, "-c", WORKER, model, folder / "feed.npz", folder / "answers.npy", threads, repeats]
        self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.error = self.read()

    def read(self) -> float:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError((self.process.stderr.read().strip().splitlines() or ["ended"])[-1])
        return float(line)

    def time(self) -> float:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.read()


def compare(path: Path, octet: Path, threads: int, rounds: int) -> dict:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    feed = feed_of(path, session)
    result, workers = {}, {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        np.savez(folder / "feed.npz", **feed)
        answers = [np.asarray(a, np.float64).ravel() for a in session.run(None, feed)]
        np.save(folder / "answers.npy", np.concatenate(answers))
        once = measure.time_once(lambda: session.run(None, feed), 3)
        repeats = max(1, round(SAMPLE_SECONDS / once))  # the same for every candidate
        models = {"fp32": path} | {c: make(c, octet, path, folder, feed) for c in CANDIDATES}
        for name, model in models.items():
            try:
                if isinstance(model, str):
                    raise RuntimeError(model)
                workers[name] = Worker(model, folder, threads, repeats)
                result[name] = {"error": workers[name].error, "bytes": model.stat().st_size, "seconds": []}
            except RuntimeError as error:
                result[name] = {"failed": str(error)}
        for _ in range(rounds):
            for name in random.sample(list(workers), len(workers)):
                result[name]["seconds"].append(workers[name].time())
        for worker in workers.values():
            worker.process.stdin.close()
            worker.process.wait()
    for name, one in result.items():
        if "seconds" in one:
            one["ratio"] = measure.ratio(one["seconds"], result["fp32"]["seconds"])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--octet", type=Path, default=ROOT / "build" / "release" / "octet")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--only", nargs="*")
    arguments = parser.parse_args()
    made = sorted(make_models.DEFAULT_FOLDER.glob("*.onnx"))
    nets = [path for path in made if path.stem in ("mobilenet_v2", "resnet18", "resnet50", "tcn", "unet",
                                                   "wav2vec_front", "whisper_front", "yolo_n", "yolo_s")]
    models = nets + [SHARED / f"{name}.onnx" for name in REAL]
    results = {}
    print("| model | " + " | ".join(CANDIDATES) + " |\n|---|" + "--:|" * len(CANDIDATES))
    for path in models:
        if not path.exists() or (arguments.only and path.stem not in arguments.only):
            continue
        results[path.stem] = one = compare(path, arguments.octet, arguments.threads, arguments.rounds)
        cells = [f"{one[c]['ratio']['median']:.2f} ({one[c]['error']:.3f})" if "ratio" in one[c] else "–"
                 for c in CANDIDATES]
        print(f"| {path.stem} | " + " | ".join(cells) + " |", flush=True)
    print(measure.save_run(f"convolutions_{arguments.threads}", {"results": results}))


if __name__ == "__main__":
    main()
