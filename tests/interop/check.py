"""What other programs see in Octet's results: onnx's checker, a second ONNX Runtime, and a reader of the file.

    python check.py <octet> <examples/digits> <model.onnx> ...

Quantizes digits, a model with everything (made_model.py) and the models given, in several ways, with the program, and
checks the files with the Python packages. One line a model; every claim that fails is a line, and then the exit code 1.
"""

import filecmp
import itertools
import logging
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from made_model import everything

WAYS = {
    "defaults": [],
    "standard": ["--ops", "standard"],
    "uint8": ["--weight-type", "uint8", "--per-tensor"],
    "float16": ["--storage", "float16"],
    "external": ["--external-data"],
}
failures = []


def expect(holds, claim: str) -> None:
    if not holds:
        failures.append(claim)
        print(f"  FAILED {claim}")


# --- what a file holds ---


def subgraphs(node):
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            yield attribute.g
        yield from attribute.graphs


def bodies(model):
    """The graph, every subgraph and every function: whatever has nodes."""
    waiting = [model.graph, *model.functions]
    while waiting:
        body = waiting.pop()
        yield body
        waiting += [graph for node in body.node for graph in subgraphs(node)]


def initializers(body) -> list:
    if isinstance(body, onnx.FunctionProto):
        return []
    return [i.name for i in body.initializer] + [i.values.name for i in body.sparse_initializer]


def reads(body) -> set:
    """The names that nodes of the body, subgraphs included, read, and the body's outputs."""
    function = isinstance(body, onnx.FunctionProto)
    out = set(body.output) if function else {o.name for o in body.output}
    for node in body.node:
        out.update(node.input)
        for inner in subgraphs(node):
            own = set(initializers(inner)) | {i.name for i in inner.input}
            out |= reads(inner) - own - {name for n in inner.node for name in n.output}
    return out


def unread(model) -> set:
    """Initializers and constants that nothing reads."""
    out = set()
    for body in bodies(model):
        names = set(initializers(body)) | {n.output[0] for n in body.node if n.op_type == "Constant"}
        out |= names - reads(body)
    return out


def tensors(model) -> list:
    """(name, array) of every initializer and every tensor in a Constant node."""
    out = []
    for body in bodies(model):
        if not isinstance(body, onnx.FunctionProto):
            out += [(i.name, numpy_helper.to_array(i)) for i in body.initializer]
        for node in body.node:
            if node.op_type == "Constant":
                out += [(node.output[0], numpy_helper.to_array(a.t)) for a in node.attribute if a.name == "value"]
    return out


def stands_for(small, array) -> bool:
    """Whether the small one has the signs of the other, in any order of the axes: random weights agree by half."""
    signs = np.sign(small.astype(np.float32) - (128 if small.dtype == np.uint8 else 0))
    used = signs != 0
    if used.sum() < 64 or min((signs > 0).sum(), (signs < 0).sum()) < 0.05 * used.sum():
        return False
    views = [array.reshape(small.shape)]
    if array.ndim <= 4:
        views += [array.transpose(order).reshape(small.shape) for order in itertools.permutations(range(array.ndim))]
    return any(abs((np.sign(view)[used] == signs[used]).mean() - 0.5) > 0.49 for view in views)


def copies(before, after) -> list:
    """Float weights of the result that a new small weight of the result stands for."""
    old = {name for name, _ in tensors(before)}
    found = tensors(after)
    new = [(n, a) for n, a in found if a.dtype in (np.int8, np.uint8, np.float16) and n not in old]
    floats = [(n, a) for n, a in found if a.dtype == np.float32]
    return [(n, m) for n, a in new for m, b in floats if a.size == b.size and stands_for(a, b)]


def size_bytes(path: Path) -> int:
    return path.stat().st_size + sum(p.stat().st_size for p in path.parent.glob(path.name + ".data*"))


# --- what must survive ---


