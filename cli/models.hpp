// The models that a command names by place: which one stands for which, and whether they are there.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace octet::cli {

// "artifacts/model.int8.onnx" for "artifacts/model.onnx".
[[nodiscard]] std::string int8_name(const std::string& model);

// Fills in what was left out of a float model and its INT8 one: the INT8 model follows from the
// float one, and the other way round where only the INT8 one is named. `second` is the option of
// the INT8 model.
void complete_pair(const CLI::App& command, const char* second, std::string& reference,
                   std::string& candidate);

// Throws Error{invalid_argument} when the first holds INT8 weights and the second none: they were
// swapped, and the answer would be about the wrong one. `command` opens what to type instead.
// Throws what expect_there() throws; files that cannot be read are left to whoever reads them.
void expect_in_order(const std::string& command, const std::string& reference,
                     const std::string& candidate);

// The group of arguments that are no files.
inline constexpr const char* words_group = "Words";

// Throws Error{io} with the next step when the file, or one that the command reads by place, is not
// there.
void expect_there(const std::string& path);
void expect_there(const CLI::App& command);

}  // namespace octet::cli
