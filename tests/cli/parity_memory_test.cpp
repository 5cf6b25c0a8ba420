// Rows stay in their file until they are fed, whatever its format.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstddef>
#include <string>

#include "cli/fixture.hpp"

namespace octet::test {
namespace {

// Of every program that has run so far in this process, its own children included.
std::size_t peak_so_far() {
  rusage usage{};
  (void)::getrusage(RUSAGE_CHILDREN, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) << 10U;
}

std::string table(std::size_t rows) {
  std::string row;
  for (int i = 0; i < 64; ++i) row += i == 0 ? "0.12345678" : ",0.12345678";
  row += '\n';
  std::string out;
  out.reserve(rows * row.size());
  for (std::size_t i = 0; i < rows; ++i) out += row;
  return out;
}

using ParityMemory = ProgramRunTest;

TEST_F(ParityMemory, DoesNotGrowWithTheRowsOfATable) {
  put_digits("artifacts/model.onnx");
  const auto peak_with = [&](std::size_t rows) {
    write_file(folder_ / "rows.csv", table(rows));
    (void)must({"parity", "artifacts/model.onnx", "artifacts/model.onnx", "--data", "rows.csv",
                "--batch", "256"});
    return peak_so_far();
  };
  const std::size_t small = peak_with(1000);
  const std::size_t rows = 40'000;
  EXPECT_LT(peak_with(rows), small + rows * 64 * sizeof(double) / 2);
}

}  // namespace
}  // namespace octet::test
