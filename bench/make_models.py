"""Writes the models that the scenarios run on: seeded, so everybody measures the same bytes.

    python bench/make_models.py [--into FOLDER] [--only NAME ...]

No trained weights can be shipped in these sizes, so they are drawn: in turn from a Gaussian and from Student's t with six
degrees of freedom, whose tails resemble those of trained layers. A quantizer tuned to only one of the two shows it.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

DEFAULT_FOLDER = Path(__file__).parent.parent / "build" / "bench" / "models"


class Writer:
    """Collects nodes and weights; every method returns the name of the value it produced."""

    def __init__(self, seed: int):
        self.rng = np.random.default_rng(seed)
        self.nodes, self.weights = [], []
        self.matrices = 0

    def node(self, op: str, *inputs: str, **attributes) -> str:
        output = f"{op.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [output], name=output, **attributes))
        return output

    def constant(self, array, name: str) -> str:
        self.weights.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def matrix(self, rows: int, columns: int, deviation: float, name: str) -> str:
        """Every other matrix is heavy-tailed; both kinds have the same standard deviation."""
        self.matrices += 1
        if self.matrices % 2:
            values = self.rng.standard_normal((rows, columns), dtype=np.float32)
        else:
            degrees = 6
            chi = self.rng.chisquare(degrees, (rows, columns)).astype(np.float32)
            values = self.rng.standard_normal((rows, columns), dtype=np.float32) / np.sqrt(chi / degrees)
            values *= np.float32(np.sqrt((degrees - 2) / degrees))
        return self.constant(values * np.float32(deviation), name)

    def vector(self, length: int, mean: float, deviation: float, name: str) -> str:
        drawn = mean + deviation * self.rng.standard_normal(length, dtype=np.float32)
        return self.constant(drawn.astype(np.float32), name)

    def save(self, path: Path, inputs, outputs) -> None:
        graph = helper.make_graph(self.nodes, path.stem, inputs, outputs, self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="octet bench")
        model.ir_version = 8
        onnx.save(model, path)


def mlp_768_3072_768(path: Path) -> None:
    w = Writer(seed=1)
    x = w.node("MatMul", "x", w.matrix(768, 3072, 768**-0.5, "w1"))
    x = w.node("Relu", w.node("Add", x, w.vector(3072, 0, 0.1, "b1")))
    x = w.node("MatMul", x, w.matrix(3072, 768, 3072**-0.5, "w2"))
    w.nodes.append(helper.make_node("Add", [x, w.vector(768, 0, 0.1, "b2")], ["y"], name="y"))
    w.save(path, [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 768])],
           [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 768])])


def dense(w: Writer, x: str, rows: int, columns: int, name: str) -> str:
    """A linear layer as PyTorch's exporter writes it: the bias is the Add's first input."""
    product = w.node("MatMul", x, w.matrix(rows, columns, 0.04, f"{name}.weight"))
    return w.node("Add", w.vector(columns, 0, 0.02, f"{name}.bias"), product)


def norm(w: Writer, x: str, name: str) -> str:
    gamma, beta = w.vector(768, 1, 0.15, f"{name}.gamma"), w.vector(768, 0, 0.05, f"{name}.beta")
    return w.node("LayerNormalization", x, gamma, beta, axis=-1, epsilon=1e-12)


def gelu(w: Writer, x: str) -> str:
    erf = w.node("Erf", w.node("Div", x, "sqrt2"))
    return w.node("Mul", w.node("Mul", x, w.node("Add", erf, "one")), "half")


def attention(w: Writer, x: str, name: str) -> str:
    def heads(part: str, permutation) -> str:
        split = w.node("Reshape", dense(w, x, 768, 768, f"{name}.{part}"), "head_shape")
        return w.node("Transpose", split, perm=permutation)

    query, key, value = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]), heads("value", [0, 2, 1, 3])
    scores = w.node("Div", w.node("MatMul", query, key), "sqrt_head")
    context = w.node("MatMul", w.node("Softmax", scores, axis=-1), value)
    merged = w.node("Reshape", w.node("Transpose", context, perm=[0, 2, 1, 3]), "merged_shape")
    return dense(w, merged, 768, 768, f"{name}.output")


def bert_block(path: Path, layers: int = 2, sequence: int = 128, words: int = 30522) -> None:
    w = Writer(seed=2)
    for name, value in (("sqrt2", 2**0.5), ("one", 1), ("half", 0.5), ("sqrt_head", 8)):
        w.constant(np.float32(value), name)
    w.constant(np.array([0, 0, 12, 64], np.int64), "head_shape")
    w.constant(np.array([0, 0, 768], np.int64), "merged_shape")

    x = w.node("Gather", w.matrix(words, 768, 0.04, "embeddings.word"), "input_ids")
    positions = 0.04 * w.rng.standard_normal((1, sequence, 768), dtype=np.float32)
    x = norm(w, w.node("Add", x, w.constant(positions.astype(np.float32), "embeddings.position")), "embeddings.norm")
    for i in range(layers):
        x = norm(w, w.node("Add", attention(w, x, f"layer{i}.attention"), x), f"layer{i}.attention.norm")
        inner = gelu(w, dense(w, x, 768, 3072, f"layer{i}.inner"))
        x = norm(w, w.node("Add", dense(w, inner, 3072, 768, f"layer{i}.outer"), x), f"layer{i}.norm")
    w.nodes[-1].output[0] = "last_hidden_state"
    w.save(path, [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", sequence])],
           [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", sequence, 768])])


def big_400mb(path: Path, layers: int = 100, width: int = 1024) -> None:
    """Residual layers with small weights: the values stay finite however many are chained."""
    w = Writer(seed=3)
    x = "x"
    for i in range(layers):
        product = w.node("MatMul", x, w.matrix(width, width, 0.1 * width**-0.5, f"w{i}"))
        x = w.node("Add", x, w.node("Relu", product))
    w.nodes[-1].output[0] = "y"
    w.save(path, [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", width])],
           [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", width])])


MODELS = {f.__name__: f for f in (mlp_768_3072_768, bert_block, big_400mb)}


def ensure(name: str, folder: Path = DEFAULT_FOLDER) -> Path:
    """The path of a model, written first if it is not there."""
    path = folder / f"{name}.onnx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"{name}.unfinished.onnx"
        MODELS[name](unfinished)
        unfinished.rename(path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--only", nargs="+", choices=MODELS, default=list(MODELS))
    arguments = parser.parse_args()
    for name in arguments.only:
        path = ensure(name, arguments.into)
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
