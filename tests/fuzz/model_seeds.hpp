// Models to damage: they hold between them what the forms and the layout look at.
#pragma once

#include <vector>

#include "support/sample_models.hpp"

namespace octet::test {

// Weights small enough to be quick, large enough for every form.
[[nodiscard]] inline std::vector<ModelBytes> model_seeds() {
  using base::ElementType;
  return {mlp(128, 128).bytes(),
          ModelBuilder()
              .ir_version(3)
              .input("ids", ElementType::int64, {"b"})
              .initializer("E", typed(weight({1100, 16})))
              .node("Gather", {"E", "ids"}, {"h"}, {}, "lookup")
              .constant("K", weight({16, 70}))
              .node("MatMul", {"h", "K"}, {"y"})
              .output("y", ElementType::float32, {"b", 70})
              .bytes(),
          ModelBuilder()
              .input("x", ElementType::float32, {1, 8, 5, 5})
              .input("c", ElementType::boolean, {})
              .initializer("W", weight({16, 8, 3, 3}))
              .node("If", {"c"}, {"y"},
                    {attr("then_branch", GraphBuilder()
                                             .node("Conv", {"x", "W"}, {"p"})
                                             .output("p", ElementType::float32)),
                     attr("else_branch", GraphBuilder()
                                             .node("Identity", {"x"}, {"p"})
                                             .output("p", ElementType::float32))})
              .output("y", ElementType::float32)
              .bytes()};
}

}  // namespace octet::test
