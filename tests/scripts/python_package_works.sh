#!/usr/bin/env bash
# The Python package is packed with the binaries of this build, installed into a fresh venv beside each of three versions
# of ONNX Runtime from pip, and its tests are run there; a wheel that scripts/wheel made is tried too. The venvs are kept in
# the build folder. Arguments: source folder, build folder.
set -euo pipefail
source=$1 build=$2
versions=(1.19.2 1.22.1 1.30.0)
skip() {
  echo "skipped: $*"
  exit 77
}
library=$build/capi/liboctet.so
[ -e "$library" ] || skip "built without liboctet.so"
grep -q '^OCTET_SANITIZE:BOOL=ON' "$build/CMakeCache.txt" && skip "a sanitized library does not load into python"
python3 "$source/python/generate.py" --check
for python in python3 /usr/bin/python3 none; do
  "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))' 2>/dev/null && break
done
[ "$python" != none ] || skip "no python3 with venv"
work=$build/python
mkdir -p "$work"
pip() { "$1/bin/python" -m pip --disable-pip-version-check --quiet "${@:2}" </dev/null >"$work/log" 2>&1; }

# venv <folder> <package>…: what is there already stays.
venv() {
  local folder=$1 wanted=${*:2}
  [ "$(cat "$folder/holds" 2>/dev/null)" = "$wanted" ] && return 0
  rm -rf "$folder"
  "$python" -m venv "$folder" && pip "$folder" install --no-deps "${@:2}" || return 1
  echo "$wanted" >"$folder/holds"
}

venv "$work/packer" hatchling packaging pathspec pluggy trove-classifiers tomli || skip "pip has no hatchling: $(tail -n 1 "$work/log")"
rm -rf "$work/dist"
(cd "$source/python" && OCTET_WHEEL_PLATFORM=linux_$(uname -m) OCTET_WHEEL_LIBRARY=$library OCTET_WHEEL_PROGRAM=$build/octet \
  PYTHONDONTWRITEBYTECODE=1 "$work/packer/bin/python" -m hatchling build -t wheel -d "$work/dist" >"$work/log" 2>&1) || {
  cat "$work/log"
  exit 1
}
wheels=("$work"/dist/*.whl)
shopt -s nullglob
made=("$source"/build/wheel/dist/*_"$(uname -m)".whl)
digits=$source/examples/digits

# try <venv> <wheel>: from a folder that is not the source's.
try() {
  pip "$1" install --no-deps --force-reinstall "$2" || {
    cat "$work/log"
    exit 1
  }
  rm -rf "$work/scratch" && mkdir "$work/scratch"
  (
    cd "$work/scratch"
    unset OCTET_ORT OCTET_LIBRARY PYTHONPATH
    export OCTET_EXAMPLES=$source/examples PYTHONDONTWRITEBYTECODE=1 OCTET_SPEED_SECONDS=0
    "$1/bin/python" -m unittest discover -s "$source/python/tests"
    "$1/bin/octet" quantize "$digits/digits.onnx" -o made.onnx --data "$digits/test_rows.npy" >said
    grep -q "ONNX Runtime $(cat "$1/ort")" said
    "$1/bin/python" -m octet version >/dev/null
  )
}
tried=0
for version in "${versions[@]}"; do
  if venv "$work/ort-$version" "onnxruntime==$version" numpy; then
    echo "$version" >"$work/ort-$version/ort"
    echo "-- ONNX Runtime $version"
    try "$work/ort-$version" "${wheels[0]}"
    tried=$((tried + 1))
    last=$work/ort-$version
  else
    echo "-- ONNX Runtime $version: not to be had from pip for this python"
  fi
done
[ $tried -gt 0 ] || skip "pip has no ONNX Runtime: $(tail -n 1 "$work/log")"
for wheel in "${made[@]}"; do
  echo "-- ${wheel##*/}"
  try "$last" "$wheel"
done
