// One file to arrays, whatever its format.
#include <fmt/format.h>

#include <numeric>

#include "base/mapped_file.hpp"
#include "data/csv.hpp"
#include "data/inputs.hpp"
#include "data/npy.hpp"
#include "data/npz.hpp"
#include "data/tensor_proto.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

base::Tensor read_matrix(std::string_view text, const std::string& label) {
  const Table table(text, label);
  std::vector<std::size_t> all(table.columns());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return table.read(0, table.rows(), all, false);
}

}  // namespace

std::vector<base::NamedTensor> read_arrays(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  const std::string label = path.string();
  if (extension != ".npy" && extension != ".npz" && extension != ".csv" && extension != ".pb") {
    throw Error(ErrorCode::invalid_data,
                fmt::format("{}: expected an .npy, .npz, .csv or .pb file", label));
  }
  return base::read_mapped(path, [&](std::span<const std::byte> bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (extension == ".npz") return read_npz(bytes, label);
    std::vector<base::NamedTensor> out;  // a list in braces would copy the array
    if (extension == ".pb") {
      out.push_back(read_tensor_proto(text, label));
    } else {
      out.push_back({"", extension == ".npy" ? read_npy(bytes, label) : read_matrix(text, label)});
    }
    return out;
  });
}

std::vector<NamedRows> open_arrays(const std::filesystem::path& path) {
  std::vector<NamedRows> out;
  if (path.extension() == ".npy") {
    out.push_back({"", open_npy(path)});
    return out;
  }
  if (path.extension() == ".npz") return open_npz(path);
  for (base::NamedTensor& array : read_arrays(path))
    out.push_back({std::move(array.name), Rows(std::move(array.tensor))});
  return out;
}

}  // namespace octet::data
