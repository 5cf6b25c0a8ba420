// A fuzz target: what octet does with one foreign file, and the files to start from.
//
// Each target is one .cpp beside this, and one program: with clang and OCTET_FUZZ on libFuzzer,
// otherwise on driver.cpp. "Survives" means: an octet::Error of one line, or a result. Anything
// else ends the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "octet/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace octet::fuzz {

using File = std::vector<std::byte>;

[[nodiscard]] std::vector<File> seeds();  // of the target that is linked

[[nodiscard]] inline File file(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

[[noreturn]] inline void broken(const char* what) {
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

template <typename Read>
int survive(const std::uint8_t* data, std::size_t size, const Read& read) {
  try {
    read(std::span(reinterpret_cast<const std::byte*>(data), size));
  } catch (const Error& error) {
    if (std::string_view(error.what()).find('\n') != std::string_view::npos)
      broken("a message of more than a line");
  }
  return 0;
}

[[nodiscard]] inline std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace octet::fuzz
