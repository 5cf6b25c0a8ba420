# Every third-party library is found here and nowhere else. docs/adr has a page for each.
include(cmake/linked.cmake)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)

find_path(PROTOZERO_INCLUDE protozero/varint.hpp REQUIRED)
find_path(HWY_INCLUDE hwy/highway.h REQUIRED)
find_path(LZ4_INCLUDE lz4frame.h REQUIRED)

# ONNX Runtime: only its C header, at build time. The library is loaded at run time (src/runtime).
find_path(ORT_INCLUDE onnxruntime_c_api.h
  HINTS ${OCTET_ORT_INCLUDE} ${PROJECT_SOURCE_DIR}/build/ort/include
  PATH_SUFFIXES onnxruntime onnxruntime/core/session)
if(NOT ORT_INCLUDE)
  message(FATAL_ERROR "onnxruntime_c_api.h was not found: run scripts/setup, or pass -DOCTET_ORT_INCLUDE=<folder>")
endif()
