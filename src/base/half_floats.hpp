// float16 and bfloat16 as their bits.
#pragma once

#include <bit>
#include <cstdint>

namespace octet::base {

[[nodiscard]] inline float float_from_bfloat16(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16U);
}

[[nodiscard]] inline float float_from_float16(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000U) << 16U;
  const std::uint32_t exponent = (bits >> 10U) & 0x1fU;
  const std::uint32_t fraction = bits & 0x3ffU;
  if (exponent == 0) {  // zero or subnormal: fraction * 2^-24, exact in float
    const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -magnitude : magnitude;
  }
  const std::uint32_t wide = exponent == 31 ? 255U : exponent + 112U;
  return std::bit_cast<float>(sign | (wide << 23U) | (fraction << 13U));
}

// Round to nearest, ties to even; NaN stays NaN.
[[nodiscard]] inline std::uint16_t bfloat16_from_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (value != value) return static_cast<std::uint16_t>((bits >> 16U) | 0x40U);
  return static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U);
}

// Round to nearest, ties to even; too large becomes infinity, NaN stays NaN.
[[nodiscard]] inline std::uint16_t float16_from_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16U) & 0x8000U);
  const float magnitude = std::bit_cast<float>(bits & 0x7fffffffU);
  const auto with_sign = [&](std::uint32_t rest) {
    return static_cast<std::uint16_t>(sign | rest);
  };
  if (value != value) return with_sign(0x7e00U);
  if (magnitude >= 65520.0F) return with_sign(0x7c00U);
  // Below the normal range the addition of 0.5 rounds at 2^-24, which is float16's last place.
  if (magnitude < 0x1p-14F) {
    return with_sign(std::bit_cast<std::uint32_t>(magnitude + 0.5F) - 0x3f000000U);
  }
  const std::uint32_t kept = std::bit_cast<std::uint32_t>(magnitude) - (112U << 23U);
  return with_sign((kept + 0xfffU + ((kept >> 13U) & 1U)) >> 13U);
}

}  // namespace octet::base
