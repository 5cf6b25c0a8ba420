// A model that loads and never ends: y is the state of a Loop whose condition stays true.
#pragma once

#include <vector>

#include "support/model_builder.hpp"

namespace octet::test {

[[nodiscard]] inline ModelBuilder endless_model() {
  const std::vector<float> weights(64 * 64, 0.01F);
  const GraphBuilder body = GraphBuilder()
                                .name("body")
                                .input("i", ElementType::int64, {})
                                .input("c", ElementType::boolean, {})
                                .input("s", ElementType::float32, {8, 64})
                                .node("Identity", {"c"}, {"c2"})
                                .node("MatMul", {"s", "w"}, {"s2"})
                                .output("c2", ElementType::boolean, {})
                                .output("s2", ElementType::float32, {8, 64});
  return ModelBuilder()
      .input("x", ElementType::float32, {8, 64})
      .initializer("w", tensor<float>({64, 64}, weights))
      .initializer("cond", tensor<bool>({}, std::vector<bool>{true}))
      .node("Loop", {"", "cond", "x"}, {"y"}, {attr("body", body)})
      .output("y", ElementType::float32, {8, 64});
}

}  // namespace octet::test
