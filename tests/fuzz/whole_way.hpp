// A model of any origin from its bytes to the layout of its result.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "graph/layout.hpp"
#include "plan/apply.hpp"
#include "plan/planner.hpp"
#include "support/in_memory.hpp"

namespace octet::test {

// How many decisions the plan has, with INT8 wherever it is possible; nullopt: the model is
// refused, with an Error of one line. A plan of our own is never refused.
[[nodiscard]] inline std::optional<std::size_t> decisions_of(const ModelBytes& model) {
  PlanOptions options;
  options.costs = int8_always_pays();
  try {
    const graph::Graph graph = graph::Graph::import(source(model));
    const forms::Survey survey(graph);
    graph::Overlay overlay(graph);
    const Plan plan = plan::make(survey, options);
    EXPECT_NO_THROW((void)plan::apply(survey, plan, overlay, 1)) << to_json(plan);
    EXPECT_GT(graph::lay_out(overlay, {}).model_bytes, 0U);
    return plan.decisions.size();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return std::nullopt;
  }
}

}  // namespace octet::test
