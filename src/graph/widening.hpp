// A model that computes in half precision, read as one that computes in float32: Casts stand where
// numbers come in, go out, and lie as weights, and everything between is wide. CPUs of the x86
// family compute no halves: there ONNX Runtime itself puts Casts around every operator.
//
// Doubles are read so too where most of the weights are doubles; whether that is good enough is for
// the answers to tell.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "onnx/tensor_view.hpp"
#include "onnx/views.hpp"

namespace octet::graph {

class Widening {
 public:
  // nullopt: the main graph computes in float32 already, or has what must not change its types:
  // operators nobody knows, or names that mean different things in different scopes.
  static std::optional<Widening> of(onnx::Bytes graph, const onnx::Origin& origin,
                                    const std::set<std::string_view>& known_domains);

  [[nodiscard]] bool narrow(base::ElementType type) const { return types_.contains(type); }
  // What readers call a value that is narrow under its own name: the same where it is not.
  [[nodiscard]] std::string_view name(std::string_view value) const;
  // The NodeProto with wide names, types and tensors; nullopt where it stays as it is.
  [[nodiscard]] std::optional<std::string> node(const onnx::NodeView& view) const;
  // The tensor is small, or its numbers lie where they cannot be used: it becomes a wide one of its
  // name, without a Cast.
  [[nodiscard]] bool converts(const onnx::TensorView& tensor) const {
    return narrow(tensor.type) && !names_.contains(tensor.name);
  }
  // A float32 TensorProto.
  [[nodiscard]] std::string tensor(const onnx::TensorView& tensor) const;
  // NodeProtos of the Casts that the main graph begins and ends with …
  [[nodiscard]] std::vector<std::string> casts_of_inputs() const;
  [[nodiscard]] std::vector<std::string> casts_of_outputs() const;
  // … and of that behind an initializer.
  [[nodiscard]] std::string cast_of(std::string_view weight) const;
  // A ValueInfoProto of a subgraph with a wide type.
  [[nodiscard]] std::string value(onnx::Bytes value_info) const;

 private:
  friend class WideningScan;
  explicit Widening(const onnx::Origin& origin) : origin_(&origin) {}
  [[nodiscard]] std::string attribute(const onnx::AttributeView& view, bool& changed) const;

  const onnx::Origin* origin_;
  std::set<base::ElementType> types_;
  std::map<std::string, std::string, std::less<>> names_;      // wide ones
  std::map<std::string, base::ElementType> inputs_, outputs_;  // of the main graph
};

}  // namespace octet::graph
