// The user's data, handed out in batches of any size.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/fit.hpp"
#include "data/inputs.hpp"

namespace octet::data {

class Dataset {
 public:
  // Reads options.files and options.arrays. A first dimension in options.dims bounds the rows of a
  // feed. Throws Error{invalid_data} naming file, input and what was expected.
  Dataset(const std::vector<base::Port>& inputs, const octet::DataOptions& options);

  // Made-up feeds, each of which suits the inputs. `name` ends with ")".
  Dataset(std::vector<base::Port> inputs, std::vector<Feed> made, std::string name);

  // Rows can be given to the model in calls of any size: some first dimension is dynamic, and all
  // that are have as many rows.
  [[nodiscard]] bool has_free_rows() const;

  // The rows, `max_rows` at a time (0: as many as there are), see Cut; `most_rows` of them (0:
  // all), but one feed at least. Each test data set of a folder is cut by itself. The feeds keep
  // the data alive.
  [[nodiscard]] Feeds feeds(std::int64_t max_rows, std::uint64_t most_rows = 0) const;

 private:
  struct Set {
    std::shared_ptr<const Whole> whole;
    std::string label;
  };
  [[nodiscard]] std::string describe(const Feeds& feeds, std::uint64_t total) const;

  std::vector<base::Port> inputs_;
  std::vector<Set> sets_;
  std::string names_;
  bool is_folder_ = false;
  bool is_made_up_ = false;
  std::int64_t most_rows_ = 0;
};

// Of the first input that has dimensions; 1 when none has.
[[nodiscard]] std::int64_t rows_of(const Feed& feed);

}  // namespace octet::data
