#include "data/convert.hpp"

#include <fmt/format.h>

#include <cmath>
#include <concepts>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "base/half_floats.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

using base::ElementType;
using base::Tensor;

// A boolean is stored as a byte of its own; the tag keeps it apart from uint8.
struct Bool {
  std::uint8_t value = 0;
};
struct Half {
  std::uint16_t bits = 0;
};
struct Brain {
  std::uint16_t bits = 0;
};

template <typename Visit>
bool visit_number(ElementType type, Visit visit) {
  switch (type) {
    case ElementType::float32:
      return visit(float{}), true;
    case ElementType::float64:
      return visit(double{}), true;
    case ElementType::float16:
      return visit(Half{}), true;
    case ElementType::bfloat16:
      return visit(Brain{}), true;
    case ElementType::int8:
      return visit(std::int8_t{}), true;
    case ElementType::int16:
      return visit(std::int16_t{}), true;
    case ElementType::int32:
      return visit(std::int32_t{}), true;
    case ElementType::int64:
      return visit(std::int64_t{}), true;
    case ElementType::uint8:
      return visit(std::uint8_t{}), true;
    case ElementType::uint16:
      return visit(std::uint16_t{}), true;
    case ElementType::uint32:
      return visit(std::uint32_t{}), true;
    case ElementType::uint64:
      return visit(std::uint64_t{}), true;
    case ElementType::boolean:
      return visit(Bool{}), true;
    default:
      return false;
  }
}

// The stored element as a plain number.
template <typename T>
auto plain(T stored) {
  if constexpr (std::is_same_v<T, Bool>) {
    return std::uint8_t{stored.value};
  } else if constexpr (std::is_same_v<T, Half>) {
    return base::float_from_float16(stored.bits);
  } else if constexpr (std::is_same_v<T, Brain>) {
    return base::float_from_bfloat16(stored.bits);
  } else {
    return stored;
  }
}

// False when `from` has no such value in To.
template <std::integral To, typename From>
bool store(From from, To& to) {
  if constexpr (std::is_integral_v<From>) {
    if (!std::in_range<To>(from)) return false;
  } else {
    const double value = from;
    // Both bounds are powers of two (or zero), so they are exact in a double.
    const double below = std::ldexp(1.0, std::numeric_limits<To>::digits);
    const double lowest = std::is_signed_v<To> ? -below : 0.0;
    if (!(value >= lowest && value < below) || std::trunc(value) != value) return false;
  }
  to = static_cast<To>(from);
  return true;
}

template <std::floating_point To, typename From>
bool store(From from, To& to) {
  to = static_cast<To>(from);
  return std::isfinite(to) || !std::isfinite(static_cast<double>(from));
}

template <typename From>
bool store(From from, Bool& to) {
  const bool one = from == From{1};
  to.value = one ? 1 : 0;
  return one || from == From{0};
}

template <typename From>
bool store(From from, Half& to) {
  const auto wide = static_cast<float>(from);
  to.bits = base::float16_from_float(wide);
  return std::isfinite(base::float_from_float16(to.bits)) ||
         !std::isfinite(static_cast<double>(from));
}

template <typename From>
bool store(From from, Brain& to) {
  const auto wide = static_cast<float>(from);
  to.bits = base::bfloat16_from_float(wide);
  return std::isfinite(base::float_from_bfloat16(to.bits)) ||
         !std::isfinite(static_cast<double>(from));
}

[[noreturn]] void refuse(const std::string& place, const std::string& fact) {
  throw Error(ErrorCode::invalid_data, fmt::format("{}: {}", place, fact));
}

template <typename From, typename To>
void convert_all(const Tensor& in, Tensor& out, const std::string& place) {
  const std::size_t count = in.bytes.size() / sizeof(From);
  out.bytes.resize(count * sizeof(To));
  for (std::size_t i = 0; i < count; ++i) {
    From from{};
    To to{};
    std::memcpy(&from, in.bytes.data() + i * sizeof(From), sizeof(From));
    if (!store(plain(from), to)) {
      refuse(place, fmt::format("expected {}, found the value {} at element {}",
                                base::element_name(out.type), plain(from), i));
    }
    std::memcpy(out.bytes.data() + i * sizeof(To), &to, sizeof(To));
  }
}

}  // namespace

Tensor convert(Tensor tensor, ElementType to, const std::string& place) {
  if (tensor.type == to) return tensor;
  Tensor out{to, tensor.dims, {}, {}};
  bool possible = false;
  visit_number(tensor.type, [&](auto from) {
    possible = visit_number(
        to, [&](auto into) { convert_all<decltype(from), decltype(into)>(tensor, out, place); });
  });
  if (!possible) {
    refuse(place, fmt::format("expected {}, found {}", base::element_name(to),
                              base::element_name(tensor.type)));
  }
  return out;
}

}  // namespace octet::data
