// Steps that go through their values number by number, and row by row.
#include "steps/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace octet::steps {
namespace {

double applied(Apply::Function function, double x) {
  using F = Apply::Function;
  switch (function) {
    case F::negate:
      return -x;
    case F::exp:
      return std::exp(x);
    case F::log:
      return std::log(x);
    case F::sigmoid:
      return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
    case F::tanh:
      return std::tanh(x);
    case F::relu:
      return x < 0 ? 0 : x;
    case F::softplus:
      return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
    case F::absolute:
      return std::abs(x);
    case F::sqrt:
      return std::sqrt(x);
    case F::sign:
      return x > 0 ? 1 : (x < 0 ? -1 : x);
    case F::reciprocal:
      return 1 / x;
    case F::square:
      return x * x;
    case F::floor:
      return std::floor(x);
    case F::sin:
      return std::sin(x);
    case F::cos:
      return std::cos(x);
    case F::log2:
      return std::log2(x);
    case F::log10:
      return std::log10(x);
    case F::cube_root:
      return std::cbrt(x);
  }
  return x;
}

double combined(Combine::Function function, double a, double b) {
  using F = Combine::Function;
  switch (function) {
    case F::add:
      return a + b;
    case F::subtract:
      return a - b;
    case F::multiply:
      return a * b;
    case F::divide:
      return a / b;
    case F::minimum:
      return std::min(a, b);
    case F::maximum:
      return std::max(a, b);
    case F::power:
      return std::pow(a, b);
  }
  return a;
}

bool holds(Compare::Relation relation, double x, double with) {
  using R = Compare::Relation;
  switch (relation) {
    case R::greater:
      return x > with;
    case R::greater_equal:
      return x >= with;
    case R::less:
      return x < with;
    case R::less_equal:
      return x <= with;
    case R::equal:
      return x == with;
  }
  return false;
}

double at(const Table& table, std::size_t row, std::size_t column) {
  return table.at(row, table.width == 1 ? 0 : column);
}

}  // namespace

void Evaluation::operator()(const Input& op) {
  for (std::size_t c = 0; c < op.columns.size(); ++c) {
    for (std::size_t r = 0; r < out.count; ++r) out.at(r, c) = rows.numbers[op.columns[c]][r];
  }
}

void Evaluation::operator()(const TextInput& op) {
  out.texts = rows.texts[op.column];
}

void Evaluation::operator()(const Constant& op) {
  for (std::size_t r = 0; r < out.count; ++r) std::ranges::copy(op.row, &out.at(r, 0));
}

void Evaluation::operator()(const Columns& op) {
  for (std::size_t r = 0; r < out.count; ++r) {
    for (std::size_t c = 0; c < out.width; ++c) out.at(r, c) = inputs[0]->at(r, op.index[c]);
  }
}

void Evaluation::operator()(const Concat&) {
  std::size_t begin = 0;
  for (const Table* in : inputs) {
    for (std::size_t r = 0; r < out.count; ++r) {
      for (std::size_t c = 0; c < in->width; ++c) out.at(r, begin + c) = in->at(r, c);
    }
    begin += in->width;
  }
}

void Evaluation::operator()(const Apply& op) {
  for (std::size_t i = 0; i < out.numbers.size(); ++i)
    out.numbers[i] = jitter(applied(op.function, inputs[0]->numbers[i]));
}

void Evaluation::operator()(const Combine& op) {
  for (std::size_t r = 0; r < out.count; ++r) {
    for (std::size_t c = 0; c < out.width; ++c) {
      const double a = jitter(at(*inputs[0], r, c));
      double b = at(*inputs[1], r, c);
      // A whole exponent stays one: of a negative number there is no other power.
      if (op.function != Combine::Function::power) b = jitter(b);
      out.at(r, c) = jitter(combined(op.function, a, b));
    }
  }
}

