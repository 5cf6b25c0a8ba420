"""Time and peak memory of quantizing 400 MB: Octet, `quantize_dynamic`, and plain `cp` as the floor.

    python bench/memory_and_time.py [--octet build/release/octet] [--times 3]

Writes bench/runs/<date>/quantize_400mb.json with every sample and prints a table. See bench/README.md for the rules.
"""

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

import numpy as np

import make_models
import measure

ROOT = Path(__file__).parent.parent


def commands(octet: Path, source: Path, target: Path, proof: bool) -> dict:
    reference = [sys.executable, Path(__file__).parent / "quantize_dynamic.py", source, target]
    octet_command = [octet, "quantize", source, "-o", target]
    found = {
        "octet, no proof": [*octet_command, "--no-proof"],
        "octet, with proof": octet_command,
        "dynamic tensor": reference,
        "dynamic channel": [*reference, "--per-channel"],
        "cp": ["cp", source, target],
        "cp and sync": ["sh", "-c", f'cp "{source}" "{target}" && sync -f "{target}"'],
    }
    return found if proof else {name: c for name, c in found.items() if "with proof" not in name}


def read_whole(path: Path) -> None:
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass


def one(command: list, source: Path, target: Path, scratch: Path) -> dict:
    """One cold-process, warm-file run; whatever an earlier one still owes to the disk is written before the clock starts."""
    for file in scratch.glob("out.onnx*"):
        file.unlink()
    measure.fresh_process(["sync", "-f", str(scratch)], scratch)
    read_whole(source)
    run = measure.fresh_process(command, scratch)
    if run["exit"] != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\nexit {run['exit']}: {run['stderr'] or run['stdout']}")
    if run["stdout"].startswith("{") and "import_seconds" in run["stdout"]:
        inner = json.loads(run["stdout"])
        run |= {"import_seconds": inner["import_seconds"], "inside_seconds": inner["quantize_seconds"]}
    run["file_bytes"] = sum(file.stat().st_size for file in scratch.glob("out.onnx*"))
    return {key: value for key, value in run.items() if key not in ("stdout", "stderr")}


def table(runs: dict) -> str:
    def middle(name: str, key: str) -> float:
        return float(np.median([run[key] for run in runs[name]]))

    lines = ["| | seconds (each) | median s | of it import s | CPU s | peak MB | file MB | times faster than dynamic tensor "
             "| than dynamic channel | memory / dynamic tensor |", "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for name in runs:
        each = " ".join(f"{run['seconds']:.2f}" for run in runs[name])
        imported = f"{middle(name, 'import_seconds'):.2f}" if "import_seconds" in runs[name][0] else ""
        faster = [middle(other, "seconds") / middle(name, "seconds") for other in ("dynamic tensor", "dynamic channel")]
        memory_ratio = middle(name, "peak_memory_bytes") / middle("dynamic tensor", "peak_memory_bytes")
        lines.append(
            f"| {name} | {each} | {middle(name, 'seconds'):.2f} | {imported} | {middle(name, 'cpu_seconds'):.2f} "
            f"| {middle(name, 'peak_memory_bytes') / 1e6:.0f} | {middle(name, 'file_bytes') / 1e6:.1f} "
            f"| {faster[0]:.1f} | {faster[1]:.1f} | {memory_ratio:.3f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--octet", type=Path, default=ROOT / "build" / "release" / "octet")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--without-proof", action="store_true", help="leave out the run that loads and runs the result")
    parser.add_argument("--runs", type=Path, help="folder for the raw data; default bench/runs/<date>")
    arguments = parser.parse_args()
    if not arguments.octet.exists():
        sys.exit(f"{arguments.octet} is not there; build it with scripts/demo or give --octet PATH")

    source = make_models.ensure("big_400mb")
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        target = Path(folder) / "out.onnx"
        todo = commands(arguments.octet, source, target, not arguments.without_proof)
        runs, order, shuffle = {name: [] for name in todo}, list(todo), random.Random(0)
        for _ in range(arguments.times):
            shuffle.shuffle(order)
            for name in order:
                runs[name].append(one(todo[name], source, target, Path(folder)))
                print(f"{name}: {runs[name][-1]['seconds']:.2f} s", file=sys.stderr, flush=True)
    path = measure.save_run("quantize_400mb", {"model": source.name, "file_bytes": source.stat().st_size, "runs": runs},
                            arguments.runs)
    print(table(runs), f"\n\nraw data: {path}")


if __name__ == "__main__":
    main()
