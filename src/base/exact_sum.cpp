#include "base/exact_sum.hpp"

#include <algorithm>

namespace octet::base {
namespace {

constexpr std::int64_t base = std::int64_t{1} << 32U;
constexpr int lowest = -1074;  // the exponent of the first digit's unit

}  // namespace

void ExactSum::carry() {
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const std::int64_t over = digits_[i] >> 32U;  // rounds down: what stays is not negative
    digits_[i] -= over * base;
    digits_[i + 1] += over;
  }
  waiting_ = 0;
}

void ExactSum::add(const ExactSum& other) {
  ExactSum carried = other;
  carried.carry();
  carry();
  for (std::size_t i = 0; i < count; ++i) digits_[i] += carried.digits_[i];
  carry();
  unbounded_ += other.unbounded_;
}

double ExactSum::value() const {
  if (unbounded_ != 0) return unbounded_;  // NaN is not 0
  ExactSum carried = *this;
  carried.carry();
  const bool negative = carried.digits_.back() < 0;
  if (negative) {
    for (std::int64_t& digit : carried.digits_) digit = -digit;
    carried.carry();
  }
  double out = 0;  // of digits that are not negative, the smallest first
  for (std::size_t i = 0; i < count; ++i) {
    if (carried.digits_[i] == 0) continue;
    out += std::ldexp(static_cast<double>(carried.digits_[i]), static_cast<int>(32 * i) + lowest);
  }
  return negative ? -out : out;
}

std::vector<std::int64_t> ExactSum::digits() const {
  ExactSum carried = *this;
  carried.carry();
  return {carried.digits_.begin(), carried.digits_.end()};
}

bool ExactSum::read(const std::vector<std::int64_t>& digits, double unbounded) {
  const bool good = digits.size() == count &&
                    std::all_of(digits.begin(), digits.end(),
                                [](std::int64_t digit) { return digit >= -base && digit < base; });
  if (!good) return false;
  std::copy(digits.begin(), digits.end(), digits_.begin());
  waiting_ = 0;
  unbounded_ = unbounded;
  return true;
}

}  // namespace octet::base
