# The steps that setup, demo and test share. Sourced from the project's root, with set -euo pipefail.

ort_version=1.30.0 # of the npm package onnxruntime-node, which carries the library for linux x64 and arm64
ort_folder=build/ort

say() { printf '== %s\n' "$*"; }
fail() {
  printf 'octet: %s\n' "$*" >&2
  exit 2
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  as_root apt-get update -qq || fail "apt-get update failed; is a package mirror reachable?"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "apt-get could not install ${missing[*]}"
}

# The release whose packages carry libonnxruntime-dev, for releases that lack it.
release_with_ort() {
  case "$1" in
    bookworm) echo trixie ;;
    noble) echo plucky ;; # read only, never installed
    *) echo "$1" ;;
  esac
}

# A copy of the machine's own apt sources that points at another release, in a private apt state: nothing is installed
# from there.
write_sources_for() {
  local from=$1 to=$2 folder=$3 file
  mkdir -p "$folder/sources" "$folder/lists/partial" "$folder/cache/archives/partial"
  for file in /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list; do
    [ -f "$file" ] && grep -q "$from" "$file" || continue
    sed "s/\b$from\b/$to/g" "$file" >"$folder/sources/$(basename "$file")"
  done
}

fetch_ort_header() {
  local header=$ort_folder/include/onnxruntime_c_api.h
  [ -f "$header" ] && return 0
  mkdir -p "$ort_folder/include"
  local work release target
  work=$(mktemp -d)
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  target=$(release_with_ort "$release")
  say "fetching ONNX Runtime's C header (package libonnxruntime-dev, from $target)"
  local apt=(apt-get -qq)
  if [ "$target" != "$release" ]; then
    write_sources_for "$release" "$target" "$work"
    apt+=(-o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/sources"
      -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
    "${apt[@]}" update || fail "the package lists of $target could not be read"
  fi
  (cd "$work" && "${apt[@]}" download libonnxruntime-dev) ||
    fail "libonnxruntime-dev could not be downloaded; put onnxruntime_c_api.h into $ort_folder/include by hand"
  dpkg-deb -x "$work"/libonnxruntime-dev_*.deb "$work/unpacked"
  find "$work/unpacked" -name onnxruntime_c_api.h -exec cp {} "$header" \;
  rm -rf "$work"
  [ -f "$header" ] || fail "libonnxruntime-dev holds no onnxruntime_c_api.h"
}

fetch_ort_library() {
  local library=$ort_folder/lib/libonnxruntime.so.1 stamp=$ort_folder/lib/version cpu work
  [ -f "$library" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$ort_version" ] && return 0
  case "$(uname -m)" in
    x86_64) cpu=x64 ;;
    aarch64) cpu=arm64 ;;
    *)
      say "no ONNX Runtime library for $(uname -m) is known here: quantizing works, proofs will be skipped"
      return 0
      ;;
  esac
  say "fetching ONNX Runtime $ort_version (npm package onnxruntime-node)"
  mkdir -p "$ort_folder/lib"
  work=$(mktemp -d)
  (cd "$work" && npm pack --silent "onnxruntime-node@$ort_version" >/dev/null) ||
    fail "npm could not download onnxruntime-node $ort_version"
  tar -xzf "$work"/onnxruntime-node-*.tgz -C "$work"
  cp "$work"/package/bin/napi-v*/linux/$cpu/libonnxruntime.so.1 "$library"
  echo "$ort_version" >"$stamp"
  rm -rf "$work"
}

make_venv() {
  local stamp=build/venv/installed
  cmp -s scripts/python-requirements.txt "$stamp" && return 0
  say "making build/venv (reference quantizer for tests and benchmarks)"
  python3 -m venv build/venv || fail "python3 -m venv failed; install python3-venv"
  build/venv/bin/pip install --quiet --disable-pip-version-check -r scripts/python-requirements.txt ||
    fail "pip could not install scripts/python-requirements.txt"
  cp scripts/python-requirements.txt "$stamp"
}

build() {
  local preset=$1
  shift
  say "building build/$preset"
  cmake --preset "$preset" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@" >build/$preset.configure.log ||
    { cat build/$preset.configure.log; fail "cmake failed"; }
  cmake --build --preset "$preset"
}
