"""Trains the example and writes what is shipped beside this script.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python train.py

A table of mixed columns, made up here with a fixed seed: texts, numbers, and holes in both. A ColumnTransformer fills
and encodes them, a random forest says whether a delivery will be late. The test rows and scikit-learn's own predictions
for them are saved as well. Every number is one that float32 holds, so that the ONNX model sees what scikit-learn sees.
"""

from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

FOLDER = Path(__file__).parent
TEXTS = ["city", "vehicle", "weather"]
NUMBERS = ["distance_km", "weight_kg", "hour", "stops"]


def table(rows: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(seed)
    x = pd.DataFrame({
        "city": random.choice(["Lille", "Lyon", "Nice", "Paris"], rows),
        "vehicle": random.choice(["bike", "car", "truck"], rows, p=[0.3, 0.5, 0.2]),
        "weather": random.choice(["dry", "rain", "snow"], rows, p=[0.7, 0.25, 0.05]),
        "distance_km": np.round(4 * random.gamma(2.0, 6.0, rows)) / 4,
        "weight_kg": np.round(8 * random.lognormal(1.5, 0.8, rows)) / 8,
        "hour": random.integers(6, 22, rows).astype(float),
        "stops": random.integers(1, 25, rows).astype(float),
    })
    minutes = 4 * x["distance_km"] + 3 * x["stops"]
    minutes *= x["vehicle"].map({"bike": 1.4, "car": 1.0, "truck": 1.2}) * x["weather"].map(
        {"dry": 1.0, "rain": 1.2, "snow": 1.8})
    minutes += np.where((x["city"] == "Paris") & x["hour"].between(16, 19), 40, 0)
    late = minutes + random.normal(0, 12, rows) > 95
    for column in ["distance_km", "weight_kg", "stops"]:
        x.loc[random.random(rows) < 0.03, column] = np.nan
    return x, np.where(late, "late", "on time")


def main() -> None:
    train_x, train_y = table(4000, 1)
    test_x, test_y = table(300, 2)
    columns = ColumnTransformer([
        ("texts", OneHotEncoder(handle_unknown="ignore"), TEXTS),
        ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), NUMBERS),
    ])
    forest = RandomForestClassifier(n_estimators=60, max_depth=8, min_samples_leaf=5, random_state=0)
    model = Pipeline([("columns", columns), ("forest", forest)]).fit(train_x, train_y)
    print(f"test rows: {len(test_x)}, accuracy: {np.mean(model.predict(test_x) == test_y):.4f}")
    joblib.dump(model, FOLDER / "model.joblib", compress=("xz", 9))
    test_x.to_csv(FOLDER / "test_rows.csv", index=False, na_rep="nan")
    np.save(FOLDER / "sklearn_probabilities.npy", model.predict_proba(test_x).astype(np.float32))


if __name__ == "__main__":
    main()
