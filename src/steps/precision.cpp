#include "steps/precision.hpp"

#include <algorithm>
#include <ranges>

namespace octet::steps {
namespace {

bool fits_float(double number) {
  return number != number || static_cast<double>(static_cast<float>(number)) == number;
}

bool all_fit(const std::vector<double>& numbers) {
  return std::ranges::all_of(numbers, fits_float);
}

struct IsExact {
  bool inputs_exact;
  bool counts;  // the input is zeros and ones
  bool operator()(const Input&) const { return true; }
  bool operator()(const TextInput&) const { return true; }
  bool operator()(const FillText&) const { return true; }
  bool operator()(const CountTerms&) const { return true; }
  bool operator()(const Compare&) const { return true; }
  bool operator()(const IsMissing&) const { return true; }
  bool operator()(const OneHot&) const { return true; }
  bool operator()(const Winner&) const { return true; }
  bool operator()(const Columns&) const { return inputs_exact; }
  bool operator()(const Concat&) const { return inputs_exact; }
  bool operator()(const Choose&) const { return inputs_exact; }
  bool operator()(const Constant& op) const { return all_fit(op.row); }
  bool operator()(const Lookup& op) const {
    return all_fit(op.values) && fits_float(op.otherwise) && fits_float(op.missing.value_or(0));
  }
  bool operator()(const TakeRows& op) const { return all_fit(op.table.numbers); }
  bool operator()(const Reduce& op) const { return counts && op.function == Reduce::Function::sum; }
  bool operator()(const auto&) const { return false; }
};

bool is_flags(const Step& step) {
  return std::holds_alternative<Compare>(step.operation) ||
         std::holds_alternative<IsMissing>(step.operation) ||
         std::holds_alternative<OneHot>(step.operation);
}

// Steps whose answer jumps: their inputs have to be right to the last bit.
bool decides(const Operation& operation) {
  return std::holds_alternative<Trees>(operation) || std::holds_alternative<Compare>(operation) ||
         std::holds_alternative<Neighbours>(operation) ||
         std::holds_alternative<Interpolate>(operation) ||
         std::holds_alternative<Lookup>(operation);
}

// Behind a hidden layer: a product of what an activation gave.
std::vector<bool> networks_of(const Program& program) {
  std::vector<bool> out(program.steps.size());
  const auto is_activation = [&](ValueId value) {
    using F = Apply::Function;
    const auto* apply = std::get_if<Apply>(&program.steps[value].operation);
    return apply != nullptr && (apply->function == F::relu || apply->function == F::tanh ||
                                apply->function == F::sigmoid);
  };
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Step& step = program.steps[i];
    out[i] = std::ranges::any_of(step.inputs, [&](ValueId in) { return out[in]; }) ||
             (std::holds_alternative<Product>(step.operation) && is_activation(step.inputs[0]));
  }
  return out;
}

// Values that are labels and nothing else: nothing is computed from them.
std::vector<bool> labels_of(const Program& program) {
  std::vector<bool> out(program.steps.size());
  for (const Output& output : program.outputs)
    out[output.value] = output.labels.has_value() || output.integral;
  for (const Step& step : program.steps) {
    for (const ValueId in : step.inputs) out[in] = false;
  }
  return out;
}

// What ONNX Runtime has no double kernel for: these give float32 whatever they are given.
bool gives_float(const Operation& operation) {
  return std::holds_alternative<Trees>(operation) ||
         std::holds_alternative<SupportVectors>(operation);
}

}  // namespace

Precisions precisions_of(const Program& program, bool all_double) {
  const std::size_t count = program.steps.size();
  Precisions out{std::vector<bool>(count), std::vector<bool>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    const Step& step = program.steps[i];
    const bool inputs_exact =
        std::ranges::all_of(step.inputs, [&](ValueId in) { return out.exact[in]; });
    const bool counts = !step.inputs.empty() && is_flags(program.steps[step.inputs[0]]);
    out.exact[i] = std::visit(IsExact{inputs_exact, counts}, step.operation);
  }
  const std::vector<bool> is_network = networks_of(program);
  const std::vector<bool> is_label = labels_of(program);
  for (std::size_t i = count; i-- > 0;) {
    const Step& step = program.steps[i];
    if (all_double && !out.exact[i] && !gives_float(step.operation)) out.wide[i] = true;
    // A network's label hangs on its probability, which float32 knows as well as it must: in
    // double its weights would be of no use to INT8.
    const bool may_round = is_label[i] && is_network[step.inputs[0]];
    const bool wants = out.wide[i] ||
                       (decides(step.operation) && !gives_float(step.operation) && !may_round) ||
                       std::holds_alternative<Trees>(step.operation);
    if (!wants) continue;
    for (const ValueId in : step.inputs) {
      if (!out.exact[in] && !gives_float(program.steps[in].operation)) out.wide[in] = true;
    }
  }
  for (std::size_t i = 0; i < count; ++i) {  // they decide within themselves
    if (std::holds_alternative<Interpolate>(program.steps[i].operation) ||
        std::holds_alternative<Neighbours>(program.steps[i].operation)) {
      out.wide[i] = true;
    }
  }
  return out;
}

}  // namespace octet::steps
