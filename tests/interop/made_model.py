"""A model with everything a converter may write: what the shared models lack, check.py finds here."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT = TensorProto.FLOAT


def everything() -> tuple:
    """(model, feed): If branches over an outer weight, weights in Constant nodes and in a function, one weight read
    twice, one that is an output, a weight nobody reads, symbolic dims, doc strings and metadata everywhere."""
    random = np.random.default_rng(3)

    def weight(name: str, *dims: int) -> TensorProto:
        tensor = numpy_helper.from_array(random.normal(0, 0.05, dims).astype(np.float32), name)
        tensor.doc_string = f"doc of {name}"
        return tensor

    def node(op: str, inputs: list, outputs: list, **attributes) -> onnx.NodeProto:
        made = helper.make_node(op, inputs, outputs, f"node_{outputs[0]}", f"doc of {outputs[0]}", **attributes)
        made.metadata_props.add(key="namespace", value=f"module/{outputs[0]}")
        return made

    def value(name: str, *dims, type=FLOAT) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, type, dims, f"doc of {name}")

    def branch(name: str, op: str) -> onnx.GraphProto:
        return helper.make_graph(
            [
                node("MatMul", ["h", "outer"], [f"{name}_a"]),
                node("MatMul", [f"{name}_a", f"{name}_own"], [f"{name}_b"]),
                node(op, [f"{name}_b"], [name]),
            ],
            f"branch_{name}",
            [],
            [value(name, "batch", 192)],
            [weight(f"{name}_own", 192, 192)],
            f"doc of branch {name}",
        )

    function = helper.make_function(
        "local",
        "Twice",
        ["a"],
        ["b"],
        [node("Constant", [], ["f"], value=weight("f_value", 192, 192)), node("MatMul", ["a", "f"], ["b"])],
        [helper.make_opsetid("", 18)],
    )
    function.doc_string = "doc of Twice"
    graph = helper.make_graph(
        [
            node("Gather", ["table", "ids"], ["embedded"]),
            node("MatMul", ["embedded", "first"], ["f0"]),
            node("Add", ["f0", "bias"], ["f1"]),
            node("Relu", ["f1"], ["h"]),
            node("If", ["flag"], ["v"], then_branch=branch("yes", "Relu"), else_branch=branch("no", "Tanh")),
            helper.make_node("Twice", ["v"], ["w"], "call", domain="local"),
            node("Constant", [], ["K"], value=weight("K_value", 192, 192)),
            node("MatMul", ["w", "K"], ["m"]),
            node("Gemm", ["m", "second", "bias"], ["g"], transB=1, alpha=0.5),
            node("MatMul", ["g", "shown"], ["y"]),
            node("Identity", ["bias"], ["bias_copy"]),
        ],
        "everything",
        [value("ids", "batch", type=TensorProto.INT64), value("flag", type=TensorProto.BOOL)],
        [value("y", "batch", 192), value("shown", 192, 192), value("bias_copy", 192)],
        [
            weight("table", 3000, 48),
            weight("first", 48, 192),
            weight("bias", 192),
            weight("outer", 192, 192),
            weight("second", 192, 192),
            weight("shown", 192, 192),
            weight("unread", 192, 192),
        ],
        "doc of everything",
        [value("h", "batch", 192), value("m", "batch", 192)],
    )
    model = helper.make_model(
        graph,
        functions=[function],
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid("local", 1)],
        producer_name="interop",
        producer_version="7",
        doc_string="doc of the model",
        ir_version=10,
    )
    model.domain, model.model_version = "org.example", 3
    helper.set_model_props(model, {"author": "somebody", "empty": "", "names": '{"0": "cat"}'})
    graph.metadata_props.add(key="graph", value="of metadata")
    return model, {"ids": np.arange(0, 3000, 500, dtype=np.int64), "flag": np.array(True)}
