#include "fuzz/model_seeds.hpp"
#include "fuzz/targets/target.hpp"
#include "graph/fill.hpp"
#include "graph/layout.hpp"
#include "plan/apply.hpp"
#include "plan/planner.hpp"

namespace octet::fuzz {

std::vector<File> seeds() {
  return test::model_seeds();
}

}  // namespace octet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string costs = octet::test::int8_always_pays();
  return octet::fuzz::survive(data, size, [](std::span<const std::byte> bytes) {
    const auto graph = octet::graph::Graph::import(octet::ModelSource(bytes));
    octet::graph::Overlay overlay(graph);
    const octet::forms::Survey survey(graph);
    octet::PlanOptions options;
    options.costs = costs;
    const octet::Plan plan = octet::plan::make(survey, options);
    try {
      (void)octet::plan::apply(survey, plan, overlay, 1);
    } catch (const octet::Error& error) {
      octet::fuzz::broken(error.what());  // a plan of our own
    }
    const octet::graph::Layout layout = octet::graph::lay_out(overlay, {});
    if (layout.model_bytes > 4 * bytes.size() + 100000) octet::fuzz::broken("an output too large");
    octet::test::ModelBytes out(layout.model_bytes);
    octet::graph::fill(overlay, layout, out, {}, {.threads = 1, .progress = {}, .release = {}});
    (void)octet::graph::Graph::import(octet::test::source(out));  // what was written can be read
  });
}
