// A model file without its large weights, pointing at them where they lie in another model file.
#pragma once

#include <string>
#include <string_view>

#include "graph/graph.hpp"

namespace octet::graph {

// The bytes of a model equal to `graph` but for one thing: initializers of one byte an element and
// 64 KiB and more whose bytes are inside the model file become external data that points into that
// file
// (`file_name`, relative to where the twin will lie) at their own offsets. A runtime that maps
// external data then runs the very bytes of the file without holding them twice: a protobuf reader
// copies what is inline. Only types of one byte are moved, so that alignment does not matter.
[[nodiscard]] std::string mapped_twin(const Graph& graph, std::string_view file_name);

}  // namespace octet::graph
