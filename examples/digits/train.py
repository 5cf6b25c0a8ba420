"""Trains the example and writes what is shipped beside this script.

    python -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python train.py

A scikit-learn pipeline (scaling, then a perceptron of 64-256-128-10) on the digits data that scikit-learn carries,
exported with skl2onnx. The test rows and scikit-learn's own predictions for them are saved as well: they are the
reference that the INT8 model is held against.
"""

from pathlib import Path

import numpy as np
import onnxruntime
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDER = Path(__file__).parent


def main() -> None:
    pixels, labels = load_digits(return_X_y=True)
    pixels = pixels.astype(np.float32)
    train_x, test_x, train_y, test_y = train_test_split(
        pixels, labels, test_size=360, random_state=0, stratify=labels)
    pipeline = make_pipeline(
        StandardScaler(),
        MLPClassifier(hidden_layer_sizes=(256, 128), alpha=1e-2, early_stopping=True, max_iter=200, random_state=0))
    pipeline.fit(train_x, train_y)

    model = to_onnx(
        pipeline,
        initial_types=[("input", FloatTensorType([None, 64]))],
        options={"zipmap": False},
        target_opset={"": 15, "ai.onnx.ml": 3})
    (FOLDER / "digits.onnx").write_bytes(model.SerializeToString())
    probabilities = pipeline.predict_proba(test_x).astype(np.float32)
    np.save(FOLDER / "test_rows.npy", test_x)
    np.save(FOLDER / "sklearn_probabilities.npy", probabilities)
    np.save(FOLDER / "sklearn_labels.npy", pipeline.predict(test_x).astype(np.int64))

    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    outputs = session.run(None, {"input": test_x})
    print("outputs:", [output.name for output in session.get_outputs()])
    print("accuracy on the test rows:", float(np.mean(pipeline.predict(test_x) == test_y)))
    print("ONNX against scikit-learn, largest difference:", float(np.abs(outputs[1] - probabilities).max()))
    assert np.abs(outputs[1] - probabilities).max() < 1e-5


if __name__ == "__main__":
    main()
