#!/usr/bin/env bash
# Installs the package into a scratch prefix, moves that, builds examples/embed (C++ and C) against it and runs both; a C
# program also by way of pkg-config.
# Arguments: source folder, build folder.
set -euo pipefail
source=$1 build=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
flags=""
[ "$(cached OCTET_SANITIZE)" != ON ] || flags="-fsanitize=address,undefined"

cmake --install "$build" --prefix "$scratch/made" >"$scratch/log" || {
  cat "$scratch/log"
  exit 1
}
mv "$scratch/made" "$scratch/prefix"
library=$(dirname "$(find "$scratch/prefix" -path '*/cmake/octet' -type d)")/..
if grep -rnE "$scratch/made|$build|(^|[^{])/usr/lib" "$library"/cmake/octet "$library"/pkgconfig; then
  echo "the package names folders of the machine it was made on (above): it cannot be moved"
  exit 1
fi
cmake -S "$source/examples/embed" -B "$scratch/build" -G "$(cached CMAKE_GENERATOR)" \
  -DCMAKE_PREFIX_PATH="$scratch/prefix" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_C_FLAGS="$flags" \
  -DCMAKE_CXX_COMPILER="$(cached CMAKE_CXX_COMPILER)" >"$scratch/log" || {
  cat "$scratch/log"
  exit 1
}
cmake --build "$scratch/build"

programs=(embed)
if [ -f "$library/pkgconfig/octet.pc" ]; then
  programs+=(embed_c by_pkg_config)
  export PKG_CONFIG_PATH=$library/pkgconfig
  if command -v pkg-config >/dev/null; then
    # shellcheck disable=SC2046
    "$(cached CMAKE_C_COMPILER)" $flags -o "$scratch/build/by_pkg_config" "$source/examples/embed/main.c" \
      $(pkg-config --cflags --libs octet) -Wl,-rpath,"$library"
  else
    cp "$scratch/build/embed_c" "$scratch/build/by_pkg_config"
  fi
fi
for program in "${programs[@]}"; do
  "$scratch/build/$program" "$source/examples/digits/digits.onnx" "$scratch/$program.onnx"
  before=$(stat -c %s "$source/examples/digits/digits.onnx")
  after=$(stat -c %s "$scratch/$program.onnx")
  [ $((after * 2)) -lt "$before" ] || {
    echo "$program: the quantized model is $after bytes, the float one $before: that is not INT8"
    exit 1
  }
  cmp "$scratch/$program.onnx" "$scratch/embed.onnx"
done
if [ "$(cached OCTET_BUILD_CLI)" = ON ]; then "$scratch/prefix/bin/octet" version; fi
for file in LICENSE SECURITY.md THIRD_PARTY_NOTICES.md octet.spdx.json; do
  [ -s "$scratch/prefix/share/doc/octet/$file" ] || {
    echo "$file is not installed"
    exit 1
  }
done
# The bill of materials names every library that cmake/dependencies.cmake finds, each with a version.
bill=$scratch/prefix/share/doc/octet/octet.spdx.json
if command -v python3 >/dev/null; then python3 -m json.tool "$bill" >/dev/null; fi
for name in fmt nlohmann-json CLI11 protozero highway zlib openssl onnxruntime; do
  grep -A1 "SPDXRef-$name\"," "$bill" | grep -qE '"versionInfo": "(API )?[0-9]' || {
    echo "octet.spdx.json does not say which $name this is"
    exit 1
  }
  grep -qi "${name/nlohmann-json/JSON for Modern C++}" "$source/THIRD_PARTY_NOTICES.md" ||
    [ "$name" = onnxruntime ] || {
    echo "THIRD_PARTY_NOTICES.md does not speak of $name"
    exit 1
  }
done
