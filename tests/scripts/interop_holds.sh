#!/usr/bin/env bash
# Python's onnx and onnxruntime find nothing wrong with what the program writes (tests/interop/check.py), and the
# goldens of tests/golden are what their packages give. Arguments: source folder, build folder.
set -euo pipefail
source=$1 build=$2
python=$source/build/venv/bin/python
[ -x "$python" ] || {
  echo "skipped: no build/venv with Python's onnx and onnxruntime (scripts/setup --python makes it)"
  exit 77
}
"$python" -B "$source/tests/golden/make.py" --check
"$python" -B "$source/tests/interop/check_random.py" "$build/test_fuzz"
models=${OCTET_MODELS:-$source/../shared/models}
shopt -s nullglob
"$python" -B "$source/tests/interop/check.py" "$build/octet" "$source/examples/digits" "$models"/*.onnx
