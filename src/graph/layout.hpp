// Every size and every offset of the output, before a single weight is read.
#pragma once

#include <cstdint>
#include <string>
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

struct LayoutOptions {
  bool external_data =
      false;  // put weights of 1 KiB and more into the data file even when the model would fit
  std::string data_name;  // what the model calls the data file: its name relative to the model
  std::uint64_t inline_limit =
      (std::uint64_t{1} << 31U) - 1;  // protobuf readers refuse larger files
};

// Lays the edited model out. Without edits, the model's bytes are one verbatim piece. Weights
// become external when asked or when the file would pass `inline_limit`; each then starts at a
// multiple of 4096. External weights of the input are brought into the output either way. Pieces
// borrow from the graph, which must outlive the layout.
[[nodiscard]] Layout lay_out(const Overlay& overlay, const LayoutOptions& options);

}  // namespace octet::graph
