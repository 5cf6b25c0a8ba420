#include "base/atomic_text.hpp"

#include <cstring>

#include "base/output_file.hpp"

namespace octet::base {

void write_text_file(const std::filesystem::path& path, std::string_view text) {
  const StagingFolder staging(path);
  OutputFile file(path, text.size(), staging);
  if (!text.empty()) std::memcpy(file.bytes().data(), text.data(), text.size());
  file.commit();
}

}  // namespace octet::base
