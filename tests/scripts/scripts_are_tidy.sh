#!/usr/bin/env bash
# Scripts parse, can be executed, and name no mirror or registry: the machine's own configuration decides where packages
# come from. Arguments: source folder, build folder.
set -euo pipefail
cd "$1"
status=0
complain() {
  echo "$1"
  status=1
}
for script in .ci/run scripts/* packaging/*.sh tests/scripts/*.sh tests/capi/*.sh; do
  [ "$(head -c 2 "$script")" = '#!' ] || [[ $script == *.sh ]] || continue
  bash -n "$script" || complain "$script: bash cannot parse it"
done
for script in .ci/run scripts/setup scripts/demo scripts/test scripts/wheel scripts/release; do
  [ -x "$script" ] || complain "$script: not executable"
done
if grep -nE 'https?://' .ci/run scripts/* packaging/*.sh; then complain "a script names a host (above)"; fi
exit $status
