// Every size and every offset of the output, before a single weight is read.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "graph/overlay.hpp"
#include "onnx/message.hpp"

namespace octet::graph {

struct Placed {
  std::uint64_t offset = 0;
  onnx::Piece piece;
};

// One output: the model file, and the data file beside it when weights are external (else empty).
struct Layout {
  std::vector<Placed> model;
  std::vector<Placed> data;
  std::uint64_t model_bytes = 0;
  std::uint64_t data_bytes = 0;
};

// Where the bytes of weights lie.
enum class Placement {
  in_model,      // in the model file, while it stays within `inline_limit`; else in_data_file
  in_data_file,  // those of 1 KiB and more: in the data file, each at a multiple of 4096
  // Those of the input's own file that have one byte an element and 64 KiB or more: where they are,
  // and the result points into that file. A runtime that maps external data then runs the very
  // bytes of the file without holding them twice; alignment does not matter to single bytes. What
  // the input keeps outside stays there; new tensors lie in the model.
  in_original,
};

struct LayoutOptions {
  Placement weights = Placement::in_model;
  // What the model calls the file its weights are in, relative to itself: the data file, or the
  // input's for in_original.
  std::string data_name;
  // Entries of ModelProto.metadata_props behind those there are.
  std::vector<std::pair<std::string, std::string>> metadata = {};
  std::uint64_t inline_limit =
      (std::uint64_t{1} << 31U) - 1;  // protobuf readers refuse larger files
};

// Lays the edited model out. Without edits, the model's bytes are one verbatim piece. External
// weights of the input are brought into the output, except in_original. Pieces borrow from the
// graph, which must outlive the layout.
[[nodiscard]] Layout lay_out(const Overlay& overlay, const LayoutOptions& options);

}  // namespace octet::graph
