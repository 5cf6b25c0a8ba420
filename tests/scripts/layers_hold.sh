#!/usr/bin/env bash
# Refuses an #include that src/layers.txt does not allow. Arguments: source folder, build folder.
set -euo pipefail
cd "$1"
status=0
complain() {
  echo "$1"
  status=1
}

declare -A allowed
while IFS=: read -r folder others; do
  case "$folder" in \#* | "") continue ;; esac
  for other in $others; do
    [ -n "${allowed[$other]+known}" ] || complain "src/layers.txt: $folder names $other, which does not stand above it"
  done
  allowed[$folder]=" $folder $others "
done <src/layers.txt

for folder in src/*/; do
  folder=$(basename "$folder")
  [ -n "${allowed[$folder]+known}" ] || complain "src/$folder has no line in src/layers.txt"
  while IFS=: read -r file line include; do
    target=$(sed -E 's/.*"([^"]+)".*/\1/' <<<"$include")
    case "$target" in
      octet/*) continue ;;
      support/*) [[ $file == *_test.* ]] && continue ;;
    esac
    [[ ${allowed[$folder]:-} == *" ${target%%/*} "* ]] || complain "$file:$line: $folder may not include $target"
  done < <(grep -rnE '^ *#include "' "src/$folder" || true)
done

while IFS=: read -r file line include; do
  target=$(sed -E 's/.*"([^"]+)".*/\1/' <<<"$include")
  case "$target" in
    octet/* | cli/* | commands/*) continue ;;
    *) [ -f "cli/$target" ] || complain "$file:$line: cli sees only include/octet, not $target" ;;
  esac
done < <(grep -rnE '^ *#include "' cli || true)
# Only runtime knows ONNX Runtime, and only cli prints.
grep -rln 'onnxruntime_c_api' src | grep -v '^src/runtime/' && complain "only src/runtime may include ONNX Runtime's header"
grep -rnE '\b(std::cout|std::cerr|printf|getenv|std::exit)\b' src --include='*.cpp' --include='*.hpp' |
  grep -vE '_(test|bench)\.(cpp|hpp):|snprintf' && complain "src/ does not print, read the environment or exit"
exit $status
