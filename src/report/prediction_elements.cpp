#include "report/prediction_elements.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/checked.hpp"
#include "base/half_floats.hpp"
#include "octet/error.hpp"

namespace octet::report {
namespace {

using base::ElementType;

std::string digits(auto value) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::string number(auto value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return digits(value);
}

template <typename T>
T read(const octet::Prediction& prediction, std::size_t i) {
  T value{};
  std::memcpy(&value, prediction.bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

}  // namespace

PredictionElements::PredictionElements(const octet::Prediction& prediction)
    : prediction_(prediction), type_(base::element_named(prediction.type)) {
  const auto fail = [&](const std::string& fact) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("prediction \"{}\": {}", prediction.name, fact));
  };
  const auto count = base::element_count(prediction.shape);
  if (!count) fail("its shape is negative or too large; give the shape of its data");
  const std::size_t width = base::element_size(type_);
  if (width == 0 && !is_text()) fail(fmt::format("type \"{}\" cannot be written", prediction.type));
  const std::size_t held = is_text() ? prediction.strings.size() : prediction.bytes.size() / width;
  if (held != *count || (!is_text() && prediction.bytes.size() % width != 0)) {
    fail(fmt::format("its shape has {} elements and its data {}; give as many", *count, held));
  }
  const auto columns = prediction.shape.size() < 2 ? 0 : prediction.shape.back();
  if (has_keys() && prediction.keys.size() != static_cast<std::size_t>(columns))
    fail(fmt::format("{} keys for {} columns; give a key for each", prediction.keys.size(),
                     columns));
  size_ = held;
  rows_ = prediction.shape.empty() ? 1 : static_cast<std::size_t>(prediction.shape[0]);
  row_size_ = 1;
  for (std::size_t axis = 1; axis < prediction.shape.size(); ++axis) {
    row_size_ *= static_cast<std::size_t>(prediction.shape[axis]);
  }
  if (rows_ == 0) row_size_ = std::min<std::size_t>(row_size_, 1U << 20);  // only names columns
}

std::string PredictionElements::text_at(std::size_t i) const {
  switch (type_) {
    case ElementType::float32:
      return number(read<float>(prediction_, i));
    case ElementType::float64:
      return number(read<double>(prediction_, i));
    case ElementType::float16:
      return number(base::float_from_float16(read<std::uint16_t>(prediction_, i)));
    case ElementType::bfloat16:
      return number(base::float_from_bfloat16(read<std::uint16_t>(prediction_, i)));
    case ElementType::int8:
      return digits(static_cast<int>(read<std::int8_t>(prediction_, i)));
    case ElementType::uint8:
      return digits(static_cast<int>(read<std::uint8_t>(prediction_, i)));
    case ElementType::int16:
      return digits(read<std::int16_t>(prediction_, i));
    case ElementType::uint16:
      return digits(read<std::uint16_t>(prediction_, i));
    case ElementType::int32:
      return digits(read<std::int32_t>(prediction_, i));
    case ElementType::uint32:
      return digits(read<std::uint32_t>(prediction_, i));
    case ElementType::int64:
      return digits(read<std::int64_t>(prediction_, i));
    case ElementType::uint64:
      return digits(read<std::uint64_t>(prediction_, i));
    case ElementType::boolean:
      return read<std::uint8_t>(prediction_, i) != 0 ? "1" : "0";
    default:
      throw Error(ErrorCode::unsupported,
                  fmt::format("output \"{}\": {} has no text form; use the format npy",
                              prediction_.name, prediction_.type));
  }
}

}  // namespace octet::report
