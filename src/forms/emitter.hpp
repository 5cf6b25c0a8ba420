// New nodes and constants of one scope, collected to become one patch.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graph/overlay.hpp"

namespace octet::forms {

class Emitter {
 public:
  // Names begin with `label`. The overlay must outlive it.
  Emitter(graph::Overlay& overlay, graph::ScopeId scope, std::string label)
      : overlay_(&overlay), scope_(scope), label_(std::move(label)) {}

  [[nodiscard]] std::string fresh(std::string_view what);
  // Adds a node with one output, named after `what`; gives that name.
  std::string add(std::string op, std::vector<std::string> inputs, std::string_view what,
                  std::vector<graph::NewAttribute> attributes = {}, std::string domain = "");
  // Adds a node whose outputs, and name, are given; an empty name becomes a fresh one.
  void add(graph::NewNode node);
  // Constants.
  std::string ints(std::string_view what, const std::vector<std::int64_t>& values);
  std::string number(std::string_view what, std::int64_t value);  // a scalar
  std::string int32s(std::string_view what, std::vector<std::int64_t> dims,
                     const std::vector<std::int32_t>& values);
  std::string real(std::string_view what, float value);  // a scalar
  std::string floats(std::string_view what, const std::vector<float>& values);

  // Hands the nodes to the overlay, in place of `removed`.
  void apply(std::vector<graph::NodeId> removed = {});

 private:
  std::string constant(std::string_view what, base::ElementType type,
                       std::vector<std::int64_t> dims, const void* data, std::size_t size);

  graph::Overlay* overlay_;
  graph::ScopeId scope_;
  std::string label_;
  std::vector<graph::NewNode> nodes_;
};

}  // namespace octet::forms
