// Where people's package managers put ONNX Runtime.
#pragma once

#include <filesystem>
#include <vector>

namespace octet::cli {

// The folders that are there, the most specific first: the active virtual environment
// ($VIRTUAL_ENV), the active conda environment ($CONDA_PREFIX), packages of the user (~/.local), of
// the system's Python. Each is a folder that holds the library.
[[nodiscard]] std::vector<std::filesystem::path> runtime_places();

}  // namespace octet::cli
