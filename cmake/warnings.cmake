add_library(octet_build_flags INTERFACE)
target_compile_options(octet_build_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  # Strict IEEE arithmetic: no contraction to fma, so that every ISA gives the scalar kernel's bytes.
  -ffp-contract=off)
if(OCTET_SANITIZE)
  target_compile_options(octet_build_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(octet_build_flags INTERFACE -fsanitize=address,undefined)
endif()
