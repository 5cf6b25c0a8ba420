#!/usr/bin/env bash
# temporaries.sh <compiler and its flags>: accessors that hand out a reference into their owner compile on an owner that
# stays and are refused on a temporary, each of them; and no header has such an accessor that temporaries.cpp does not name.
set -euo pipefail
cd "$(dirname "$0")/../.."
source=tests/compile_fail/temporaries.cpp
limit=-fmax-errors=0
if "$1" --version | grep -q clang; then limit=-ferror-limit=0; fi
failed=0

"$@" "$source" || { echo "not even what should compile does"; exit 1; }

refusals=$(LC_ALL=C "$@" "$limit" -DTEMPORARY "$source" 2>&1 || true)
while IFS=: read -r line call; do
  if ! grep -qE "temporaries\.cpp:$line:[0-9]+: error: .*deleted" <<<"$refusals"; then
    echo "compiles on a temporary: $call"
    failed=1
  fi
done < <(grep -n '(void)a<' "$source")

while IFS=: read -r header _ accessor; do
  name=$(sed -E 's/.* \**([a-z_]+)\(.*\) const&( \{.*|;)$/\1/' <<<"$accessor")
  if ! grep -qE "(\.|>\(\)\.)$name[(<]" "$source"; then
    echo "$header: $name() is not in $source"
    failed=1
  fi
done < <(grep -nE ' [a-z_]+\(.*\) const&( \{.*|;)$' src/*/*.hpp include/octet/*.hpp)
exit "$failed"
