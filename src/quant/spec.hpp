// How weights become bytes: what is stored, how much of it is used, and for whom one scale stands.
#pragma once

namespace octet::quant {

// Which bytes may appear. All are symmetric: a weight and its negative get opposite numbers.
//   full:    |q| <= 127, scale max/127
//   pair:    |q| <= 127, and q(2i) + q(2i+1) in [-128, 128] in every column, so that adding two
//   products with u8
//            activations in 16 bits cannot overflow; the scale is searched for least squared error
//            under that rule
//   reduced: 7 bits, |q| <= 64, scale max/64
enum class Range { full, pair, reduced };

// int8: q. uint8: q + 128, the zero point is 128; such products are exact everywhere, so pair means
// full there.
enum class Storage { int8, uint8 };

enum class Granularity { per_channel, per_tensor };

struct Spec {
  Storage storage = Storage::int8;
  Range range = Range::pair;
  Granularity granularity = Granularity::per_channel;
};

// Whether the pair rule is at work.
[[nodiscard]] constexpr bool pairs(const Spec& spec) {
  return spec.range == Range::pair && spec.storage == Storage::int8;
}

}  // namespace octet::quant
