// What a piece of work takes in float and in INT8 on the CPUs a model is made for, one thread: the
// one place that says whether INT8 pays.
//
// A target is one kind of CPU, or a set of them. Of a set, the member where INT8 does worst
// answers, so that what pays there pays on all. docs/costs.md explains formulas, tables and
// targets.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cost/faults.hpp"
#include "cost/table.hpp"
#include "cost/work.hpp"

namespace octet::cost {

// INT8 has to take at most this part of float's time: the formulas are not exact (docs/costs.md).
inline constexpr double most_ratio = 0.95;

// ONNX Runtime from 1.26 on does not fold a tensor that would be larger as float, but computes it
// again at every run (its default limit).
inline constexpr std::uint64_t most_folded_bytes = std::uint64_t{1} << 30U;

// Times of one run of one node, in nanoseconds.
struct Estimate {
  double float_ns = 0;
  double int8_ns = 0;
  [[nodiscard]] double ratio() const { return int8_ns / float_ns; }
  [[nodiscard]] double gain_ns() const { return float_ns - int8_ns; }  // negative: INT8 is slower
  [[nodiscard]] bool pays() const { return int8_ns <= most_ratio * float_ns; }
};

class Costs {
 public:
  // A target by name: see target_names(). Throws Error{invalid_argument} listing them.
  [[nodiscard]] static Costs of(std::string_view target);
  // A table from a file (--costs), in place of the built-in ones. Throws Error{invalid_argument};
  // `label` opens the message.
  [[nodiscard]] static Costs from_json(std::string_view text, std::string_view label);

  // Unknown rows and ids count as the worse of 1 and 128, unknown steps as the worse of 1 and 100.
  [[nodiscard]] Estimate product(const Product& work) const;
  [[nodiscard]] Estimate convolution(const Convolution& work) const;
  [[nodiscard]] Estimate lookup(const Lookup& work) const;
  [[nodiscard]] Estimate lstm(const Lstm& work) const;

  // From now on for this version of ONNX Runtime (1.22.1); empty: for any. Throws
  // Error{invalid_argument} for what is no version.
  void for_runtime(std::string_view version);
  // What that version would do wrong with products of so many columns on a CPU of the target.
  [[nodiscard]] const Fault* product_fault(std::int64_t columns) const;

  [[nodiscard]] bool saturates() const;  // on any CPU of the target: the pair rule is needed
  [[nodiscard]] bool modelled() const;   // some number was not measured on a machine
  [[nodiscard]] std::span<const Table> tables() const& { return tables_; }
  std::span<const Table> tables() const&& = delete;

 private:
  explicit Costs(std::vector<Table> tables) : tables_(std::move(tables)) {}
  template <typename Work>
  [[nodiscard]] Estimate worst(Kind kind, std::span<const Work> works) const;

  std::vector<Table> tables_;
  std::optional<Version> runtime_;
};

}  // namespace octet::cost
