#include "plan/wishes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "octet/error.hpp"

namespace octet::plan {
namespace {

using quant::Kind;
using quant::Range;

// The value of a word that must be one of `allowed`.
template <typename T>
T chosen(std::string_view option, const std::string& word, const std::vector<T>& allowed,
         std::optional<T> (*named)(std::string_view), std::string_view (*name)(T)) {
  const std::optional<T> value = named(word);
  if (value && std::find(allowed.begin(), allowed.end(), *value) != allowed.end()) return *value;
  std::vector<std::string_view> names;
  for (const T one : allowed) names.push_back(name(one));
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{} \"{}\" is not one of {}", option, word, fmt::join(names, ", ")));
}

}  // namespace

Wishes wishes_of(const octet::PlanOptions& options) {
  Wishes out{{},
             {},
             options.costs.empty() ? cost::Costs::of(options.target)
                                   : cost::Costs::from_json(options.costs, "--costs")};
  out.costs.for_runtime(options.for_runtime);
  // The numbers may come from a file; whether weights must not saturate is the target's to say.
  const bool saturates = cost::Costs::of(options.target).saturates();
  const auto granularity =
      options.per_channel ? quant::Granularity::per_channel : quant::Granularity::per_tensor;
  out.choice.ops =
      chosen<forms::Ops>("--ops", options.ops, {forms::Ops::contrib, forms::Ops::standard},
                         forms::ops_named, forms::name);
  const Kind kind = chosen<Kind>("--weight-type", options.weight_type, {Kind::int8, Kind::uint8},
                                 quant::kind_named, quant::name);
  const Range range = options.reduce_range              ? Range::reduced
                      : saturates && kind == Kind::int8 ? Range::pair
                                                        : Range::full;
  out.choice.products = {kind, range, granularity};
  out.storage.kind =
      chosen<Kind>("--storage", options.storage, {Kind::int8, Kind::float16, Kind::float32},
                   quant::kind_named, quant::name);
  out.storage.granularity = granularity;
  if (out.storage.kind == Kind::float16) out.choice.tables = quant::float16_encoding;
  if (out.storage.kind == Kind::float32) out.choice.tables = quant::float32_encoding;
  return out;
}

}  // namespace octet::plan
