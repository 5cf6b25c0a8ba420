#include "trial/batches.hpp"

#include <algorithm>
#include <cmath>

#include "data/concatenation.hpp"
#include "data/dataset.hpp"
#include "measure/comparison.hpp"
#include "measure/element_values.hpp"
#include "octet/error.hpp"
#include "trial/trial.hpp"

namespace octet::trial {
namespace {

// The answers, without what cannot be read.
Outputs answers(const runtime::Session& session, const data::Feed& feed) {
  Outputs out = session.run(suited_to(session, feed));
  std::erase_if(out, [](const base::NamedTensor& one) { return !one.nesting.unread.empty(); });
  return out;
}

bool has_a_row_each(const Outputs& outputs, std::int64_t rows) {
  return std::ranges::all_of(outputs, [&](const base::NamedTensor& output) {
    return !output.tensor.dims.empty() && output.tensor.dims[0] == rows;
  });
}

double largest(const Outputs& outputs) {
  double out = 0;
  for (const base::NamedTensor& output : outputs) {
    if (measure::kind_of(output.tensor.type) != measure::Kind::floating) continue;
    std::vector<double> values(measure::size_of(output.tensor));
    measure::to_doubles(output.tensor, 0, values);
    for (const double value : values) {
      if (std::isfinite(value)) out = std::max(out, std::abs(value));
    }
  }
  return out;
}

}  // namespace

bool runs(const runtime::Session& session, const data::Feed& feed) {
  try {
    (void)session.run(suited_to(session, feed));
    return true;
  } catch (const Error& error) {
    if (error.stops()) throw;
    return false;
  }
}

std::optional<Apart> together_and_apart(const runtime::Session& session, const data::Feed& together,
                                        const std::vector<data::Feed>& apart) {
  try {
    const Outputs whole = answers(session, together);
    if (!has_a_row_each(whole, data::rows_of(together))) return std::nullopt;
    data::Concatenation joined;
    for (const data::Feed& feed : apart) {
      Outputs outputs = answers(session, feed);
      if (!has_a_row_each(outputs, data::rows_of(feed))) return std::nullopt;
      joined.add(std::move(outputs));
    }
    const Outputs parts = std::move(joined).take();
    measure::Comparison comparison("the model");
    comparison.add(parts, whole);
    if (!comparison.problems().empty()) return std::nullopt;
    return Apart{comparison.max_abs_diff(), largest(parts)};
  } catch (const Error& error) {
    if (error.stops()) throw;
    return std::nullopt;
  }
}

}  // namespace octet::trial
