# shellcheck shell=bash
# The steps of scripts/wheel, in its order. `cpu`, `debian` (Debian's word for it) and `work` are set. Each looks first
# whether its result is there.

glibc=2.28
tools=build/wheel/tools
highway_version=1.0.3 # Debian 12's, whose source is fetched; its headers come with the package

make_tools() {
  cmp -s packaging/wheel-requirements.txt $tools/installed && return 0
  say "making $tools (compiler and packer)"
  rm -rf $tools
  python3 -m venv $tools
  $tools/bin/python -m pip install --quiet --disable-pip-version-check -r packaging/wheel-requirements.txt </dev/null ||
    fail "pip could not install packaging/wheel-requirements.txt: is a package registry reachable?"
  cp packaging/wheel-requirements.txt $tools/installed
}

make_wrappers() {
  local zig verb target="-target $cpu-linux-gnu.$glibc"
  zig=$(realpath "$($tools/bin/python -c 'import ziglang, os; print(os.path.dirname(ziglang.__file__))')/zig")
  mkdir -p "$work/zig"
  for verb in cc c++ ar ranlib; do
    case $verb in ar | ranlib) target="" ;; esac
    # Without zig's own sanitizer. Its cache stays in the build folder.
    printf '#!/bin/sh\nZIG_GLOBAL_CACHE_DIR=%q ZIG_LOCAL_CACHE_DIR=%q exec %q %s %s "$@"\n' \
      "$PWD/build/wheel/cache" "$PWD/build/wheel/cache" "$zig" "$verb" \
      "$target${target:+ -fno-sanitize=all}" >"$work/zig/$verb"
    chmod +x "$work/zig/$verb"
  done
}

# apt with a state of its own, for packages of another CPU and for sources; the system's never sees it.
apt_aside() {
  local folder=$PWD/$work/apt kind=$1 file
  mkdir -p "$folder/$kind/sources" "$folder/$kind/lists/partial" "$folder/$kind/cache/archives/partial"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] || continue
    case "$kind $file" in
      *.sources) target=$folder/$kind/sources/$(basename "$file") ;;
      *) target=$folder/$kind/sources/$(basename "$file" .list).list ;;
    esac
    if [ "$kind" = source ]; then
      sed -E 's/^Types: deb$/Types: deb-src/; s/^deb /deb-src /' "$file" >"$target"
    else
      cp "$file" "$target"
    fi
  done
  aside=(-o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$folder/$kind/sources"
    -o "Dir::State::lists=$folder/$kind/lists" -o "Dir::Cache=$folder/$kind/cache" -o APT::Sandbox::User=root
    -o "APT::Architecture=$debian" -o "APT::Architectures=$debian")
  apt-get -qq "${aside[@]}" update || fail "apt-get update failed: is a package mirror reachable?"
}

