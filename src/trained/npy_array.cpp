#include "trained/npy_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/checked.hpp"
#include "octet/error.hpp"
#include "trained/dtype.hpp"

namespace octet::trained {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view magic = "\x93NUMPY"sv;
constexpr std::size_t most_dims = 32;
constexpr std::size_t most_fields = 256;

// {'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }; descr may be a list of fields.
class Header {
 public:
  Header(std::string_view text, Records& records, const std::string& label)
      : rest_(text), records_(records), label_(label) {}

  void read(Array& out) {
    int found = 0;
    expect('{');
    while (!take('}')) {
      const std::string_view key = quoted();
      expect(':');
      if (key == "descr") {
        out.dtype = records_.add_dtype(take('[') ? fields() : plain(quoted()));
      } else if (key == "fortran_order") {
        out.fortran = boolean();
      } else if (key == "shape") {
        out.shape = shape();
      } else {
        fail("its header has a key that NumPy does not write");
      }
      ++found;
      (void)take(',');
    }
    if (found != 3 || out.dtype == no_ref) fail("its header is not whole");
  }

  [[noreturn]] void fail(std::string_view fact) const {
    throw Error(ErrorCode::invalid_model, fmt::format("{}: {}", label_, fact));
  }

 private:
  char peek() {
    const std::size_t at = rest_.find_first_not_of(" \n");
    rest_.remove_prefix(std::min(at, rest_.size()));
    return rest_.empty() ? '\0' : rest_.front();
  }
  bool take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(fmt::format("a '{}' is missing in its header", c));
  }
  std::string_view quoted() {
    const char quote = peek();
    const std::size_t end = rest_.find(quote, 1);
    if ((quote != '\'' && quote != '"') || end == std::string_view::npos)
      fail("a quoted word is missing in its header");
    const std::string_view word = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return word;
  }
  bool boolean() {
    const bool yes = peek() == 'T';
    const std::string_view word = yes ? "True" : "False";
    if (!rest_.starts_with(word)) fail("fortran_order is neither True nor False");
    rest_.remove_prefix(word.size());
    return yes;
  }
  DType plain(std::string_view descr) const {
    const auto out = dtype_of_descr(descr);
    if (!out) fail(fmt::format("has elements of type {}", descr));
    if (out->has_objects) fail("holds Python objects, which may be anything");
    return *out;
  }
  // ('left_child', '<i8'), …; NumPy writes padding as fields without a name.
  DType fields() {
    DType out;
    while (!take(']')) {
      expect('(');
      const std::string_view name = quoted();
      expect(',');
      const DType inner = plain(quoted());
      if (!take(')')) fail("has fields that are arrays or records");
      if (out.fields.size() == most_fields) fail("has too many fields");
      if (!name.empty())
        out.fields.push_back({name, inner.kind, out.size_bytes, inner.size_bytes, inner.swapped});
      out.size_bytes += inner.size_bytes;  // at most 256 times 65,536
      (void)take(',');
    }
    if (out.size_bytes == 0) fail("has elements of no bytes");
    return out;
  }
  std::vector<std::uint64_t> shape() {
    std::vector<std::uint64_t> out;
    expect('(');
    while (!take(')')) {
      (void)peek();
      std::uint64_t dim = 0;
      const auto [end, problem] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), dim);
      if (problem != std::errc() || out.size() == most_dims) fail("its shape is none");
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      out.push_back(dim);
      (void)take(',');
    }
    return out;
  }

  std::string_view rest_;
  Records& records_;
  const std::string& label_;
};

}  // namespace

Array read_npy_array(std::span<const std::byte> file, Records& records, const std::string& label) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const auto byte_at = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(text[i]));
  };
  const bool is_npy =
      text.starts_with(magic) && text.size() >= 12 && byte_at(6) >= 1 && byte_at(6) <= 3;
  const std::size_t begin = is_npy && byte_at(6) == 1 ? 10 : 12;
  std::size_t length = is_npy ? byte_at(8) | byte_at(9) << 8U : 0;
  if (is_npy && begin == 12) length |= byte_at(10) << 16U | byte_at(11) << 24U;
  if (!is_npy || length > text.size() - begin)
    throw Error(ErrorCode::invalid_model, fmt::format("{}: is no .npy array", label));
  Header header(text.substr(begin, length), records, label);
  Array out;
  header.read(out);
  out.data = file.subspan(begin + length);
  out.count = 1;
  for (const std::uint64_t dim : out.shape) {
    const auto next = base::checked_mul(out.count, dim);
    if (!next || *next > INT64_MAX) header.fail("an array whose size overflows");
    out.count = *next;
  }
  const std::uint32_t size = records.dtype(out.dtype).size_bytes;
  const auto bytes = base::checked_mul(out.count, size);
  if (!bytes || *bytes != out.data.size()) {
    header.fail(fmt::format("an array of {} elements of {} bytes has {} bytes of data", out.count,
                            size, out.data.size()));
  }
  out.is_complete = true;
  return out;
}

}  // namespace octet::trained
