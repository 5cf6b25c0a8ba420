// From files or from nothing to the tensors a model is fed with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/element_type.hpp"
#include "base/tensor.hpp"
#include "octet/data.hpp"

namespace octet::data {

// What one model input wants, gathered by the caller from the model. Dynamic dimensions are -1,
// their names in `symbols` ("" when unnamed). `low`/`high`: inclusive bounds for generated values,
// when the graph implies them (ids bounded by the table they index, masks 0/1).
struct InputSpec {
  std::string name;
  base::ElementType type = base::ElementType::float32;
  std::vector<std::int64_t> dims;
  std::vector<std::string> symbols;
  std::optional<double> low;
  std::optional<double> high;
};

// One feed: a tensor for every InputSpec, in their order.
using Feed = std::vector<base::NamedTensor>;

struct Feeds {
  std::vector<Feed> feeds;  // run one after the other; each a batch that fits the model
  std::string description;  // "rows.npy (200 rows)", "seeded inputs (seed 0)"
  std::uint64_t rows = 0;   // over all feeds
};

// Reads options.files, or generates seeded inputs when there are none. Data whose first axis
// exceeds a fixed first dimension of the model is cut into several feeds; with a dynamic first
// dimension everything is one feed of at most `max_rows` rows (0: no limit). Throws
// Error{invalid_data} naming file, input and what was expected.
[[nodiscard]] Feeds make_feeds(const std::vector<InputSpec>& specs,
                               const octet::DataOptions& options, std::int64_t max_rows = 0);

// Seeded inputs alone; `batch` replaces a dynamic first dimension (nullopt: 1). Other dynamic
// dimensions: options.dims, else a size that suits (ids and masks 16, others 16 too). Floats are
// N(0,1) unless bounded, never all zero.
[[nodiscard]] Feed generate(const std::vector<InputSpec>& specs, const octet::DataOptions& options,
                            std::optional<std::int64_t> batch = std::nullopt);

// The dynamic dimensions whose size generate() has to guess: neither the batch nor in `given`. As
// keys of octet::DataOptions::dims.
[[nodiscard]] std::vector<std::string> guessed_dims(
    const std::vector<InputSpec>& specs, const std::map<std::string, std::int64_t>& given);

// A recorded result or input file: .npy gives one array named "", .npz the arrays in it, .csv one
// float matrix named "".
[[nodiscard]] std::vector<base::NamedTensor> read_arrays(const std::filesystem::path& path);

// The recorded outputs output_0.pb, … of a test data set folder, or of each test_data_set_0, … in
// it: one list per feed that make_feeds reads from the same folder. Names are as recorded, maybe
// "". Throws Error{invalid_data}.
[[nodiscard]] std::vector<std::vector<base::NamedTensor>> read_outputs(
    const std::filesystem::path& folder);

}  // namespace octet::data
