#!/usr/bin/env bash
# Another project takes Octet in with add_subdirectory (as FetchContent does), static and shared: it gets the libraries
# and none of the tests, programs and install rules. Only configured, not built. Arguments: source folder, build folder.
set -euo pipefail
source=$1 build=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
mkdir "$scratch/outer"
cat >"$scratch/outer/CMakeLists.txt" <<'PROJECT'
cmake_minimum_required(VERSION 3.22)
project(outer LANGUAGES C CXX)
include(FetchContent)
FetchContent_Declare(octet SOURCE_DIR ${OCTET})
FetchContent_MakeAvailable(octet)
add_executable(uses_cpp ${OCTET}/examples/embed/main.cpp)
target_link_libraries(uses_cpp PRIVATE octet::octet)
add_executable(uses_c ${OCTET}/examples/embed/main.c)
target_link_libraries(uses_c PRIVATE octet::c)
foreach(target octet_cli test_base)
  if(TARGET ${target})
    message(FATAL_ERROR "${target} is nothing for another project")
  endif()
endforeach()
get_target_property(type octet TYPE)
file(WRITE ${CMAKE_BINARY_DIR}/type "${type}")
PROJECT
for shared in OFF ON; do
  cmake -S "$scratch/outer" -B "$scratch/$shared" -G "$(cached CMAKE_GENERATOR)" -DOCTET="$source" \
    -DBUILD_SHARED_LIBS=$shared -DOCTET_ORT_INCLUDE="$(cached ORT_INCLUDE)" \
    -DCMAKE_CXX_COMPILER="$(cached CMAKE_CXX_COMPILER)" >"$scratch/log" 2>&1 || {
    cat "$scratch/log"
    exit 1
  }
  grep -v "^Found\|^--" "$scratch/log" | grep -i warning -A5 && exit 1
done
[ "$(cat "$scratch/OFF/type") $(cat "$scratch/ON/type")" = "STATIC_LIBRARY SHARED_LIBRARY" ] || {
  echo "BUILD_SHARED_LIBS is not honoured"
  exit 1
}
