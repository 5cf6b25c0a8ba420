// Dynamic dimensions given by name.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "data/inputs.hpp"

namespace octet::data {

// `specs` with the dynamic dimensions of `dims` fixed. A key is a symbol, which counts for every
// input that uses it, or "input:axis" (when that dimension has a symbol: for all of that symbol).
// Throws Error{invalid_argument} for a key that matches nothing, a value below 1, a dimension the
// model fixes otherwise, or two keys that disagree.
[[nodiscard]] std::vector<base::Port> fix_dims(std::vector<base::Port> specs,
                                               const std::map<std::string, std::int64_t>& dims);

// Symbols that stand first in some input: these are the batch wherever they stand.
[[nodiscard]] std::set<std::string> batch_symbols(const std::vector<base::Port>& specs);

// "float32 [batch, 3]"; unnamed dynamic dimensions are "?".
[[nodiscard]] std::string spec_text(const base::Port& spec);

// All of them, with their names: "x" (float32 [batch, 3]), "n" (int64 []).
[[nodiscard]] std::string specs_text(const std::vector<base::Port>& specs);

// Of a dimension; "" when it has none.
[[nodiscard]] std::string symbol_of(const base::Port& spec, std::size_t axis);

}  // namespace octet::data
