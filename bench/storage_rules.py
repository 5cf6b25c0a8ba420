"""What storing a weight small costs: time of a Conv whose weight is folded, and bytes of file a layer.

    python bench/storage_rules.py [--seconds 1.5] [--only conv bytes]

Each case is one layer in float and with its weight stored as float16 or int8, timed interleaved. Prints a table a rule and
writes bench/runs/<date>/storage_rules.json. See bench/README.md for the rules. What INT8 arithmetic costs is measured by
measure_costs.
"""

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import measure

COPIES = 8  # the same layer so many times in one model: what a call costs outside the operators then weighs little
NOISE = 0.05


class Layers:
    """COPIES independent layers that read one input."""

    def __init__(self, shape, element=TensorProto.FLOAT):
        self.random = np.random.default_rng(0)
        self.nodes, self.weights, self.outputs = [], [], []
        self.input = helper.make_tensor_value_info("x", element, shape)

    def constant(self, array) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def node(self, op: str, *inputs: str, **attributes) -> str:
        output = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [output], **attributes))
        return output

    def normal(self, *shape) -> np.ndarray:
        return self.random.standard_normal(shape, dtype=np.float32)

    def int8(self, values: np.ndarray, axis) -> tuple[np.ndarray, np.ndarray]:
        scales = (np.abs(values).max(axis=axis, keepdims=True) / 127).astype(np.float32)
        return np.rint(values / scales).astype(np.int8), scales

    def output(self, name: str) -> None:
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))

    def bytes(self) -> bytes:
        graph = helper.make_graph(self.nodes, "layers", [self.input], self.outputs, self.weights)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()


def runner(model: bytes, feed: np.ndarray):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    binding.bind_cpu_input("x", feed)
    for output, value in zip(session.get_outputs(), session.run(None, {"x": feed})):
        if not np.isfinite(value).all():
            raise ValueError("output is not finite")
        binding.bind_ortvalue_output(output.name, onnxruntime.OrtValue.ortvalue_from_numpy(value))
    return lambda: session.run_with_iobinding(binding)


def compare(build: dict, feed: np.ndarray, seconds: float) -> dict:
    """Microseconds a layer of every writing, and each one's ratio to the first."""
    runs = {name: runner(model, feed) for name, model in build.items()}
    samples = measure.interleaved(runs, seconds, sample_seconds=0.0005)
    first = next(iter(samples))
    return {name: {"us": float(np.median(s)) * 1e6 / COPIES, "ratio": measure.ratio(s, samples[first])}
            for name, s in samples.items()}


CONVS = [  # name, channels in, channels out, groups, kernel, size of the image
    ("3x3 64", 64, 64, 1, 3, 28), ("1x1 256 to 64", 256, 64, 1, 1, 28), ("3x3 3 to 32", 3, 32, 1, 3, 112),
    ("depthwise 3x3 96", 96, 96, 96, 3, 28)]


def conv(form: str, inputs: int, outputs: int, groups: int, kernel: int, size: int) -> bytes:
    layers = Layers([1, inputs, size, size])
    for _ in range(COPIES):
        values = layers.normal(outputs, inputs // groups, kernel, kernel)
        if form == "float":
            weight = layers.constant(values)
        elif form == "float16":
            weight = layers.node("Cast", layers.constant(values.astype(np.float16)), to=TensorProto.FLOAT)
        else:
            quantized, scales = layers.int8(values, (1, 2, 3))
            weight = layers.constant(quantized)
            if form == "int8, Cast, Mul":
                weight = layers.node("Cast", weight, to=TensorProto.FLOAT)
                weight = layers.node("Mul", weight, layers.constant(scales))
            else:
                weight = layers.node("DequantizeLinear", weight, layers.constant(scales.reshape(-1)), axis=0)
        layers.output(layers.node("Conv", "x", weight, group=groups, pads=[kernel // 2] * 4))
    return layers.bytes()


def measure_conv(seconds: float) -> dict:
    forms = ["float", "int8, Cast, Mul", "float16", "DequantizeLinear"]
    print("\n### folded storage costs no speed: time / float\n\n| Conv | float µs | " + " | ".join(forms[1:])
          + " | verdict |\n|---|--:|" + "--:|" * 3 + "---|")
    cases = []
    for name, *shape in CONVS:
        feed = np.random.default_rng(1).standard_normal((1, shape[0], shape[4], shape[4]), dtype=np.float32)
        result = compare({form: conv(form, *shape) for form in forms}, feed, seconds)
        ratios = [result[form]["ratio"]["median"] for form in forms[1:]]
        verdict = "held" if max(ratios[:2]) <= 1 + NOISE else "**slower**"
        print(f"| {name} | {result['float']['us']:.0f} | " + " | ".join(f"{r:.2f}" for r in ratios) + f" | {verdict} |",
              flush=True)
        cases.append({"conv": name, "result": result, "verdict": verdict})
    return {"conv": cases}


def measure_bytes(seconds: float) -> dict:
    """How many bytes a Conv takes in each storage."""
    print("\n### bytes of file a layer\n\n| Conv weight | float | float16 | int8 | least |\n"
          "|---|--:|--:|--:|---|")
    cases = []
    for inputs, outputs, groups, kernel in [(8, 8, 1, 1), (8, 8, 1, 3), (16, 16, 1, 1), (16, 32, 1, 1), (16, 8, 1, 3),
                                            (16, 16, 1, 3), (32, 32, 32, 3), (96, 96, 96, 3), (96, 96, 96, 5),
                                            (96, 96, 96, 7), (64, 64, 1, 3)]:
        forms = {"float": "float", "float16": "float16", "int8": "int8, Cast, Mul"}
        sizes = {name: len(conv(form, inputs, outputs, groups, kernel, 8)) // COPIES for name, form in forms.items()}
        shape = f"{outputs}×{inputs // groups}×{kernel}×{kernel}"
        print(f"| {shape} | {sizes['float']} | {sizes['float16']} | {sizes['int8']} | {min(sizes, key=sizes.get)} |")
        cases.append({"weight": shape, "bytes": sizes})
    return {"bytes": cases}


PARTS = {"conv": measure_conv, "bytes": measure_bytes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1.5, help="time spent on one comparison")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--runs", type=Path, help="folder for the raw data; default bench/runs/<date>")
    arguments = parser.parse_args()
    content = {}
    for part in arguments.only:
        content |= PARTS[part](arguments.seconds)
    path = measure.save_run("storage_rules", {"noise": NOISE} | content, arguments.runs)
    print(f"\nraw data: {path}")


if __name__ == "__main__":
    main()
