#!/usr/bin/env bash
# No source file over 600 lines. Arguments: source folder, build folder.
set -euo pipefail
cd "$1"
large=$(find src cli include tests bench examples -name '*.cpp' -o -name '*.hpp' -o -name '*.py' |
  xargs wc -l | awk '$2 != "total" && $1 > 600')
[ -z "$large" ] || {
  echo "over 600 lines:"
  echo "$large"
  exit 1
}
