"""Writes quantize_dynamic.npz: small weights and what ONNX Runtime's quantize_dynamic makes of them.

    build/venv/bin/python tests/golden/make.py [--check]

Each case is the weight of a MatMul, quantized per tensor and per channel with weight_type QInt8. One array an aspect, the
cases behind one another in each (a file a case would be nine tenths headers): case, shape int64 [cases,2], weight, and
per_tensor_q, per_tensor_scale (one a case), per_channel_q, per_channel_scale (one a column).
--check writes nothing; it fails when the file is not what these packages give. scripts/setup --python installs the
versions the file was made with: onnx 1.18.0, onnxruntime 1.22.1, numpy 2.2.6.
"""

import argparse
import io
import logging
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

FILE = Path(__file__).parent / "quantize_dynamic.npz"
HALF = np.finfo(np.float32).max / np.float32(2)  # 2m overflows above it
TINY = np.finfo(np.float32).tiny
SMALLEST = np.finfo(np.float32).smallest_subnormal


def columns(*lists) -> np.ndarray:
    """A matrix of these columns, the shorter ones filled up with zeros."""
    out = np.zeros((max(map(len, lists)), len(lists)), np.float32)
    for n, values in enumerate(lists):
        out[: len(values), n] = values
    return out


def near(value, direction):
    return np.nextafter(np.float32(value), np.float32(direction), dtype=np.float32)


def around_ties(seed: int) -> np.ndarray:
    """Weights whose quotient lies on or beside k + 1/2, for scales that are no powers of two."""
    random = np.random.default_rng(seed)
    out = np.zeros((48, 6), np.float32)
    for n in range(out.shape[1]):
        largest = np.float32(random.uniform(0.01, 10))
        scale = np.float32(np.float64(largest) / 127)
        out[0, n] = largest
        halves = random.integers(-126, 126, 16) + np.float32(0.5)
        on = (halves * scale).astype(np.float32)
        out[:48, n][-47:] = np.concatenate([on, near(on, np.inf), near(on, -np.inf)])[:47]
    return out


def cases() -> dict:
    random = np.random.default_rng(1)
    halves = np.arange(-126.5, 127, 1)
    limit = np.float32(127) * TINY  # the least maximum whose scale is normal
    return {
        "normal": random.normal(0, 0.02, (23, 17)).astype(np.float32),
        "student": random.standard_t(3, (31, 7)).astype(np.float32),
        "ties": columns([127, *halves], [-127 / 128, *(halves / 128)], [127 * 2**20, *(halves * 2**20)]),
        "around_ties": around_ties(2),
        "lattice": columns(np.arange(-127, 128), np.arange(127, -128, -1) / 1024, np.arange(-64, 64) * 3.0),
        "zeros": np.zeros((4, 3), np.float32),
        "zero_columns": columns([0, 0, 0, 0], [1, -2, 3, 0.5], [-0.0] * 4, [-0.0, 1, -0.0, -1], [0, -0.0]),
        "subnormals": columns([TINY / 4, -TINY / 8], [SMALLEST, -SMALLEST], [TINY, TINY / 2, -TINY / 2]),
        "beside_subnormals": columns(
            [limit, TINY / 2, near(TINY / 2, 1), TINY * 0.75, -TINY / 2, TINY * 1.5, SMALLEST],
            [near(limit, 0), TINY, -TINY],
            [-near(limit, 1), TINY / 2, -TINY * 2.5],
            [1, SMALLEST, -TINY / 2],
        ),
        "last_normal_scale": columns([limit, TINY / 2, near(TINY / 2, 1), TINY * 0.75, -TINY * 1.5, SMALLEST]),
        "last_lost_scale": columns([near(limit, 0), TINY, -TINY * 100]),
        "magnitudes": columns(*([10.0**e, -(3.0 * 10.0**e), 10.0 ** (e - 2), 0.4 * 10.0**e] for e in range(-36, 38, 6))),
        "signs": columns([-5, 1, 2], [5, -1, -2], [-1e-3, -2e-3], [7], [-7]),
        "one_row": np.array([[1, -2, 0, 3e-5, -0.0]], np.float32),
        "one": np.array([[-0.3]], np.float32),
        "largest": columns([HALF, -1e38, HALF / 254], [-HALF, 1, 0]),
        "overflow": columns([near(HALF, np.inf), -1.5e38, 1e36], [-HALF * 2, 1, 0]),
    }


def quantized(name: str, weight: np.ndarray, per_channel: bool, folder: Path) -> tuple:
    k, n = weight.shape
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", k])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", n])],
        [numpy_helper.from_array(weight, "w")],
    )
    source, result = folder / "float.onnx", folder / "int8.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), source)
    quantize_dynamic(source, result, per_channel=per_channel, weight_type=QuantType.QInt8)
    found = {i.name: numpy_helper.to_array(i) for i in onnx.load(result).graph.initializer}
    assert not found["w_zero_point"].any()
    return found["w_quantized"], found["w_scale"]


def goldens() -> dict:
    names, shapes, weights = [], [], []
    results = {f"{granularity}_{what}": [] for granularity in ("per_tensor", "per_channel") for what in ("q", "scale")}
    with tempfile.TemporaryDirectory() as folder, np.errstate(over="ignore"):
        for name, weight in cases().items():
            names.append(name)
            shapes.append(weight.shape)
            weights.append(weight.ravel())
            for granularity in ("per_tensor", "per_channel"):
                q, scale = quantized(name, weight, granularity == "per_channel", Path(folder))
                assert q.dtype == np.int8 and q.shape == weight.shape and scale.dtype == np.float32
                results[granularity + "_q"].append(q.ravel())
                results[granularity + "_scale"].append(scale.ravel())
    return {
        "case": np.array(names),
        "shape": np.array(shapes, np.int64),
        "weight": np.concatenate(weights),
        **{key: np.concatenate(parts) for key, parts in results.items()},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    check = parser.parse_args().check
    logging.disable(logging.WARNING)  # "please consider pre-processing"
    arrays = goldens()
    if not check:
        content = io.BytesIO()
        np.savez_compressed(content, **arrays)
        FILE.write_bytes(content.getvalue())
        print(f"{FILE.name}: {len(arrays)} arrays, {FILE.stat().st_size} bytes")
        return 0
    kept = np.load(FILE)
    wrong = sorted(set(kept.files) ^ set(arrays))
    wrong += [n for n in kept.files if n in arrays and kept[n].tobytes() != arrays[n].tobytes()]
    if wrong:
        print(f"{FILE.name} is not what make.py makes with these packages: {', '.join(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