def check_kept(before, after, standard: bool, label: str) -> None:
    def same(what, of) -> None:
        expect(of(before) == of(after), f"{label}: {what} survives")

    for field in ("ir_version", "producer_name", "producer_version", "domain", "model_version", "doc_string"):
        same(field, lambda model: getattr(model, field))
    same("metadata", lambda model: list(model.metadata_props))
    same("metadata of the graph", lambda model: list(model.graph.metadata_props))
    same("training info", lambda model: list(model.training_info))
    # A function that holds weights is written out where it is called; the others stay as they are.
    kept = {f.SerializeToString(deterministic=True) for f in before.functions}
    expect(
        all(f.SerializeToString(deterministic=True) in kept for f in after.functions), f"{label}: no function is changed"
    )
    same("name and doc string of the graph", lambda model: (model.graph.name, model.graph.doc_string))
    same("outputs", lambda model: list(model.graph.output))
    same("inputs", lambda m: [i for i in m.graph.input if i.name not in initializers(m.graph)])

    infos = {v.name: v for v in before.graph.value_info}
    changed = [v.name for v in after.graph.value_info if v.name in infos and v != infos[v.name]]
    expect(not changed, f"{label}: what is known of {changed} survives")
    # A node that reads and makes the same is the same node; others were rewritten, names and all.
    made = {node.output[0]: node for body in bodies(after) for node in body.node}
    for body in bodies(before):
        for node in body.node:
            now = made.get(node.output[0])
            if now is None or (now.op_type, now.input, now.output) != (node.op_type, node.input, node.output):
                continue
            kept = (now.name, now.doc_string, list(now.metadata_props))
            expect(
                kept == (node.name, node.doc_string, list(node.metadata_props)),
                f"{label}: name, doc string and metadata of the node of {node.output[0]} survive",
            )

    opsets = {o.domain: o.version for o in before.opset_import}
    allowed = opsets if standard else {"com.microsoft": 1, **opsets}
    found = {o.domain: o.version for o in after.opset_import}
    expect(opsets.items() <= found.items() <= allowed.items(), f"{label}: opset imports: {opsets} became {found}")

    def domains(model):
        return {n.domain for body in bodies(model) for n in body.node}

    new = domains(after) - domains(before) - {"", "ai.onnx", "ai.onnx.ml"} - (set() if standard else {"com.microsoft"})
    expect(not new, f"{label}: operators of {new} are new")


def check_file(source: Path, result: Path, standard: bool, label: str) -> None:
    before, after = onnx.load(source), onnx.load(result)
    for full in (False, True):
        try:
            onnx.checker.check_model(str(source), full_check=full)
        except Exception:  # not valid before: nothing to say
            continue
        try:
            onnx.checker.check_model(str(result), full_check=full)
        except Exception as error:
            expect(False, f"{label}: onnx.checker.check_model(full_check={full}): {str(error).splitlines()[0]}")
    check_kept(before, after, standard, label)
    left = unread(after) - unread(before)
    expect(not left, f"{label}: nothing reads {sorted(left)}")
    doubled = copies(before, after)
    expect(not doubled, f"{label}: small beside float: {doubled}")
    expect(size_bytes(result) <= size_bytes(source), f"{label}: the result is larger than the input")


# --- what a second runtime sees ---


def runner(path: Path, optimized: bool):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if optimized else levels.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])


# Inputs of models that want sensible ones; the rest is made by made_feed.
FEEDS = {
    "silero_vad": {
        "input": np.random.default_rng(5).normal(0, 0.1, (1, 576)).astype(np.float32),
        "state": np.zeros((2, 1, 128), np.float32),
        "sr": np.array(16000, np.int64),
    },
}


def made_feed(session):
    """Seeded inputs of static or symbolic shape (2 for a free dimension); None when a type is not a plain number."""
    random = np.random.default_rng(5)
    feed = {}
    for wanted in session.get_inputs():
        dims = [d if isinstance(d, int) and d > 0 else 2 for d in wanted.shape]
        if wanted.type == "tensor(float)":
            feed[wanted.name] = random.normal(size=dims).astype(np.float32)
        elif wanted.type in ("tensor(int64)", "tensor(int32)"):
            feed[wanted.name] = random.integers(0, 2, dims).astype(wanted.type[7:-1])
        else:
            return None
    return feed


