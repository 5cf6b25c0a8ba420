// What the columns of a table are called.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace octet::data {

// The header of a .csv file; empty for other files and where there is none.
[[nodiscard]] std::vector<std::string> column_names(const std::filesystem::path& file);

}  // namespace octet::data