fetch_libraries() {
  local raw=$work/raw sysroot=$work/sysroot deb
  [ -f "$sysroot/complete" ] && return 0
  say "fetching headers and static libraries for $cpu (nothing is installed)"
  apt_aside binary
  mkdir -p "$work/debs" "$raw" "$sysroot/include" "$sysroot/lib"
  (cd "$work/debs" && apt-get -qq "${aside[@]}" download zlib1g-dev libbz2-dev liblzma-dev liblz4-dev libfmt-dev \
    nlohmann-json3-dev libcli11-dev libprotozero-dev libhwy-dev) || fail "packages could not be downloaded"
  for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$raw"; done
  cp -r "$raw"/usr/include/* "$sysroot/include/"
  if [ -d "$raw/usr/include/$cpu-linux-gnu" ]; then cp -r "$raw/usr/include/$cpu-linux-gnu"/* "$sysroot/include/"; fi
  cp "$raw/usr/lib/$cpu-linux-gnu"/lib{z,bz2,lzma,lz4}.a "$sysroot/lib/"
  mkdir -p "$sysroot/lib/$cpu-linux-gnu"
  cp -r "$raw/usr/lib/$cpu-linux-gnu/cmake" "$sysroot/lib/$cpu-linux-gnu/"
  # Its package file wants the shared library to be there; only headers are used.
  touch "$sysroot/lib/$cpu-linux-gnu/$(grep -ohE 'libfmt\.so\.[0-9.]+' -r "$sysroot/lib/$cpu-linux-gnu/cmake/fmt" | sort -V | tail -n 1)"
  mkdir -p "$sysroot/share"
  cp -r "$raw"/usr/share/cmake* "$sysroot/share/" 2>/dev/null || true
  cp $ort_folder/include/onnxruntime_*c_api.h "$sysroot/include/"
  touch "$sysroot/complete"
}

# Debian's libhwy is a shared library alone; of it Octet uses what is in targets.cc.
build_highway() {
  local sysroot=$work/sysroot source=$work/highway
  [ -f "$sysroot/lib/libhwy.a" ] && return 0
  say "building Highway $highway_version"
  apt_aside source
  mkdir -p "$source"
  (cd "$source" && apt-get -qq "${aside[@]}" source --download-only highway) || fail "the source of highway could not be fetched"
  tar -xzf "$source"/highway_*.orig.tar.gz -C "$source" --strip-components 1
  "$work/zig/c++" -O2 -fPIC -std=c++17 -I"$source" -c "$source/hwy/targets.cc" -o "$source/targets.o"
  "$work/zig/ar" rcs "$sysroot/lib/libhwy.a" "$source/targets.o"
}

build_wheel_binaries() {
  say "building $work/build"
  cmake -S . -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG" \
    -DCMAKE_TOOLCHAIN_FILE=packaging/zig.cmake -DOCTET_ZIG="$PWD/$work/zig" -DOCTET_SYSROOT="$PWD/$work/sysroot" \
    -DOCTET_CPU="$cpu" -DCMAKE_SHARED_LINKER_FLAGS=-s \
    -DCMAKE_EXE_LINKER_FLAGS=-s -DOCTET_WITHOUT_LIBCRYPTO=ON -DOCTET_PROGRAM_IN_LIBRARY=ON -DOCTET_BUILD_TESTS=OFF \
    >"$work/configure.log" 2>&1 || {
    cat "$work/configure.log" >&2
    fail "cmake could not configure $work/build (output above)"
  }
  cmake --build "$work/build" --target octet_c octet_cli
}

# Nothing newer than the C library that the wheel's name promises, and no library beside it.
check_symbols() {
  local file newest needed
  for file in "$@"; do
    newest=$(objdump -T "$file" | grep -oE 'GLIBC_[0-9.]+' | sed 's/GLIBC_//' | sort -Vu | tail -n 1)
    [ "$(printf '%s\n' "$newest" $glibc | sort -V | tail -n 1)" = $glibc ] ||
      fail "$file needs glibc $newest; the wheel promises $glibc"
    needed=$(objdump -p "$file" | awk '$1 == "NEEDED" {print $2}' |
      grep -vE '^(libc|libm|libdl|libpthread|librt|ld-linux.*|liboctet)\.so' || true)
    [ -z "$needed" ] || fail "$file needs $needed, which not every system has"
    say "$file: glibc $newest and nothing else"
  done
}

pack_with() { (cd python && "$1" -m hatchling build -t wheel -d "$2"); }

# The program without Python, for any Linux with that C library: octet-<version>/bin/octet and its library.
pack_tarball() {
  local version name
  version=$(sed -n 's/^project(octet VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
  name=octet-$version-linux-$cpu
  rm -rf "${work:?}/$name"
  mkdir -p "$work/$name/bin" build/wheel/dist
  cp "$work/build/octet" "$work/$name/bin/"
  cp -L "$work/build/capi/liboctet.so" "$work/$name/liboctet.so.0"
  cp LICENSE THIRD_PARTY_NOTICES.md README.md "$work/build/octet.spdx.json" "$work/$name/"
  tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@${SOURCE_DATE_EPOCH:-0}" -c "$name" |
    gzip -n9 >"build/wheel/dist/$name.tar.gz"
}

pack_wheel() {
  local platform=manylinux_${glibc/./_}_$cpu
  say "packing build/wheel/dist"
  OCTET_WHEEL_PLATFORM=$platform OCTET_WHEEL_LIBRARY=$PWD/$work/build/capi/liboctet.so \
    OCTET_WHEEL_PROGRAM=$PWD/$work/build/octet \
    pack_with "$PWD/$tools/bin/python" "$PWD/build/wheel/dist" >"$work/pack.log" 2>&1 || {
    cat "$work/pack.log" >&2
    fail "hatchling could not pack the wheel (output above)"
  }
  ls -l build/wheel/dist
}
