#include "data/csv.hpp"

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
    const octet::data::Table table = octet::data::read_csv(octet::fuzz::text_of(bytes), "f.csv");
    if (table.cells.size() != table.rows() * table.columns) octet::fuzz::broken("a ragged table");
    std::vector<std::size_t> all(table.columns);
    std::iota(all.begin(), all.end(), std::size_t{0});
    (void)octet::data::csv_columns(table, all, true, "f.csv");
    (void)octet::data::csv_columns(table, all, false, "f.csv");
  });
}
