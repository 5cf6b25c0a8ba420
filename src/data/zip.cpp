#include "data/zip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <string_view>

#include "data/little_endian.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::uint32_t end64_signature = 0x06064b50;
constexpr std::uint32_t locator64_signature = 0x07064b50;
constexpr std::uint32_t central_signature = 0x02014b50;
constexpr std::uint32_t local_signature = 0x04034b50;
constexpr std::uint64_t end_size = 22;
constexpr std::uint64_t locator64_size = 20;
constexpr std::uint64_t central_size = 46;
constexpr std::uint64_t local_size = 30;
constexpr std::uint32_t all32 = 0xffffffff;
// One deflated byte gives at most 1032 bytes (a run of 258 in two bits).
constexpr std::uint64_t most_inflation = 1032;

[[noreturn]] void refuse(const std::string& label, const std::string& fact) {
  throw Error(ErrorCode::invalid_data,
              fmt::format("{}: {}; the archive is damaged, write it again", label, fact));
}

struct Reader {
  Bytes bytes;
  const std::string& label;

  template <typename T>
  [[nodiscard]] T at(std::uint64_t offset) const {
    const auto value = read_little<T>(bytes, offset);
    if (!value) refuse(label, fmt::format("byte {} is past the end", offset));
    return *value;
  }
};

struct Directory {
  std::uint64_t entries = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
};

// The end record is the last thing in the file but for a comment of at most 65535 bytes.
std::uint64_t find_end(const Reader& zip) {
  const std::uint64_t size = zip.bytes.size();
  if (size >= end_size) {
    const std::uint64_t last = size - end_size;
    const std::uint64_t first = last > 0xffff ? last - 0xffff : 0;
    for (std::uint64_t at = last + 1; at-- > first;) {
      if (zip.at<std::uint32_t>(at) != end_signature) continue;
      if (zip.at<std::uint16_t>(at + 20) == last - at) return at;
    }
  }
  refuse(zip.label, "no end-of-archive record: this is no .zip file, or its end is missing");
}

Directory find_directory(const Reader& zip) {
  const std::uint64_t end = find_end(zip);
  Directory out{zip.at<std::uint16_t>(end + 10), zip.at<std::uint32_t>(end + 12),
                zip.at<std::uint32_t>(end + 16)};
  const bool is64 =
      end >= locator64_size && zip.at<std::uint32_t>(end - locator64_size) == locator64_signature;
  if (is64) {
    const auto record = zip.at<std::uint64_t>(end - locator64_size + 8);
    if (!inside(zip.bytes.size(), record, 56) || zip.at<std::uint32_t>(record) != end64_signature) {
      refuse(zip.label, "the zip64 end record is not where it should be");
    }
    out = {zip.at<std::uint64_t>(record + 32), zip.at<std::uint64_t>(record + 40),
           zip.at<std::uint64_t>(record + 48)};
  }
  if (!inside(end, out.offset, out.size) || out.entries > out.size / central_size) {
    refuse(zip.label, "the central directory lies outside the file");
  }
  return out;
}

// What a central entry says; the three numbers may be moved into the zip64 extra field (id 1), in
// this order.
struct Central {
  std::uint64_t size = 0;
  std::uint64_t packed = 0;
  std::uint64_t local = 0;
};

void read_zip64_extra(const Reader& extra, Central& out) {
  for (std::uint64_t at = 0; inside(extra.bytes.size(), at, 4);) {
    const auto id = extra.at<std::uint16_t>(at);
    const std::uint64_t length = extra.at<std::uint16_t>(at + 2);
    if (!inside(extra.bytes.size(), at + 4, length)) break;
    if (id == 1) {
      const Reader field{extra.bytes.subspan(at + 4, length), extra.label};
      std::uint64_t next = 0;
      for (std::uint64_t* number : {&out.size, &out.packed, &out.local}) {
        if (*number != all32) continue;
        *number = field.at<std::uint64_t>(next);
        next += 8;
      }
      return;
    }
    at += 4 + length;
  }
}

Bytes packed_bytes(const Reader& zip, const Central& central, std::string_view name) {
  if (!inside(zip.bytes.size(), central.local, local_size) ||
      zip.at<std::uint32_t>(central.local) != local_signature) {
    refuse(zip.label,
           fmt::format("entry \"{}\" has no local header at byte {}", name, central.local));
  }
  const std::uint64_t begin = central.local + local_size +
                              zip.at<std::uint16_t>(central.local + 26) +
                              zip.at<std::uint16_t>(central.local + 28);
  if (!inside(zip.bytes.size(), begin, central.packed)) {
    refuse(zip.label, fmt::format("entry \"{}\" runs past the end of the file", name));
  }
  return zip.bytes.subspan(begin, central.packed);
}

void check_entry(const Reader& zip, const ZipEntry& entry, std::uint16_t flags,
                 std::uint16_t method) {
  if ((flags & 1U) != 0) {
    refuse(zip.label, fmt::format("entry \"{}\" is encrypted", entry.name));
  }
  if (method != 0 && method != 8) {
    refuse(zip.label, fmt::format("entry \"{}\" is packed with method {}; only stored and deflate "
                                  "are read",
                                  entry.name, method));
  }
  const std::uint64_t packed = entry.packed.size();
  const bool possible =
      entry.deflated ? entry.size_bytes / most_inflation <= packed : entry.size_bytes == packed;
  if (!possible) {
    refuse(zip.label, fmt::format("entry \"{}\" claims {} bytes from {} packed ones", entry.name,
                                  entry.size_bytes, packed));
  }
}

