// A program as ONNX: each step becomes one or a few nodes.
//
// Plain operators wherever there are some, so that other tools (quantize among them) see weights as
// initializers. Trees are one TreeEnsembleRegressor: the classifier's operator has special cases
// that differ between runtimes.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "export/graph_writer.hpp"
#include "steps/precision.hpp"
#include "steps/program.hpp"

namespace octet::exporting {

struct EmitOptions {
  bool all_double = false;     // inputs and computations in float64
  bool compact_trees = false;  // TreeEnsemble of ai.onnx.ml 5, where can_be_compact() says so
  // What is said of the model in its metadata_props, by key.
  std::vector<std::pair<std::string, std::string>> notes = {};
};

// The bytes of the model. Throws Error{unsupported} for what ONNX cannot say.
[[nodiscard]] std::string emit(const steps::Program& program, const steps::Precisions& precisions,
                               const EmitOptions& options = {});

class Emitter {
 public:
  Emitter(const steps::Program& program, const steps::Precisions& precisions,
          const EmitOptions& options);
  [[nodiscard]] std::string emit() &&;

  void operator()(const steps::Input& op);
  void operator()(const steps::TextInput& op);
  void operator()(const steps::Constant& op);
  void operator()(const steps::Columns& op);
  void operator()(const steps::Concat& op);
  void operator()(const steps::Apply& op);
  void operator()(const steps::Combine& op);
  void operator()(const steps::Compare& op);
  void operator()(const steps::IsMissing& op);
  void operator()(const steps::Choose& op);
  void operator()(const steps::Product& op);
  void operator()(const steps::Reduce& op);
  void operator()(const steps::Softmax& op);
  void operator()(const steps::Trees& op);
  void operator()(const steps::Lookup& op);
  void operator()(const steps::OneHot& op);
  void operator()(const steps::Winner& op);
  void operator()(const steps::TakeRows& op);
  void operator()(const steps::Distances& op);
  void operator()(const steps::Neighbours& op);
  void operator()(const steps::SupportVectors& op);
  void operator()(const steps::Interpolate& op);
  void operator()(const steps::WeightedMedian& op);
  void operator()(const steps::FillText& op);
  void operator()(const steps::CountTerms& op);

 private:
  struct Emitted {
    std::string name;
    ElementType type = ElementType::undefined;
  };

  void declare_inputs();
  void write_outputs();
  // The step's own number type: float64 when it is wide.
  [[nodiscard]] ElementType type() const;
  [[nodiscard]] ElementType type_of(steps::ValueId value) const { return emitted_[value].type; }
  // Input `slot` of the step as this type.
  [[nodiscard]] std::string in(std::size_t slot, ElementType as);
  [[nodiscard]] std::string value_as(steps::ValueId value, ElementType as);
  [[nodiscard]] const steps::Step& step() const { return program_.steps[at_]; }
  [[nodiscard]] std::uint32_t width_of(std::size_t slot) const {
    return program_.steps[step().inputs[slot]].width;
  }
  void done(std::string name, ElementType type) { emitted_[at_] = {std::move(name), type}; }
  // Small constants in the step's type.
  [[nodiscard]] std::string number(double value, ElementType type);
  [[nodiscard]] std::string row(const std::vector<double>& values, ElementType type);
  [[nodiscard]] std::string matrix(const steps::Matrix& matrix, ElementType type);
  [[nodiscard]] std::string shape(std::initializer_list<std::int64_t> dims);
  [[nodiscard]] std::string reduced(std::string_view op, const std::string& value,
                                    std::int64_t axis, bool keep);
  [[nodiscard]] std::string distances(const steps::Matrix& points, steps::Metric metric,
                                      ElementType type);

  const steps::Program& program_;
  const steps::Precisions& precisions_;
  EmitOptions options_;
  GraphWriter graph_;
  steps::ValueId at_ = 0;
  std::vector<Emitted> emitted_;
  std::map<std::pair<steps::ValueId, ElementType>, std::string> casts_;
};

// The largest float32 that is not above, and the smallest that is not below.
[[nodiscard]] float float_not_above(double number);
[[nodiscard]] float float_not_below(double number);

}  // namespace octet::exporting
