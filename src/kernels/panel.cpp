// Kernels over panels, compiled once per instruction set. Lanes are columns: each lane repeats the
// scalar twin's arithmetic, operation by operation, so vectors of any length give the same bytes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/panel.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <hwy/highway.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "kernels/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace octet::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, panel_width>;
using Ints = hn::RebindToSigned<Floats>;
using Vector = hn::Vec<Floats>;

// Vectors come back through references: a vector of scalable length cannot be a member of a struct.
HWY_INLINE Vector Clip(Vector t, Vector limit) {
  return hn::Min(hn::Max(t, hn::Neg(limit)), limit);
}

HWY_INLINE void RoundAlone(Vector t0, Vector t1, Vector& q0, Vector& q1) {
  const Vector limit = hn::Set(Floats(), 127.0f);
  q0 = hn::Round(Clip(t0, limit));
  q1 = hn::Round(Clip(t1, limit));
}

HWY_INLINE void Split(Vector t0, Vector t1, Vector sum, Vector& q0, Vector& q1) {
  const Floats d;
  const Vector bound = hn::Set(d, 512.0f);
  const Vector reach = hn::Set(d, 63.0f);
  const Vector half = hn::CopySign(hn::Set(d, 64.0f), sum);
  const Vector apart = hn::Mul(hn::Sub(Clip(t0, bound), Clip(t1, bound)), hn::Set(d, 0.5f));
  const Vector near = hn::Round(hn::Add(half, apart));
  q0 = hn::Min(hn::Max(near, hn::Sub(half, reach)), hn::Add(half, reach));
  q1 = hn::Sub(hn::Add(half, half), q0);
}

HWY_INLINE void RoundPair(Vector t0, Vector t1, Vector& q0, Vector& q1) {
  const Floats d;
  RoundAlone(t0, t1, q0, q1);
  const Vector sum = hn::Add(q0, q1);
  const auto over = hn::Gt(hn::Abs(sum), hn::Set(d, 128.0f));
  if (HWY_LIKELY(hn::AllFalse(d, over))) return;  // all but some percent of the vectors
  Vector split0 = q0;
  Vector split1 = q1;
  Split(t0, t1, sum, split0, split1);
  q0 = hn::IfThenElse(over, split0, q0);
  q1 = hn::IfThenElse(over, split1, q1);
}

HWY_INLINE void StoreBytes(Vector q, hn::Vec<Ints> offset, std::byte* out) {
  const hn::Rebind<std::uint8_t, Floats> d8;
  const Ints di;
  const auto bytes = hn::And(hn::Add(hn::ConvertTo(di, q), offset), hn::Set(di, 0xff));
  hn::StoreU(hn::DemoteTo(d8, bytes), d8, reinterpret_cast<std::uint8_t*>(out));
}

void PackRows(const float* in, std::ptrdiff_t row_stride, std::size_t rows, float multiplier,
              float* panel, Panels panels) {
  const Floats d;
  const Vector m = hn::Set(d, multiplier);
  const Vector largest = hn::Set(d, std::numeric_limits<float>::max());
  for (std::size_t r = 0; r < rows; ++r, in += row_stride, panel += panel_width) {
    const float* from = in;
    float* to = panel;
    for (std::size_t p = 0; p < panels.count; ++p, from += panel_width, to += panels.stride) {
      for (std::size_t j = 0; j < panel_width; j += hn::Lanes(d)) {
        const Vector x = hn::Mul(hn::LoadU(d, from + j), m);
        hn::StoreU(Clip(hn::IfThenElseZero(hn::Eq(x, x), x), largest), d, to + j);
      }
    }
  }
}

