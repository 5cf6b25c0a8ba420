// Removes what a worker that was killed left beside its output.
#pragma once

#include <ctime>
#include <filesystem>

namespace octet::cli {

// Removes staging folders (".octet-XXXXXX") in `folder`: those that were changed since `start` (the
// others are somebody else's) and whose lock nobody holds.
void remove_leftovers(const std::filesystem::path& folder, const timespec& start) noexcept;

}  // namespace octet::cli