void Evaluation::operator()(const Compare& op) {
  for (std::size_t r = 0; r < out.count; ++r) {
    for (std::size_t c = 0; c < out.width; ++c) {
      const double with = op.with[op.with.size() == 1 ? 0 : c];
      out.at(r, c) = holds(op.relation, at(*inputs[0], r, c), with) ? 1 : 0;
    }
  }
}

void Evaluation::operator()(const IsMissing&) {
  for (std::size_t i = 0; i < out.numbers.size(); ++i)
    out.numbers[i] = std::isnan(inputs[0]->numbers[i]) ? 1 : 0;
}

void Evaluation::operator()(const Choose&) {
  for (std::size_t r = 0; r < out.count; ++r) {
    for (std::size_t c = 0; c < out.width; ++c) {
      const bool then = at(*inputs[0], r, c) != 0;
      out.at(r, c) = at(*inputs[then ? 1 : 2], r, c);
    }
  }
}

void Evaluation::operator()(const Product& op) {
  const Matrix& w = op.weights;
  for (std::size_t r = 0; r < out.count; ++r) {
    for (std::size_t k = 0; k < w.rows; ++k) {
      const double x = inputs[0]->at(r, k);
      for (std::size_t c = 0; c < w.columns; ++c) out.at(r, c) += jitter(x * w.at(k, c));
    }
  }
}

void Evaluation::operator()(const Reduce& op) {
  using F = Reduce::Function;
  for (std::size_t r = 0; r < out.count; ++r) {
    double sum = 0;
    double largest = -std::numeric_limits<double>::infinity();
    double smallest = std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < inputs[0]->width; ++c) {
      const double x = jitter(inputs[0]->at(r, c));
      largest = std::max(largest, x);
      smallest = std::min(smallest, x);
      sum += op.function == F::l1 ? std::abs(x) : (op.function == F::l2 ? x * x : x);
    }
    if (op.function == F::maximum) sum = largest;
    if (op.function == F::minimum) sum = smallest;
    if (op.function == F::l2) sum = std::sqrt(sum);
    if (op.function == F::mean) sum /= static_cast<double>(inputs[0]->width);
    if (op.function == F::log_sum_exp) {
      sum = 0;
      for (std::size_t c = 0; c < inputs[0]->width; ++c)
        sum += std::exp(inputs[0]->at(r, c) - largest);
      sum = largest + std::log(sum);
    }
    out.at(r, 0) = sum;
  }
}

void Evaluation::operator()(const Softmax&) {
  for (std::size_t r = 0; r < out.count; ++r) {
    double largest = -std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < out.width; ++c) largest = std::max(largest, inputs[0]->at(r, c));
    double sum = 0;
    for (std::size_t c = 0; c < out.width; ++c)
      sum += out.at(r, c) = std::exp(jitter(inputs[0]->at(r, c)) - largest);
    for (std::size_t c = 0; c < out.width; ++c) out.at(r, c) = jitter(out.at(r, c) / sum);
  }
}

void Evaluation::operator()(const Winner& op) {
  for (std::size_t r = 0; r < out.count; ++r) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < inputs[0]->width; ++c) {
      const double x = inputs[0]->at(r, c);
      const double top = inputs[0]->at(r, best);
      if (op.smallest ? x < top : x > top) best = c;
    }
    out.at(r, 0) = static_cast<double>(best);
  }
}

void Evaluation::operator()(const OneHot&) {
  for (std::size_t r = 0; r < out.count; ++r) {
    const double index = inputs[0]->at(r, 0);
    for (std::size_t c = 0; c < out.width; ++c)
      out.at(r, c) = index == static_cast<double>(c) ? 1 : 0;
  }
}

void Evaluation::operator()(const TakeRows& op) {
  for (std::size_t r = 0; r < out.count; ++r) {
    const auto row = static_cast<std::size_t>(
        std::clamp(inputs[0]->at(r, 0), 0.0, static_cast<double>(op.table.rows) - 1));
    for (std::size_t c = 0; c < out.width; ++c) out.at(r, c) = op.table.at(row, c);
  }
}

}  // namespace octet::steps
