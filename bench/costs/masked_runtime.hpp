// ONNX Runtime made to believe that this CPU is an older one, so that one machine measures several
// targets at native speed.
//
// ONNX Runtime chooses its kernels by the CPUID instruction, which a process cannot intercept on
// most machines (CPUID faulting is an Intel feature that guests rarely see). So a copy of the
// library is made in which every CPUID is replaced by UD2, an instruction of the same two bytes
// that raises SIGILL; the handler executes CPUID in its place and clears the features the target
// does not have. Nothing else of the library changes.
#pragma once

#include <filesystem>
#include <string_view>

namespace octet::bench {

// The answers of CPUID from now on, for code that was masked: as on `target` (avx2, avx512,
// avx512_vnni, amx_int8). Throws Error{unsupported} off x86-64, and for a target that is not older
// than this CPU.
void pretend_to_be(std::string_view target);

// Writes a copy of `library` with CPUID replaced into `folder`. Runs objdump (binutils), since only
// a disassembler tells the instruction from the same bytes inside another. Throws Error{io,
// unsupported}.
[[nodiscard]] std::filesystem::path write_masked_copy(const std::filesystem::path& library,
                                                      const std::filesystem::path& folder);

}  // namespace octet::bench
