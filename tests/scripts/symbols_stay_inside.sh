#!/usr/bin/env bash
# liboctet.so shows what include/octet.h declares and nothing else, and has the SONAME that says so.
# Arguments: source folder, build folder.
set -euo pipefail
source=$1 build=$2
library=$build/capi/liboctet.so
[ -e "$library" ] || {
  echo "skipped: built without liboctet.so"
  exit 77
}
declared=$(grep -oE '\boctet_[a-z_]+\(' "$source/include/octet.h" | tr -d '(' | sort -u)
shown=$(nm -D --defined-only --format=posix "$library" | awk '$2 != "A" {sub(/@.*/, "", $1); print $1}' | sort -u)
[ "$declared" = "$shown" ] || {
  echo "declared in octet.h (<) and shown by liboctet.so (>):"
  diff <(echo "$declared") <(echo "$shown") || true
  exit 1
}
[[ $(objdump -p "$library") =~ SONAME\ +liboctet\.so\.[0-9]+ ]] || {
  echo "liboctet.so has no SONAME liboctet.so.N"
  exit 1
}
echo "$(echo "$shown" | wc -l) symbols"