def check_run(source: Path, result: Path, feed, tolerance, label: str) -> str:
    """Runs both, at both optimization levels. Says what came of it."""
    try:
        original = runner(source, False)
        feed = feed or FEEDS.get(source.stem) or made_feed(original)
        if feed is None:
            return "not run: no inputs"
        expected = original.run(None, feed)
    except Exception as error:
        return f"not run: the original does not: {str(error).splitlines()[0]}"
    worst = 0.0
    for optimized in (False, True):
        try:
            found = runner(result, optimized).run(None, feed)
        except Exception as error:
            expect(False, f"{label}: runs, optimized {optimized}: {str(error).splitlines()[0]}")
            continue
        for want, have in zip(expected, found, strict=True):
            same = want.dtype == have.dtype and want.shape == have.shape
            expect(same, f"{label}: outputs keep type and shape")
            if not same or want.size == 0:
                continue
            if want.dtype != np.float32:
                agree = (want == have).mean()
                expect(tolerance is None or agree >= 0.95, f"{label}: labels agree ({agree})")
                continue
            expect(np.isfinite(have).all() or not np.isfinite(want).all(), f"{label}: outputs are finite")
            error = float(np.abs(have - want).max() / max(np.abs(want).max(), 1e-30))
            worst = max(worst, error)
            expect(tolerance is None or error <= tolerance, f"{label}: outputs are close ({error})")
    return f"off by {worst:.2g}"


# --- the program ---


def octet(program: str, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=120)


def quantize(program: str, source: Path, result: Path, options: list, label: str) -> bool:
    done = octet(program, "quantize", source, "-o", result, "--no-proof", *options)
    message = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
    refused = done.returncode == 1 and "nothing to quantize" in done.stderr and not result.exists()
    expect(done.returncode == 0 or refused, f"{label}: quantizes (exit code {done.returncode}: {message})")
    return done.returncode == 0


def check_model(program: str, source: Path, feed, tolerance) -> None:
    said = []
    for way, options in WAYS.items():
        label = f"{source.stem}, {way}"
        with tempfile.TemporaryDirectory() as folder:
            result = Path(folder) / "result.onnx"
            if not quantize(program, source, result, options, label):
                said.append(f"{way}: no result")
                continue
            check_file(source, result, way == "standard", label)
            said.append(f"{way}: {check_run(source, result, feed, tolerance, label)}")
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "same.onnx"
        done = octet(program, "quantize", source, "-o", result, "--no-proof", "--exclude", "*", "--allow-unchanged")
        same = done.returncode == 0 and filecmp.cmp(source, result, shallow=False)
        expect(same, f"{source.stem}: with everything excluded the result is the input (exit code {done.returncode})")
    print(f"{source.stem}: {'; '.join(said)}")


def check_bits(program: str, source: Path) -> None:
    """In the full range the file holds the numbers and scales of quantize_dynamic, for every weight in INT8."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours.onnx", Path(folder) / "theirs.onnx"
        if not quantize(program, source, ours, ["--target", "vnni"], f"{source.stem}, full range"):
            return
        quantize_dynamic(source, theirs, per_channel=True, weight_type=QuantType.QInt8)
        found, expected = dict(tensors(onnx.load(ours))), dict(tensors(onnx.load(theirs)))
    names = [n for n in found if n.endswith("_quantized")]
    expect(names, f"{source.stem}, full range: there are weights in INT8")
    for name in names:
        scale = name.replace("_quantized", "_scale")
        for one in (name, scale):
            same = one in expected and found[one].tobytes() == expected[one].tobytes()
            expect(same, f"{source.stem}, full range: {one} has the bits of quantize_dynamic")


def main() -> int:
    program, digits, *others = sys.argv[1:]
    logging.disable(logging.WARNING)
    print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")
    digits = Path(digits)
    rows = {"input": np.load(digits / "test_rows.npy")}
    check_model(program, digits / "digits.onnx", rows, 0.04)
    check_bits(program, digits / "digits.onnx")
    with tempfile.TemporaryDirectory() as folder:
        model, feed = everything()
        path = Path(folder) / "everything.onnx"
        onnx.save(model, path)
        check_model(program, path, feed, 0.1)
    for other in others:
        check_model(program, Path(other), None, None)
    print(f"{len(failures)} claims failed" if failures else "all claims hold")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
