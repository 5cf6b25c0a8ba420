// Seeded inputs.
//
//   type             bounds given             none given
//   float            uniform in [low, high]   N(0,1), within ±6; what looks like images or sound
//                                             takes turns with such rows (data/patterns)
//   uint8, int8      uniform in [low, high]   the type's whole range: pixels, quantized values
//   other integers   uniform in [low, high]   0 … 9: most tables have ten rows
//   bool             uniform in [low, high]   either
//   string           –                        "a" … "h"
//
// An input of one element that the model compares with known values takes them in turns, a seed
// each, and then one of the above.
// One bound alone: the other is ten away (integers: the tenth number). A mask (low 0, high 1) gets
// a 1 first in every row, because a row that masks everything makes a softmax divide zero by zero.
// The first dimension is the slowest to change, so a batch of one is the first row of a batch of
// eight.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "base/checked.hpp"
#include "base/random.hpp"
#include "data/convert.hpp"
#include "data/dims.hpp"
#include "data/inputs.hpp"
#include "data/patterns.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

using base::ElementType;
using base::Random;
using base::Tensor;

constexpr std::int64_t default_size = 16;
constexpr std::uint64_t most_elements = std::uint64_t{1} << 31U;

[[noreturn]] void refuse(ErrorCode code, const base::Port& spec, const std::string& fact) {
  throw Error(code, fmt::format("seeded inputs: input \"{}\": {}", spec.name, fact));
}

// Every dynamic dimension with a size. `declared` tells which first dimensions are dynamic in the
// model itself.
std::vector<base::Port> sized(const std::vector<base::Port>& declared,
                              const octet::DataOptions& options,
                              std::optional<std::int64_t> batch) {
  std::vector<base::Port> specs = fix_dims(declared, options.dims);
  const std::set<std::string> batch_names = batch_symbols(declared);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    for (std::size_t axis = 0; axis < specs[i].dims.size(); ++axis) {
      if (declared[i].dims[axis] >= 0) continue;
      const bool first = axis == 0 || batch_names.contains(symbol_of(specs[i], axis));
      std::int64_t& dim = specs[i].dims[axis];
      if (first && batch) dim = *batch;
      if (dim < 0) dim = first ? 1 : default_size;
    }
  }
  return specs;
}

std::uint64_t count_of(const base::Port& spec) {
  const auto count = base::element_count(spec.dims);
  if (!count || *count > most_elements) {
    refuse(ErrorCode::unsupported, spec,
           fmt::format("shape [{}] is too large to be made up; choose smaller dimensions",
                       fmt::join(spec.dims, ", ")));
  }
  return *count;
}

struct Range {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// The whole range of an integer type, as far as int64 goes.
Range type_range(ElementType type) {
  switch (type) {
    case ElementType::boolean:
      return {0, 1};
    case ElementType::int8:
      return {-128, 127};
    case ElementType::uint8:
      return {0, 255};
    case ElementType::int16:
      return {-32768, 32767};
    case ElementType::uint16:
      return {0, 65535};
    case ElementType::int32:
      return {-2147483648LL, 2147483647LL};
    case ElementType::uint32:
      return {0, 4294967295LL};
    case ElementType::uint64:
      return {0, std::numeric_limits<std::int64_t>::max()};
    default:
      return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
  }
}

std::int64_t bound(double value, const Range& range) {
  constexpr double safe = 0x1p53;  // beyond it a double names no single integer
  if (std::isnan(value)) return range.low;
  const auto whole = static_cast<std::int64_t>(std::clamp(value, -safe, safe));
  return std::clamp(whole, range.low, range.high);
}

Range integer_range(const base::Port& spec) {
  const Range whole = type_range(spec.type);
  const bool small = spec.type == ElementType::boolean || spec.type == ElementType::int8 ||
                     spec.type == ElementType::uint8;
  if (!spec.low && !spec.high) return small ? whole : Range{0, 9};
  const std::int64_t low = bound(spec.low ? std::ceil(*spec.low) : *spec.high - 9, whole);
  const std::int64_t high = bound(spec.high ? std::floor(*spec.high) : *spec.low + 9, whole);
  return {low, std::max(low, high)};
}

bool is_mask(const base::Port& spec) {
  return spec.low && spec.high && *spec.low == 0 && *spec.high == 1 && !spec.dims.empty();
}

template <typename T, typename Next>
Tensor filled(const base::Port& spec, ElementType type, const Next& next) {
  const std::uint64_t count = count_of(spec);
  Tensor out{type, spec.dims, std::vector<std::byte>(count * sizeof(T)), {}};
  const std::uint64_t row = is_mask(spec) ? static_cast<std::uint64_t>(spec.dims.back()) : 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    T value = next();
    if (row != 0 && i % row == 0) value = T{1};
    std::memcpy(out.bytes.data() + i * sizeof(T), &value, sizeof(T));
  }
  return convert(std::move(out), spec.type, fmt::format("input \"{}\"", spec.name));
}

