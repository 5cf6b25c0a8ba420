// FusedConv, as ONNX Runtime's optimizer writes a Conv with what follows it: an addend of the
// result's shape, then an activation.
//
// Its NhwcFusedConv is none of ours: no kernel of any version computes it with floats on a CPU.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "forms/emitter.hpp"
#include "graph/graph.hpp"

namespace octet::forms {

// A Conv of ai.onnx, or a FusedConv.
[[nodiscard]] bool is_convolution(const onnx::NodeView& node);
[[nodiscard]] bool is_fused_convolution(const onnx::NodeView& node);

// What stands behind the convolution inside a FusedConv.
struct Activation {
  std::string op;  // "" for none; else an operator of ai.onnx
  std::vector<float> params;
};

// nullopt for an activation this version does not know, or with other parameters than it has.
[[nodiscard]] std::optional<Activation> activation_of(const onnx::NodeView& node);

// Adds the operator of ai.onnx; it gives `result`. `opset` is the model's.
void emit_activation(Emitter& emitter, const Activation& activation, std::int64_t opset,
                     const std::string& x, const std::string& result);

}  // namespace octet::forms
