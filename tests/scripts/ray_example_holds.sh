#!/usr/bin/env bash
# examples/ray gives the report of one process, byte for byte, although one of its workers is killed on the way. Needs a
# python with ray and numpy: $OCTET_RAY_PYTHON, else python3. Arguments: source folder, build folder.
set -euo pipefail
source=$1 build=$2
python=${OCTET_RAY_PYTHON:-python3}
ort=${OCTET_ORT:-$source/build/ort/lib/libonnxruntime.so.1}
"$python" -c 'import ray, numpy' 2>/dev/null || {
  echo "skipped: $python has no ray (pip install ray numpy, or name one with OCTET_RAY_PYTHON)"
  exit 77
}
[ -f "$ort" ] && [ -e "$build/capi/liboctet.so" ] || {
  echo "skipped: no ONNX Runtime or no liboctet.so"
  exit 77
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export OCTET_ORT=$ort OCTET_LIBRARY=$build/capi/liboctet.so PYTHONPATH=$source/python PYTHONDONTWRITEBYTECODE=1
export OCTET_SPEED_SECONDS=0
digits=$source/examples/digits
cd "$scratch"
"$python" - "$digits" <<'PYTHON'
import json, sys
import numpy, octet
digits = sys.argv[1]
numpy.save("rows.npy", numpy.tile(numpy.load(digits + "/test_rows.npy"), (200, 1)))
octet.quantize(digits + "/digits.onnx", "int8.onnx", gate=False, prove=False)
import os
whole = octet.parity(digits + "/digits.onnx", os.path.abspath("int8.onnx"), data=os.path.abspath("rows.npy"))
open("whole.json", "w").write(json.dumps(whole.to_dict(), indent=2) + "\n")
PYTHON
"$python" "$source/examples/ray/judge.py" "$digits/digits.onnx" int8.onnx rows.npy --shares 12 >said 2>log &
judge=$!
# The first worker that computes a share dies in the middle of it.
killed=no
for _ in $(seq 600); do
  kill -0 $judge 2>/dev/null || break
  if [ "$(find shares -name '*.json' 2>/dev/null | wc -l)" -ge 1 ]; then
    worker=$("$python" - $judge <<'PYTHON'
import pathlib, sys
parents = {}
names = {}
for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
    try:
        text = stat.read_text()
        names[int(stat.parent.name)] = (stat.parent / "cmdline").read_text()
    except OSError:
        continue
    parents[int(stat.parent.name)] = int(text.rsplit(")", 1)[1].split()[1])
def descends(pid, top):
    while pid > 1:
        if pid == top:
            return True
        pid = parents.get(pid, 0)
    return False
print(next((pid for pid in parents if names.get(pid, "").startswith("ray::compare") and descends(pid, int(sys.argv[1]))), ""))
PYTHON
    )
    if [ -n "$worker" ]; then
      kill -9 "$worker" && killed=yes
      break
    fi
  fi
  sleep 0.2
done
wait $judge || {
  cat said log
  exit 1
}
cat said
[ $killed = yes ] || {
  echo "no worker was killed: the run was too short to show anything"
  exit 1
}
cmp parity.json whole.json
