"""How every scenario measures: interleaved latency, the peak memory of a fresh process, and what machine it was.

Machines are noisy and drift. So candidates are never timed one after the other: each round times all of them, in an
order drawn anew (a mere rotation would leave the same candidate always behind the one that fills the cache), each after
one call that is not timed, and a ratio is formed inside a round. What is reported is the median of these ratios with a
bootstrap interval; a ratio is *different from one* only when the interval excludes one.
"""

import datetime
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

# Runs argv in a child of a process so small that it cannot be mistaken for the child: Linux counts the memory of the
# process that called exec into the peak of what it executed. About 9 MB is therefore the smallest peak it can report.
LAUNCHER = """
import os, sys, time, json
report, command = sys.argv[1], sys.argv[2:]
started = time.monotonic()
child = os.posix_spawnp(command[0], command, os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.monotonic() - started
with open(report, "w") as file:
    json.dump({"exit": os.waitstatus_to_exitcode(status), "seconds": seconds, "cpu_seconds": usage.ru_utime +
               usage.ru_stime, "peak_memory_bytes": usage.ru_maxrss * 1024}, file)
"""


def fresh_process(command: list, scratch: Path) -> dict:
    """Runs a command: its exit code, seconds on the wall and on the CPU, peak resident bytes, and what it printed."""
    report = scratch / "child.json"
    report.unlink(missing_ok=True)
    launcher = [sys.executable, "-I", "-S", "-c", LAUNCHER, str(report), *map(str, command)]
    run = subprocess.run(launcher, capture_output=True, text=True)
    if not report.exists():
        return {"exit": 127, "stdout": run.stdout, "stderr": run.stderr}
    return json.loads(report.read_text()) | {"stdout": run.stdout, "stderr": run.stderr}


def time_once(run, repeats: int) -> float:
    started = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - started) / repeats


def interleaved(runs: dict, seconds: float, sample_seconds: float = 0.002, fewest: int = 31, most: int = 1001) -> dict:
    """Seconds of one call of each function, a list of samples per name; sample i of every name is from round i.

    A sample repeats a short function until `sample_seconds` have passed, the same number of times for every candidate.
    """
    for run in runs.values():  # warm up: page in, allocate, let the clock rise
        time_once(run, 3)
    fastest = min(time_once(run, 3) for run in runs.values())
    repeats = max(1, round(sample_seconds / fastest))
    one_round = sum(time_once(run, repeats) for run in runs.values()) * (repeats + 1)
    rounds = int(min(most, max(fewest, seconds / one_round)))
    samples = {name: [] for name in runs}
    order, random = list(runs), np.random.default_rng(0)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            runs[name]()  # its own weights are in the cache again, not those of the one before
            samples[name].append(time_once(runs[name], repeats))
    return samples


def ratio(samples: list, reference: list, seed: int = 0) -> dict:
    """Median of the paired ratios and the 95 % bootstrap interval of that median."""
    paired = np.asarray(samples) / np.asarray(reference)
    drawn = np.random.default_rng(seed).integers(0, len(paired), (2000, len(paired)))
    low, high = np.percentile(np.median(paired[drawn], axis=1), [2.5, 97.5])
    return {"median": float(np.median(paired)), "low": float(low), "high": float(high)}


def machine() -> dict:
    """The processor and software a run was made on, and how busy the machine was."""
    processor, flags = platform.processor(), set()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        fields = dict(line.split(":", 1) for line in cpuinfo.read_text().split("\n\n")[0].splitlines() if ":" in line)
        fields = {key.strip(): value.strip() for key, value in fields.items()}
        processor = fields.get("model name", processor)
        flags = set(fields.get("flags", fields.get("Features", "")).split())
    interesting = ["avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm"]
    versions = {}
    for package in ("onnxruntime", "onnx", "numpy"):
        versions[package] = importlib.metadata.version(package)
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "features": [flag for flag in interesting if flag in flags],
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        **versions,
        "load_average": list(os.getloadavg()),
        "time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
    }


def save_run(scenario: str, content: dict, folder: Path | None = None) -> Path:
    """Writes bench/runs/<date>/<scenario>.json."""
    date = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    folder = folder or Path(__file__).parent / "runs" / date
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{scenario}.json"
    path.write_text(json.dumps({"scenario": scenario, "machine": machine()} | content, indent=1) + "\n")
    return path
