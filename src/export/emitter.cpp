// The order of a program's steps, the types of its values, its inputs and outputs.
#include "export/emitter.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace octet::exporting {

using namespace steps;

float float_not_above(double number) {
  const auto rounded = static_cast<float>(number);
  return static_cast<double>(rounded) > number
             ? std::nextafter(rounded, -std::numeric_limits<float>::infinity())
             : rounded;
}

float float_not_below(double number) {
  return -float_not_above(-number);
}

Emitter::Emitter(const Program& program, const Precisions& precisions, const EmitOptions& options)
    : program_(program),
      precisions_(precisions),
      options_(options),
      emitted_(program.steps.size()) {}

ElementType Emitter::type() const {
  const bool wide = precisions_.wide[at_] || options_.all_double;
  return wide ? ElementType::float64 : ElementType::float32;
}

std::string Emitter::value_as(ValueId value, ElementType as) {
  const Step& producer = program_.steps[value];
  const Emitted& emitted = emitted_[value];
  if (emitted.type == as) return emitted.name;
  const auto known = casts_.find({value, as});
  if (known != casts_.end()) return known->second;
  std::string name;
  if (const auto* constant = std::get_if<Constant>(&producer.operation)) {
    name = row(constant->row, as);
  } else {
    name = graph_.node("Cast", {emitted.name}, [&] {
      Attributes out;
      out.push_back(integer("to", static_cast<std::int64_t>(as)));
      return out;
    }());
  }
  casts_[{value, as}] = name;
  return name;
}

std::string Emitter::in(std::size_t slot, ElementType as) {
  return value_as(step().inputs[slot], as);
}

std::string Emitter::number(double value, ElementType type) {
  return graph_.numbers(std::span(&value, 1), {}, type);
}

std::string Emitter::row(const std::vector<double>& values, ElementType type) {
  return graph_.numbers(values, {1, std::ssize(values)}, type);
}

std::string Emitter::matrix(const Matrix& matrix, ElementType type) {
  return graph_.numbers(
      matrix.numbers,
      {static_cast<std::int64_t>(matrix.rows), static_cast<std::int64_t>(matrix.columns)}, type);
}

std::string Emitter::shape(std::initializer_list<std::int64_t> dims) {
  return graph_.integers(std::vector(dims), {std::ssize(std::vector(dims))});
}

void Emitter::declare_inputs() {
  const ElementType numbers = options_.all_double ? ElementType::float64 : ElementType::float32;
  if (!program_.by_name) {
    graph_.input("X", numbers, {{-1, "N"}, {std::ssize(program_.columns), ""}});
    return;
  }
  for (const DataColumn& column : program_.columns) {
    if (!column.is_read) continue;
    graph_.input(column.name, column.is_text ? ElementType::string : numbers, {{-1, "N"}, {1, ""}});
  }
}

void Emitter::write_outputs() {
  graph_.set_place("");
  for (const Output& output : program_.outputs) {
    const std::int64_t width = program_.steps[output.value].width;
    ElementType type = options_.all_double ? ElementType::float64 : ElementType::float32;
    std::string name;
    if (output.labels) {
      const std::string index = value_as(output.value, ElementType::int64);
      const Labels& labels = *output.labels;
      type = labels.texts.empty() ? ElementType::int64 : ElementType::string;
      const std::string table = labels.texts.empty()
                                    ? graph_.integers(labels.numbers, {std::ssize(labels.numbers)})
                                    : graph_.texts(labels.texts, {std::ssize(labels.texts)});
      name = graph_.node("Gather", {table, index});
    } else {
      if (output.integral) type = ElementType::int64;
      name = value_as(output.value, type);
    }
    if (output.flat) {
      graph_.named("Reshape", {name, shape({-1})}, output.name);
      graph_.output(output.name, type, {{-1, "N"}});
    } else {
      graph_.named("Identity", {name}, output.name);
      graph_.output(output.name, type, {{-1, "N"}, {width, ""}});
    }
  }
}

std::string Emitter::emit() && {
  declare_inputs();
  if (options_.compact_trees) graph_.set_ml_opset(5);
  for (const auto& [key, value] : options_.notes) graph_.note(key, value);
  for (at_ = 0; at_ < program_.steps.size(); ++at_) {
    graph_.set_place(step().place);
    std::visit(*this, step().operation);
  }
  write_outputs();
  return std::move(graph_).finish();
}

std::string emit(const Program& program, const Precisions& precisions, const EmitOptions& options) {
  return Emitter(program, precisions, options).emit();
}

}  // namespace octet::exporting