// Transposes 4×4 blocks on 128-bit vectors, which every target has.
void PackColumns(const float* in, std::ptrdiff_t column_stride, std::size_t rows, float* panel) {
  std::size_t first = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::FixedTag<float, 4> d;
  const hn::Repartition<std::uint64_t, decltype(d)> dd;
  for (; first + 4 <= rows; first += 4) {
    for (std::size_t j = 0; j < panel_width; j += 4) {
      const float* block =
          in + static_cast<std::ptrdiff_t>(j) * column_stride + static_cast<std::ptrdiff_t>(first);
      const auto a = hn::LoadU(d, block);
      const auto b = hn::LoadU(d, block + column_stride);
      const auto c = hn::LoadU(d, block + 2 * column_stride);
      const auto e = hn::LoadU(d, block + 3 * column_stride);
      const auto ab_low = hn::BitCast(dd, hn::InterleaveLower(d, a, b));
      const auto ce_low = hn::BitCast(dd, hn::InterleaveLower(d, c, e));
      const auto ab_high = hn::BitCast(dd, hn::InterleaveUpper(d, a, b));
      const auto ce_high = hn::BitCast(dd, hn::InterleaveUpper(d, c, e));
      float* to = panel + first * panel_width + j;
      hn::StoreU(hn::BitCast(d, hn::InterleaveLower(dd, ab_low, ce_low)), d, to);
      hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(dd, ab_low, ce_low)), d, to + panel_width);
      hn::StoreU(hn::BitCast(d, hn::InterleaveLower(dd, ab_high, ce_high)), d,
                 to + 2 * panel_width);
      hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(dd, ab_high, ce_high)), d,
                 to + 3 * panel_width);
    }
  }
#endif
  for (std::size_t j = 0; j < panel_width; ++j) {
    const float* column = in + static_cast<std::ptrdiff_t>(j) * column_stride;
    for (std::size_t r = first; r < rows; ++r) {
      std::memcpy(panel + r * panel_width + j, static_cast<const void*>(column + r), sizeof(float));
    }
  }
}

void PanelMaxAbs(const float* panel, std::size_t rows, float* out) {
  const Floats d;
  for (std::size_t j = 0; j < panel_width; j += hn::Lanes(d)) {
    Vector best = hn::LoadU(d, out + j);
    for (std::size_t r = 0; r < rows; ++r) {
      best = hn::Max(best, hn::Abs(hn::LoadU(d, panel + r * panel_width + j)));
    }
    hn::StoreU(best, d, out + j);
  }
}

void PanelMaxPairSum(const float* panel, std::size_t rows, const float* inverse, float* out) {
  const Floats d;
  for (std::size_t j = 0; j < panel_width; j += hn::Lanes(d)) {
    const Vector scale = hn::LoadU(d, inverse + j);
    Vector best = hn::LoadU(d, out + j);
    for (std::size_t r = 0; r < rows; r += 2) {
      const float* at = panel + r * panel_width + j;
      Vector q0 = hn::Mul(hn::LoadU(d, at), scale);
      Vector q1 = hn::Mul(hn::LoadU(d, at + panel_width), scale);
      RoundAlone(q0, q1, q0, q1);
      best = hn::Max(best, hn::Abs(hn::Add(q0, q1)));
    }
    hn::StoreU(best, d, out + j);
  }
}

// Σ (q - t)² of the lanes at `at`, over one block of rows.
HWY_INLINE Vector BlockError(const float* at, std::size_t rows, Vector inverse) {
  const Floats d;
  Vector sum = hn::Zero(d);
  for (std::size_t r = 0; r < rows; r += 2, at += 2 * panel_width) {
    const Vector t0 = hn::Mul(hn::LoadU(d, at), inverse);
    const Vector t1 = hn::Mul(hn::LoadU(d, at + panel_width), inverse);
    Vector e0 = t0;
    Vector e1 = t1;
    RoundPair(t0, t1, e0, e1);
    e0 = hn::Sub(e0, t0);
    e1 = hn::Sub(e1, t1);
    sum = hn::Add(sum, hn::Add(hn::Mul(e0, e0), hn::Mul(e1, e1)));
  }
  return sum;
}

