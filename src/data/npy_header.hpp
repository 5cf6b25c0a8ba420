// The header of an .npy file: a Python dictionary in text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace octet::data {

struct NpyHeader {
  std::string descr;  // "<f4"
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::size_t data_offset = 0;  // of the first element, from the start of the file
};

// Throws Error{invalid_data}, its message opened by `label`, when the header is not what numpy
// writes.
[[nodiscard]] NpyHeader read_npy_header(std::span<const std::byte> file, const std::string& label);

}  // namespace octet::data
