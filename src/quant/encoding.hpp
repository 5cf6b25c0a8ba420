// How weights become bytes: what is stored, how much of it is used, and for whom one scale stands.
//
// This is the one list of storages. Whatever asks how a weight lies (its size, its name in a plan,
// its help text) asks here; nothing else compares the words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/element_type.hpp"

namespace octet::quant {

// int8: q. uint8: q + 128, the zero point is 128; such products are exact everywhere, so pair means
// full there. float16: the weight rounded. float32: the weight as it is.
enum class Kind : std::uint8_t { int8, uint8, float16, float32 };

// Which bytes may appear. All are symmetric: a weight and its negative get opposite numbers. Later
// ones allow less, so that a later one serves whoever asked for an earlier one.
//   none:    no integers
//   full:    |q| <= 127, scale max/127
//   pair:    |q| <= 127, and q(2i) + q(2i+1) in [-128, 128] in every column, so that adding two
//            products with u8 activations in 16 bits cannot overflow; the scale is searched for
//            least squared error under that rule
//   reduced: 7 bits, |q| <= 64, scale max/64
enum class Range : std::uint8_t { none, full, pair, reduced };

enum class Granularity : std::uint8_t { none, per_channel, per_tensor };

struct Encoding {
  Kind kind = Kind::int8;
  Range range = Range::pair;
  Granularity granularity = Granularity::per_channel;

  [[nodiscard]] bool operator==(const Encoding&) const = default;
};

inline constexpr Encoding float32_encoding{Kind::float32, Range::none, Granularity::none};
inline constexpr Encoding float16_encoding{Kind::float16, Range::none, Granularity::none};

// Stored as integers with a scale.
[[nodiscard]] constexpr bool is_integer(const Encoding& encoding) {
  return encoding.kind == Kind::int8 || encoding.kind == Kind::uint8;
}
// Whether the pair rule is at work.
[[nodiscard]] constexpr bool pairs(const Encoding& encoding) {
  return encoding.range == Range::pair && encoding.kind == Kind::int8;
}
// Products with u8 activations may overflow 16 bits.
[[nodiscard]] constexpr bool can_overflow(const Encoding& encoding) {
  return encoding.kind == Kind::int8 && encoding.range == Range::full;
}

// The words of plans and options.
[[nodiscard]] std::string_view name(Kind kind);
[[nodiscard]] std::string_view name(Range range);
[[nodiscard]] std::string_view name(Granularity granularity);
[[nodiscard]] std::optional<Kind> kind_named(std::string_view word);
[[nodiscard]] std::optional<Range> range_named(std::string_view word);
[[nodiscard]] std::optional<Granularity> granularity_named(std::string_view word);
// Every word of each, for messages and help.
[[nodiscard]] std::vector<std::string> kind_names();
[[nodiscard]] std::vector<std::string> range_names();
[[nodiscard]] std::vector<std::string> granularity_names();

// nullopt: the three fit together. Else what does not: "int8 needs a range: full, pair or reduced".
[[nodiscard]] std::optional<std::string> contradiction(const Encoding& encoding);

// Axes [first, last) of a tensor are its channels: each has a scale of its own.
struct Axes {
  std::size_t first = 0;
  std::size_t last = 0;
  // The first axis counts matrices of the same shape, each with channels, or one scale, of its own.
  // The scales are then [matrices, channels], or [matrices].
  bool stacked = false;
  [[nodiscard]] bool operator==(const Axes&) const = default;
};

// One tensor of an encoded weight. Sizes follow from here before a weight is read.
struct Part {
  enum class Role : std::uint8_t { data, scale } role = Role::data;
  base::ElementType type = base::ElementType::int8;
  std::vector<std::int64_t> dims;  // of a scale: broadcasts against the data, unless it is stacked
};
[[nodiscard]] std::vector<Part> parts(const Encoding& encoding,
                                      const std::vector<std::int64_t>& dims, Axes axes);
// Of all parts together. Dims are those of a checked tensor: the product does not overflow.
[[nodiscard]] std::uint64_t encoded_bytes(const Encoding& encoding,
                                          const std::vector<std::int64_t>& dims, Axes axes);
[[nodiscard]] base::ElementType element_type(Kind kind);

}  // namespace octet::quant
