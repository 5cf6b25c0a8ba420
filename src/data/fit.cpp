#include "data/fit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <span>

#include "base/checked.hpp"
#include "data/convert.hpp"
#include "data/dims.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

using Dims = std::vector<std::int64_t>;
using DimSpan = std::span<const std::int64_t>;

bool matches(DimSpan found, DimSpan wanted) {
  return std::ranges::equal(found, wanted,
                            [](std::int64_t f, std::int64_t w) { return w < 0 || f == w; });
}

Dims with_front(std::int64_t first, DimSpan tail) {
  Dims out = {first};
  out.insert(out.end(), tail.begin(), tail.end());
  return out;
}

// The dims under which `found` is what `wanted` asks for; nullopt when it is not.
std::optional<Dims> fitting_dims(const Dims& found, const Dims& wanted) {
  if (wanted.empty()) return found;
  const DimSpan tail = DimSpan(wanted).subspan(1);
  const auto row = base::element_count(tail);  // nullopt while a dimension is dynamic
  const bool one_row_fits = wanted[0] < 0 || wanted[0] == 1;
  if (found.size() == wanted.size() && matches(DimSpan(found).subspan(1), tail)) return found;
  // A single column given as a plain list: its length counts rows.
  if (found.size() == 1 && row == 1U) return with_front(found[0], tail);
  if (found.size() + 1 == wanted.size() && matches(found, tail) && one_row_fits) {
    return with_front(1, found);
  }
  if (!row) return std::nullopt;
  if (found.size() == 1 && base::element_count(found) == row && one_row_fits) {
    return with_front(1, tail);
  }
  // Only to or from flat rows: [N, 224, 224, 3] for [N, 3, 224, 224] has the same size and another
  // meaning.
  const bool flat = found.size() == 2 || wanted.size() <= 2;
  if (flat && found.size() > 1 && base::element_count(DimSpan(found).subspan(1)) == row) {
    return with_front(found[0], tail);
  }
  return std::nullopt;
}

}  // namespace

Rows fit(Rows array, const base::Port& spec, const std::string& place) {
  auto dims = fitting_dims(array.dims(), spec.dims);
  if (!dims) {
    throw Error(ErrorCode::invalid_data,
                fmt::format("{}: expected {}, found {} [{}]", place, spec_text(spec),
                            base::element_name(array.type()), fmt::join(array.dims(), ", ")));
  }
  const bool same_rows = !dims->empty() && !array.dims().empty() && (*dims)[0] == array.dims()[0];
  if (array.in_memory() || !same_rows) {
    base::Tensor out = convert(std::move(array).take(), spec.type, place);
    out.dims = std::move(*dims);
    return Rows(std::move(out));
  }
  const auto read = [array = std::move(array), dims = *dims, type = spec.type, place](
                        std::int64_t first, std::int64_t count) {
    base::Tensor out = convert(array.some(first, count), type, place);
    out.dims = dims;
    out.dims[0] = count;
    return out;
  };
  return {spec.type, std::move(*dims), read};
}

Cut::Cut(std::vector<base::Port> inputs, std::shared_ptr<const Whole> whole, std::int64_t max_rows,
         std::string label)
    : inputs_(std::move(inputs)),
      whole_(std::move(whole)),
      label_(std::move(label)),
      step_(inputs_.size(), 0) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (has_rows(i) && rows_of_input(i) == 0) refuse(i, "expected rows, found none");
  }
  const std::int64_t fixed = plan_fixed();
  feeds_ = fixed > 1 ? fixed : plan_limit(max_rows);
  count_rows();
}

void Cut::refuse(std::size_t i, const std::string& fact) const {
  throw Error(ErrorCode::invalid_data,
              fmt::format("{}: input \"{}\": {}", label_, inputs_[i].name, fact));
}

bool Cut::has_rows(std::size_t i) const {
  return !inputs_[i].dims.empty() && !(*whole_)[i].rows.dims().empty();
}

bool Cut::is_dynamic(std::size_t i) const {
  return has_rows(i) && inputs_[i].dims[0] < 0;
}

std::int64_t Cut::rows_of_input(std::size_t i) const {
  return (*whole_)[i].rows.dims()[0];
}

// How many feeds the fixed first dimensions ask for; sets the rows per feed of all inputs that are
// then cut.
std::int64_t Cut::plan_fixed() {
  std::int64_t feeds = 1;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (!has_rows(i) || is_dynamic(i)) continue;
    const std::int64_t fixed = inputs_[i].dims[0];
    const std::int64_t rows = rows_of_input(i);
    if (fixed == 0 || rows % fixed != 0) {
      refuse(i, fmt::format("expected a multiple of {} rows, the model's fixed first dimension, "
                            "found {}",
                            fixed, rows));
    }
    const std::int64_t own = rows / fixed;
    if (own == 1) continue;
    if (feeds != 1 && feeds != own) {
      refuse(i, fmt::format("expected rows for {} feeds as in the inputs before it, found rows "
                            "for {}",
                            feeds, own));
    }
    feeds = own;
    step_[i] = fixed;
  }
  for (std::size_t i = 0; feeds > 1 && i < inputs_.size(); ++i) {
    if (!is_dynamic(i)) continue;
    const std::int64_t rows = rows_of_input(i);
    if (rows % feeds != 0) {
      refuse(i, fmt::format("expected rows for {} feeds, found {} rows", feeds, rows));
    }
    step_[i] = rows / feeds;
  }
  return feeds;
}

std::int64_t Cut::plan_limit(std::int64_t max_rows) {
  std::optional<std::int64_t> rows;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (!is_dynamic(i)) continue;
    if (rows && *rows != rows_of_input(i)) return 1;
    rows = rows_of_input(i);
  }
  free_rows_ = rows.has_value();
  if (!rows || max_rows <= 0 || *rows <= max_rows) return 1;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (is_dynamic(i)) step_[i] = max_rows;
  }
  return (*rows - 1) / max_rows + 1;
}

// Of the first input that is cut, else of the first that has rows.
void Cut::count_rows() {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (has_rows(i) && (!counted_ || (step_[*counted_] == 0 && step_[i] != 0))) counted_ = i;
  }
  if (counted_) rows_ = static_cast<std::uint64_t>(rows_of_input(*counted_));
}

std::uint64_t Cut::rows_of_feed(std::size_t i) const {
  if (!counted_ || step_[*counted_] == 0) return rows_;
  const auto step = static_cast<std::uint64_t>(step_[*counted_]);
  return std::min(step, rows_ - static_cast<std::uint64_t>(i) * step);
}

Feed Cut::feed(std::size_t index) const {
  const auto feed = static_cast<std::int64_t>(index);
  Feed out;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const NamedRows& whole = (*whole_)[i];
    if (step_[i] == 0) {
      out.push_back({whole.name, whole.rows.whole()});
      continue;
    }
    const std::int64_t first = feed * step_[i];
    const std::int64_t count = std::min(step_[i], rows_of_input(i) - first);
    out.push_back({whole.name, whole.rows.some(first, count)});
  }
  return out;
}

}  // namespace octet::data
