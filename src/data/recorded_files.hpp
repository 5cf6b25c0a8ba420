// Recorded outputs: a file of arrays, or the output_*.pb of a test_data_set folder.
#pragma once

#include <vector>

#include "base/tensor.hpp"
#include "octet/model_source.hpp"

namespace octet::data {

// By extension (.npy, .npz, .csv, .pb) or because it is a folder; anything else is a model.
[[nodiscard]] bool is_recorded(const octet::ModelSource& reference);

// Throws Error{invalid_data}, Error{io}. The path must be one of those.
[[nodiscard]] std::vector<base::NamedTensor> read_recorded(const std::filesystem::path& path);

}  // namespace octet::data
