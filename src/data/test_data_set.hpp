// Folders of recorded inputs and outputs, as ONNX's own test models have them.
#pragma once

#include <filesystem>
#include <vector>

#include "base/tensor.hpp"

namespace octet::data {

// The folder itself when it holds input_0.pb or output_0.pb, else its sub-folders test_data_set_0,
// _1, … in the order of their numbers. Throws Error{invalid_data} when there is neither.
[[nodiscard]] std::vector<std::filesystem::path> test_data_sets(
    const std::filesystem::path& folder);

// The tensors of <stem>_0.pb, <stem>_1.pb, … in one test data set. Throws Error{invalid_data},
// Error{io}.
[[nodiscard]] std::vector<base::NamedTensor> read_numbered(const std::filesystem::path& data_set,
                                                           const std::string& stem);

}  // namespace octet::data
