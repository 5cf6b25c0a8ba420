#include "data/dims.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "octet/error.hpp"

namespace octet::data {
namespace {

[[noreturn]] void refuse(const std::string& key, const std::string& fact) {
  throw Error(ErrorCode::invalid_argument, fmt::format("dimension \"{}\": {}", key, fact));
}

struct Place {
  std::size_t input = 0;
  std::size_t axis = 0;
};

// The dimension "input:axis" names; nullopt when there is none.
std::optional<Place> find_place(const std::vector<base::Port>& specs, const std::string& key) {
  const std::size_t colon = key.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  const auto spec = std::ranges::find(specs, key.substr(0, colon), &base::Port::name);
  std::size_t axis = 0;
  const char* end = key.data() + key.size();
  const auto parsed = std::from_chars(key.data() + colon + 1, end, axis);
  const bool number = parsed.ec == std::errc() && parsed.ptr == end;
  if (spec == specs.end() || !number || axis >= spec->dims.size()) return std::nullopt;
  return Place{static_cast<std::size_t>(spec - specs.begin()), axis};
}

std::vector<Place> places_of_symbol(const std::vector<base::Port>& specs,
                                    const std::string& symbol) {
  std::vector<Place> out;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    for (std::size_t axis = 0; axis < specs[i].dims.size(); ++axis) {
      const bool dynamic = specs[i].dims[axis] < 0;
      if (dynamic && symbol_of(specs[i], axis) == symbol) out.push_back({i, axis});
    }
  }
  return out;
}

std::string known_keys(const std::vector<base::Port>& specs) {
  std::set<std::string> keys;
  for (const base::Port& spec : specs) {
    for (std::size_t axis = 0; axis < spec.dims.size(); ++axis) {
      if (spec.dims[axis] >= 0) continue;
      const std::string symbol = symbol_of(spec, axis);
      keys.insert(symbol.empty() ? fmt::format("{}:{}", spec.name, axis) : symbol);
    }
  }
  if (keys.empty()) return "the model has no dynamic dimension";
  return fmt::format("the model's dynamic dimensions are {}", fmt::join(keys, ", "));
}

// All dimensions that `key` sets.
std::vector<Place> places(const std::vector<base::Port>& specs, const std::string& key,
                          std::int64_t value) {
  if (!key.empty()) {
    auto by_symbol = places_of_symbol(specs, key);
    if (!by_symbol.empty()) return by_symbol;
  }
  const auto place = find_place(specs, key);
  if (!place) refuse(key, fmt::format("there is none; {}", known_keys(specs)));
  const base::Port& spec = specs[place->input];
  const std::int64_t fixed = spec.dims[place->axis];
  if (fixed >= 0 && fixed != value) refuse(key, fmt::format("the model fixes it at {}", fixed));
  const std::string symbol = symbol_of(spec, place->axis);
  if (fixed >= 0 || symbol.empty()) return {*place};
  return places_of_symbol(specs, symbol);
}

}  // namespace

std::string specs_text(const std::vector<base::Port>& specs) {
  std::vector<std::string> out;
  for (const base::Port& spec : specs)
    out.push_back(fmt::format("\"{}\" ({})", spec.name, spec_text(spec)));
  return fmt::format("{}", fmt::join(out, ", "));
}

std::string symbol_of(const base::Port& spec, std::size_t axis) {
  return axis < spec.symbols.size() ? spec.symbols[axis] : std::string();
}

std::set<std::string> batch_symbols(const std::vector<base::Port>& specs) {
  std::set<std::string> out;
  for (const base::Port& spec : specs) {
    if (!spec.dims.empty() && spec.dims[0] < 0) out.insert(symbol_of(spec, 0));
  }
  out.erase("");
  return out;
}

std::vector<std::string> guessed_dims(const std::vector<base::Port>& specs,
                                      const std::map<std::string, std::int64_t>& given) {
  const std::set<std::string> batch = batch_symbols(specs);
  std::vector<std::string> out;
  for (const base::Port& spec : fix_dims(specs, given)) {
    for (std::size_t axis = 1; axis < spec.dims.size(); ++axis) {
      const std::string symbol = symbol_of(spec, axis);
      if (spec.dims[axis] >= 0 || batch.contains(symbol)) continue;
      std::string key = symbol.empty() ? fmt::format("{}:{}", spec.name, axis) : symbol;
      if (std::ranges::find(out, key) == out.end()) out.push_back(std::move(key));
    }
  }
  return out;
}

std::string spec_text(const base::Port& spec) {
  std::vector<std::string> dims;
  for (std::size_t axis = 0; axis < spec.dims.size(); ++axis) {
    const std::string symbol = symbol_of(spec, axis);
    const bool fixed = spec.dims[axis] >= 0;
    dims.push_back(fixed ? std::to_string(spec.dims[axis]) : symbol.empty() ? "?" : symbol);
  }
  return fmt::format("{} [{}]", base::element_name(spec.type), fmt::join(dims, ", "));
}

std::vector<base::Port> fix_dims(std::vector<base::Port> specs,
                                 const std::map<std::string, std::int64_t>& dims) {
  const std::vector<base::Port> declared = specs;
  for (const auto& [key, value] : dims) {
    if (value < 1) refuse(key, fmt::format("{} is no size; give 1 or more", value));
    for (const Place& place : places(declared, key, value)) {
      std::int64_t& dim = specs[place.input].dims[place.axis];
      if (dim >= 0 && dim != value) {
        refuse(key, fmt::format("it is given as {} and as {}", dim, value));
      }
      dim = value;
    }
  }
  return specs;
}

}  // namespace octet::data
