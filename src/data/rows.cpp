#include "data/rows.hpp"

#include <cstddef>
#include <utility>

namespace octet::data {
namespace {

base::Tensor cut(const base::Tensor& whole, std::int64_t first, std::int64_t count) {
  if (whole.dims.empty() || count == whole.dims[0]) return whole;
  base::Tensor out{whole.type, whole.dims, {}, {}};
  const auto total = static_cast<std::size_t>(whole.dims[0]);
  const auto from = static_cast<std::size_t>(first);
  const auto until = from + static_cast<std::size_t>(count);
  out.dims[0] = count;
  const auto part = [&](const auto& all, auto& into) {
    const std::size_t row = all.size() / total;
    const auto* data = all.data();
    into.assign(data + from * row, data + until * row);
  };
  if (whole.type == base::ElementType::string) {
    part(whole.strings, out.strings);
  } else {
    part(whole.bytes, out.bytes);
  }
  return out;
}

}  // namespace

Rows::Rows(base::Tensor tensor)
    : type_(tensor.type),
      dims_(tensor.dims),
      held_(std::make_shared<base::Tensor>(std::move(tensor))) {}

Rows::Rows(base::ElementType type, std::vector<std::int64_t> dims, Read read)
    : type_(type), dims_(std::move(dims)), read_(std::move(read)) {}

base::Tensor Rows::some(std::int64_t first, std::int64_t count) const {
  return held_ == nullptr ? read_(first, count) : cut(*held_, first, count);
}

base::Tensor Rows::take() && {
  return held_ != nullptr && held_.use_count() == 1 ? std::move(*held_) : whole();
}

}  // namespace octet::data
