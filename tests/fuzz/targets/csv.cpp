#include "data/csv.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "fuzz/targets/target.hpp"

namespace octet::fuzz {

std::vector<File> seeds() {
  return {file("a,b\n1,2\n-3.5e4,nan\n"), file("\"x;\"\"y\"\"\";z\r\n1;2\r\n\r\n"),
          file("1\t2\t3\n4\t5\t6"), file("name\n\"über\nzwei Zeilen\"\n")};
}

}  // namespace octet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return octet::fuzz::survive(data, size, [](std::span<const std::byte> bytes) {
    const octet::data::Table table(octet::fuzz::text_of(bytes), "f.csv");
    std::vector<std::size_t> all(table.columns());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const std::size_t last = table.rows() - 1;
    const auto whole = table.read(0, table.rows(), all, true);
    if (whole.strings.size() != table.rows() * all.size()) octet::fuzz::broken("a ragged table");
    const auto row = table.read(last, 1, all, true);
    if (!std::equal(row.strings.begin(), row.strings.end(),
                    whole.strings.end() - static_cast<std::ptrdiff_t>(all.size())))
      octet::fuzz::broken("a row alone differs from the same row among all");
    (void)table.read(0, table.rows(), all, false);
  });
}
