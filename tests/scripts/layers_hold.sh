#!/usr/bin/env bash
# Refuses an #include that src/layers.txt does not allow. Arguments: source folder, build folder.
set -euo pipefail
cd "$1"
status=0
complain() {
  echo "$1"
  status=1
}

# Lines "file:line:#include ..." of every quoted include under a folder.
includes_under() { grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$@" --include='*.[ch]pp' || true; }
# Sets file, line and target (what stands in the quotes) from such a line.
split() {
  local rest
  file=${1%%:*} rest=${1#*:}
  line=${rest%%:*} target=${rest#*\"}
  target=${target%%\"*}
}

declare -A allowed
while IFS=: read -r folder others; do
  case "$folder" in \#* | "") continue ;; esac
  for other in $others; do
    [ -n "${allowed[$other]+known}" ] || complain "src/layers.txt: $folder names $other, which does not stand above it"
  done
  allowed[$folder]=" $folder $others "
done <src/layers.txt

for path in src/*/; do
  folder=$(basename "$path")
  [ -n "${allowed[$folder]+known}" ] || complain "src/$folder has no line in src/layers.txt"
  while read -r found; do
    split "$found"
    first=${target%%/*}
    case "$target" in
      octet/*) continue ;;
      support/*) [[ $file == *_test.* ]] && continue ;; # tests/support: builders of models, for tests alone
      *) [ -d "src/$first" ] || [ -e "$path$target" ] || continue ;; # a third party's
    esac
    [[ ${allowed[$folder]:-} == *" $first "* ]] || complain "$file:$line: $folder may not include \"$target\" (src/layers.txt)"
  done < <(includes_under "$path" | sed 's#//*#/#')
done

while read -r found; do
  split "$found"
  case "$target" in
    octet/*) continue ;;
    *) [ -f "cli/$target" ] || complain "$file:$line: cli sees only include/octet and itself, not \"$target\"" ;;
  esac
done < <(includes_under cli)

while read -r found; do
  split "$found"
  case "$target" in
    octet/* | octet.h) continue ;;
    *) [ -f "capi/$target" ] || complain "$file:$line: capi sees only include and itself, not \"$target\"" ;;
  esac
done < <(includes_under capi)

while read -r found; do
  split "$found"
  [[ $target == octet/* ]] || complain "$file:$line: a public header includes only public headers, not \"$target\""
done < <(includes_under include)

code_under_src() { grep -rnE "$1" src --include='*.[ch]pp' | grep -vE '^[^:]*_(test|bench)\.[ch]pp:'; }
if code_under_src 'include.*onnxruntime_c_api' | grep -v '^src/runtime/'; then
  complain "only src/runtime includes the header of ONNX Runtime (above)"
fi
if code_under_src 'include.*<hwy/' | grep -v '^src/kernels/'; then
  complain "only src/kernels includes Highway (above)"
fi
if code_under_src '\b(std::(cout|cerr|clog|exit|abort|getenv)|(f|v|vf)?printf|puts|getenv|secure_getenv|_exit) *(\(|<<)'; then
  complain "src/ does not print, read the environment or exit (above)"
fi
exit $status
