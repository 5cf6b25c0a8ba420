// Each weight quantized once, however many nodes read it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "forms/site.hpp"
#include "graph/overlay.hpp"
#include "octet/plan.hpp"

namespace octet::forms {

// How one constant is stored. Axes [axis, axis_end) of the *original* dims are the channels (what
// is an output of the operator); the others are summed over. Each channel has a scale of its own
// unless `per_tensor`.
struct Storage {
  std::string type = "int8";   // int8 | uint8 | float16
  std::string range = "full";  // full | pair | reduced
  std::size_t axis = 0;
  std::size_t axis_end = 0;
  bool per_tensor = false;
  bool transposed = false;  // two-axis tensors only: stored with its axes swapped
  float multiplier = 1;     // the stored tensor stands for multiplier·weight (Gemm's alpha)

  [[nodiscard]] bool operator==(const Storage&) const = default;
};

// What the result holds instead of the weight.
struct Stored {
  Storage storage;
  std::string data;   // the int8, uint8 or float16 tensor
  std::string scale;  // float32; shape broadcasts against `data` ([N] when the channels are its
                      // last axis); "" for float16
};

class WeightStore {
 public:
  explicit WeightStore(graph::Overlay& overlay) : overlay_(&overlay) {}

  [[nodiscard]] graph::Overlay& overlay() const { return *overlay_; }
  // Decides how a constant is stored, before any form asks for it. Once per constant.
  void decide(graph::ConstantId constant, Storage storage);
  // The constant in its decided storage; made on first use. Throws std::out_of_range when nothing
  // was decided.
  const Stored& get(graph::ConstantId constant);
  // `get`, turned so that its channels are the last axis of a two-axis tensor: what a MatMul reads
  // as B and its scale.
  Stored as_matrix(graph::ConstantId constant);
  // The scalar zero point of a storage type: one tensor for the whole model.
  const std::string& zero_point(const std::string& type);
  // Ends the work: stored constants that are still read as float get the nodes that give the float
  // back (folded by ONNX Runtime at load), and the float originals go; nodes passed through and
  // constants nobody reads any more go too.
  void finish(const std::vector<Site>& sites);

  // Bytes of data and scales a constant takes when stored this way.
  static std::uint64_t stored_bytes(const onnx::TensorView& tensor, const Storage& storage);

 private:
  void give_float_back(graph::ConstantId id);
  std::string prologue(graph::ScopeId scope, graph::NewNode node, std::string_view output);

  graph::Overlay* overlay_;
  std::map<graph::ConstantId, Storage> decided_;
  std::map<graph::ConstantId, Stored> made_;
  std::map<graph::ConstantId, Stored> turned_;
  std::map<std::string, std::string> zero_points_;
};

}  // namespace octet::forms
