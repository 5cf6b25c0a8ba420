#include "trial/noise.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "graph/graph.hpp"
#include "measure/comparison.hpp"

namespace octet::trial {
namespace {

// A model that draws does so on every feed. Labels that are drawn may agree by chance: a few.
constexpr std::size_t most_feeds = 4;

constexpr std::array<std::string_view, 6> drawing_operators = {
    "RandomNormal",      "RandomNormalLike", "RandomUniform",
    "RandomUniformLike", "Multinomial",      "Bernoulli",
};

}  // namespace

std::vector<octet::OutputParity> own_difference(const Trial& trial, const runtime::Session& first,
                                                const runtime::Session& second) {
  measure::Comparison comparison("the reference");
  for (std::size_t i = 0; i < std::min(most_feeds, trial.size()); ++i)
    comparison.add(trial.run(first, i), trial.run(second, i));
  return comparison.results();
}

bool has_seeds(const octet::ModelSource& model) {
  const graph::Graph graph = graph::Graph::import(model);
  return std::ranges::all_of(graph.nodes(), [](const graph::Node& node) {
    const bool draws =
        std::ranges::find(drawing_operators, node.view.op_type) != drawing_operators.end();
    return !draws || node.view.attribute("seed") != nullptr;
  });
}

bool is_noisy(const octet::OutputParity& own_difference) {
  return own_difference.not_compared.empty() && own_difference.max_abs_diff > 0;
}

bool any_noisy(const std::vector<octet::OutputParity>& own_difference) {
  return std::ranges::any_of(own_difference, is_noisy);
}

}  // namespace octet::trial
