// What is known of one output's differences after any number of calls, as plain data: two of them
// that follow each other make the one of all calls, exactly.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/exact_sum.hpp"
#include "octet/fields/reports.hpp"
#include "octet/parity.hpp"

namespace octet::measure {

// Vectors with a clear argmax whose standard deviation has this exponent.
struct ClearVectors {
  int exponent = 0;
  std::uint64_t agreeing = 0, judged = 0;
};

struct OutputSums {
  // Name, type, shape, elements, and the largest difference with where it was: by rows, calls and
  // rows of the data from the first call on.
  octet::OutputParity parity;
  std::string problem;
  bool labels = false;
  bool noted = false;
  std::uint64_t calls = 0;
  std::uint64_t rows = 0;
  std::uint64_t fed_rows = 0;
  base::ExactSum abs, square;
  base::ExactSum dot, reference_square, candidate_square;
  double reference_max = 0;
  std::uint64_t finite = 0;
  std::uint64_t agreeing = 0, judged = 0;
  std::uint64_t among_five = 0, of_ten = 0;  // vectors at least ten long
  std::vector<ClearVectors> clear;           // by exponent, rising
};

// `later` are the calls that follow. Throws Error{invalid_argument} when they are another output's.
void append(OutputSums& sums, const OutputSums& later);

// The entry of `exponent`, made where there is none.
[[nodiscard]] ClearVectors& clear_of(std::vector<ClearVectors>& clear, int exponent);

template <FieldsOf<ClearVectors> T, typename Visitor>
void visit_fields(T& clear, Visitor&& visit) {
  visit(Field{.name = "exponent", .required = true}, clear.exponent);
  visit(Field{.name = "agreeing", .required = true}, clear.agreeing);
  visit(Field{.name = "judged", .required = true}, clear.judged);
}

template <FieldsOf<OutputSums> T, typename Visitor>
void visit_fields(T& sums, Visitor&& visit) {
  visit(Field{.name = "parity", .required = true}, sums.parity);
  visit(Field{.name = "problem", .required = true}, sums.problem);
  visit(Field{.name = "labels", .required = true}, sums.labels);
  visit(Field{.name = "noted", .required = true}, sums.noted);
  visit(Field{.name = "calls", .required = true}, sums.calls);
  visit(Field{.name = "rows", .required = true}, sums.rows);
  visit(Field{.name = "fed_rows", .required = true}, sums.fed_rows);
  visit(Field{.name = "abs", .required = true}, sums.abs);
  visit(Field{.name = "square", .required = true}, sums.square);
  visit(Field{.name = "dot", .required = true}, sums.dot);
  visit(Field{.name = "reference_square", .required = true}, sums.reference_square);
  visit(Field{.name = "candidate_square", .required = true}, sums.candidate_square);
  visit(Field{.name = "reference_max", .required = true}, sums.reference_max);
  visit(Field{.name = "finite", .required = true}, sums.finite);
  visit(Field{.name = "agreeing", .required = true}, sums.agreeing);
  visit(Field{.name = "judged", .required = true}, sums.judged);
  visit(Field{.name = "among_five", .required = true}, sums.among_five);
  visit(Field{.name = "of_ten", .required = true}, sums.of_ten);
  visit(Field{.name = "clear", .required = true}, sums.clear);
}

}  // namespace octet::measure
