"""Trains the example and writes what is shipped beside this script.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python train.py

A scikit-learn pipeline (scaling to 0 ... 1, then a perceptron of 64-512-256-10) on the digits data that scikit-learn
carries: as joblib writes it, and exported with skl2onnx. The test rows and scikit-learn's own predictions for them are saved as well: they are
the reference that the INT8 model is held against.
"""

from pathlib import Path

import joblib
import numpy as np
import onnx
import onnxruntime
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler

FOLDER = Path(__file__).parent


def export(pipeline: Pipeline) -> onnx.ModelProto:
    model = to_onnx(
        pipeline,
        initial_types=[("input", FloatTensorType([None, 64]))],
        options={"zipmap": False},  # probabilities as a tensor, not as a list of maps
        target_opset={"": 15, "ai.onnx.ml": 3})
    for value in [*model.graph.input, *model.graph.output]:  # the exporter leaves the dynamic dimension unnamed
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    opsets = sorted(model.opset_import, key=lambda opset: opset.domain)  # the exporter orders them by chance
    del model.opset_import[:]
    model.opset_import.extend(opsets)
    model.graph.name = "digits"
    onnx.checker.check_model(model)
    return model


def main() -> None:
    pixels, digits = load_digits(return_X_y=True)
    pixels = pixels.astype(np.float32)
    train_x, test_x, train_y, test_y = train_test_split(
        pixels, digits, test_size=0.2, random_state=0, stratify=digits)
    pipeline = make_pipeline(
        MinMaxScaler(),
        MLPClassifier(hidden_layer_sizes=(512, 256), alpha=1e-2, early_stopping=True, random_state=0))
    pipeline.fit(train_x, train_y)

    model = export(pipeline).SerializeToString()
    probabilities = pipeline.predict_proba(test_x).astype(np.float32)
    labels = pipeline.predict(test_x).astype(np.int64)

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    onnx_labels, onnx_probabilities = session.run(["label", "probabilities"], {"input": test_x})
    difference = float(np.abs(onnx_probabilities - probabilities).max())
    print(f"test rows: {len(test_x)}, accuracy: {np.mean(labels == test_y):.4f}")
    print(f"ONNX against scikit-learn, largest difference of a probability: {difference:.1e}")
    if difference > 1e-5 or not np.array_equal(onnx_labels, labels):
        raise SystemExit("the exported model does not give scikit-learn's answers; nothing was written")

    (FOLDER / "digits.onnx").write_bytes(model)
    del pipeline[-1]._optimizer  # two more numbers for each weight, of use to further training alone
    joblib.dump(pipeline, FOLDER / "model.joblib", compress=("zlib", 9))
    np.save(FOLDER / "test_rows.npy", test_x)
    np.save(FOLDER / "sklearn_probabilities.npy", probabilities)
    np.save(FOLDER / "sklearn_labels.npy", labels)


if __name__ == "__main__":
    main()
