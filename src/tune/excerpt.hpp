// One node of a model as a model of its own: its weights, its attributes, and inputs of the sizes
// that it sees in the whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/element_type.hpp"
#include "forms/survey.hpp"

namespace octet::tuning {

// A value that the node computes with, as it was observed.
struct Seen {
  std::string name;
  base::ElementType type = base::ElementType::undefined;
  std::vector<std::int64_t> dims;
};

struct Excerpt {
  std::string model;         // an ONNX file's bytes
  std::vector<Seen> inputs;  // what it must be fed with
  std::string output;        // the first value that the node gives
};

// The computed values that the node reads, by name; nullopt where no excerpt can be made: a node
// of a subgraph or a function, or one that has subgraphs.
[[nodiscard]] std::optional<std::vector<std::string>> inputs_of(const forms::Survey& survey,
                                                                graph::NodeId node);

// nullopt where an input of the node was not seen as a tensor of fixed sizes.
[[nodiscard]] std::optional<Excerpt> excerpt(const forms::Survey& survey, graph::NodeId node,
                                             const std::vector<Seen>& seen);

}  // namespace octet::tuning
