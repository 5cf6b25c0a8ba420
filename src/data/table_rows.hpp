// The columns of a .csv file as the inputs of a model.
#pragma once

#include <filesystem>
#include <vector>

#include "base/port.hpp"
#include "data/rows.hpp"

namespace octet::data {

// An array for each input, in their order: the column of its name where the header names a column
// for every input, else all columns for the only input. float64 [rows, columns], or strings. The
// cells stay in the file until they are asked for, but each is checked at once. Throws
// Error{invalid_data} with line and column, or what was expected and found.
[[nodiscard]] std::vector<NamedRows> open_table(const std::vector<base::Port>& inputs,
                                                const std::filesystem::path& path);

}  // namespace octet::data
