#include "quant/encoding.hpp"

#include <fmt/format.h>

#include <array>

#include "base/checked.hpp"

namespace octet::quant {
namespace {

using base::ElementType;

template <typename T>
struct Word {
  T value;
  std::string_view name;
};

constexpr std::array kinds = {Word<Kind>{Kind::int8, "int8"}, Word<Kind>{Kind::uint8, "uint8"},
                              Word<Kind>{Kind::float16, "float16"},
                              Word<Kind>{Kind::float32, "float32"}};
constexpr std::array ranges = {Word<Range>{Range::none, "none"}, Word<Range>{Range::full, "full"},
                               Word<Range>{Range::pair, "pair"},
                               Word<Range>{Range::reduced, "reduced"}};
constexpr std::array granularities = {Word<Granularity>{Granularity::none, "none"},
                                      Word<Granularity>{Granularity::per_channel, "per_channel"},
                                      Word<Granularity>{Granularity::per_tensor, "per_tensor"}};

template <typename T, std::size_t n>
std::string_view name_in(const std::array<Word<T>, n>& words, T value) {
  for (const Word<T>& word : words) {
    if (word.value == value) return word.name;
  }
  return "";
}

template <typename T, std::size_t n>
std::optional<T> value_in(const std::array<Word<T>, n>& words, std::string_view name) {
  for (const Word<T>& word : words) {
    if (word.name == name) return word.value;
  }
  return std::nullopt;
}

template <typename T, std::size_t n>
std::vector<std::string> names_in(const std::array<Word<T>, n>& words) {
  std::vector<std::string> out;
  for (const Word<T>& word : words) out.emplace_back(word.name);
  return out;
}

// Leading axes of length one are left out: [N] when the channels are the last axis. A stack has as
// many rows of them as it has matrices.
std::vector<std::int64_t> scale_dims(const Encoding& encoding,
                                     const std::vector<std::int64_t>& dims, Axes axes) {
  std::vector<std::int64_t> out;
  if (axes.stacked) out.push_back(dims[0]);
  if (encoding.granularity != Granularity::per_channel) return out;
  if (axes.stacked) {
    out.insert(out.end(), dims.begin() + static_cast<std::ptrdiff_t>(axes.first),
               dims.begin() + static_cast<std::ptrdiff_t>(axes.last));
    return out;
  }
  for (std::size_t a = axes.first; a < dims.size(); ++a) out.push_back(a < axes.last ? dims[a] : 1);
  return out;
}

}  // namespace

std::string_view name(Kind kind) {
  return name_in(kinds, kind);
}
std::string_view name(Range range) {
  return name_in(ranges, range);
}
std::string_view name(Granularity granularity) {
  return name_in(granularities, granularity);
}
std::optional<Kind> kind_named(std::string_view word) {
  return value_in(kinds, word);
}
std::optional<Range> range_named(std::string_view word) {
  return value_in(ranges, word);
}
std::optional<Granularity> granularity_named(std::string_view word) {
  return value_in(granularities, word);
}
std::vector<std::string> kind_names() {
  return names_in(kinds);
}
std::vector<std::string> range_names() {
  return names_in(ranges);
}
std::vector<std::string> granularity_names() {
  return names_in(granularities);
}

std::optional<std::string> contradiction(const Encoding& encoding) {
  if (is_integer(encoding)) {
    if (encoding.range == Range::none) {
      return fmt::format("{} needs a range: full, pair or reduced", name(encoding.kind));
    }
    if (encoding.granularity == Granularity::none) {
      return fmt::format("{} needs a granularity: per_channel or per_tensor", name(encoding.kind));
    }
    return std::nullopt;
  }
  if (encoding.range != Range::none) {
    return fmt::format("{} has no range \"{}\"; none is right", name(encoding.kind),
                       name(encoding.range));
  }
  if (encoding.granularity != Granularity::none) {
    return fmt::format("{} has no granularity \"{}\"; none is right", name(encoding.kind),
                       name(encoding.granularity));
  }
  return std::nullopt;
}

ElementType element_type(Kind kind) {
  switch (kind) {
    case Kind::int8:
      return ElementType::int8;
    case Kind::uint8:
      return ElementType::uint8;
    case Kind::float16:
      return ElementType::float16;
    case Kind::float32:
      break;
  }
  return ElementType::float32;
}

std::vector<Part> parts(const Encoding& encoding, const std::vector<std::int64_t>& dims,
                        Axes axes) {
  std::vector<Part> out = {{Part::Role::data, element_type(encoding.kind), dims}};
  if (is_integer(encoding)) {
    out.push_back({Part::Role::scale, ElementType::float32, scale_dims(encoding, dims, axes)});
  }
  return out;
}

std::uint64_t encoded_bytes(const Encoding& encoding, const std::vector<std::int64_t>& dims,
                            Axes axes) {
  std::uint64_t bytes = 0;
  for (const Part& part : parts(encoding, dims, axes)) {
    bytes += base::element_count(part.dims).value_or(0) * base::element_size(part.type);
  }
  return bytes;
}

}  // namespace octet::quant
