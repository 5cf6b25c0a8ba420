// One command over many models.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "environment.hpp"

namespace octet::cli {

// The .onnx files that the words mean: a folder stands for those in it, by name, without results of
// quantize (*.int8.onnx). Throws Error{io} for a folder without any.
[[nodiscard]] std::vector<std::string> models_in(const std::vector<std::string>& words);

// Runs `one` for each model, each under its name; an error of one does not keep the others from
// their turn. Prints a table of the answers. The exit code is the worst: could not, no, yes.
int for_each_model(const Environment& environment, const std::vector<std::string>& models,
                   const std::function<int(const std::string& model)>& one);

}  // namespace octet::cli
