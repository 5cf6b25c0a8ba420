#include "cost/costs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "cost/targets.hpp"
#include "octet/error.hpp"

namespace octet::cost {
namespace {

double times(const Terms& terms, const Terms& rates) {
  return std::inner_product(terms.begin(), terms.end(), rates.begin(), 0.0);
}

// The cases that stand for a size nobody knows before the model runs.
template <typename Work>
std::vector<Work> cases(const Work& work, std::int64_t Work::*size, std::int64_t few,
                        std::int64_t many) {
  if (work.*size > 0) return {work};
  Work small = work;
  Work large = work;
  small.*size = few;
  large.*size = many;
  return {small, large};
}

}  // namespace

Costs Costs::of(std::string_view target) {
  std::vector<Table> tables;
  for (const std::string_view cpu : cpus_of(target)) {
    tables.push_back(table_from_json(built_in_table(cpu), cpu));
  }
  return Costs(std::move(tables));
}

Costs Costs::from_json(std::string_view text, std::string_view label) {
  return Costs({table_from_json(text, label)});
}

template <typename Work>
Estimate Costs::worst(Kind kind, std::span<const Work> works) const {
  Estimate out;
  for (const Table& table : tables_) {
    const Rates& rates = table.of(kind);
    for (const Work& work : works) {
      const Estimate here = {times(terms_of(work, Arithmetic::real), rates.real),
                             times(terms_of(work, Arithmetic::int8), rates.int8)};
      if (out.float_ns == 0 || here.ratio() > out.ratio()) out = here;
    }
  }
  return out;
}

Estimate Costs::product(const Product& work) const {
  return worst<Product>(Kind::product, cases(work, &Product::rows, 1, 128));
}

Estimate Costs::convolution(const Convolution& work) const {
  return worst<Convolution>(Kind::convolution, std::span(&work, 1));
}

Estimate Costs::lookup(const Lookup& work) const {
  return worst<Lookup>(Kind::lookup, cases(work, &Lookup::ids, 1, 128));
}

Estimate Costs::lstm(const Lstm& work) const {
  return worst<Lstm>(Kind::lstm, cases(work, &Lstm::steps, 1, 100));
}

void Costs::for_runtime(std::string_view version) {
  runtime_.reset();
  if (version.empty()) return;
  runtime_ = version_from(version);
  if (runtime_) return;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("--for-runtime \"{}\" is no version of ONNX Runtime; write one like "
                          "1.22.1",
                          version));
}

const Fault* Costs::product_fault(std::int64_t columns) const {
  constexpr std::int64_t amx_columns = 16;
  const Fault& fault = fault_named("amx_columns");
  if (!runtime_ || !has(*runtime_, fault) || columns % amx_columns == 0) return nullptr;
  const bool is_target = std::any_of(tables_.begin(), tables_.end(),
                                     [&](const Table& table) { return table.target == fault.cpu; });
  return is_target ? &fault : nullptr;
}

bool Costs::saturates() const {
  return std::any_of(tables_.begin(), tables_.end(), [](const Table& t) { return t.saturates; });
}

bool Costs::modelled() const {
  return std::any_of(tables_.begin(), tables_.end(), [](const Table& table) {
    return std::any_of(table.rates.begin(), table.rates.end(),
                       [](const Rates& rates) { return !rates.measured; });
  });
}

}  // namespace octet::cost
