#include "measure/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "measure/element_values.hpp"
#include "octet/error.hpp"

namespace octet::measure {

const base::Tensor& find_output(const std::vector<base::NamedTensor>& outputs,
                                std::string_view name, std::string_view label) {
  std::string names;
  for (const base::NamedTensor& output : outputs) {
    if (output.name == name) return output.tensor;
    names += (names.empty() ? "" : ", ") + output.name;
  }
  throw Error(ErrorCode::invalid_data,
              fmt::format("{}: has no output \"{}\", only {}; compare models that were made from "
                          "each other",
                          label, name, names));
}

void Comparison::add(const std::vector<base::NamedTensor>& reference,
                     const std::vector<base::NamedTensor>& candidate) {
  if (outputs_.empty()) {
    for (const base::NamedTensor& output : reference) outputs_.emplace_back(output.name);
  }
  for (std::size_t i = 0; i < reference.size(); ++i) {
    outputs_.at(i).add(reference[i].tensor, find_output(candidate, reference[i].name, label_));
  }
}

std::vector<octet::OutputParity> Comparison::results() const {
  std::vector<octet::OutputParity> out;
  for (const OutputComparison& output : outputs_) out.push_back(output.result());
  return out;
}

std::vector<std::string> Comparison::problems() const {
  std::vector<std::string> out;
  for (const OutputComparison& output : outputs_) {
    if (output.problem().empty()) continue;
    out.push_back(fmt::format("output \"{}\": {}", output.result().name, output.problem()));
  }
  return out;
}

double Comparison::max_abs_diff() const {
  double largest = 0;
  for (const octet::OutputParity& output : results()) {
    if (kind_of(base::element_named(output.type)) != Kind::floating) continue;
    largest = std::max(largest, output.max_abs_diff);
  }
  return largest;
}

}  // namespace octet::measure
