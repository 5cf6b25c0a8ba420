// NumPy's .npy format, versions 1 to 3 (numpy.lib.format).
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "base/tensor.hpp"
#include "data/rows.hpp"

namespace octet::data {

// Reads one array: bool, integers, float16/32/64 of either byte order, fixed-width strings (U as
// UTF-8, S as they are), C or Fortran order; the result is row-major in host order. `label` opens
// every message. Throws Error{invalid_data} for anything else: Python objects, records, dates,
// complex numbers, and data that do not fill the shape exactly.
[[nodiscard]] base::Tensor read_npy(std::span<const std::byte> file, const std::string& label);

// The same array, left in its file where rows lie there as they are wanted: numbers in host order,
// row after row. Throws what read_npy() throws, at once; and Error{io} from the rows when the file
// was changed since.
[[nodiscard]] Rows open_npy(const std::filesystem::path& path);

}  // namespace octet::data