// Reads one central entry at `at`, and moves `at` behind it.
ZipEntry read_entry(const Reader& zip, std::uint64_t directory_end, std::uint64_t& at) {
  if (!inside(directory_end, at, central_size) || zip.at<std::uint32_t>(at) != central_signature) {
    refuse(zip.label, fmt::format("no directory entry at byte {}", at));
  }
  const std::uint64_t name_size = zip.at<std::uint16_t>(at + 28);
  const std::uint64_t extra_size = zip.at<std::uint16_t>(at + 30);
  const std::uint64_t comment_size = zip.at<std::uint16_t>(at + 32);
  const std::uint64_t size = central_size + name_size + extra_size + comment_size;
  if (!inside(directory_end, at, size)) {
    refuse(zip.label, fmt::format("the directory entry at byte {} is cut short", at));
  }
  ZipEntry entry;
  const auto name = zip.bytes.subspan(at + central_size, name_size);
  for (const std::byte c : name) entry.name += static_cast<char>(c);
  Central central{zip.at<std::uint32_t>(at + 24), zip.at<std::uint32_t>(at + 20),
                  zip.at<std::uint32_t>(at + 42)};
  read_zip64_extra({zip.bytes.subspan(at + central_size + name_size, extra_size), zip.label},
                   central);
  const auto method = zip.at<std::uint16_t>(at + 10);
  entry.deflated = method == 8;
  entry.crc = zip.at<std::uint32_t>(at + 16);
  entry.size_bytes = central.size;
  entry.packed = packed_bytes(zip, central, entry.name);
  check_entry(zip, entry, zip.at<std::uint16_t>(at + 8), method);
  at += size;
  return entry;
}

}  // namespace

std::vector<ZipEntry> list_zip(std::span<const std::byte> archive, const std::string& label) {
  const Reader zip{archive, label};
  const Directory directory = find_directory(zip);
  std::vector<ZipEntry> entries;
  std::uint64_t at = directory.offset;
  std::uint64_t packed = 0;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    entries.push_back(read_entry(zip, directory.offset + directory.size, at));
    packed += entries.back().packed.size();
    if (packed > archive.size()) refuse(label, "its entries share bytes");
  }
  return entries;
}

struct EntryReader::Inflater {
  z_stream stream{};
  std::size_t taken = 0;
  Inflater() = default;
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }

  // False when `packed` does not give as much.
  bool fill(Bytes packed, std::span<std::byte> out) {
    constexpr std::size_t chunk = std::size_t{1} << 30U;  // zlib counts in 32 bits
    while (!out.empty()) {
      const std::size_t in = std::min(chunk, packed.size() - taken);
      const std::size_t room = std::min(chunk, out.size());
      // zlib does not write to its input.
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data() + taken));
      stream.avail_in = static_cast<uInt>(in);
      stream.next_out = reinterpret_cast<Bytef*>(out.data());
      stream.avail_out = static_cast<uInt>(room);
      const int status = inflate(&stream, Z_NO_FLUSH);
      taken += in - stream.avail_in;
      out = out.subspan(room - stream.avail_out);
      if (status != Z_OK && !(status == Z_STREAM_END && out.empty())) return false;
    }
    return true;
  }

  // The stream ends here: nothing more comes.
  bool ends(Bytes packed) {
    std::byte more{};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data() + taken));
    stream.avail_in = static_cast<uInt>(std::min(packed.size() - taken, std::size_t{1} << 30U));
    stream.next_out = reinterpret_cast<Bytef*>(&more);
    stream.avail_out = 1;
    return inflate(&stream, Z_NO_FLUSH) == Z_STREAM_END && stream.avail_out == 1;
  }
};

EntryReader::EntryReader(const ZipEntry& entry, std::string label)
    : entry_(entry), label_(std::move(label)) {
  if (!entry_.deflated) return;
  inflater_ = std::make_unique<Inflater>();
  if (inflateInit2(&inflater_->stream, -MAX_WBITS) != Z_OK) refuse(label_, "zlib cannot start");
}

EntryReader::~EntryReader() = default;
EntryReader::EntryReader(EntryReader&& other) noexcept = default;
EntryReader& EntryReader::operator=(EntryReader&& other) noexcept = default;

void EntryReader::read(std::span<std::byte> out) {
  const bool fits = inside(entry_.size_bytes, position_, out.size());
  if (fits && inflater_ == nullptr) {
    std::ranges::copy(entry_.packed.subspan(position_, out.size()), out.begin());
  } else if (!fits || !inflater_->fill(entry_.packed, out)) {
    refuse(label_, fmt::format("entry \"{}\" cannot be unpacked to its {} bytes", entry_.name,
                               entry_.size_bytes));
  }
  position_ += out.size();
  crc_ = static_cast<std::uint32_t>(
      crc32_z(crc_, reinterpret_cast<const Bytef*>(out.data()), out.size()));
}

void EntryReader::finish() {
  if (inflater_ != nullptr && !inflater_->ends(entry_.packed)) {
    refuse(label_, fmt::format("entry \"{}\" cannot be unpacked to its {} bytes", entry_.name,
                               entry_.size_bytes));
  }
  if (crc_ != entry_.crc) {
    refuse(label_, fmt::format("entry \"{}\" does not have its checksum", entry_.name));
  }
}

std::vector<std::byte> unpack(const ZipEntry& entry, const std::string& label) {
  std::vector<std::byte> out(entry.size_bytes);
  EntryReader reader(entry, label);
  reader.read(out);
  reader.finish();
  return out;
}

}  // namespace octet::data
