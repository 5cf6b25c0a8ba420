#include "steps/builder.hpp"

#include <algorithm>
#include <numeric>

#include "octet/error.hpp"

namespace octet::steps {
namespace {

std::uint32_t count(std::size_t size) {
  return static_cast<std::uint32_t>(size);
}

bool is_whole(const Matrix& matrix) {
  return matrix.numbers.size() == matrix.rows * matrix.columns;
}

}  // namespace

// Parameters come from a file, and every evaluation relies on their fitting.
void Builder::check(bool fits) const {
  if (!fits) {
    throw Error(ErrorCode::invalid_model, (place_.empty() ? std::string("the model") : place_) +
                                              ": its parameters do not fit its columns");
  }
}

ValueId Builder::push(Operation operation, std::vector<ValueId> inputs, std::uint32_t width,
                      bool is_text) {
  program_.steps.push_back({std::move(operation), std::move(inputs), width, is_text, place_});
  return count(program_.steps.size() - 1);
}

ValueId Builder::input(std::vector<std::uint32_t> columns) {
  for (const std::uint32_t column : columns) program_.columns[column].is_read = true;
  const std::uint32_t width = count(columns.size());
  return push(Input{std::move(columns)}, {}, width);
}

ValueId Builder::text_input(std::uint32_t column) {
  program_.columns[column].is_read = true;
  program_.columns[column].is_text = true;
  return push(TextInput{column}, {}, 1, true);
}

ValueId Builder::constant(std::vector<double> row) {
  const std::uint32_t width = count(row.size());
  return push(Constant{std::move(row)}, {}, width);
}

ValueId Builder::columns(ValueId of, std::vector<std::uint32_t> index) {
  std::vector<std::uint32_t> all(width(of));
  std::iota(all.begin(), all.end(), 0U);
  if (index == all) return of;
  const std::uint32_t out = count(index.size());
  check(std::ranges::all_of(index, [&](std::uint32_t i) { return i < width(of); }));
  return push(Columns{std::move(index)}, {of}, out);
}

ValueId Builder::concat(std::vector<ValueId> values) {
  if (values.size() == 1) return values.front();
  std::uint32_t out = 0;
  for (const ValueId value : values) out += width(value);
  return push(Concat{}, std::move(values), out);
}

ValueId Builder::apply(Apply::Function function, ValueId value) {
  return push(Apply{function}, {value}, width(value));
}

ValueId Builder::combine(Combine::Function function, ValueId a, ValueId b) {
  check(width(a) == width(b) || width(a) == 1 || width(b) == 1);
  return push(Combine{function}, {a, b}, std::max(width(a), width(b)));
}

ValueId Builder::compare(Compare::Relation relation, ValueId value, std::vector<double> with) {
  const std::uint32_t out = std::max(width(value), count(with.size()));
  check(width(value) == with.size() || width(value) == 1 || with.size() == 1);
  return push(Compare{relation, std::move(with)}, {value}, out);
}

ValueId Builder::is_missing(ValueId value) {
  return push(IsMissing{}, {value}, width(value));
}

ValueId Builder::choose(ValueId condition, ValueId then, ValueId otherwise) {
  const std::uint32_t out = std::max({width(condition), width(then), width(otherwise)});
  for (const ValueId value : {condition, then, otherwise})
    check(width(value) == out || width(value) == 1);
  return push(Choose{}, {condition, then, otherwise}, out);
}

ValueId Builder::product(ValueId value, Matrix weights) {
  const std::uint32_t out = count(weights.columns);
  check(weights.rows == width(value) && is_whole(weights));
  return push(Product{std::move(weights)}, {value}, out);
}

ValueId Builder::reduce(Reduce::Function function, ValueId value) {
  return push(Reduce{function}, {value}, 1);
}

ValueId Builder::softmax(ValueId value) {
  return push(Softmax{}, {value}, width(value));
}

ValueId Builder::trees(ValueId features, Forest forest) {
  const std::uint32_t out = forest.outputs;
  check(forest.features <= width(features) && !forest.roots.empty());
  check(forest.base.empty() || forest.base.size() == out);
  return push(Trees{std::make_shared<const Forest>(std::move(forest))}, {features}, out);
}

ValueId Builder::lookup(ValueId value, Lookup table) {
  check(width(value) == 1);
  return push(std::move(table), {value}, 1);
}

ValueId Builder::one_hot(ValueId index, std::uint32_t classes) {
  check(width(index) == 1);
  return push(OneHot{classes}, {index}, classes);
}

ValueId Builder::winner(ValueId value, bool smallest) {
  return push(Winner{smallest}, {value}, 1);
}

ValueId Builder::take_rows(ValueId index, Matrix table) {
  const std::uint32_t out = count(table.columns);
  check(width(index) == 1 && table.rows > 0 && is_whole(table));
  return push(TakeRows{std::move(table)}, {index}, out);
}

ValueId Builder::distances(ValueId value, Matrix points, Metric metric) {
  const std::uint32_t out = count(points.rows);
  check(points.columns == width(value) && is_whole(points));
  return push(Distances{std::move(points), metric}, {value}, out);
}

ValueId Builder::neighbours(ValueId value, Neighbours how) {
  const std::uint32_t out = count(how.targets.columns);
  check(how.points.columns == width(value) && how.targets.rows == how.points.rows);
  check(is_whole(how.points) && is_whole(how.targets) && how.count <= how.points.rows);
  return push(std::move(how), {value}, out);
}

ValueId Builder::support_vectors(ValueId value, SupportVectors machine) {
  const std::uint32_t out = count(machine.per_class.size());
  check(machine.vectors.columns == width(value));
  return push(std::move(machine), {value}, out);
}

ValueId Builder::interpolate(ValueId value, Interpolate line) {
  check(width(value) == 1 && !line.x.empty() && line.x.size() == line.y.size());
  return push(std::move(line), {value}, 1);
}

ValueId Builder::weighted_median(ValueId value, std::vector<double> weights) {
  check(weights.size() == width(value));
  return push(WeightedMedian{std::move(weights)}, {value}, 1);
}

ValueId Builder::fill_text(ValueId value, std::string fill) {
  return push(FillText{std::move(fill)}, {value}, 1, true);
}

ValueId Builder::count_terms(ValueId value, CountTerms terms) {
  const std::uint32_t out = count(terms.vocabulary.size());
  return push(std::move(terms), {value}, out);
}

ValueId Builder::both(ValueId probability) {
  return concat({subtract(constant(1), probability), probability});
}

ValueId Builder::affine(ValueId value, Matrix weights, std::vector<double> bias) {
  return add(product(value, std::move(weights)), constant(std::move(bias)));
}

ValueId Builder::normalized(ValueId value, double otherwise) {
  const ValueId sum = reduce(Reduce::Function::sum, value);
  const ValueId empty = compare(Compare::Relation::equal, sum, {0});
  const ValueId divisor = choose(empty, constant(1), sum);
  return choose(empty, constant(otherwise), divide(value, divisor));
}

}  // namespace octet::steps
