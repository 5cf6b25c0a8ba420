// A trained model's file as a program, with what people want to know of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "steps/program.hpp"
#include "trained/file.hpp"
#include "translate/translator.hpp"

namespace octet::translate {

struct ReadOptions {
  trained::Limits limits;
  Iterations iterations = Iterations::best;  // of a booster that stopped early
  std::string key;                           // which of a pickled dict's values is the model
};

// The key of a model's metadata_props under which export writes Model::sensitivity.
inline constexpr std::string_view sensitivity_note = "octet.sensitivity";

struct Model {
  steps::Program program;
  std::string container;               // "pickle, zlib"
  std::vector<std::string> versions;   // "scikit-learn 1.4.2"
  std::vector<std::string> outline;    // the pipeline, a line each; deeper ones are indented
  std::vector<std::string> notes;      // what ONNX cannot say, what is sensitive
  std::string sensitivity;             // why rounding moves its answers far; empty: it does not
  std::vector<std::string> strangers;  // names in a pickle that no trained model needs
};

// Throws Error{invalid_model} for damage and Error{unsupported}, naming the step, for what cannot
// be exported. `bytes` are the file's, before unpacking.
[[nodiscard]] Model read_model(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                               const std::string& label, const ReadOptions& options = {});

}  // namespace octet::translate
