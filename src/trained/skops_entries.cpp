#include "trained/skops_entries.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <utility>

#include "octet/error.hpp"

namespace octet::trained {
namespace {

// data's refusals speak of data; here the model is what is damaged.
template <typename Work>
auto of_model(const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_model, error.what());
  }
}

}  // namespace

SkopsEntries::SkopsEntries(std::span<const std::byte> archive, std::shared_ptr<const void> owner,
                           std::string label, const Limits& limits)
    : owner_(std::move(owner)),
      label_(std::move(label)),
      left_(std::min<std::uint64_t>(
          limits.unpacked_bytes,
          std::max<std::uint64_t>(
              limits.always_bytes,
              std::min<std::uint64_t>(archive.size(), UINT64_MAX / limits.ratio) * limits.ratio))) {
  for (data::ZipEntry& entry : of_model([&] { return data::list_zip(archive, label_); })) {
    std::string name = entry.name;
    if (!entries_.emplace(std::move(name), std::move(entry)).second)
      throw Error(ErrorCode::invalid_model, label_ + ": two entries of the archive have one name");
  }
}

std::string SkopsEntries::where(std::string_view name) const {
  return fmt::format("{}: {}", label_, name);
}

std::span<const std::byte> SkopsEntries::unpacked(const data::ZipEntry& entry,
                                                  const std::string& label) {
  if (entry.size_bytes > left_) {
    throw Error(ErrorCode::invalid_model,
                fmt::format("{}: its entries unpack to more than is allowed; allow more with "
                            "--max-unpacked and --max-ratio",
                            label_));
  }
  left_ -= entry.size_bytes;
  held_.push_back(of_model([&] { return data::unpack(entry, label); }));
  return held_.back();
}

std::span<const std::byte> SkopsEntries::bytes(std::string_view name) {
  const auto seen = seen_.find(name);
  if (seen != seen_.end()) return seen->second;
  const auto entry = entries_.find(name);
  if (entry == entries_.end())
    throw Error(ErrorCode::invalid_model, fmt::format("{}: has no entry \"{}\"", label_, name));
  return seen_.emplace(name, unpacked(entry->second, label_)).first->second;
}

std::map<std::string, std::span<const std::byte>, std::less<>> SkopsEntries::archive(
    std::string_view name) {
  std::map<std::string, std::span<const std::byte>, std::less<>> out;
  const std::string label = where(name);
  const std::span<const std::byte> inner = bytes(name);
  for (const data::ZipEntry& entry : of_model([&] { return data::list_zip(inner, label); }))
    out[entry.name] = unpacked(entry, label);
  return out;
}

}  // namespace octet::trained
