// Transformers that make features of others: polynomials, bins, powers, functions of NumPy.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::Combine;
using steps::Compare;
using steps::Reduce;
constexpr std::size_t most_features = 100'000;

// The next combination of `n` in ascending order, with repetitions or without; false after the
// last.
bool advance(std::vector<std::uint32_t>& pick, std::uint32_t n, bool repeats) {
  const auto size = static_cast<std::uint32_t>(pick.size());
  for (std::uint32_t i = size; i-- > 0;) {
    const std::uint32_t most = repeats ? n - 1 : n - size + i;
    if (pick[i] >= most) continue;
    ++pick[i];
    for (std::uint32_t j = i + 1; j < size; ++j) pick[j] = repeats ? pick[i] : pick[j - 1] + 1;
    return true;
  }
  return false;
}

Frame polynomial(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const ValueId x = t.numbers(e, frame);
  const auto n = static_cast<std::uint32_t>(frame.size());
  const auto degree = trained::numbers_of(e.records(), e.need("degree"));
  if (!degree || degree->numbers.empty()) e.damaged("degree is no number");
  const double least =
      e.number_or("_min_degree", degree->numbers.size() == 2 ? degree->numbers.front() : 0);
  const auto most = static_cast<std::uint32_t>(
      std::clamp(e.number_or("_max_degree", degree->numbers.back()), 0.0, 20.0));
  const bool repeats = !e.flag("interaction_only");
  std::vector<ValueId> parts;
  if (e.flag("include_bias", true)) parts.push_back(b.plus(b.times(b.column(x, 0), 0), 1));
  std::size_t made = 0;
  for (std::uint32_t d = 1; d <= most && (repeats || d <= n); ++d) {
    if (d < least) continue;
    std::vector<std::uint32_t> pick(d);
    if (!repeats) std::iota(pick.begin(), pick.end(), 0U);
    std::vector<std::vector<std::uint32_t>> factors(d);
    do {
      if (++made > most_features) e.refuse("more than 100,000 polynomial features");
      for (std::uint32_t i = 0; i < d; ++i) factors[i].push_back(pick[i]);
    } while (advance(pick, n, repeats));
    ValueId product = b.columns(x, factors[0]);
    for (std::uint32_t i = 1; i < d; ++i) product = b.multiply(product, b.columns(x, factors[i]));
    parts.push_back(product);
  }
  if (parts.empty()) e.refuse("it makes no features");
  return t.frame_of(b.concat(std::move(parts)));
}

Frame bins(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  if (e.version() != 0 && e.version() < 24)
    e.refuse("before scikit-learn 0.24 it moves the edges by a tolerance");
  const std::vector<Ref> all = e.items("bin_edges_");
  if (all.size() != frame.size()) e.damaged("bin_edges_ do not fit the columns");
  const ValueId x = t.numbers(e, frame);
  Frame out;
  for (std::uint32_t i = 0; i < frame.size(); ++i) {
    const auto edges = trained::numbers_of(e.records(), all[i]);
    if (!edges || edges->numbers.size() < 2) e.damaged("bin_edges_ has a column without edges");
    const std::vector<double> inner(edges->numbers.begin() + 1, edges->numbers.end() - 1);
    const ValueId column = b.column(x, i);
    const ValueId index =
        inner.empty() ? b.times(column, 0)
                      : b.reduce(Reduce::Function::sum,
                                 b.compare(Compare::Relation::greater_equal, column, inner));
    const auto count = static_cast<std::uint32_t>(inner.size() + 1);
    const Frame made =
        t.frame_of(e.text_or("encode", "onehot") == "ordinal" ? index : b.one_hot(index, count));
    out.columns.insert(out.columns.end(), made.columns.begin(), made.columns.end());
  }
  return out;
}

// ((x + 1)^p - 1) / p, or its limit.
ValueId risen(Builder& b, ValueId x, double power) {
  if (std::abs(power) < 2.3e-16) return b.apply(Apply::Function::log, x);
  const ValueId raised = b.combine(Combine::Function::power, x, b.constant(power));
  return b.divide(b.subtract(raised, b.constant(1)), b.constant(power));
}

Frame power(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const std::vector<double> lambdas = e.numbers("lambdas_");
  if (lambdas.size() != frame.size()) e.damaged("lambdas_ do not fit the columns");
  const ValueId x = t.numbers(e, frame);
  const bool box_cox = e.text_or("method", "yeo-johnson") == "box-cox";
  std::vector<ValueId> parts;
  for (std::uint32_t i = 0; i < lambdas.size(); ++i) {
    const ValueId column = b.column(x, i);
    if (box_cox) {
      parts.push_back(risen(b, column, lambdas[i]));
      continue;
    }
    const ValueId above = b.plus(b.apply(Apply::Function::relu, column), 1);
    const ValueId below = b.plus(b.apply(Apply::Function::relu, b.negate(column)), 1);
    parts.push_back(b.subtract(risen(b, above, lambdas[i]), risen(b, below, 2 - lambdas[i])));
  }
  const Frame out = t.frame_of(b.concat(std::move(parts)));
  return e.has("_scaler") ? t.transform(e.need("_scaler"), out, e.place() + " _scaler") : out;
}

ValueId apply_function(Translator& t, const Estimator& e, ValueId x, const std::string& name) {
  Builder& b = t.build();
  using F = Apply::Function;
  static const std::map<std::string, F> plain = {
      {"log", F::log},         {"exp", F::exp},
      {"sqrt", F::sqrt},       {"square", F::square},
      {"tanh", F::tanh},       {"sign", F::sign},
      {"abs", F::absolute},    {"absolute", F::absolute},
      {"sin", F::sin},         {"cos", F::cos},
      {"floor", F::floor},     {"log2", F::log2},
      {"log10", F::log10},     {"cbrt", F::cube_root},
      {"negative", F::negate}, {"reciprocal", F::reciprocal}};
  if (name == "log1p") return b.apply(F::log, b.plus(x, 1));
  if (name == "expm1") return b.plus(b.apply(F::exp, x), -1);
  const auto found = plain.find(name);
  if (found == plain.end()) {
    e.refuse(fmt::format("its function numpy.{} is not supported", name));
  }
  return b.apply(found->second, x);
}

Frame function(Translator& t, const Estimator& e, const Frame& frame) {
  const Ref func = e.find("func");
  if (func == no_ref || e.records().is(func, trained::Kind::none)) return frame;
  const std::string name = numpy_function(e.records(), func);
  if (!name.empty()) return t.frame_of(apply_function(t, e, t.numbers(e, frame), name));
  // HistGradientBoosting's own check of its input.
  if (trained::name_of(e.records(), func) == "functools.partial") {
    const auto arguments = e.records().items(e.records().call(func).arguments);
    if (!arguments.empty() &&
        trained::name_of(e.records(), arguments[0]) == "sklearn.utils.validation.check_array") {
      return frame;
    }
  }
  e.refuse(fmt::format("its function {} is not known; use a function of NumPy",
                       trained::name_of(e.records(), func)));
}

}  // namespace

void add_features(TransformTable& table) {
  table["PolynomialFeatures"] = polynomial;
  table["KBinsDiscretizer"] = bins;
  table["PowerTransformer"] = power;
  table["FunctionTransformer"] = function;
}

}  // namespace octet::translate