Tensor strings(const base::Port& spec, Random& random) {
  Tensor out{ElementType::string, spec.dims, {}, {}};
  const std::uint64_t count = count_of(spec);
  for (std::uint64_t i = 0; i < count; ++i) {
    out.strings.emplace_back(1, static_cast<char>('a' + random.below(8)));
  }
  return out;
}

// Rows take turns in the patterns, the first by the seed.
Tensor in_patterns(const base::Port& spec, const std::vector<Pattern>& patterns, std::uint64_t seed,
                   Random& random) {
  const std::uint64_t count = count_of(spec);
  Tensor out{ElementType::float32, spec.dims, std::vector<std::byte>(count * sizeof(float)), {}};
  const auto rows = static_cast<std::uint64_t>(spec.dims[0]);
  const std::span<float> all = out.as<float>();
  for (std::uint64_t r = 0; r < rows; ++r) {
    fill_row(patterns[(seed + r) % patterns.size()], std::span(spec.dims).subspan(1), random,
             all.subspan(r * (count / rows), count / rows));
  }
  return convert(std::move(out), spec.type, fmt::format("input \"{}\"", spec.name));
}

Tensor make(const base::Port& declared, const base::Port& spec, std::uint64_t seed) {
  Random random(seed, spec.name);
  if (spec.type == ElementType::string) return strings(spec, random);
  if (const auto patterns = patterns_for(declared, spec); patterns.size() > 1)
    return in_patterns(spec, patterns, seed, random);
  if (const std::uint64_t turn = seed % (spec.values.size() + 1); turn < spec.values.size()) {
    return filled<std::int64_t>(spec, ElementType::int64, [&] { return spec.values[turn]; });
  }
  if (base::is_floating(spec.type)) {
    if (!spec.low && !spec.high) {
      return filled<float>(spec, ElementType::float32, [&] { return random.normal(); });
    }
    const double low = spec.low ? *spec.low : *spec.high - 10;
    const double high = spec.high ? *spec.high : *spec.low + 10;
    return filled<double>(spec, ElementType::float64,
                          [&] { return low + (high - low) * random.uniform(); });
  }
  const bool number = base::element_size(spec.type) != 0 && spec.type != ElementType::complex64 &&
                      spec.type != ElementType::complex128;
  if (!number) {
    refuse(ErrorCode::unsupported, spec,
           fmt::format("values of type {} cannot be made up; give a data file",
                       base::element_name(spec.type)));
  }
  const Range range = integer_range(spec);
  const std::uint64_t width =
      static_cast<std::uint64_t>(range.high) - static_cast<std::uint64_t>(range.low) + 1;
  return filled<std::int64_t>(spec, ElementType::int64, [&] {
    const std::uint64_t offset = random.below(width);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(range.low) + offset);
  });
}

// A model's declared shape may ask for any amount of memory: nobody needs so much for a try.
void refuse_huge(const std::vector<base::Port>& specs) {
  constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30U;
  std::uint64_t total = 0;
  for (const base::Port& spec : specs) {
    const std::uint64_t size = std::max<std::uint64_t>(1, base::element_size(spec.type));
    const std::uint64_t count = count_of(spec);
    const bool fits = count <= most_bytes / size && total + count * size <= most_bytes;
    if (!fits) {
      refuse(ErrorCode::unsupported, spec,
             "made-up inputs would take more than 1 GiB; give smaller sizes with --dim NAME=N, or "
             "real inputs with --data");
    }
    total += count * size;
  }
}

}  // namespace

std::optional<std::uint64_t> generated_bytes(const std::vector<base::Port>& specs,
                                             const octet::DataOptions& options,
                                             std::optional<std::int64_t> batch) {
  std::uint64_t total = 0;
  for (const base::Port& spec : sized(specs, options, batch)) {
    const auto count = base::element_count(spec.dims);
    if (!count || *count > most_elements) return std::nullopt;
    total += *count * std::max<std::size_t>(1, base::element_size(spec.type));
  }
  return total;
}

Feed generate(const std::vector<base::Port>& specs, const octet::DataOptions& options,
              std::optional<std::int64_t> batch) {
  if (batch && *batch < 1) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("a batch of {} is no size; give 1 or more", *batch));
  }
  Feed feed;
  const auto sizes = sized(specs, options, batch);
  refuse_huge(sizes);
  for (std::size_t i = 0; i < sizes.size(); ++i)
    feed.push_back({sizes[i].name, make(specs[i], sizes[i], options.seed)});
  return feed;
}

}  // namespace octet::data
