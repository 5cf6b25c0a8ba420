#!/usr/bin/env bash
# Arguments: the program test_capi, source folder.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
ort=${OCTET_ORT:-$2/build/ort/lib/libonnxruntime.so.1}
[ -f "$ort" ] || ort=""
"$1" "$2/examples/digits" "$scratch" "$ort"
