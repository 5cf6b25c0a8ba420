#!/usr/bin/env bash
# The commands a reader is shown are the commands that are tested. In README.md and docs/*.md a block
#     <!-- test -->
#     ```sh
#     octet quantize examples/digits/digits.onnx -o digits.int8.onnx
#     ```
# is run line by line by bash, the blocks of a page in order and in one folder: a scratch folder that holds a copy of
# examples/. The built program is on PATH. Lines that begin with scripts/ are left out (they are what runs this test).
# A command that answers no on purpose (exit 1) is written with "|| true". Arguments: source folder, build folder.
set -euo pipefail
source=$1 build=$2
ort=${OCTET_ORT:-$source/build/ort/lib/libonnxruntime.so.1}
[ -f "$ort" ] || {
  echo "skipped: no ONNX Runtime library in build/ort (scripts/setup fetches it) nor in OCTET_ORT"
  exit 77
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PATH="$build:$PATH" OCTET_ORT="$ort"
count=0
for page in "$source"/README.md "$source"/docs/*.md; do
  [ -f "$page" ] || continue
  work=$scratch/$(basename "$page" .md)
  awk '/^<!-- test -->$/ {wanted = 1; next}
    /^```/ {inside = wanted && $0 == "```sh"; wanted = 0; next}
    inside && $0 !~ /^scripts\// {print}
    NF {wanted = 0}' "$page" >"$work.commands"
  [ -s "$work.commands" ] || continue
  echo "-- ${page#"$source"/}"
  mkdir "$work"
  cp -r "$source/examples" "$work/"
  (cd "$work" && bash -euo pipefail -x "$work.commands" </dev/null) || {
    echo "a command of ${page#"$source"/} failed (the last one above)"
    exit 1
  }
  count=$((count + $(grep -c . "$work.commands")))
done
[ $count -gt 0 ] || {
  echo "no command was found in README.md and docs/: are the <!-- test --> markers gone?"
  exit 1
}
echo "$count lines of commands work"
