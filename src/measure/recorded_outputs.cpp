#include "measure/recorded_outputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "measure/element_values.hpp"
#include "octet/error.hpp"

namespace octet::measure {
namespace {

using base::NamedTensor;
using base::Tensor;

std::vector<std::int64_t> squeezed(const Tensor& tensor) {
  std::vector<std::int64_t> dims;
  std::copy_if(tensor.dims.begin(), tensor.dims.end(), std::back_inserter(dims),
               [](std::int64_t d) { return d != 1; });
  return dims;
}

std::int64_t rows(const Tensor& tensor) {
  return tensor.dims.empty() ? 1 : tensor.dims[0];
}

bool comparable(const Tensor& a, const Tensor& b) {
  const Kind x = kind_of(a.type);
  const Kind y = kind_of(b.type);
  return x != Kind::other && y != Kind::other && (x == Kind::text) == (y == Kind::text);
}

bool same_shape(const Tensor& a, const Tensor& b) {
  return comparable(a, b) && squeezed(a) == squeezed(b);
}
bool same_shape_and_kind(const Tensor& a, const Tensor& b) {
  return same_shape(a, b) && kind_of(a.type) == kind_of(b.type);
}
bool same_rows(const Tensor& a, const Tensor& b) {
  return comparable(a, b) && rows(a) == rows(b) && size_of(a) == size_of(b);
}

std::string list(const std::vector<NamedTensor>& outputs) {
  std::string out;
  for (const NamedTensor& output : outputs) {
    out += fmt::format("{}\"{}\" {} [{}]", out.empty() ? "" : ", ", output.name,
                       base::element_name(output.tensor.type), fmt::join(output.tensor.dims, ", "));
  }
  return out;
}

[[noreturn]] void does_not_fit(const NamedTensor& array, const std::vector<NamedTensor>& outputs,
                               std::string_view label) {
  throw Error(
      ErrorCode::invalid_data,
      fmt::format("{}: {} {} [{}] fits no output of the model on this data, which gives {}; record "
                  "the outputs for the very rows given with --data",
                  label, array.name.empty() ? "the array" : "array \"" + array.name + "\"",
                  base::element_name(array.tensor.type), fmt::join(array.tensor.dims, ", "),
                  list(outputs)));
}

bool any_name_matches(const std::vector<NamedTensor>& recorded,
                      const std::vector<NamedTensor>& outputs) {
  return std::any_of(recorded.begin(), recorded.end(), [&](const NamedTensor& array) {
    return std::any_of(outputs.begin(), outputs.end(),
                       [&](const NamedTensor& output) { return output.name == array.name; });
  });
}

RecordedMatches by_name(const std::vector<NamedTensor>& recorded,
                        const std::vector<NamedTensor>& outputs, std::string_view label) {
  RecordedMatches out;
  for (std::size_t r = 0; r < recorded.size(); ++r) {
    const auto found = std::find_if(outputs.begin(), outputs.end(), [&](const NamedTensor& output) {
      return output.name == recorded[r].name;
    });
    if (found == outputs.end()) {
      out.ignored.push_back(recorded[r].name);
      continue;
    }
    const Tensor& tensor = recorded[r].tensor;
    if (!same_shape(tensor, found->tensor) && !same_rows(tensor, found->tensor)) {
      does_not_fit(recorded[r], {*found}, label);
    }
    out.matches.push_back({r, static_cast<std::size_t>(found - outputs.begin())});
  }
  return out;
}

}  // namespace

RecordedMatches match_recorded(const std::vector<NamedTensor>& recorded,
                               const std::vector<NamedTensor>& outputs, std::string_view label) {
  if (recorded.empty()) {
    throw Error(ErrorCode::invalid_data,
                fmt::format("{}: holds no arrays; record the outputs to compare with", label));
  }
  if (any_name_matches(recorded, outputs)) return by_name(recorded, outputs, label);
  RecordedMatches out;
  std::vector<bool> taken(outputs.size(), false);
  for (std::size_t r = 0; r < recorded.size(); ++r) {
    std::size_t chosen = outputs.size();
    for (const auto fits : {same_shape_and_kind, same_shape, same_rows}) {
      for (std::size_t o = 0; o < outputs.size() && chosen == outputs.size(); ++o) {
        if (!taken[o] && fits(recorded[r].tensor, outputs[o].tensor)) chosen = o;
      }
    }
    if (chosen == outputs.size()) does_not_fit(recorded[r], outputs, label);
    taken[chosen] = true;
    out.matches.push_back({r, chosen});
  }
  return out;
}

}  // namespace octet::measure
