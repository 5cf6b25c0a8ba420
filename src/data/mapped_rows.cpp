#include "data/mapped_rows.hpp"

#include <atomic>
#include <cstdint>
#include <utility>

namespace octet::data {
namespace {

class MappedRows {
 public:
  MappedRows(std::shared_ptr<const base::MappedFile> file, std::span<const std::byte> elements,
             PlainArray array)
      : file_(std::move(file)), elements_(elements), array_(std::move(array)) {}

  base::Tensor read(std::int64_t first, std::int64_t count) {
    base::Tensor out{array_.type, array_.dims, {}, {}};
    out.dims[0] = count;
    const auto in = elements_.subspan(static_cast<std::size_t>(first) * array_.row_bytes,
                                      static_cast<std::size_t>(count) * array_.row_bytes);
    out.bytes.assign(in.begin(), in.end());
    file_->verify();
    // What was read is let go every few megabytes: it would count as this program's memory.
    constexpr std::size_t enough = std::size_t{4} << 20U;
    if (read_.fetch_add(in.size()) + in.size() >= enough) {
      read_ = 0;
      file_->release(elements_);
    }
    return out;
  }

 private:
  std::shared_ptr<const base::MappedFile> file_;
  std::span<const std::byte> elements_;
  PlainArray array_;
  std::atomic<std::size_t> read_{0};  // bytes since the last release
};

}  // namespace

Rows mapped_rows(std::shared_ptr<const base::MappedFile> file, std::span<const std::byte> elements,
                 const PlainArray& array) {
  const auto rows = std::make_shared<MappedRows>(std::move(file), elements, array);
  return {array.type, array.dims,
          [rows](std::int64_t first, std::int64_t count) { return rows->read(first, count); }};
}

}  // namespace octet::data
