#include "data/npz.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "base/mapped_file.hpp"
#include "data/mapped_rows.hpp"
#include "data/npy.hpp"
#include "data/zip.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

using File = std::shared_ptr<const base::MappedFile>;

// Smaller arrays are read at once. More than any header takes: NumPy itself reads 10,000 bytes.
constexpr std::size_t small = std::size_t{1} << 20U;
// What is unpacked at a time where it is not kept.
constexpr std::size_t piece = std::size_t{1} << 18U;

std::string name_of(const ZipEntry& entry, const std::string& label) {
  constexpr std::string_view suffix = ".npy";
  if (!entry.name.ends_with(suffix)) {
    throw Error(ErrorCode::invalid_data,
                fmt::format("{}: entry \"{}\" is no .npy array; write the file with numpy.savez",
                            label, entry.name));
  }
  return entry.name.substr(0, entry.name.size() - suffix.size());
}

template <typename Array>
void check_any(const std::vector<Array>& arrays, const std::string& label) {
  if (!arrays.empty()) return;
  throw Error(ErrorCode::invalid_data, fmt::format("{}: there are no arrays in it", label));
}

// Reads to `until` without keeping anything; pages of the file are let go on the way.
void skip_to(EntryReader& reader, std::uint64_t until, const base::MappedFile& file,
             const ZipEntry& entry, std::vector<std::byte>& scratch) {
  constexpr std::uint64_t enough = std::uint64_t{4} << 20U;
  std::uint64_t since = 0;
  while (reader.position() < until) {
    scratch.resize(std::min<std::uint64_t>(piece, until - reader.position()));
    reader.read(scratch);
    since += scratch.size();
    if (since < enough) continue;
    file.release(entry.packed);
    since = 0;
  }
  file.release(entry.packed);
}

class InflatedRows {
 public:
  InflatedRows(File file, ZipEntry entry, PlainArray array, std::string label)
      : file_(std::move(file)),
        entry_(std::move(entry)),
        array_(std::move(array)),
        label_(std::move(label)) {}

  base::Tensor read(std::int64_t first, std::int64_t count) {
    base::Tensor out{array_.type, array_.dims, {}, {}};
    out.dims[0] = count;
    const std::uint64_t begin =
        array_.data_offset + static_cast<std::uint64_t>(first) * array_.row_bytes;
    const std::uint64_t size = static_cast<std::uint64_t>(count) * array_.row_bytes;
    const std::lock_guard lock(mutex_);
    if (begin < window_begin_ || begin + size > window_begin_ + window_.size()) {
      move_window(begin, size);
    }
    const auto from = window_.begin() + static_cast<std::ptrdiff_t>(begin - window_begin_);
    out.bytes.assign(from, from + static_cast<std::ptrdiff_t>(size));
    return out;
  }

 private:
  // Rows are asked for again, by the next model, before the rows behind them: what was inflated
  // last is kept. Nothing is, where this throws.
  void move_window(std::uint64_t begin, std::uint64_t size) {
    window_.clear();
    const std::uint64_t ahead = std::min<std::uint64_t>(small, entry_.size_bytes - begin);
    try {
      if (!reader_ || reader_->position() > begin) reader_.emplace(entry_, label_);
      if (reader_->position() < begin) skip_to(*reader_, begin, *file_, entry_, window_);
      window_.resize(std::max(size, ahead));
      reader_->read(window_);
      window_begin_ = begin;
    } catch (...) {
      window_.clear();
      reader_.reset();
      file_->verify();  // a change explains an error, so it goes first
      throw;
    }
    file_->verify();
    constexpr std::size_t enough = std::size_t{4} << 20U;
    read_ += window_.size();
    if (read_ < enough) return;
    read_ = 0;
    file_->release(entry_.packed);
  }

  File file_;
  ZipEntry entry_;
  PlainArray array_;
  std::string label_;
  std::mutex mutex_;  // guards what is below
  std::optional<EntryReader> reader_;
  std::vector<std::byte> window_;
  std::uint64_t window_begin_ = 0;  // of the window, in the entry's content
  std::size_t read_ = 0;            // bytes since the last release
};

Rows rows_of(const File& file, const ZipEntry& entry, const std::string& label) {
  const std::string place = label + ": " + entry.name;
  EntryReader reader(entry, label);
  std::vector<std::byte> head(std::min<std::uint64_t>(small, entry.size_bytes));
  reader.read(head);
  const auto plain = plain_array(head, entry.size_bytes, place);
  if (!plain || head.size() == entry.size_bytes) return Rows(read_npy(unpack(entry, label), place));
  std::vector<std::byte> scratch;
  skip_to(reader, entry.size_bytes, *file, entry, scratch);
  reader.finish();
  if (!entry.deflated) return mapped_rows(file, entry.packed.subspan(plain->data_offset), *plain);
  const auto rows = std::make_shared<InflatedRows>(file, entry, *plain, label);
  return {plain->type, plain->dims,
          [rows](std::int64_t first, std::int64_t count) { return rows->read(first, count); }};
}

}  // namespace

std::vector<base::NamedTensor> read_npz(std::span<const std::byte> file, const std::string& label) {
  std::vector<base::NamedTensor> out;
  for (const ZipEntry& entry : list_zip(file, label)) {
    std::string name = name_of(entry, label);
    out.push_back({std::move(name), read_npy(unpack(entry, label), label + ": " + entry.name)});
  }
  check_any(out, label);
  return out;
}

std::vector<NamedRows> open_npz(const std::filesystem::path& path) {
  const std::string label = path.string();
  const auto file = std::make_shared<const base::MappedFile>(base::MappedFile::open(path));
  std::vector<NamedRows> out;
  try {
    for (const ZipEntry& entry : list_zip(file->bytes(), label)) {
      std::string name = name_of(entry, label);
      out.push_back({std::move(name), rows_of(file, entry, label)});
    }
  } catch (...) {
    file->verify();  // a change explains an error, so it goes first
    throw;
  }
  file->verify();
  check_any(out, label);
  return out;
}

}  // namespace octet::data
