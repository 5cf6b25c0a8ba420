// The body of a function with the values and attributes of one call put in.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "graph/functions.hpp"
#include "onnx/message.hpp"

namespace octet::graph {

class FunctionBody {
 public:
  // Names of the body begin with `prefix`, which nothing else does. All must outlive it.
  FunctionBody(const Function& function, const onnx::NodeView& call, std::string prefix,
               const onnx::Origin& origin);

  // NodeProtos.
  [[nodiscard]] std::vector<std::string> nodes();

 private:
  using Hidden = std::set<std::string_view>;  // names a subgraph defines for itself

  [[nodiscard]] std::string name(std::string_view inside, const Hidden& hidden) const;
  [[nodiscard]] onnx::Message node(onnx::Bytes message, std::size_t position,
                                   const Hidden& hidden) const;
  void attribute(onnx::Bytes message, const Hidden& hidden, onnx::Message& node) const;
  [[nodiscard]] onnx::Message subgraph(onnx::Bytes message, Hidden hidden) const;
  [[nodiscard]] onnx::Message renamed(onnx::Bytes message, std::uint32_t name_field,
                                      const Hidden& hidden) const;
  [[nodiscard]] const onnx::AttributeView* given(std::string_view attribute) const;

  const Function& function_;
  const onnx::NodeView& call_;
  std::string prefix_;
  const onnx::Origin& origin_;
  std::map<std::string_view, std::string> outside_;  // by the function's names for them
};

[[nodiscard]] std::string_view name_of_tensor(onnx::Bytes message, const onnx::Origin& origin);

}  // namespace octet::graph
