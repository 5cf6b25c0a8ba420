add_library(octet_build_flags INTERFACE)
target_compile_options(octet_build_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  # Strict IEEE arithmetic: no contraction to fma, so that every ISA gives the scalar kernel's bytes.
  -ffp-contract=off)
if(OCTET_SANITIZE)
  target_compile_options(octet_build_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
    -fno-omit-frame-pointer
    # Weights lie in the file where protobuf put them, at any byte; x86-64 and AArch64 read them there.
    -fno-sanitize=alignment)
  target_link_options(octet_build_flags INTERFACE -fsanitize=address,undefined)
endif()
if(OCTET_FUZZ AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(octet_build_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
