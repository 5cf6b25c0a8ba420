// A finished model on its way to where it belongs: staged, then published.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "base/output_file.hpp"
#include "graph/layout.hpp"

namespace octet::publish {

// The model file and, when weights lie outside, its data file, in a staging folder beside the
// output. Removed when it goes before publish().
class StagedResult {
 public:
  // Reserves the layout's sizes. Throws Error{io}; Error{invalid_argument} when there is a data
  // file and `output` is a symbolic link into another folder, where no reader would look for it.
  StagedResult(const std::filesystem::path& output, const graph::Layout& layout, mode_t widest);

  [[nodiscard]] std::span<std::byte> model() & { return model_.bytes(); }
  [[nodiscard]] std::span<std::byte> data() & {
    return data_ ? data_->bytes() : std::span<std::byte>{};
  }
  // See base::OutputFile::release.
  void release(std::span<std::byte> bytes) const;

  // Gives the data file, now that it is filled, the name that says what is in it, and returns that
  // name; a file of that name with the same bytes is the one that will be used, one with others has
  // the next name follow. Empty when there is no data file.
  std::string name_data(unsigned threads);
  // Ends writing; staged() is then a model that can be loaded.
  void seal();
  [[nodiscard]] const std::filesystem::path& staged() const& { return model_.staged(); }
  const std::filesystem::path& staged() const&& = delete;
  [[nodiscard]] std::string data_path() const;

  // Brings it to the disk, so that publish() only renames. Throws Error{io}, and what `tick`
  // throws.
  void flush(const base::OutputFile::Tick& tick);

  // Makes the result appear. The data file goes first, under a name that no other result has; the
  // rename of the model is the moment in which the old result becomes the new one; at last the data
  // files of the old model are removed, unless somebody else points to them. Whatever happens in
  // between, the target is a whole model, the old one or the new one; and of several processes that
  // write it, one is the last. Throws Error{io}.
  void publish();

 private:
  [[nodiscard]] bool is_there(const std::filesystem::path& path);
  // False when it was there already.
  [[nodiscard]] bool publish_data();

  base::StagingFolder staging_;
  base::OutputFile model_;
  std::optional<base::OutputFile> data_;
};

}  // namespace octet::publish
