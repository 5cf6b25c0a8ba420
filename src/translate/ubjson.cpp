// UBJSON as XGBoost writes it: big-endian, keys without a marker, arrays with a type and a count.
#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "octet/error.hpp"
#include "translate/boosters.hpp"

namespace octet::translate {
namespace {

constexpr int most_depth = 32;

class Ubjson {
 public:
  explicit Ubjson(std::span<const std::byte> bytes) : bytes_(bytes) {}

  Json document() {
    Json out = value(character(), 0);
    if (at_ != bytes_.size()) fail("bytes follow the end of the document");
    return out;
  }

 private:
  [[noreturn]] void fail(std::string_view fact) const {
    throw Error(ErrorCode::invalid_model, fmt::format("byte {} of the UBJSON: {}", at_, fact));
  }

  std::span<const std::byte> take(std::uint64_t size) {
    if (size > bytes_.size() - at_) fail("it is cut short");
    const auto out = bytes_.subspan(at_, size);
    at_ += size;
    return out;
  }

  template <typename T, typename Bits>
  T big_endian() {
    Bits bits = 0;
    for (const std::byte byte : take(sizeof(Bits)))
      bits = static_cast<Bits>(static_cast<std::uint64_t>(bits) << 8U |
                               std::to_integer<std::uint64_t>(byte));
    return std::bit_cast<T>(bits);
  }

  char character() { return static_cast<char>(std::to_integer<unsigned char>(take(1)[0])); }

  Json number(char type) {
    switch (type) {
      case 'i':
        return big_endian<std::int8_t, std::uint8_t>();
      case 'U':
        return big_endian<std::uint8_t, std::uint8_t>();
      case 'I':
        return big_endian<std::int16_t, std::uint16_t>();
      case 'l':
        return big_endian<std::int32_t, std::uint32_t>();
      case 'L':
        return big_endian<std::int64_t, std::uint64_t>();
      case 'd':
        return static_cast<double>(big_endian<float, std::uint32_t>());
      case 'D':
        return big_endian<double, std::uint64_t>();
      default:
        fail("a type that XGBoost does not write");
    }
  }

  std::uint64_t length() {
    const Json size = number(character());
    if (!size.is_number_integer() || size.get<std::int64_t>() < 0) fail("a length that is none");
    return size.get<std::uint64_t>();
  }

  std::string text() {
    const auto bytes = take(length());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  [[nodiscard]] char next() const {
    return at_ < bytes_.size() ? static_cast<char>(std::to_integer<unsigned char>(bytes_[at_]))
                               : '\0';
  }

  Json list(int depth) {
    Json out = Json::array();
    if (next() == '$') {
      (void)character();
      const char type = character();
      if (character() != '#') fail("a typed array without a count");
      const std::uint64_t count = length();
      if (count > bytes_.size() - at_) fail("it is cut short");  // an element has a byte at least
      for (std::uint64_t i = 0; i < count; ++i) out.push_back(number(type));
      return out;
    }
    if (next() == '#') {
      (void)character();
      const std::uint64_t count = length();
      if (count > bytes_.size() - at_) fail("it is cut short");
      for (std::uint64_t i = 0; i < count; ++i) out.push_back(value(character(), depth));
      return out;
    }
    while (next() != ']') out.push_back(value(character(), depth));
    (void)character();
    return out;
  }

  Json object(int depth) {
    Json out = Json::object();
    while (next() != '}') {
      std::string key = text();
      out.push_back({std::move(key), value(character(), depth)});
    }
    (void)character();
    return out;
  }

  Json value(char type, int depth) {
    if (depth > most_depth) fail("it is nested too deep");
    switch (type) {
      case '{':
        return object(depth + 1);
      case '[':
        return list(depth + 1);
      case 'S':
        return text();
      case 'T':
        return true;
      case 'F':
        return false;
      case 'Z':
        return nullptr;
      default:
        return number(type);
    }
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

}  // namespace

Json read_ubjson(std::span<const std::byte> bytes) {
  return Ubjson(bytes).document();
}

}  // namespace octet::translate
