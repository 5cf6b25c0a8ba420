// NumPy's .npy format, versions 1 to 3 (numpy.lib.format).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "data/rows.hpp"

namespace octet::data {

// Reads one array: bool, integers, float16/32/64 of either byte order, fixed-width strings (U as
// UTF-8, S as they are), C or Fortran order; the result is row-major in host order. `label` opens
// every message. Throws Error{invalid_data} for anything else: Python objects, records, dates,
// complex numbers, and data that do not fill the shape exactly.
[[nodiscard]] base::Tensor read_npy(std::span<const std::byte> file, const std::string& label);

// An array whose rows can be used as they lie: numbers in host order, row after row.
struct PlainArray {
  base::ElementType type = base::ElementType::undefined;
  std::vector<std::int64_t> dims;  // not empty; at least one row
  std::size_t data_offset = 0;     // of the first element
  std::size_t row_bytes = 0;
};

// What the head of an .npy file says; nullopt for arrays that must be rearranged. `head` must hold
// the whole header; `size_bytes` is the whole file's. Throws what read_npy() throws.
[[nodiscard]] std::optional<PlainArray> plain_array(std::span<const std::byte> head,
                                                    std::uint64_t size_bytes,
                                                    const std::string& label);

// The same array, left in its file where it is plain. Throws what read_npy() throws, at once; and
// Error{io} from the rows when the file was changed since.
[[nodiscard]] Rows open_npy(const std::filesystem::path& path);

}  // namespace octet::data
