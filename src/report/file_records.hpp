// Which files a report speaks of.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "octet/model_source.hpp"
#include "octet/parity.hpp"

namespace octet::report {

// The model's file and its data files, or its bytes. Throws Error{io} when one cannot be read.
[[nodiscard]] std::vector<octet::FileRecord> records_of(const octet::ModelSource& model,
                                                        const std::string& role);

// A file, or every file under a folder, by name.
[[nodiscard]] std::vector<octet::FileRecord> records_of(const std::filesystem::path& path,
                                                        const std::string& role);

}  // namespace octet::report
