"""Measures again the thresholds of src/forms/cost_rules.hpp: where INT8 pays, one thread, on this machine.

    python bench/cost_rules.py [--seconds 1.5] [--only matmul conv gather bytes]

Each case is one layer in float and in INT8, timed interleaved. Prints a table a rule and whether it held, and writes
bench/runs/<date>/cost_rules.json. See bench/README.md for the rules.
"""

import argparse
import re
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import measure

HEADER = Path(__file__).parent.parent / "src" / "forms" / "cost_rules.hpp"
COPIES = 8  # the same layer so many times in one model: what a call costs outside the operators then weighs little
NOISE = 0.05


def pays(rule: dict, k: int, n: int) -> bool:
    """int8_products_pay of the header."""
    return n >= rule["min_columns"] and (k - rule["column_overhead"]) * n >= rule["min_products"]


def rules() -> dict:
    """The constants as the header has them now."""
    found = re.findall(r"inline constexpr std::u?int64_t (\w+) = ([\d *]+);", HEADER.read_text())
    return {name: int(np.prod([int(factor) for factor in value.split("*")])) for name, value in found}


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


def matmul(form: str, m: int, k: int, n: int, dense: bool) -> bytes:
    """`dense`: with a bias and a Relu, which ONNX Runtime fuses with a float MatMul."""
    layers = Layers([m, k])
    for _ in range(COPIES):
        values, bias = layers.normal(k, n), layers.normal(n)
        if form == "float":
            y = layers.node("MatMul", "x", layers.constant(values))
            y = layers.node("Add", y, layers.constant(bias)) if dense else y
        else:
            quantized, scales = layers.int8(values, 0)
            inputs = [layers.constant(quantized), layers.constant(scales[0]), layers.constant(np.int8(0))]
            inputs += [layers.constant(bias)] if dense else []
            y = layers.node("DynamicQuantizeMatMul", "x", *inputs, domain="com.microsoft")
        layers.output(layers.node("Relu", y) if dense else y)
    return layers.bytes()


# Around the thresholds, and beyond: a rule on K·N alone would let through deep but narrow layers such as 4096×16.
SHAPES = [(32, 32), (64, 64), (64, 128), (128, 64), (512, 16), (128, 128), (64, 256), (256, 64), (512, 32), (1024, 16),
          (768, 24), (512, 48), (256, 96), (320, 96), (256, 128), (192, 192), (128, 256), (128, 384), (1024, 32),
          (512, 64), (768, 48), (64, 512), (64, 2048), (32, 2048), (768, 64), (512, 96), (256, 256), (4096, 16),
          (4096, 32), (2048, 64), (1000, 100), (768, 2), (768, 12), (4096, 8)]
ROWS = [1, 2, 4, 16, 128]


def measure_matmul(seconds: float, rule: dict) -> dict:
    print("### min_columns, min_products: time of INT8 / float at so many rows\n\n"
          "| K×N | K·N | layer | " + " | ".join(f"M={m}" for m in ROWS) + " | float µs at M=1 | rule says | verdict |\n"
          "|---|--:|---|" + "--:|" * (len(ROWS) + 1) + "---|---|")
    cases = []
    for k, n in sorted(SHAPES, key=lambda s: (s[1] < rule["min_columns"], s[0] * s[1])):
        quantizes = pays(rule, k, n)
        for dense in (False, True):
            results = [compare({form: matmul(form, m, k, n, dense) for form in ("float", "int8")},
                               np.random.default_rng(1).standard_normal((m, k), dtype=np.float32), seconds) for m in ROWS]
            ratios = [result["int8"]["ratio"]["median"] for result in results]
            slower = [f"M={m}" for m, r in zip(ROWS, ratios) if r > 1 + NOISE]
            if quantizes:
                verdict = f"**slower at {', '.join(slower)}**" if slower else "held"
            else:
                verdict = "held" if slower else "could be INT8"
            kind = "MatMul+Add+Relu" if dense else "MatMul"
            print(f"| {k}×{n} | {k * n} | {kind} | " + " | ".join(f"{r:.2f}" for r in ratios)
                  + f" | {results[0]['float']['us']:.1f} | {'INT8' if quantizes else 'store'} | {verdict} |", flush=True)
            cases.append({"k": k, "n": n, "layer": kind, "rows": ROWS, "results": results, "verdict": verdict})
    return {"matmul": cases}


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


def measure_conv(seconds: float, rule: dict) -> dict:
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


def gather(form: str, words: int, length: int, ids: int) -> bytes:
    layers = Layers([1, ids], TensorProto.INT64)
    for _ in range(COPIES):
        values = layers.normal(words, length)
        if form == "float":
            layers.output(layers.node("Gather", layers.constant(values), "x"))
            continue
        quantized, scales = layers.int8(values, 1)
        rows = layers.node("Cast", layers.node("Gather", layers.constant(quantized), "x"), to=TensorProto.FLOAT)
        layers.output(layers.node("Mul", rows, layers.node("Gather", layers.constant(scales), "x")))
    return layers.bytes()


TABLES = [(64, 16, 1), (1024, 16, 1), (1024, 16, 128), (1024, 64, 128), (4096, 8, 128), (8000, 256, 1), (8000, 256, 128),
          (8000, 768, 1), (8000, 768, 128)]


def measure_gather(seconds: float, rule: dict) -> dict:
    print("\n### min_row_length, min_table_bytes: one lookup\n\n| table | KB float | ids | float µs | int8 rows µs | more µs "
          "| bytes saved | large enough |\n|---|--:|--:|--:|--:|--:|--:|---|")
    cases = []
    for words, length, ids in TABLES:
        feed = np.random.default_rng(1).integers(0, words, (1, ids), dtype=np.int64)
        result = compare({form: gather(form, words, length, ids) for form in ("float", "int8")}, feed, seconds)
        size, saved = words * length * 4, words * (length * 3 - 4)
        quantizes = length >= rule["min_row_length"] and size >= rule["min_table_bytes"]
        before, after = result["float"]["us"], result["int8"]["us"]
        print(f"| {words}×{length} | {size / 1024:.0f} | {ids} | {before:.2f} | {after:.2f} | {after - before:.2f} "
              f"| {saved} | {'yes' if quantizes else 'no'} |", flush=True)
        cases.append({"words": words, "length": length, "ids": ids, "result": result})
    return {"gather": cases}


def measure_bytes(seconds: float, rule: dict) -> dict:
    """How many bytes a Conv takes in each storage: rules min_folded_bytes and min_per_scale."""
    print("\n### min_folded_bytes, min_per_scale: bytes of file a layer\n\n| Conv weight | float | float16 | int8 | least |\n"
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


PARTS = {"matmul": measure_matmul, "conv": measure_conv, "gather": measure_gather, "bytes": measure_bytes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1.5, help="time spent on one comparison")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--runs", type=Path, help="folder for the raw data; default bench/runs/<date>")
    arguments = parser.parse_args()
    rule, content = rules(), {}
    for part in arguments.only:
        content |= PARTS[part](arguments.seconds, rule)
    path = measure.save_run("cost_rules", {"rules": rule, "noise": NOISE} | content, arguments.runs)
    print(f"\nraw data: {path}")


if __name__ == "__main__":
    main()
