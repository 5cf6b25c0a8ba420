// NumPy's .npz files: .npy arrays in a .zip archive.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "data/rows.hpp"

namespace octet::data {

// All arrays, as numpy.savez and numpy.savez_compressed write them. `label` opens every message.
// Throws Error{invalid_data}.
[[nodiscard]] std::vector<base::NamedTensor> read_npz(std::span<const std::byte> file,
                                                      const std::string& label);

// The same arrays; plain ones (plain_array) stay in the file, deflated or not. Every checksum is
// checked at once. Rows of deflated arrays are meant to be read in order: going back begins anew.
[[nodiscard]] std::vector<NamedRows> open_npz(const std::filesystem::path& path);

}  // namespace octet::data
