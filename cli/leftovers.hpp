// What a process that was killed could not clean up itself.
#pragma once

#include <filesystem>

namespace octet::cli {

// Removes the staging folders (".octet-XXXXXX") in `folder` whose process is gone: nobody holds the
// lock on the marker in them. A folder without a marker may be somebody's who is just making it,
// and one with an announced file is for the next run to finish: both stay. Never throws.
void remove_leftovers(const std::filesystem::path& folder) noexcept;

}  // namespace octet::cli
