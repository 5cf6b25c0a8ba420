#include "forms/weight_floats.hpp"

#include <cstring>

#include "base/half_floats.hpp"

namespace octet::forms {

using base::ElementType;

namespace {

template <typename From, typename Convert>
void convert(const std::byte* from, std::size_t count, float* to, const Convert& number) {
  for (std::size_t i = 0; i < count; ++i) {
    From one;
    std::memcpy(&one, from + i * sizeof one, sizeof one);
    to[i] = number(one);
  }
}

}  // namespace

void to_floats(ElementType type, const std::byte* from, std::size_t count, float* to) {
  switch (type) {
    case ElementType::float16:
      return convert<std::uint16_t>(from, count, to, base::float_from_float16);
    case ElementType::bfloat16:
      return convert<std::uint16_t>(from, count, to, base::float_from_bfloat16);
    case ElementType::float64:
      return convert<double>(from, count, to, [](double d) { return static_cast<float>(d); });
    default:
      if (count != 0) std::memcpy(to, from, count * sizeof(float));
  }
}

const float* WeightFloats::get() {
  if (type_ == ElementType::float32) return reinterpret_cast<const float*>(elements_.data());
  std::call_once(once_, [&] {
    converted_.resize(elements_.size() / base::element_size(type_));
    to_floats(type_, elements_.data(), converted_.size(), converted_.data());
  });
  return converted_.data();
}

void WeightFloats::done() {
  if (left_.fetch_sub(1) == 1) std::vector<float>().swap(converted_);
}

}  // namespace octet::forms
