// Three small models that between them hold every structure Octet reads.
#pragma once

#include "support/in_memory.hpp"

namespace octet::test {

// Two layers as MatMul + Add and as Gemm; with metadata, a doc string and fields of the future.
[[nodiscard]] inline ModelBuilder mlp(std::int64_t hidden = 256, std::int64_t features = 256) {
  return ModelBuilder()
      .metadata("author", "somebody")
      .model_field(6, "a doc string")
      .model_field(999, "from the future")
      .graph_field(888, "also from the future")
      .input("x", ElementType::float32, {"batch", features})
      .initializer("W1", weight({features, hidden}, 1))
      .initializer("b1", weight({hidden}, 2))
      .initializer("W2", weight({240, hidden}, 3))
      .initializer("b2", weight({240}, 4))
      .node("MatMul", {"x", "W1"}, {"h0"}, {}, "first")
      .node("Add", {"h0", "b1"}, {"h1"})
      .node("Relu", {"h1"}, {"h2"})
      .node("Gemm", {"h2", "W2", "b2"}, {"y"}, {attr("transB", 1)}, "second")
      .value_info("h2", ElementType::float32, {"batch", hidden})
      .output("y", ElementType::float32, {"batch", 240});
}

// An If whose branches read one outer weight, a Constant-node weight, and a function.
[[nodiscard]] inline ModelBuilder branches(std::int64_t width = 256) {
  const auto branch = [&](const std::string& name, const char* op) {
    return GraphBuilder()
        .name(name)
        .initializer("own", weight({width, width}, name == "yes" ? 5 : 6))
        .node("MatMul", {"x", "W"}, {"t"}, {}, "outer_" + name)
        .node("MatMul", {"t", "own"}, {"u"})
        .node(op, {"u"}, {name})
        .output(name, ElementType::float32, {"batch", width});
  };
  return ModelBuilder()
      .opset(1, "local")
      .function(FunctionBuilder("local", "Twice")
                    .input("a")
                    .output("b")
                    .opset(13)
                    .constant("f", weight({width, width}, 8))
                    .node("MatMul", {"a", "f"}, {"b"}))
      .input("x", ElementType::float32, {"batch", width})
      .input("c", ElementType::boolean, {})
      .initializer("W", weight({width, width}, 7))
      .constant("K", weight({width, width}, 9))
      .node("If", {"c"}, {"v"},
            {attr("then_branch", branch("yes", "Relu")), attr("else_branch", branch("no", "Tanh"))})
      .node("Twice", {"v"}, {"w"}, {}, "", "local")
      .node("MatMul", {"w", "K"}, {"y"})
      .output("y", ElementType::float32, {"batch", width});
}

// IR version 3: initializers are inputs too; an embedding in float_data, tied to the last layer.
[[nodiscard]] inline ModelBuilder embedding() {
  return ModelBuilder()
      .ir_version(3)
      .input("ids", ElementType::int64, {"batch", "length"})
      .input("E", ElementType::float32, {6000, 48})
      .initializer("E", typed(weight({6000, 48}, 10)))
      .node("Gather", {"E", "ids"}, {"h"}, {}, "lookup")
      .node("Transpose", {"E"}, {"Et"}, {attr("perm", {1, 0})})
      .node("MatMul", {"h", "Et"}, {"y"}, {}, "logits")
      .output("y", ElementType::float32, {"batch", "length", 6000});
}

}  // namespace octet::test
