// Steps that are arithmetic.
#include <array>
#include <cmath>
#include <limits>

#include "export/emitter.hpp"

namespace octet::exporting {
namespace {

template <typename... More>
Attributes with(More... more) {
  Attributes out;
  (out.push_back(std::move(more)), ...);
  return out;
}

std::vector<std::int64_t> wide(const std::vector<std::uint32_t>& index) {
  return {index.begin(), index.end()};
}

const char* operator_of(steps::Apply::Function function) {
  using F = steps::Apply::Function;
  switch (function) {
    case F::negate:
      return "Neg";
    case F::exp:
      return "Exp";
    case F::log:
    case F::log2:
    case F::log10:
      return "Log";
    case F::sigmoid:
      return "Sigmoid";
    case F::tanh:
      return "Tanh";
    case F::relu:
      return "Relu";
    case F::softplus:
      return "Softplus";
    case F::absolute:
    case F::cube_root:
      return "Abs";
    case F::sqrt:
      return "Sqrt";
    case F::sign:
      return "Sign";
    case F::reciprocal:
      return "Reciprocal";
    case F::floor:
      return "Floor";
    case F::sin:
      return "Sin";
    case F::cos:
      return "Cos";
    case F::square:
      return "Mul";
  }
  return "Identity";
}

}  // namespace

using namespace steps;

void Emitter::operator()(const Input& op) {
  const ElementType numbers = options_.all_double ? ElementType::float64 : ElementType::float32;
  if (program_.by_name) {
    std::vector<std::string> names;
    for (const std::uint32_t column : op.columns) names.push_back(program_.columns[column].name);
    return done(
        names.size() == 1 ? names.front() : graph_.node("Concat", names, with(integer("axis", 1))),
        numbers);
  }
  bool all = op.columns.size() == program_.columns.size();
  for (std::size_t i = 0; all && i < op.columns.size(); ++i) all = op.columns[i] == i;
  if (all) return done("X", numbers);
  const auto index = wide(op.columns);
  done(graph_.node("Gather", {"X", graph_.integers(index, {std::ssize(index)})},
                   with(integer("axis", 1))),
       numbers);
}

void Emitter::operator()(const TextInput& op) {
  done(program_.columns[op.column].name, ElementType::string);
}

void Emitter::operator()(const Constant&) {
  done("", ElementType::undefined);  // made in the type that is asked for
}

void Emitter::operator()(const Columns& op) {
  const auto index = wide(op.index);
  const ElementType own = type_of(step().inputs[0]);
  done(graph_.node("Gather", {in(0, own), graph_.integers(index, {std::ssize(index)})},
                   with(integer("axis", 1))),
       own);
}

void Emitter::operator()(const Concat&) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < step().inputs.size(); ++i) names.push_back(in(i, type()));
  done(graph_.node("Concat", names, with(integer("axis", 1))), type());
}

void Emitter::operator()(const Apply& op) {
  using F = Apply::Function;
  const std::string x = in(0, type());
  if (op.function == F::square) return done(graph_.node("Mul", {x, x}), type());
  std::string name = graph_.node(operator_of(op.function), {x});
  if (op.function == F::log2) name = graph_.node("Div", {name, number(std::log(2.0), type())});
  if (op.function == F::log10) name = graph_.node("Div", {name, number(std::log(10.0), type())});
  if (op.function == F::cube_root) {
    name = graph_.node("Pow", {name, number(1.0 / 3, type())});
    name = graph_.node("Mul", {name, graph_.node("Sign", {x})});
  }
  done(name, type());
}

void Emitter::operator()(const Combine& op) {
  constexpr std::array<const char*, 7> names = {"Add", "Sub", "Mul", "Div", "Min", "Max", "Pow"};
  done(graph_.node(names[static_cast<std::size_t>(op.function)], {in(0, type()), in(1, type())}),
       type());
}

