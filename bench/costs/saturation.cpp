#include "costs/saturation.hpp"

#include <algorithm>

#include "costs/numbers.hpp"
#include "support/model_builder.hpp"

namespace octet::bench {

using base::ElementType;

bool saturates(const std::shared_ptr<const runtime::Library>& library) {
  constexpr std::int64_t k = 64;
  constexpr std::int64_t n = 32;
  constexpr std::int64_t rows = 16;
  const auto model =
      test::ModelBuilder()
          .input("x", ElementType::uint8, {rows, k})
          .initializer("w", test::tensor<std::int8_t>({k, n}, std::vector<std::int8_t>(k * n, 127)))
          .node("MatMulInteger", {"x", "w"}, {"y"})
          .output("y", ElementType::int32, {rows, n})
          .bytes();
  const auto session = runtime::Session::from_bytes(library, model, {.label = "saturation"});
  const std::vector<base::NamedTensor> feed = {
      {"x", host_tensor(ElementType::uint8, {rows, k}, std::vector<std::uint8_t>(rows * k, 255))}};
  const auto answers = session.run(feed);
  const auto sums = answers.at(0).tensor.as<std::int32_t>();
  return std::any_of(sums.begin(), sums.end(), [](std::int32_t y) { return y != k * 255 * 127; });
}

}  // namespace octet::bench
