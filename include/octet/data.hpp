// What is fed to a model when it is proven, compared or measured.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace octet {

struct DataOptions {
  // .npy (one array), .npz (arrays named like the inputs), .csv (rows of numbers), a folder with
  // input_0.pb … or with test_data_set_0, …; several .npy files for several inputs, in the model's
  // order. Empty: seeded inputs.
  std::vector<std::filesystem::path> files;
  // Values of named or unnamed dynamic dimensions: {"batch", 8}. Key "input:axis" addresses an
  // unnamed one.
  std::map<std::string, std::int64_t> dims;
  std::uint64_t seed = 0;
};

}  // namespace octet
