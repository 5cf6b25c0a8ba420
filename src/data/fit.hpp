// An array from a file in the shape of a model input.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "data/inputs.hpp"
#include "data/rows.hpp"

namespace octet::data {

// The array converted to the input's type and, when its meaning is beyond doubt, reshaped: a
// missing batch axis is added to one row, flat rows [N, a·b·c] become [N, a, b, c] and the other
// way round, [N] becomes [N, 1]. The first dimension may be any number of rows. Axes are never
// reordered. Inputs without dims (scalars, unknown ranks) take the array as it is. Throws
// Error{invalid_data}: `place`, what was expected and what was found.
// What stays in its file is converted when it is read, and refused then.
[[nodiscard]] Rows fit(Rows array, const base::Port& spec, const std::string& place);

using Whole = std::vector<NamedRows>;  // for every input, in their order

// Tensors that fit the inputs, handed out in feeds by their first dimension. Where the model fixes
// it, every feed has exactly that many rows, and inputs that have one batch only are repeated; else
// feeds have at most `max_rows` rows (0: no limit). Inputs whose dynamic first dimensions differ in
// the data (atoms and bonds of a molecule) have no rows in common: one feed, one call.
class Cut {
 public:
  // Throws Error{invalid_data} when rows are left over or inputs disagree. `label` opens messages.
  Cut(std::vector<base::Port> inputs, std::shared_ptr<const Whole> whole, std::int64_t max_rows,
      std::string label);

  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(feeds_); }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }  // over all feeds
  [[nodiscard]] std::uint64_t rows_of_feed(std::size_t i) const;
  [[nodiscard]] Feed feed(std::size_t i) const;
  // `max_rows` decides how many feeds there are.
  [[nodiscard]] bool has_free_rows() const { return free_rows_; }

 private:
  [[noreturn]] void refuse(std::size_t i, const std::string& fact) const;
  [[nodiscard]] bool has_rows(std::size_t i) const;
  [[nodiscard]] bool is_dynamic(std::size_t i) const;
  [[nodiscard]] std::int64_t rows_of_input(std::size_t i) const;
  std::int64_t plan_fixed();
  std::int64_t plan_limit(std::int64_t max_rows);
  void count_rows();

  std::vector<base::Port> inputs_;
  std::shared_ptr<const Whole> whole_;
  std::string label_;
  std::vector<std::int64_t> step_;  // rows per feed; 0: the same tensor in every feed
  std::int64_t feeds_ = 1;
  std::uint64_t rows_ = 1;
  std::optional<std::size_t> counted_;  // the input whose rows are counted
  bool free_rows_ = false;
};

}  // namespace octet::data
