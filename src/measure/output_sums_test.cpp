// Calls compared apart make the comparison of all of them.
#include "measure/output_sums.hpp"

#include <gtest/gtest.h>

#include <random>
#include <span>

#include "base/exact_sum_json.hpp"
#include "base/json_writer.hpp"
#include "measure/comparison.hpp"
#include "octet/error.hpp"

namespace octet::measure {
namespace {

using Outputs = std::vector<base::NamedTensor>;

base::NamedTensor tensor(const std::vector<float>& values) {
  base::NamedTensor out{"scores", {base::ElementType::float32, {3, 12}, {}, {}}};
  const auto bytes = std::as_bytes(std::span(values));
  out.tensor.bytes.assign(bytes.begin(), bytes.end());
  return out;
}

struct Calls {
  Calls() {
    std::mt19937 random(7);  // NOLINT: the same numbers every time
    std::normal_distribution<float> normal;
    for (int i = 0; i < 40; ++i) {
      std::vector<float> values(3 * 12);
      for (float& value : values) value = normal(random);
      reference.push_back({tensor(values)});
      for (float& value : values) value += 0.2F * normal(random);
      candidate.push_back({tensor(values)});
    }
  }
  [[nodiscard]] std::vector<OutputSums> between(std::size_t first, std::size_t last) const {
    Comparison out("candidate");
    for (std::size_t i = first; i < last; ++i) out.add(reference[i], candidate[i], 3);
    return out.sums();
  }
  std::vector<Outputs> reference, candidate;
};

std::string text(const OutputSums& sums) {
  return base::json_of(OutputComparison(sums).result()).dump();
}

TEST(OutputSums, OfPartsAreThoseOfTheWholeToTheLastBit) {
  const Calls calls;
  const std::string whole = text(calls.between(0, 40)[0]);
  for (const std::size_t cut : {1U, 13U, 39U}) {
    OutputSums sums = calls.between(0, cut)[0];
    append(sums, calls.between(cut, 40)[0]);
    EXPECT_EQ(text(sums), whole);
  }
}

TEST(OutputSums, GoThroughJson) {
  const Calls calls;
  OutputSums sums = calls.between(0, 20)[0];
  OutputSums later;
  base::read_fields(base::Json::parse(base::json_of(calls.between(20, 40)[0]).dump()), later,
                    "sums");
  append(sums, later);
  EXPECT_EQ(text(sums), text(calls.between(0, 40)[0]));
}

TEST(OutputSums, OfAnotherOutputAreRefused) {
  OutputSums sums, other;
  sums.parity.name = "a";
  other.parity.name = "b";
  EXPECT_THROW(append(sums, other), Error);
}

}  // namespace
}  // namespace octet::measure
