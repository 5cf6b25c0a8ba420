// From files or from nothing to the tensors a model is fed with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/port.hpp"
#include "base/tensor.hpp"
#include "data/rows.hpp"
#include "octet/data.hpp"

namespace octet::data {

// One feed: a tensor for every input, in their order.
using Feed = std::vector<base::NamedTensor>;

// To be run one after the other. Each is made when it is asked for, so that memory does not grow
// with their number.
struct Feeds {
  std::size_t count = 0;
  std::function<Feed(std::size_t)> make;  // the same index gives the same feed
  std::string description;                // "rows.npy (200 rows)", "seeded inputs (seed 0)"
  std::uint64_t rows = 0;                 // over all feeds
  std::int64_t batch = 1;                 // rows in one call: of the first feed

  [[nodiscard]] Feed at(std::size_t i) const { return make(i); }
};

// The data of options.files or options.arrays, or seeded inputs when there are neither, in feeds of
// at most `max_rows` rows (see Dataset). Throws Error{invalid_data} naming file, input and what was
// expected.
[[nodiscard]] Feeds make_feeds(const std::vector<base::Port>& specs,
                               const octet::DataOptions& options, std::int64_t max_rows = 0);

// Files or arrays are given, so that nothing is made up.
[[nodiscard]] inline bool is_given(const octet::DataOptions& options) {
  return !options.files.empty() || !options.arrays.empty();
}

// Seeded inputs alone; `batch` replaces a dynamic first dimension (nullopt: 1). Other dynamic
// dimensions: options.dims, else a size that suits (ids and masks 16, others 16 too). Floats are
// N(0,1) unless bounded, never all zero.
[[nodiscard]] Feed generate(const std::vector<base::Port>& specs, const octet::DataOptions& options,
                            std::optional<std::int64_t> batch = std::nullopt);

// How much generate() would make; nullopt when a shape is too large to be made up.
[[nodiscard]] std::optional<std::uint64_t> generated_bytes(
    const std::vector<base::Port>& specs, const octet::DataOptions& options,
    std::optional<std::int64_t> batch = std::nullopt);

// The dynamic dimensions whose size generate() has to guess: neither the batch nor in `given`. As
// keys of octet::DataOptions::dims.
[[nodiscard]] std::vector<std::string> guessed_dims(
    const std::vector<base::Port>& specs, const std::map<std::string, std::int64_t>& given);

// A recorded result or input file: .npy gives one array named "", .npz the arrays in it, .csv one
// float matrix named "".
[[nodiscard]] std::vector<base::NamedTensor> read_arrays(const std::filesystem::path& path);

// The same arrays; rows of .npy and .npz files stay there until they are asked for (open_npy,
// open_npz).
[[nodiscard]] std::vector<NamedRows> open_arrays(const std::filesystem::path& path);

}  // namespace octet::data
