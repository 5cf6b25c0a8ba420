// What is fed to a model when it is proven, compared or measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace octet {

// A dense array, row-major.
struct Array {
  std::string name;
  std::string type;  // "float32", "int64", "string", …
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;        // elements in host order; empty for strings
  std::vector<std::string> strings;    // elements of a string array
  std::vector<std::string> keys = {};  // of a model's output that is maps: the columns' names
};

struct DataOptions {
  // .npy (one array), .npz (arrays named like the inputs), .csv (rows of numbers), a folder with
  // input_0.pb … or with test_data_set_0, …; several .npy files for several inputs, in the model's
  // order. Empty: seeded inputs.
  std::vector<std::filesystem::path> files;
  // Values of named or unnamed dynamic dimensions: {"batch", 8}. Key "input:axis" addresses an
  // unnamed one.
  std::map<std::string, std::int64_t> dims;
  std::uint64_t seed = 0;
  // Data at hand instead of files (or beside .npy and .npz files): named like the inputs, or
  // unnamed in the model's order; fitted to the inputs like arrays of files.
  std::vector<Array> arrays = {};
};

}  // namespace octet
