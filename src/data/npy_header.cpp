#include "data/npy_header.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "data/little_endian.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t most_axes = 64;  // numpy's own limit

// Reads the one dictionary numpy writes: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3),
// }
class HeaderText {
 public:
  HeaderText(std::string_view text, const std::string& label) : rest_(text), label_(label) {}

  void read(NpyHeader& out) {
    bool descr = false;
    bool order = false;
    bool shape = false;
    expect('{');
    while (!take('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr") {
        out.descr = element_type();
        descr = true;
      } else if (key == "fortran_order") {
        out.fortran_order = boolean();
        order = true;
      } else if (key == "shape") {
        out.shape = tuple();
        shape = true;
      } else {
        refuse(fmt::format("the header has an unknown key \"{}\"", key));
      }
      if (!take(',') && peek() != '}') refuse("a ',' is missing in the header");
    }
    if (!descr || !order || !shape) {
      refuse("the header must have descr, fortran_order and shape");
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& fact) const {
    throw Error(ErrorCode::invalid_data,
                fmt::format("{}: {}; write the array again with numpy.save", label_, fact));
  }
  char peek() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) {
      rest_.remove_prefix(1);
    }
    return rest_.empty() ? '\0' : rest_.front();
  }
  bool take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) refuse(fmt::format("a '{}' is missing in the header", c));
  }
  std::string quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') refuse("a quoted word is missing in the header");
    const std::size_t end = rest_.find(quote, 1);
    if (end == std::string_view::npos) refuse("a quote is not closed in the header");
    std::string word(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return word;
  }
  std::string element_type() {
    if (peek() == '[') refuse("it holds records; save each field as an array of its own");
    return quoted();
  }
  bool boolean() {
    peek();
    for (const auto& [word, value] : {std::pair{"True", true}, std::pair{"False", false}}) {
      if (!rest_.starts_with(word)) continue;
      rest_.remove_prefix(std::string_view(word).size());
      return value;
    }
    refuse("fortran_order must be True or False");
  }
  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> dims;
    expect('(');
    while (!take(')')) {
      peek();
      std::int64_t dim = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), dim);
      if (error != std::errc() || dim < 0) refuse("the shape holds something that is no size");
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      if (peek() == 'L') rest_.remove_prefix(1);  // Python 2 wrote 3L
      dims.push_back(dim);
      if (dims.size() > most_axes) refuse(fmt::format("it has more than {} axes", most_axes));
      if (!take(',') && peek() != ')') refuse("a ',' is missing in the shape");
    }
    return dims;
  }

  std::string_view rest_;
  const std::string& label_;
};

}  // namespace

NpyHeader read_npy_header(std::span<const std::byte> file, const std::string& label) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const auto refuse = [&](const std::string& fact) {
    throw Error(ErrorCode::invalid_data, fmt::format("{}: {}", label, fact));
  };
  if (!text.starts_with(magic)) {
    refuse("it does not begin like an .npy file; write the array with numpy.save");
  }
  const auto version = read_little<std::uint8_t>(file, magic.size()).value_or(0);
  if (version < 1 || version > 3) refuse(fmt::format("unknown .npy version {}", version));
  const std::size_t length_size = version == 1 ? 2 : 4;
  const std::size_t length_at = magic.size() + 2;
  const std::uint32_t length = version == 1
                                   ? read_little<std::uint16_t>(file, length_at).value_or(0)
                                   : read_little<std::uint32_t>(file, length_at).value_or(0);
  const std::size_t begin = length_at + length_size;
  if (length == 0 || !inside(file.size(), begin, length)) {
    refuse(fmt::format("the header claims {} bytes, but the file has {}: it is cut short", length,
                       file.size()));
  }
  NpyHeader header;
  header.data_offset = begin + length;
  HeaderText(text.substr(begin, length), label).read(header);
  return header;
}

}  // namespace octet::data
