#include "measure/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "measure/element_values.hpp"
#include "octet/error.hpp"

namespace octet::measure {

namespace {

// "" where both are laid out alike, so that elements at one place belong together.
std::string nesting_problem(const base::Nesting& reference, const base::Nesting& candidate) {
  const auto kind = [](const base::Nesting& nesting) {
    return nesting.kind.empty() ? std::string("tensor") : nesting.kind;
  };
  if (kind(reference) != kind(candidate))
    return fmt::format("{} became {}", kind(reference), kind(candidate));
  if (reference.keys == candidate.keys) return "";
  return fmt::format("keys {{{}}} became {{{}}}", fmt::join(reference.keys, ", "),
                     fmt::join(candidate.keys, ", "));
}

void add_pair(OutputComparison& into, const base::NamedTensor& reference,
              const base::NamedTensor& candidate, FedRows fed) {
  for (const base::NamedTensor* one : {&reference, &candidate}) {
    if (!one->nesting.unread.empty()) return into.cannot_compare(one->nesting.unread);
  }
  std::string problem = nesting_problem(reference.nesting, candidate.nesting);
  if (!problem.empty()) return into.differs(candidate.tensor, std::move(problem));
  into.add(reference.tensor, candidate.tensor, fed);
}

}  // namespace

const base::NamedTensor& find_output(const std::vector<base::NamedTensor>& outputs,
                                     std::string_view name, std::string_view label) {
  std::string names;
  for (const base::NamedTensor& output : outputs) {
    if (output.name == name) return output;
    names += (names.empty() ? "" : ", ") + output.name;
  }
  throw Error(ErrorCode::invalid_data,
              fmt::format("{}: has no output \"{}\", only {}; compare models that were made from "
                          "each other",
                          label, name, names));
}

void Comparison::add(const std::vector<base::NamedTensor>& reference,
                     const std::vector<base::NamedTensor>& candidate, std::uint64_t fed_rows) {
  if (outputs_.empty()) {
    for (const base::NamedTensor& output : reference) outputs_.emplace_back(output.name);
  }
  for (std::size_t i = 0; i < reference.size(); ++i) {
    add_pair(outputs_.at(i), reference[i], find_output(candidate, reference[i].name, label_),
             {rows_, fed_rows});
    outputs_[i].count_fed(fed_rows);
  }
  rows_ += fed_rows;
}

std::vector<octet::OutputParity> Comparison::results() const {
  std::vector<octet::OutputParity> out;
  for (const OutputComparison& output : outputs_) out.push_back(output.result());
  return out;
}

std::vector<OutputSums> Comparison::sums() const {
  std::vector<OutputSums> out;
  for (const OutputComparison& output : outputs_) out.push_back(output.sums());
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

std::vector<std::string> Comparison::not_compared() const {
  std::vector<std::string> out;
  for (const octet::OutputParity& output : results()) {
    if (output.not_compared.empty()) continue;
    out.push_back(fmt::format("output \"{}\": {}", output.name, output.not_compared));
  }
  return out;
}

double Comparison::max_abs_diff() const {
  double largest = 0;
  for (const octet::OutputParity& output : results()) {
    if (!output.not_compared.empty()) continue;
    if (kind_of(base::element_named(output.type)) != Kind::floating) continue;
    largest = std::max(largest, output.max_abs_diff);
  }
  return largest;
}

}  // namespace octet::measure
