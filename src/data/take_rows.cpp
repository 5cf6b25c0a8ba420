#include "data/take_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "octet/error.hpp"

namespace octet::data {
namespace {

bool dynamic_first(const base::Port& spec) {
  return !spec.dims.empty() && spec.dims[0] < 0;
}

base::Tensor cycle(const base::NamedTensor& from, std::int64_t batch) {
  const base::Tensor& tensor = from.tensor;
  if (tensor.dims.empty() || tensor.dims[0] <= 0) {
    throw Error(ErrorCode::invalid_data,
                fmt::format("input \"{}\": the data has no rows; give at least one", from.name));
  }
  const auto rows = static_cast<std::size_t>(tensor.dims[0]);
  const std::size_t row_bytes = tensor.bytes.size() / rows;
  const std::size_t row_strings = tensor.strings.size() / rows;
  base::Tensor out{tensor.type, tensor.dims, {}, {}};
  out.dims[0] = batch;
  for (std::size_t i = 0; i < static_cast<std::size_t>(batch); ++i) {
    const std::size_t row = i % rows;
    const auto bytes = tensor.bytes.begin() + static_cast<std::ptrdiff_t>(row * row_bytes);
    out.bytes.insert(out.bytes.end(), bytes, bytes + static_cast<std::ptrdiff_t>(row_bytes));
    const auto text = tensor.strings.begin() + static_cast<std::ptrdiff_t>(row * row_strings);
    out.strings.insert(out.strings.end(), text, text + static_cast<std::ptrdiff_t>(row_strings));
  }
  return out;
}

}  // namespace

bool has_dynamic_batch(const std::vector<base::Port>& specs) {
  return std::any_of(specs.begin(), specs.end(), dynamic_first);
}

Feed take_rows(const Feed& feed, const std::vector<base::Port>& specs, std::int64_t batch) {
  Feed out;
  for (const base::NamedTensor& input : feed) {
    const auto spec = std::find_if(specs.begin(), specs.end(),
                                   [&](const base::Port& s) { return s.name == input.name; });
    const bool batched = spec != specs.end() && dynamic_first(*spec);
    out.push_back(batched ? base::NamedTensor{input.name, cycle(input, batch)} : input);
  }
  return out;
}

}  // namespace octet::data
