#include "octet/plan.hpp"
#include "fuzz/targets/target.hpp"
#include "octet/quantize.hpp"
#include "support/sample_models.hpp"

namespace octet::fuzz {

std::vector<File> seeds() {
  std::vector<File> out;
  for (const test::ModelBytes& model :
       {test::mlp(64, 64).bytes(), test::branches().bytes(), test::embedding().bytes()}) {
    PlanOptions options;
    options.costs = test::int8_always_pays();
    out.push_back(file(to_json(make_plan(test::source(model), options))));
  }
  out.push_back(file(R"({"version": 2, "target": "native", "decisions": []})"));
  return out;
}

}  // namespace octet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return octet::fuzz::survive(data, size, [](std::span<const std::byte> bytes) {
    const octet::Plan plan = octet::plan_from_json(octet::fuzz::text_of(bytes), "p.json");
    const std::string once = octet::to_json(plan);  // what was read can be written and read
    if (octet::to_json(octet::plan_from_json(once, "p.json")) != once)
      octet::fuzz::broken("a plan that changes when it is written and read");
  });
}
