// The file a model's weights lie in when they do not lie in the model: what it is called, and when
// nobody means it any more.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace octet::publish {

// "out.onnx.0123456789abcdef.data" for the output "out.onnx": named by a hash of what is in it, so
// that two different results never share a name, and the same result always has the same one.
[[nodiscard]] std::string data_name(const std::filesystem::path& model, std::uint64_t hash);

// A name that data_name() gives some model.
[[nodiscard]] bool is_data_name(const std::string& name);

// The data files of that kind that the model in place points to; none when there is no model.
[[nodiscard]] std::vector<std::filesystem::path> own_data_files(const std::filesystem::path& model);

// Removes a data file of that kind unless a file in its folder points to it, or might. Call it
// under the folder's lock.
void remove_unmeant(const std::filesystem::path& data);

}  // namespace octet::publish