// All candidates of a block before the next block: the block (16 KiB) stays in the first-level
// cache.
void PanelPairErrors(const float* panel, std::size_t rows, const float* inverses,
                     std::size_t candidates, double* errors) {
  const Floats d;
  for (std::size_t first = 0; first < rows; first += block_rows) {
    const std::size_t count = std::min(block_rows, rows - first);
    for (std::size_t c = 0; c < candidates * panel_width; c += panel_width) {
      float sums[panel_width];
      for (std::size_t j = 0; j < panel_width; j += hn::Lanes(d)) {
        const Vector inverse = hn::LoadU(d, inverses + c + j);
        hn::StoreU(BlockError(panel + first * panel_width + j, count, inverse), d, sums + j);
      }
      for (std::size_t j = 0; j < panel_width; ++j) errors[c + j] += static_cast<double>(sums[j]);
    }
  }
}

void PanelQuantizePairs(const float* panel, std::size_t rows, const float* inverse,
                        std::byte* out) {
  const Floats d;
  const auto offset = hn::Zero(Ints());
  for (std::size_t j = 0; j < panel_width; j += hn::Lanes(d)) {
    const Vector scale = hn::LoadU(d, inverse + j);
    for (std::size_t r = 0; r < rows; r += 2) {
      const std::size_t at = r * panel_width + j;
      const Vector t0 = hn::Mul(hn::LoadU(d, panel + at), scale);
      const Vector t1 = hn::Mul(hn::LoadU(d, panel + at + panel_width), scale);
      Vector q0 = t0;
      Vector q1 = t1;
      RoundPair(t0, t1, q0, q1);
      StoreBytes(q0, offset, out + at);
      StoreBytes(q1, offset, out + at + panel_width);
    }
  }
}

void PanelQuantize(const float* panel, std::size_t rows, const float* scale, float limit,
                   int offset, std::byte* out) {
  const Floats d;
  const auto shift = hn::Set(Ints(), offset);
  const Vector bound = hn::Set(d, limit);
  for (std::size_t j = 0; j < panel_width; j += hn::Lanes(d)) {
    const Vector divisor = hn::LoadU(d, scale + j);
    for (std::size_t r = 0; r < rows; ++r) {
      const std::size_t at = r * panel_width + j;
      const Vector t = hn::Div(hn::LoadU(d, panel + at), divisor);
      StoreBytes(hn::Round(Clip(t, bound)), shift, out + at);
    }
  }
}

}  // namespace octet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace octet::kernels {

HWY_EXPORT(PackRows);
HWY_EXPORT(PackColumns);
HWY_EXPORT(PanelMaxAbs);
HWY_EXPORT(PanelMaxPairSum);
HWY_EXPORT(PanelPairErrors);
HWY_EXPORT(PanelQuantizePairs);
HWY_EXPORT(PanelQuantize);

void pack_rows(const float* in, std::ptrdiff_t row_stride, std::size_t rows, float multiplier,
               float* panel, Panels panels) {
  HWY_DYNAMIC_DISPATCH(PackRows)(in, row_stride, rows, multiplier, panel, panels);
}

void pack_columns(const float* in, std::ptrdiff_t column_stride, std::size_t rows, float* panel) {
  HWY_DYNAMIC_DISPATCH(PackColumns)(in, column_stride, rows, panel);
}

void panel_max_abs(const float* panel, std::size_t rows, float* out) {
  HWY_DYNAMIC_DISPATCH(PanelMaxAbs)(panel, rows, out);
}

void panel_max_pair_sum(const float* panel, std::size_t rows, const float* inverse, float* out) {
  HWY_DYNAMIC_DISPATCH(PanelMaxPairSum)(panel, rows, inverse, out);
}

void panel_pair_errors(const float* panel, std::size_t rows, const float* inverses,
                       std::size_t candidates, double* errors) {
  HWY_DYNAMIC_DISPATCH(PanelPairErrors)(panel, rows, inverses, candidates, errors);
}

void panel_quantize_pairs(const float* panel, std::size_t rows, const float* inverse,
                          std::byte* out) {
  HWY_DYNAMIC_DISPATCH(PanelQuantizePairs)(panel, rows, inverse, out);
}

void panel_quantize(const float* panel, std::size_t rows, const float* scale, float limit,
                    int offset, std::byte* out) {
  HWY_DYNAMIC_DISPATCH(PanelQuantize)(panel, rows, scale, limit, offset, out);
}

}  // namespace octet::kernels
#endif
