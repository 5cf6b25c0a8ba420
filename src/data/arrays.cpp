#include "data/arrays.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "base/checked.hpp"
#include "octet/error.hpp"

namespace octet::data {

base::NamedTensor to_tensor(const octet::Array& array, const std::string& label) {
  const auto refuse = [&](const std::string& fact) {
    throw Error(ErrorCode::invalid_data,
                fmt::format("{}: array \"{}\": {}", label, array.name, fact));
  };
  const base::ElementType type = base::element_named(array.type);
  const bool strings = type == base::ElementType::string;
  if (!strings && base::element_size(type) == 0) {
    refuse(fmt::format("type \"{}\" is not known; give \"float32\", \"int64\", …", array.type));
  }
  const auto count = base::element_count(array.shape);
  const auto size = count ? base::checked_mul(*count, base::element_size(type)) : std::nullopt;
  const bool fills = count && size &&
                     (strings ? array.strings.size() == *count && array.bytes.empty()
                              : array.bytes.size() == *size && array.strings.empty());
  if (!fills) {
    refuse(fmt::format("its data do not fill its shape [{}] of {}", fmt::join(array.shape, ", "),
                       array.type));
  }
  return {array.name, {type, array.shape, array.bytes, array.strings}};
}

octet::Array to_array(base::NamedTensor tensor) {
  return {std::move(tensor.name),           std::string(base::element_name(tensor.tensor.type)),
          std::move(tensor.tensor.dims),    std::move(tensor.tensor.bytes),
          std::move(tensor.tensor.strings), std::move(tensor.nesting.keys)};
}

}  // namespace octet::data
