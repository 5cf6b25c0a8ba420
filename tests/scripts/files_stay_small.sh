#!/usr/bin/env bash
# No source file over 600 lines. Arguments: source folder, build folder.
set -euo pipefail
cd "$1"
large=$(find src cli capi include tests bench examples scripts cmake -type f \
  \( -name '*.[ch]pp' -o -name '*.py' -o -name '*.sh' -o -name '*.cmake' \) -exec wc -l {} + |
  awk '$2 != "total" && $1 > 600')
[ -z "$large" ] || {
  echo "over 600 lines; one idea per file:"
  echo "$large"
  exit 1
}
