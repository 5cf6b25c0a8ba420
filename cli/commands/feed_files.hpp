// One feed as files, for a process that is to be fed it and to read nothing else.
#pragma once

#include <filesystem>

#include "octet/data.hpp"
#include "options.hpp"

namespace octet::cli {

// .npy files in a folder of their own among the system's temporary files, removed with the object.
class FeedFiles {
 public:
  // Writes feed.arrays in their order. Throws Error{io}.
  explicit FeedFiles(const octet::DataOptions& feed);
  FeedFiles(const FeedFiles&) = delete;
  FeedFiles& operator=(const FeedFiles&) = delete;
  ~FeedFiles();

  // --data FILE… ; nothing when there are no arrays.
  [[nodiscard]] const DataArguments& arguments() const& { return arguments_; }

 private:
  std::filesystem::path folder_;
  DataArguments arguments_;
};

}  // namespace octet::cli
