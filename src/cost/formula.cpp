#include "cost/formula.hpp"

#include <algorithm>
#include <cmath>

namespace octet::cost {
namespace {

using namespace std::string_view_literals;

constexpr std::array product_terms = {
    "call"sv, "k"sv, "n"sv, "weight"sv, "weight_beyond_cache"sv, "row_k"sv, "row_n"sv, "product"sv};
constexpr std::array float_convolution_terms = {"call"sv, "product"sv, "weight"sv, "float_in"sv,
                                                "float_out"sv};
constexpr std::array int8_convolution_terms = {
    "call"sv,     "product"sv,      "weight"sv,
    "float_in"sv, "float_out"sv,    "turned"sv,
    "im2col"sv,   "gathered_row"sv, "im2col_beyond_cache"sv,
    "part"sv,     "index"sv,        "entry"sv};
constexpr std::array lookup_terms = {"call"sv, "id"sv, "element"sv};
constexpr std::array lstm_terms = {"call"sv,        "step"sv,    "step_gate"sv,
                                   "step_weight"sv, "product"sv, "weight_beyond_cache"sv};

// MLAS works on 16 columns at a time, in float and in INT8; a narrower weight is padded.
constexpr double column_block = 16;
// What a core's own cache holds of a weight between two runs, and of gathered rows between the
// Gather and the product.
constexpr double cached_weight_bytes = 1 << 20;
constexpr double cached_im2col_bytes = cached_gathered_bytes;

double number(std::int64_t value) {
  return static_cast<double>(std::max<std::int64_t>(value, 0));
}

// Bytes of a weight that have to come from a slower cache at every run.
double beyond_cache(double elements, Arithmetic arithmetic) {
  const double bytes = elements * (arithmetic == Arithmetic::int8 ? 1 : 4);
  return std::max(0.0, bytes - cached_weight_bytes);
}

bool gathers(const Convolution& c) {
  return c.kernel != 1 || c.stride != 1;
}

// By how much the columns of each group's product grow when they are padded.
double in_blocks(std::int64_t channels, double groups) {
  const double columns = std::max(1.0, number(channels) / groups);
  return std::ceil(columns / column_block) * column_block / columns;
}

// Positions a float convolution computes: those of pictures as they are, others as columns of a
// product, in whole blocks (a single one as a vector).
double float_positions(const Convolution& c) {
  const double positions = number(c.positions_out);
  if (c.axes == 2 || c.positions_out <= 1) return positions;
  return std::ceil(positions / column_block) * column_block;
}

double bands_of(const Convolution& c) {
  return std::max(1.0, number(c.bands));
}

double im2col_elements(const Convolution& c) {
  return number(c.batch) * number(c.positions_out) * number(c.kernel) * number(c.channels_in);
}

}  // namespace

std::string_view name_of(Kind kind) {
  constexpr std::array names = {"product"sv, "convolution"sv, "lookup"sv, "lstm"sv};
  return names.at(static_cast<std::size_t>(kind));
}

std::string_view name_of(Arithmetic arithmetic) {
  return arithmetic == Arithmetic::int8 ? "int8"sv : "float"sv;
}

std::span<const std::string_view> term_names(Kind kind, Arithmetic arithmetic) {
  switch (kind) {
    case Kind::product:
      return product_terms;
    case Kind::convolution:
      if (arithmetic == Arithmetic::int8) return int8_convolution_terms;
      return float_convolution_terms;
    case Kind::lookup:
      return lookup_terms;
    case Kind::lstm:
      break;
  }
  return lstm_terms;
}

Terms terms_of(const Product& work, Arithmetic arithmetic) {
  const double k = number(work.k);
  const double n = std::ceil(number(work.n) / column_block) * column_block;
  const double rows = number(work.rows);
  return {1, k, n, k * n, beyond_cache(k * n, arithmetic), rows * k, rows * n, rows * k * n};
}

Terms terms_of(const Convolution& work, Arithmetic arithmetic) {
  const double positions = number(work.batch) * number(work.positions_out);
  const double in = number(work.batch) * number(work.positions_in) * number(work.channels_in);
  const double groups = std::max(1.0, number(work.groups));
  const double weight =
      number(work.kernel) * number(work.channels_in) * number(work.channels_out) / groups;
  const double out = positions * number(work.channels_out);
  if (arithmetic == Arithmetic::real) {
    const double multiplied = number(work.batch) * float_positions(work);
    return {1, multiplied * weight, weight, in, out};
  }
  const double parts = groups * bands_of(work);
  const double padded = weight * in_blocks(work.channels_out, groups);
  const double quantized = work.gathers_floats && gathers(work) ? im2col_elements(work) : in;
  Terms terms = {1, positions * padded, padded, quantized, out, work.turned};
  terms.at(9) = parts - 1;
  if (!gathers(work)) return terms;
  const double bytes = im2col_elements(work) * (work.gathers_floats ? 4 : 1);
  terms.at(6) = bytes;
  terms.at(7) = positions * number(work.kernel) * groups;
  terms.at(8) = std::max(0.0, bytes - parts * cached_im2col_bytes);
  terms.at(10) = work.computes_index ? 1 : 0;
  terms.at(11) = work.computes_index ? number(work.positions_out) * number(work.kernel) : 0;
  return terms;
}

Terms terms_of(const Lookup& work, Arithmetic /*arithmetic*/) {
  return {1, number(work.ids), number(work.ids) * number(work.columns)};
}

Terms terms_of(const Lstm& work, Arithmetic arithmetic) {
  const double directions = number(work.directions);
  const double gates = 4 * number(work.hidden);
  const double steps = number(work.steps);
  const double rows = steps * number(work.batch);
  const double recurrent = gates * number(work.hidden);
  const double input = gates * number(work.input);
  const double beyond =
      steps * beyond_cache(recurrent, arithmetic) + beyond_cache(input, arithmetic);
  const Terms one = {1, steps, rows * gates, steps * recurrent, rows * (recurrent + input), beyond};
  Terms out = {};
  for (std::size_t i = 0; i < out.size(); ++i) out.at(i) = directions * one.at(i);
  return out;
}

std::uint64_t gathered_bytes(const Convolution& work) {
  constexpr double most = 0x1p62;  // sizes come from foreign files
  if (!gathers(work)) return 0;
  const double bytes = im2col_elements(work) * (work.gathers_floats ? 4 : 1);
  return static_cast<std::uint64_t>(std::min(bytes, most));
}

}  // namespace octet::cost
