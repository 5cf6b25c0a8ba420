// Kernels over spans, compiled once per instruction set. Tails are left to the scalar twins.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/span.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <hwy/highway.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "kernels/kernels.hpp"
#include "kernels/scalar.hpp"

HWY_BEFORE_NAMESPACE();
namespace octet::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// At most 8 lanes: a narrowing store then fits every target's vectors.
using Floats = hn::CappedTag<float, 8>;
using Words = hn::RebindToUnsigned<Floats>;
using Ints = hn::RebindToSigned<Floats>;

const char* Name() {
  return hwy::TargetName(HWY_TARGET);
}

std::uint32_t LargestBits(std::span<const float> values) {
  const Floats d;
  const Ints di;
  const std::size_t lanes = hn::Lanes(d);
  const auto magnitude = hn::Set(di, 0x7fffffff);
  auto best = hn::Zero(di);
  auto other = hn::Zero(di);  // two chains: memory is the only thing to wait for
  std::size_t i = 0;
  for (; i + 2 * lanes <= values.size(); i += 2 * lanes) {
    const auto a = hn::BitCast(di, hn::LoadU(d, values.data() + i));
    const auto b = hn::BitCast(di, hn::LoadU(d, values.data() + i + lanes));
    best = hn::Max(best, hn::And(a, magnitude));
    other = hn::Max(other, hn::And(b, magnitude));
  }
  std::int32_t lane[8];
  hn::StoreU(hn::Max(best, other), di, lane);
  std::uint32_t result = scalar::largest_bits(values.subspan(i));
  for (std::size_t j = 0; j < lanes; ++j)
    result = std::max(result, static_cast<std::uint32_t>(lane[j]));
  return result;
}

float MaxAbs(std::span<const float> values) {
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  auto best = hn::Zero(d);
  std::size_t i = 0;
  for (; i + lanes <= values.size(); i += lanes) {
    const auto magnitude = hn::Abs(hn::LoadU(d, values.data() + i));
    best = hn::IfThenElse(hn::Gt(magnitude, best), magnitude, best);  // NaN compares false
  }
  float lane[8];
  hn::StoreU(best, d, lane);
  const float tail = scalar::max_abs(values.subspan(i));
  return std::max(scalar::max_abs({lane, lanes}), tail);
}

bool ToFloat16(std::span<const float> values, std::byte* out) {
  const Floats d;
  const Words dw;
  const Ints di;
  const hn::Rebind<std::uint16_t, Floats> d16;
  const std::size_t lanes = hn::Lanes(d);
  auto lost = hn::Zero(di);
  std::size_t i = 0;
  for (; i + lanes <= values.size(); i += lanes) {
    const auto bits = hn::BitCast(dw, hn::LoadU(d, values.data() + i));
    const auto magnitude = hn::And(bits, hn::Set(dw, 0x7fffffffu));
    const auto sign = hn::And(hn::ShiftRight<16>(bits), hn::Set(dw, 0x8000u));
    const auto small =
        hn::Sub(hn::BitCast(dw, hn::Add(hn::BitCast(d, magnitude), hn::Set(d, 0.5f))),
                hn::Set(dw, 0x3f000000u));
    const auto odd = hn::And(hn::ShiftRight<13>(magnitude), hn::Set(dw, 1u));
    const auto normal =
        hn::ShiftRight<13>(hn::Add(hn::Add(magnitude, odd), hn::Set(dw, 0xfffu - 0x38000000u)));
    const auto signed_magnitude =
        hn::BitCast(di, magnitude);  // below 2^31: signed compares are cheap
    const auto is_small = hn::Lt(signed_magnitude, hn::Set(di, 0x38800000));
    const auto is_large = hn::Gt(signed_magnitude, hn::Set(di, 0x477fffff));
    const auto is_nan = hn::Gt(signed_magnitude, hn::Set(di, 0x7f800000));
    auto half = hn::IfThenElse(is_small, hn::BitCast(di, small), hn::BitCast(di, normal));
    half = hn::IfThenElse(is_large, hn::Set(di, 0x7c00), half);
    half = hn::IfThenElse(is_nan, hn::Set(di, 0x7e00), half);
    const auto became_infinite = hn::Gt(half, hn::Set(di, 0x7bff));
    const auto was_finite = hn::Lt(signed_magnitude, hn::Set(di, 0x7f800000));
    lost = hn::Or(lost, hn::VecFromMask(di, hn::And(became_infinite, was_finite)));
    std::uint16_t halves[8];
    hn::StoreU(hn::DemoteTo(d16, hn::Or(half, hn::BitCast(di, sign))), d16, halves);
    std::memcpy(out + 2 * i, halves, 2 * lanes);
  }
  return scalar::to_float16(values.subspan(i), out + 2 * i) &&
         hn::AllTrue(di, hn::Eq(lost, hn::Zero(di)));
}

void QuantizeSpan(std::span<const float> values, const SpanQuantization& how, std::byte* out) {
  const Floats d;
  const Ints di;
  const hn::Rebind<std::uint8_t, Floats> d8;
  const std::size_t lanes = hn::Lanes(d);
  const auto multiplier = hn::Set(d, how.multiplier);
  const auto largest = hn::Set(d, std::numeric_limits<float>::max());
  const auto scale = hn::Set(d, how.scale);
  const auto limit = hn::Set(d, how.limit);
  const auto offset = hn::Set(di, how.offset);
  const auto byte = hn::Set(di, 0xff);
  std::size_t i = 0;
  for (; i + lanes <= values.size(); i += lanes) {
    auto x = hn::Mul(hn::LoadU(d, values.data() + i), multiplier);
    x = hn::IfThenElseZero(hn::Eq(x, x), x);
    x = hn::Min(hn::Max(x, hn::Neg(largest)), largest);
    const auto t = hn::Min(hn::Max(hn::Div(x, scale), hn::Neg(limit)), limit);
    const auto q = hn::Add(hn::ConvertTo(di, hn::Round(t)), offset);
    std::uint8_t bytes[8];
    hn::StoreU(hn::DemoteTo(d8, hn::And(q, byte)), d8, bytes);
    std::memcpy(out + i, bytes, lanes);
  }
  scalar::quantize_span(values.subspan(i), how, out + i);
}

}  // namespace octet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace octet::kernels {

HWY_EXPORT(Name);
HWY_EXPORT(LargestBits);
HWY_EXPORT(MaxAbs);
HWY_EXPORT(ToFloat16);
HWY_EXPORT(QuantizeSpan);

std::string_view target_name() {
  return HWY_DYNAMIC_DISPATCH(Name)();
}

std::uint32_t largest_bits(std::span<const float> values) {
  return HWY_DYNAMIC_DISPATCH(LargestBits)(values);
}

float max_abs(std::span<const float> values) {
  return HWY_DYNAMIC_DISPATCH(MaxAbs)(values);
}

bool to_float16(std::span<const float> values, std::byte* out) {
  return HWY_DYNAMIC_DISPATCH(ToFloat16)(values, out);
}

void quantize_span(std::span<const float> values, const SpanQuantization& how, std::byte* out) {
  HWY_DYNAMIC_DISPATCH(QuantizeSpan)(values, how, out);
}

}  // namespace octet::kernels
#endif
