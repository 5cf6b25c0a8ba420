// What the terms of the formulas take on one target, in nanoseconds: a row of numbers a kind of
// work, and where they come from.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "cost/formula.hpp"

namespace octet::cost {

// One kind of work on one target.
struct Rates {
  bool measured = false;  // on a machine, with the command that `source` names; else modelled
  std::string source;     // machine, date, ONNX Runtime, command; or what it was modelled after
  Terms real = {};        // nanoseconds of each term, in the order of term_names
  Terms int8 = {};
};

struct Table {
  std::string target;      // "avx2", "avx512_vnni", …
  bool saturates = false;  // u8×s8 products are added in pairs, in 16 bits
  std::array<Rates, all_kinds.size()> rates;

  [[nodiscard]] const Rates& of(Kind kind) const& {
    return rates.at(static_cast<std::size_t>(kind));
  }
  const Rates& of(Kind kind) const&& = delete;
  [[nodiscard]] Rates& of(Kind kind) & { return rates.at(static_cast<std::size_t>(kind)); }
};

// Reads what to_json wrote. Every number must be there, finite and not negative; unknown fields are
// errors. Throws Error{invalid_argument}: "<label>: <what is wrong>; see docs/costs.md".
[[nodiscard]] Table table_from_json(std::string_view text, std::string_view label);

// Indented, a line per rate; ends with a newline.
[[nodiscard]] std::string to_json(const Table& table);

}  // namespace octet::cost
