// Steps that are models of their own.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "export/emitter.hpp"

namespace octet::exporting {

using namespace steps;

void Emitter::operator()(const Lookup& op) {
  std::vector<float> values;
  for (const double value : op.values) values.push_back(static_cast<float>(value));
  Attributes attributes;
  const bool by_text = !op.texts.empty();
  std::vector<std::string> texts_keys = op.texts;
  if (by_text) {
    if (op.missing) {
      texts_keys.emplace_back("");
      values.push_back(static_cast<float>(*op.missing));
    }
    attributes.push_back(texts("keys_strings", std::span<const std::string>(texts_keys)));
  } else {
    std::vector<float> keys;
    for (const double key : op.keys) keys.push_back(static_cast<float>(key));
    attributes.push_back(floats("keys_floats", keys));
  }
  attributes.push_back(floats("values_floats", values));
  attributes.push_back(real("default_float", static_cast<float>(op.otherwise)));
  const ElementType own = by_text ? ElementType::string : ElementType::float32;
  std::string found = graph_.node("LabelEncoder", {in(0, own)}, std::move(attributes), ml_domain);
  if (!by_text && op.missing) {
    found = graph_.node("Where", {graph_.node("IsNaN", {in(0, own)}),
                                  number(*op.missing, ElementType::float32), found});
  }
  done(found, ElementType::float32);
}

void Emitter::operator()(const Neighbours& op) {
  const ElementType own = type();
  const std::string d = distances(op.points, op.metric, own);
  Attributes how;
  how.push_back(integer("axis", 1));
  how.push_back(integer("largest", 0));
  how.push_back(integer("sorted", 1));
  const auto nearest =
      graph_.nodes("TopK", {d, shape({static_cast<std::int64_t>(op.count)})}, 2, std::move(how));
  std::string targets = graph_.node("Gather", {matrix(op.targets, own), nearest[1]});
  const auto sum = [&](const std::string& value) { return reduced("ReduceSum", value, 1, false); };
  if (!op.by_distance) {
    return done(graph_.node("Div", {sum(targets), number(op.count, own)}), own);
  }
  const std::string zero = graph_.node("Equal", {nearest[0], number(0, own)});
  const auto cast = [&](const std::string& value, ElementType to) {
    Attributes attributes;
    attributes.push_back(integer("to", static_cast<std::int64_t>(to)));
    return graph_.node("Cast", {value}, std::move(attributes));
  };
  const std::string zeros = cast(zero, own);
  const std::string touches = cast(reduced("ReduceMax", zeros, 1, true), ElementType::boolean);
  const std::string safe = graph_.node("Where", {zero, number(1, own), nearest[0]});
  std::string weights = graph_.node("Where", {touches, zeros, graph_.node("Reciprocal", {safe})});
  weights = graph_.node("Unsqueeze", {weights, shape({2})});
  targets = graph_.node("Mul", {targets, weights});
  done(graph_.node("Div", {sum(targets), sum(weights)}), own);
}

void Emitter::operator()(const SupportVectors& op) {
  const auto rounded = [](const std::vector<double>& numbers) {
    std::vector<float> out;
    for (const double one : numbers) out.push_back(static_cast<float>(one));
    return out;
  };
  constexpr std::array<std::string_view, 4> kernels = {"LINEAR", "POLY", "RBF", "SIGMOID"};
  std::vector<std::int64_t> classes;
  for (std::size_t i = 0; i < op.per_class.size(); ++i)
    classes.push_back(static_cast<std::int64_t>(i));
  const std::vector<std::int64_t> per_class(op.per_class.begin(), op.per_class.end());
  Attributes how;
  how.push_back(integers("classlabels_ints", classes));
  how.push_back(floats("coefficients", rounded(op.coefficients.numbers)));
  how.push_back(floats("kernel_params", rounded({op.gamma, op.coef0, op.degree})));
  how.push_back(text("kernel_type", kernels[static_cast<std::size_t>(op.kernel)]));
  how.push_back(text("post_transform", "NONE"));
  how.push_back(floats("prob_a", rounded(op.a)));
  how.push_back(floats("prob_b", rounded(op.b)));
  how.push_back(floats("rho", rounded(op.rho)));
  how.push_back(floats("support_vectors", rounded(op.vectors.numbers)));
  how.push_back(integers("vectors_per_class", per_class));
  done(
      graph_.nodes("SVMClassifier", {in(0, ElementType::float32)}, 2, std::move(how), ml_domain)[1],
      ElementType::float32);
}

// A sum of ramps, each of which rises over its own piece and is flat outside of it.
void Emitter::operator()(const Interpolate& op) {
  const ElementType own = ElementType::float64;
  std::vector<double> begins;
  std::vector<double> widths;
  Matrix slopes;
  for (std::size_t i = 0; i + 1 < op.x.size(); ++i) {
    if (!(op.x[i + 1] > op.x[i])) continue;
    begins.push_back(op.x[i]);
    widths.push_back(op.x[i + 1] - op.x[i]);
    slopes.numbers.push_back((op.y[i + 1] - op.y[i]) / widths.back());
  }
  slopes.rows = slopes.numbers.size();
  slopes.columns = 1;
  if (begins.empty()) {  // one point: flat, but with a row for each row
    const std::string none = graph_.node("Mul", {in(0, own), number(0, own)});
    return done(graph_.node("Add", {none, number(op.y.front(), own)}), own);
  }
  const std::string from = graph_.node("Sub", {in(0, own), row(begins, own)});
  const std::string risen = graph_.node("Min", {graph_.node("Relu", {from}), row(widths, own)});
  const std::string sum = graph_.node("MatMul", {risen, matrix(slopes, own)});
  done(graph_.node("Add", {sum, number(op.y.front(), own)}), own);
}

// Of each column: the weight of all that are no larger. The smallest column where it is half or
// more.
void Emitter::operator()(const WeightedMedian& op) {
  const ElementType own = type();
  const std::string all = in(0, own);
  double total = 0;
  for (const double weight : op.weights) total += weight;
  const std::string others = graph_.node("Unsqueeze", {all, shape({1})});
  const std::string each = graph_.node("Unsqueeze", {all, shape({2})});
  const std::string no_larger = graph_.node("LessOrEqual", {others, each});
  Attributes to;
  to.push_back(integer("to", static_cast<std::int64_t>(ElementType::float64)));
  const std::string counted = graph_.node("Cast", {no_larger}, std::move(to));
  const std::string weights =
      graph_.numbers(op.weights, {std::ssize(op.weights), 1}, ElementType::float64);
  const std::string sums =
      reduced("ReduceSum", graph_.node("MatMul", {counted, weights}), 2, false);
  constexpr double rounding = 1e-12;
  const std::string enough = graph_.node(
      "GreaterOrEqual", {sums, number(0.5 * total * (1 - rounding), ElementType::float64)});
  const std::string beyond = number(std::numeric_limits<float>::max(), own);
  done(reduced("ReduceMin", graph_.node("Where", {enough, all, beyond}), 1, true), own);
}

void Emitter::operator()(const FillText& op) {
  const std::string key[] = {""};
  const std::int64_t yes[] = {1};
  Attributes how;
  how.push_back(texts("keys_strings", std::span<const std::string>(key)));
  how.push_back(integers("values_int64s", yes));
  how.push_back(integer("default_int64", 0));
  const std::string is_empty =
      graph_.node("LabelEncoder", {in(0, ElementType::string)}, std::move(how), ml_domain);
  Attributes to;
  to.push_back(integer("to", static_cast<std::int64_t>(ElementType::boolean)));
  const std::string condition = graph_.node("Cast", {is_empty}, std::move(to));
  const std::string fill[] = {op.fill};
  done(graph_.node("Where", {condition, graph_.texts(fill, {1, 1}), in(0, ElementType::string)}),
       ElementType::string);
}

// ONNX Runtime's own Tokenizer cuts a text into words; the standard has none.
void Emitter::operator()(const CountTerms& op) {
  std::string value = graph_.node("Reshape", {in(0, ElementType::string), shape({-1})});
  if (op.lowercase) {
    Attributes how;
    how.push_back(text("case_change_action", "LOWER"));
    how.push_back(integer("is_case_sensitive", 1));
    how.push_back(text("locale", "C"));
    value = graph_.node("StringNormalizer", {value}, std::move(how));
  }
  Attributes cut;
  cut.push_back(integer("mark", 0));
  cut.push_back(integer("mincharnum", 2));
  cut.push_back(text("pad_value", "#"));
  cut.push_back(text("tokenexp", "[a-zA-Z0-9_]+"));
  value = graph_.node("Tokenizer", {value}, std::move(cut), contrib_domain);
  std::vector<std::string> pool;
  std::vector<std::int64_t> counts;
  std::vector<std::int64_t> columns;
  for (std::uint32_t n = 1; n <= op.longest; ++n) {
    counts.push_back(std::ssize(pool));
    for (std::size_t c = 0; c < op.vocabulary.size(); ++c) {
      const std::string& term = op.vocabulary[c];
      if (static_cast<std::uint32_t>(std::count(term.begin(), term.end(), ' ')) + 1 != n) continue;
      for (std::size_t begin = 0; begin <= term.size();) {
        const std::size_t end = std::min(term.find(' ', begin), term.size());
        pool.push_back(term.substr(begin, end - begin));
        begin = end + 1;
      }
      columns.push_back(static_cast<std::int64_t>(c));
    }
  }
  Attributes how;
  how.push_back(text("mode", "TF"));
  how.push_back(integer("min_gram_length", op.shortest));
  how.push_back(integer("max_gram_length", op.longest));
  how.push_back(integer("max_skip_count", 0));
  how.push_back(integers("ngram_counts", counts));
  how.push_back(integers("ngram_indexes", columns));
  how.push_back(texts("pool_strings", std::span<const std::string>(pool)));
  value = graph_.node("TfIdfVectorizer", {value}, std::move(how));
  value = graph_.node("Reshape", {value, shape({-1, std::ssize(op.vocabulary)})});
  if (op.binary) value = graph_.node("Min", {value, number(1, ElementType::float32)});
  done(value, ElementType::float32);
}

}  // namespace octet::exporting
