#!/usr/bin/env bash
# Runs every command of the ```sh blocks that follow a line <!-- test --> in README.md and docs/*.md, in order, in a
# scratch copy of what they name, with the built program first on PATH. Arguments: source folder, build folder.
set -euo pipefail
source=$1 build=$2
[ -f "$source/build/ort/lib/libonnxruntime.so.1" ] || {
  echo "no ONNX Runtime library in build/ort: scripts/setup fetches it"
  exit 77
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PATH="$build:$PATH" OCTET_ORT="$source/build/ort/lib/libonnxruntime.so.1"
count=0
for page in "$source"/README.md "$source"/docs/*.md; do
  commands=$(awk '/^<!-- test -->$/ {wanted=1; next} wanted && /^```sh$/ {inside=1; wanted=0; next}
    /^```/ {inside=0} inside {print}' "$page")
  [ -n "$commands" ] || continue
  work=$scratch/$(basename "$page" .md)
  mkdir -p "$work"
  cp -r "$source/examples" "$work/"
  echo "-- $(basename "$page")"
  (cd "$work" && bash -euo pipefail -x <<<"$commands")
  count=$((count + $(grep -c . <<<"$commands")))
done
[ $count -gt 0 ] || {
  echo "no command was found: is the <!-- test --> marker gone?"
  exit 1
}
echo "$count lines of commands ran"
