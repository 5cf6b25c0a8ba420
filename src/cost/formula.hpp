// The formulas: a time is the sum of a few terms, each a count of things that take time, times what
// one of them takes on the target.
//
// The terms are the same for every target; a Table holds a target's nanoseconds for each. The
// measuring tool (bench/measure_costs) fits those numbers through these very functions, so that
// what is fitted is what is asked.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "cost/work.hpp"

namespace octet::cost {

inline constexpr std::size_t most_terms = 12;
using Terms = std::array<double, most_terms>;  // those a formula does not have are 0

enum class Arithmetic : std::uint8_t { real, int8 };
enum class Kind : std::uint8_t { product, convolution, lookup, lstm };

inline constexpr std::array<Kind, 4> all_kinds = {Kind::product, Kind::convolution, Kind::lookup,
                                                  Kind::lstm};
inline constexpr std::array<Arithmetic, 2> all_arithmetics = {Arithmetic::real, Arithmetic::int8};

[[nodiscard]] std::string_view name_of(Kind kind);
[[nodiscard]] std::string_view name_of(Arithmetic arithmetic);  // "float", "int8"

// The names of the terms, in order; as in the tables' JSON. docs/costs.md says what each counts.
[[nodiscard]] std::span<const std::string_view> term_names(Kind kind, Arithmetic arithmetic);

// Sizes must be known: rows, ids and steps above 0.
[[nodiscard]] Terms terms_of(const Product& work, Arithmetic arithmetic);
[[nodiscard]] Terms terms_of(const Convolution& work, Arithmetic arithmetic);
[[nodiscard]] Terms terms_of(const Lookup& work, Arithmetic arithmetic);
[[nodiscard]] Terms terms_of(const Lstm& work, Arithmetic arithmetic);

// Bytes of the rows that the INT8 writing of a convolution gathers, all bands and groups together:
// what it holds beyond input and output, but for the quantized input.
[[nodiscard]] std::uint64_t gathered_bytes(const Convolution& work);
// What a core's cache holds of them between the Gather and the product.
inline constexpr std::uint64_t cached_gathered_bytes = std::uint64_t{4} << 20U;

}  // namespace octet::cost
