// What is inside a model, and what quantize would do with it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "octet/model_source.hpp"
#include "octet/plan.hpp"
#include "octet/quantize.hpp"

namespace octet {

struct ValueSummary {
  std::string name;
  std::string type;                // "float32", "int64", "sequence", …
  std::vector<std::string> shape;  // "1", "batch", "?"
};

struct WeightSummary {
  std::string name;
  std::string type;
  std::vector<std::int64_t> shape;
  std::uint64_t bytes = 0;
  std::string where;  // "initializer", "Constant", with the subgraph's prefix
  // What quantize would make of it (see WeightAccount); empty for what is no float.
  std::string form, storage, reason;
};

struct Inspection {
  std::string model;
  std::int64_t ir_version = 0;
  std::string producer;
  std::vector<std::pair<std::string, std::int64_t>>
      opsets;                    // domain ("ai.onnx" for the empty one), version
  std::uint64_t file_bytes = 0;  // external data included
  std::vector<ValueSummary> inputs;
  std::vector<ValueSummary> outputs;
  std::vector<std::pair<std::string, std::uint64_t>>
      operators;                       // most frequent first, subgraphs and functions included
  std::vector<WeightSummary> weights;  // largest first
  Plan plan;                           // what quantize would do
};

[[nodiscard]] Inspection inspect(const ModelSource& model, const PlanOptions& options = {});

// The model stores weights as 8-bit integers. Throws what inspect() throws for a file it cannot
// read.
[[nodiscard]] bool holds_int8(const ModelSource& model);

// The inspection as one JSON object: the fields of Inspection by name.
[[nodiscard]] std::string to_json(const Inspection& inspection);

}  // namespace octet