// Against float32 values a double threshold is rounded to the side on which no float32 changes
// sides.
void Emitter::operator()(const Compare& op) {
  using R = Compare::Relation;
  constexpr std::array<const char*, 5> names = {"Greater", "GreaterOrEqual", "Less", "LessOrEqual",
                                                "Equal"};
  const bool in_double = type_of(step().inputs[0]) == ElementType::float64;
  const ElementType own = in_double ? ElementType::float64 : ElementType::float32;
  std::vector<double> with_numbers = op.with;
  for (double& number : with_numbers) {
    if (in_double) continue;
    if (op.relation == R::greater || op.relation == R::less_equal) {
      number = static_cast<double>(float_not_above(number));
    } else if (op.relation == R::less || op.relation == R::greater_equal) {
      number = static_cast<double>(float_not_below(number));
    } else if (static_cast<double>(static_cast<float>(number)) != number) {
      number = std::numeric_limits<double>::quiet_NaN();  // no float32 is equal
    }
  }
  done(graph_.node(names[static_cast<std::size_t>(op.relation)],
                   {in(0, own), row(with_numbers, own)}),
       ElementType::boolean);
}

void Emitter::operator()(const IsMissing&) {
  const bool in_double = type_of(step().inputs[0]) == ElementType::float64;
  done(graph_.node("IsNaN", {in(0, in_double ? ElementType::float64 : ElementType::float32)}),
       ElementType::boolean);
}

void Emitter::operator()(const Choose&) {
  done(graph_.node("Where", {in(0, ElementType::boolean), in(1, type()), in(2, type())}), type());
}

void Emitter::operator()(const Product& op) {
  done(graph_.node("MatMul", {in(0, type()), matrix(op.weights, type())}), type());
}

std::string Emitter::reduced(std::string_view op, const std::string& value, std::int64_t axis,
                             bool keep) {
  const std::int64_t keepdims = keep ? 1 : 0;
  if (op == "ReduceSum")
    return graph_.node(op, {value, shape({axis})}, with(integer("keepdims", keepdims)));
  return graph_.node(op, {value},
                     with(integers("axes", std::span(&axis, 1)), integer("keepdims", keepdims)));
}

void Emitter::operator()(const Reduce& op) {
  constexpr std::array<const char*, 7> names = {"ReduceSum",      "ReduceMean", "ReduceMax",
                                                "ReduceMin",      "ReduceL1",   "ReduceL2",
                                                "ReduceLogSumExp"};
  done(reduced(names[static_cast<std::size_t>(op.function)], in(0, type()), 1, true), type());
}

void Emitter::operator()(const Softmax&) {
  done(graph_.node("Softmax", {in(0, type())}, with(integer("axis", 1))), type());
}

void Emitter::operator()(const OneHot& op) {
  std::vector<std::int64_t> all(op.count);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
  const ElementType own = type_of(step().inputs[0]);
  if (own == ElementType::int64) {
    return done(graph_.node("Equal", {in(0, own), graph_.integers(all, {1, std::ssize(all)})}),
                ElementType::boolean);
  }
  const bool in_double = own == ElementType::float64;
  const ElementType numbers = in_double ? ElementType::float64 : ElementType::float32;
  const std::vector<double> real(all.begin(), all.end());
  done(graph_.node("Equal", {in(0, numbers), row(real, numbers)}), ElementType::boolean);
}

void Emitter::operator()(const Winner& op) {
  done(graph_.node(op.smallest ? "ArgMin" : "ArgMax", {in(0, type())},
                   with(integer("axis", 1), integer("keepdims", 1))),
       ElementType::int64);
}

void Emitter::operator()(const TakeRows& op) {
  const std::string rows =
      graph_.node("Gather", {matrix(op.table, type()), in(0, ElementType::int64)});
  done(graph_.node("Reshape", {rows, shape({-1, static_cast<std::int64_t>(op.table.columns)})}),
       type());
}

// Differences first: the expanded square cancels in float32.
std::string Emitter::distances(const Matrix& points, Metric metric, ElementType own) {
  const std::string row = graph_.node("Unsqueeze", {in(0, own), shape({1})});
  const std::string apart = graph_.node("Sub", {row, matrix(points, own)});
  switch (metric) {
    case Metric::manhattan:
      return reduced("ReduceL1", apart, 2, false);
    case Metric::chebyshev:
      return reduced("ReduceMax", graph_.node("Abs", {apart}), 2, false);
    case Metric::euclidean:
      return graph_.node("Sqrt", {reduced("ReduceSumSquare", apart, 2, false)});
    case Metric::squared_euclidean:
      break;
  }
  return reduced("ReduceSumSquare", apart, 2, false);
}

void Emitter::operator()(const Distances& op) {
  done(distances(op.points, op.metric, type()), type());
}

}  // namespace octet::exporting
