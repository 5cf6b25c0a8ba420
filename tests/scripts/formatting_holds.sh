#!/usr/bin/env bash
# Every C++ file is formatted as .clang-format says. Arguments: source folder, build folder.
set -euo pipefail
cd "$1"
# Major versions of clang-format differ in small things, so one of them is the reference: Debian 12's.
for tool in clang-format-14 clang-format none; do
  command -v "$tool" >/dev/null && "$tool" --version | grep -q 'version 14\.' && break
done
[ "$tool" != none ] || {
  echo "skipped: clang-format 14, the reference, is not installed"
  exit 77
}
find src cli capi include tests bench examples -name '*.[ch]pp' -print0 | xargs -0 "$tool" --dry-run -Werror
