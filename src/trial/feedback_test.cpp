#include "trial/feedback.hpp"

#include <gtest/gtest.h>

namespace octet::trial {
namespace {

using base::ElementType;
using base::Port;

Port port(const std::string& name, std::vector<std::int64_t> dims) {
  Port out;
  out.name = name;
  out.type = ElementType::float32;
  out.dims = std::move(dims);
  return out;
}

std::string paired(const std::string& input, const std::string& output) {
  const auto found =
      fed_back({port(input, {1, 8}), port("x", {1, 8})}, {port(output, {1, 8}), port("y", {1, 3})});
  return found.empty() ? "" : found[0].input;
}

TEST(FedBack, IsKnownByNameAndShape) {
  EXPECT_EQ(paired("state", "stateN"), "state");
  EXPECT_EQ(paired("h", "hn"), "h");
  EXPECT_EQ(paired("h0", "h_out"), "h0");
  EXPECT_EQ(paired("past.0.key", "present.0.key"), "past.0.key");
  EXPECT_EQ(paired("input_cache", "output_cache"), "input_cache");
  EXPECT_EQ(paired("state", "probabilities"), "");
}

TEST(FedBack, NeedsTheInputsShape) {
  EXPECT_TRUE(fed_back({port("h", {1, 8})}, {port("hn", {1, 9})}).empty());
  EXPECT_EQ(fed_back({port("h", {-1, 8})}, {port("hn", {-1, 8})}).size(), 1U);
}

TEST(FedBack, LeavesWhatSuitsSeveral) {
  EXPECT_TRUE(fed_back({port("h_in", {8}), port("h", {8})}, {port("h_out", {8})}).empty());
}

}  // namespace
}  // namespace octet::trial
