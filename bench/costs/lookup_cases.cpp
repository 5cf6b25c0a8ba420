#include <fmt/format.h>

#include <random>

#include "costs/cases.hpp"
#include "costs/numbers.hpp"
#include "support/model_builder.hpp"

namespace octet::bench {
namespace {

using base::ElementType;
using test::tensor;

constexpr std::int64_t table_rows = 2048;
constexpr std::size_t tables = 4;  // each looked up with the same ids
constexpr std::int64_t columns_of_tables[] = {16, 64, 128, 256, 384, 512, 768};
constexpr std::int64_t ids_of_runs[] = {1, 8, 32, 128};

// [table_rows, columns] as int8 with a scale a row.
Quantized quantize_rows(const std::vector<float>& table, std::int64_t columns) {
  Quantized out = quantize_columns(transposed(table, table_rows), table_rows);
  const std::vector<std::int8_t> across = std::move(out.values);
  const auto width = static_cast<std::size_t>(columns);
  out.values.resize(across.size());
  for (std::size_t i = 0; i < across.size(); ++i) {
    out.values[i] = across[i % width * static_cast<std::size_t>(table_rows) + i / width];
  }
  return out;
}

ModelBytes model(std::int64_t columns, bool int8) {
  test::ModelBuilder out;
  out.opset(17).input("x", ElementType::int64, {"ids"});
  for (std::size_t i = 0; i < tables; ++i) {
    const auto name = [&](const char* what) { return fmt::format("{}{}", what, i); };
    const auto table = normal(table_rows * columns, static_cast<unsigned>(i + 1));
    if (int8) {
      const Quantized rows = quantize_rows(table, columns);
      out.initializer(name("w"), tensor<std::int8_t>({table_rows, columns}, rows.values))
          .initializer(name("s"), tensor<float>({table_rows, 1}, rows.scales))
          .node("Gather", {name("w"), "x"}, {name("q")})
          .node("Gather", {name("s"), "x"}, {name("scale")})
          .node("Cast", {name("q")}, {name("f")}, {test::attr("to", 1)})
          .node("Mul", {name("f"), name("scale")}, {name("y")});
    } else {
      out.initializer(name("w"), tensor<float>({table_rows, columns}, table))
          .node("Gather", {name("w"), "x"}, {name("y")});
    }
    out.output(name("y"), ElementType::float32, {"ids", columns});
  }
  return out.bytes();
}

std::vector<std::int64_t> ids(std::int64_t count) {
  std::mt19937 random(3);
  std::vector<std::int64_t> out(static_cast<std::size_t>(count));
  for (std::int64_t& id : out) id = static_cast<std::int64_t>(random()) % table_rows;
  return out;
}

}  // namespace

std::vector<Case> lookup_cases() {
  std::vector<Case> out;
  for (const std::int64_t columns : columns_of_tables) {
    Case here = {model(columns, false), model(columns, true), tables, {}};
    for (const std::int64_t count : ids_of_runs) {
      const cost::Lookup work = {columns, count};
      here.runs.push_back({fmt::format("{} ids of {} columns", count, columns),
                           {{"x", host_tensor(ElementType::int64, {count}, ids(count))}},
                           cost::terms_of(work, cost::Arithmetic::real),
                           cost::terms_of(work, cost::Arithmetic::int8)});
    }
    out.push_back(std::move(here));
  }
  return out;
}

}  // namespace octet::bench
