# The steps that setup, demo and test share. Sourced from the project's root, with set -euo pipefail. Every step looks
# first whether its result is there and is silent when it is. Names of mirrors and registries are never written here: the
# machine's own apt, npm and pip configuration decides.

ort_version=1.30.0 # of the npm package onnxruntime-node, which carries the library for linux x64 and arm64
ort_api_needed=21  # of the C header; the program steps down to 14 when it meets an older library
ort_folder=build/ort

say() { printf '== %s\n' "$*"; }
fail() {
  printf 'octet: %s\n' "$*" >&2
  exit 2
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    command -v sudo >/dev/null || fail "not root and no sudo: have somebody run: $*"
    sudo "$@"
  fi
}

install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "no apt-get here: install the equivalents of ${missing[*]} by hand"
  say "installing ${missing[*]}"
  as_root apt-get -qq update || fail "apt-get update failed: is a package mirror reachable?"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends \
    -o Dpkg::Options::=--force-confold "${missing[@]}" \
    >/dev/null </dev/null || fail "apt-get could not install ${missing[*]}"
}

# Where libonnxruntime-dev is to be had for a release that lacks it: releases to try, best first.
# Tried: bookworm. Not tried on a real machine: noble. 24.04 lacks the package; 26.04 is asked before the short-lived
# releases between, which leave the mirrors after nine months.
releases_with_ort() {
  case "$1" in
    bookworm) echo trixie ;;
    noble) echo "resolute questing plucky" ;;
    *) echo "$1" ;;
  esac
}

# apt options that read the machine's own sources as if it were another release, with a state of their own in `folder`.
# Nothing can be installed from there by accident: the system's apt never sees these lists.
apt_options_for_release() {
  local from=$1 to=$2 folder=$3 file
  mkdir -p "$folder/sources" "$folder/lists/partial" "$folder/cache/archives/partial"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    if [ -f "$file" ] && grep -q "\b$from\b" "$file"; then
      sed "s/\b$from\b/$to/g" "$file" >"$folder/sources/$(basename "$file" .list)$([[ $file == *.sources ]] || echo .list)"
    fi
  done
  apt_options=(-o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$folder/sources"
    -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache")
}

has_ort_header() {
  local api
  api=$(sed -n 's/^#define ORT_API_VERSION \([0-9]*\).*/\1/p' "$ort_folder/include/onnxruntime_c_api.h" 2>/dev/null)
  [ "${api:-0}" -ge "$ort_api_needed" ]
}

# Runs in a subshell, so that its scratch folder goes whatever happens.
fetch_ort_header() (
  has_ort_header && exit 0
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  for target in $(releases_with_ort "$release"); do
    say "fetching the C header of ONNX Runtime (package libonnxruntime-dev of $target; nothing is installed)"
    apt_options=()
    if [ "$target" != "$release" ]; then
      apt_options_for_release "$release" "$target" "$work/$target"
      # A source that does not know the other release (a third party's) may fail: the download is what counts.
      apt-get -qq "${apt_options[@]}" -o APT::Sandbox::User=root update >>"$work/log" 2>&1 || true
    fi
    if (cd "$work" && apt-get -qq "${apt_options[@]}" -o APT::Sandbox::User=root download libonnxruntime-dev) \
      >>"$work/log" 2>&1; then
      break
    fi
  done
  package=$(find "$work" -maxdepth 1 -name 'libonnxruntime-dev_*.deb')
  [ -n "$package" ] || {
    cat "$work/log" >&2
    fail "libonnxruntime-dev could not be downloaded; put onnxruntime_c_api.h (API $ort_api_needed or later) into" \
      "$ort_folder/include by hand"
  }
  dpkg-deb -x "$package" "$work/unpacked"
  header=$(find "$work/unpacked" -name onnxruntime_c_api.h | head -n 1)
  [ -n "$header" ] || fail "$(basename "$package") holds no onnxruntime_c_api.h"
  mkdir -p "$ort_folder/include"
  cp "$(dirname "$header")"/onnxruntime_*c_api.h "$ort_folder/include/" # later ones include onnxruntime_ep_c_api.h
  has_ort_header || fail "$(basename "$package") is too old: API $ort_api_needed is needed"
)

fetch_ort_library() (
  library=$ort_folder/lib/libonnxruntime.so.1
  stamp=$ort_folder/lib/version
  [ -f "$library" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$ort_version" ] && exit 0
  case "$(uname -m)" in
    x86_64) cpu=x64 ;;
    aarch64) cpu=arm64 ;;
    *)
      say "no ONNX Runtime library for $(uname -m) is known here: quantizing works, proofs will be skipped"
      exit 0
      ;;
  esac
  say "fetching the library of ONNX Runtime $ort_version (npm package onnxruntime-node; none of its scripts is run)"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  (cd "$work" && npm pack --silent "onnxruntime-node@$ort_version") >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    fail "npm could not download onnxruntime-node $ort_version: is a package registry reachable?"
  }
  tar -xzf "$work"/onnxruntime-node-*.tgz -C "$work" --wildcards "package/bin/napi-v*/linux/$cpu/libonnxruntime.so.1" ||
    fail "onnxruntime-node $ort_version holds no libonnxruntime.so.1 for linux $cpu"
  mkdir -p "$ort_folder/lib"
  # By rename: a running program may have the old one mapped.
  cp "$work"/package/bin/napi-v*/linux/$cpu/libonnxruntime.so.1 "$library.new"
  mv "$library.new" "$library"
  echo "$ort_version" >"$stamp"
)

# build/venv with what scripts/python-requirements.txt pins. Only tests and benchmarks that compare with the reference
# quantizer want it; they are skipped, with the reason, where it cannot be made for want of a suitable python3.
make_venv() {
  local stamp=build/venv/installed python
  cmp -s scripts/python-requirements.txt "$stamp" && return 0
  for python in python3 /usr/bin/python3 none; do
    "$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && break
  done
  if [ "$python" = none ]; then
    say "no python3 from 3.11 to 3.13 with venv: comparisons with the reference quantizer will be skipped"
    return 0
  fi
  say "making build/venv (the reference quantizer, for tests and benchmarks)"
  rm -rf build/venv
  mkdir -p build
  "$python" -m venv build/venv || fail "$python -m venv failed"
  build/venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: \
    -r scripts/python-requirements.txt </dev/null || fail "pip could not install scripts/python-requirements.txt"
  cp scripts/python-requirements.txt "$stamp"
}

# build <preset> [target…]
build() {
  local preset=$1 log=build/$1.configure.log
  shift
  say "building build/$preset"
  mkdir -p build
  cmake --preset "$preset" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >"$log" 2>&1 || {
    cat "$log" >&2
    fail "cmake could not configure the preset $preset (output above)"
  }
  cmake --build --preset "$preset" --parallel "$(nproc)" ${1:+--target "$@"}
}
