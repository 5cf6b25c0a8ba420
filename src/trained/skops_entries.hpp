// The entries of a skops archive: unpacked once each, within the limits, kept alive together.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/zip.hpp"
#include "trained/limits.hpp"

namespace octet::trained {

class SkopsEntries {
 public:
  SkopsEntries(std::span<const std::byte> archive, std::shared_ptr<const void> owner,
               std::string label, const Limits& limits);

  [[nodiscard]] bool has(std::string_view name) const { return entries_.contains(name); }
  // The bytes live as long as this object. Throws Error{invalid_model}.
  [[nodiscard]] std::span<const std::byte> bytes(std::string_view name);
  // An entry that is an archive itself (scipy's .npz): its entries by name.
  [[nodiscard]] std::map<std::string, std::span<const std::byte>, std::less<>> archive(
      std::string_view name);
  [[nodiscard]] std::string where(std::string_view name) const;

 private:
  [[nodiscard]] std::span<const std::byte> unpacked(const data::ZipEntry& entry,
                                                    const std::string& label);

  std::shared_ptr<const void> owner_;
  std::string label_;
  std::map<std::string, data::ZipEntry, std::less<>> entries_;
  std::map<std::string, std::span<const std::byte>, std::less<>> seen_;
  std::deque<std::vector<std::byte>> held_;
  std::uint64_t left_;  // bytes that may still be unpacked
};

}  // namespace octet::trained
