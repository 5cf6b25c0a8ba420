// Adds steps to a program, with their widths. Throws Error{invalid_model} for parameters that do
// not fit.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "steps/program.hpp"

namespace octet::steps {

class Builder {
 public:
  explicit Builder(Program& program) : program_(program) {}

  // What the next steps are part of.
  void set_place(std::string place) { place_ = std::move(place); }
  [[nodiscard]] const std::string& place() const& { return place_; }
  const std::string& place() const&& = delete;

  [[nodiscard]] std::uint32_t width(ValueId value) const { return program_.steps[value].width; }
  [[nodiscard]] const Step& step(ValueId value) const { return program_.steps[value]; }

  ValueId input(std::vector<std::uint32_t> columns);
  ValueId text_input(std::uint32_t column);
  ValueId constant(std::vector<double> row);
  ValueId constant(double number) { return constant(std::vector<double>{number}); }
  ValueId columns(ValueId of, std::vector<std::uint32_t> index);
  ValueId column(ValueId of, std::uint32_t index) { return columns(of, {index}); }
  ValueId concat(std::vector<ValueId> values);
  ValueId apply(Apply::Function function, ValueId value);
  ValueId combine(Combine::Function function, ValueId a, ValueId b);
  ValueId compare(Compare::Relation relation, ValueId value, std::vector<double> with);
  ValueId is_missing(ValueId value);
  ValueId choose(ValueId condition, ValueId then, ValueId otherwise);
  ValueId product(ValueId value, Matrix weights);
  ValueId reduce(Reduce::Function function, ValueId value);
  ValueId softmax(ValueId value);
  ValueId trees(ValueId features, Forest forest);
  ValueId lookup(ValueId value, Lookup table);
  ValueId one_hot(ValueId index, std::uint32_t count);
  ValueId winner(ValueId value, bool smallest = false);
  ValueId take_rows(ValueId index, Matrix table);
  ValueId distances(ValueId value, Matrix points, Metric metric);
  ValueId neighbours(ValueId value, Neighbours how);
  ValueId support_vectors(ValueId value, SupportVectors machine);
  ValueId interpolate(ValueId value, Interpolate line);
  ValueId weighted_median(ValueId value, std::vector<double> weights);
  ValueId fill_text(ValueId value, std::string fill);
  ValueId count_terms(ValueId value, CountTerms terms);

  ValueId add(ValueId a, ValueId b) { return combine(Combine::Function::add, a, b); }
  ValueId plus(ValueId a, double b) { return add(a, constant(b)); }
  ValueId subtract(ValueId a, ValueId b) { return combine(Combine::Function::subtract, a, b); }
  ValueId multiply(ValueId a, ValueId b) { return combine(Combine::Function::multiply, a, b); }
  ValueId times(ValueId a, double b) { return multiply(a, constant(b)); }
  ValueId divide(ValueId a, ValueId b) { return combine(Combine::Function::divide, a, b); }
  ValueId negate(ValueId a) { return apply(Apply::Function::negate, a); }
  // [1 - p, p] of one column.
  ValueId both(ValueId probability);
  // value · weights + bias
  ValueId affine(ValueId value, Matrix weights, std::vector<double> bias);
  // Columns divided by their sum; where that is 0, `otherwise`.
  ValueId normalized(ValueId value, double otherwise);

 private:
  void check(bool fits) const;  // throws Error{invalid_model} naming the place
  ValueId push(Operation operation, std::vector<ValueId> inputs, std::uint32_t width,
               bool is_text = false);
  Program& program_;
  std::string place_;
};

}  // namespace octet::steps
