#include "steps/predictor.hpp"

#include <algorithm>
#include <utility>

#include "steps/evaluation.hpp"

namespace octet::steps {
namespace {

constexpr std::size_t rows_at_once = 512;

Rows slice(const Rows& rows, std::size_t begin, std::size_t count) {
  const auto cut = [&](const auto& columns) {
    auto out = columns;
    for (auto& column : out) {
      if (column.empty()) continue;
      const auto first = column.begin() + static_cast<std::ptrdiff_t>(begin);
      column = {first, first + static_cast<std::ptrdiff_t>(count)};
    }
    return out;
  };
  return {count, cut(rows.numbers), cut(rows.texts)};
}

std::vector<std::size_t> last_uses(const Program& program) {
  std::vector<std::size_t> out(program.steps.size());
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    for (const ValueId in : program.steps[i].inputs) out[in] = i;
  }
  for (const Output& output : program.outputs) out[output.value] = program.steps.size();
  return out;
}

// What a step's numbers are moved by: those computed in double by as much less as they are finer.
double noise_of(const Precisions& precisions, std::size_t step, const Noise& noise) {
  constexpr double finer = 0x1p-29;
  if (precisions.exact[step]) return 0;
  return precisions.wide[step] ? noise.size * finer : noise.size;
}

std::vector<Table> predict_some(const Program& program, const Precisions& precisions,
                                const Rows& rows, const Noise& noise) {
  const std::vector<std::size_t> last = last_uses(program);
  std::vector<Table> values(program.steps.size());
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    const Step& step = program.steps[i];
    Jitter jitter(noise.seed + i, noise_of(precisions, i, noise));
    Evaluation evaluation{step, rows, {}, jitter, {}};
    for (const ValueId in : step.inputs) evaluation.inputs.push_back(&values[in]);
    evaluation.out.count = rows.count;
    evaluation.out.width = step.width;
    if (!step.is_text) evaluation.out.numbers.resize(rows.count * step.width);
    std::visit(evaluation, step.operation);
    values[i] = std::move(evaluation.out);
    for (const ValueId in : step.inputs) {
      if (last[in] == i) values[in] = {};
    }
  }
  std::vector<Table> out;
  for (const Output& output : program.outputs) out.push_back(values[output.value]);
  return out;
}

}  // namespace

std::vector<Table> predict(const Program& program, const Precisions& precisions, const Rows& rows,
                           const Noise& noise) {
  std::vector<Table> out;
  for (std::size_t begin = 0; begin < rows.count || begin == 0; begin += rows_at_once) {
    const std::size_t count = std::min(rows_at_once, rows.count - begin);
    std::vector<Table> some = predict_some(program, precisions, slice(rows, begin, count),
                                           {noise.seed + begin, noise.size});
    if (begin == 0) {
      out = std::move(some);
      continue;
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i].count += some[i].count;
      out[i].numbers.insert(out[i].numbers.end(), some[i].numbers.begin(), some[i].numbers.end());
      out[i].texts.insert(out[i].texts.end(), some[i].texts.begin(), some[i].texts.end());
    }
  }
  return out;
}

}  // namespace octet::steps
