// Where results go, and what they may not overwrite.
#pragma once

#include <filesystem>
#include <string>

#include "base/output_file.hpp"
#include "graph/graph.hpp"

namespace octet::api {

// The data file of an output: beside it, "<name>.data".
[[nodiscard]] std::string data_name(const std::filesystem::path& output);
[[nodiscard]] std::filesystem::path data_path(const std::filesystem::path& output);

// Throws Error{invalid_argument} when the output, or its data file, is the input or one of its data
// files, by whatever name or link.
void refuse_overwriting(const graph::Graph& graph, const std::filesystem::path& output);

// Moves the finished files into place. With a data file there are two renames; the old model goes
// first, so that no reader ever finds a model with another model's weights. A data file that only
// the replaced model used goes too.
void publish(base::OutputFile& model, base::OutputFile* data);

}  // namespace octet::api
