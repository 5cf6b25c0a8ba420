#include "commands/feed_files.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <string>

#include "octet/error.hpp"
#include "octet/files.hpp"
#include "octet/predict.hpp"

namespace octet::cli {

namespace fs = std::filesystem;

FeedFiles::FeedFiles(const octet::DataOptions& feed) {
  std::error_code error;
  std::string name = (fs::temp_directory_path(error) / "octet-feed-XXXXXX").string();
  if (error || ::mkdtemp(name.data()) == nullptr)
    throw Error(ErrorCode::io,
                "cannot make a folder for temporary files; set TMPDIR to one that can be written");
  folder_ = name;
  for (const octet::Array& array : feed.arrays) {
    arguments_.files.push_back((folder_ / fmt::format("{}.npy", arguments_.files.size())).string());
    write_text(arguments_.files.back(), octet::to_npy(array));
  }
}

FeedFiles::~FeedFiles() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace octet::cli
