#!/usr/bin/env bash
# Every C++ file is formatted as .clang-format says. Arguments: source folder, build folder.
set -euo pipefail
cd "$1"
command -v clang-format >/dev/null || {
  echo "clang-format is not installed"
  exit 77
}
# The judgement differs between major versions of the tool; one is the reference.
clang-format --version | grep -q 'version 14\.' || {
  echo "clang-format 14 is the reference; this is another"
  exit 77
}
find src cli include tests bench examples -name '*.cpp' -o -name '*.hpp' | xargs clang-format --dry-run -Werror
