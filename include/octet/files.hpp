// Files beside models: nothing that is read is written over, and what is written appears whole.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace octet {

// Everything that a piece of work reads and writes.
struct FileRoles {
  std::vector<std::filesystem::path> models;   // read, with every data file they point to
  std::vector<std::filesystem::path> inputs;   // read: data, plans, reports; folders of data sets
  std::vector<std::filesystem::path> outputs;  // written
};

// Call it before the work, and before anything is opened for writing. Files are compared by what
// they are, not by name. Throws Error{invalid_argument} when something written is read, or is
// written twice; Error{io} when something could not be written. Makes nothing. quantize() does the
// same with what it is told.
void check(const FileRoles& roles);

// The whole of a file; a pipe is read to its end. Throws Error{io}.
[[nodiscard]] std::string read_text(const std::filesystem::path& path);

// Writes a file whole, by rename, or not at all, with its old permissions, else with none that one
// of the files read in `roles` lacks. A symbolic link is followed; what is no file (a pipe, a
// terminal) is written into. Throws Error{io}.
void write_text(const std::filesystem::path& path, std::string_view text,
                const FileRoles& roles = {});

// Removes what a killed quantize() to `output` left beside it. The next one there does it too; this
// is for whoever watches one die.
void remove_leftovers(const std::filesystem::path& output);

}  // namespace octet
