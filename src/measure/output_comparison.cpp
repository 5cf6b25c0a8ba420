#include "measure/output_comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>

#include "measure/element_values.hpp"

namespace octet::measure {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t block = 1024;

double difference(double a, double b) {
  if (std::isnan(a) && std::isnan(b)) return 0;
  if (a == b) return 0;  // equal infinities too
  const double d = std::abs(a - b);
  return std::isnan(d) ? infinity : d;
}

// As numpy: the first NaN, else the first largest.
std::size_t argmax(std::span<const double> values) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) return i;
    if (values[i] > values[best]) best = i;
  }
  return best;
}

constexpr std::size_t many_classes = 10;
constexpr std::ptrdiff_t top = 5;

bool is_among_largest(std::span<const double> values, std::size_t i) {
  return !std::isnan(values[i]) && std::ranges::count_if(values, [&](double x) {
                                     return std::isnan(x) || x > values[i];
                                   }) < top;
}

// A vector's argmax means something where the largest element stands clear of the second: by a
// quarter of the vector's standard deviation.
constexpr double clear_margin = 0.25;
// And where the vector varies at all, as things go in this output: by 2^-6 of its root mean square.
// A map of scores has whole lines of nothing, and which nothing is the largest is no answer.
constexpr int quiet_exponent = -6;

// The vector's standard deviation, where its argmax is clear.
std::optional<double> clear_spread(std::span<const double> values) {
  double first = -infinity;
  double second = -infinity;
  double sum = 0;
  double square = 0;
  for (const double x : values) {
    if (!std::isfinite(x)) return std::nullopt;
    sum += x;
    square += x * x;
    if (x > first) {
      second = first;
      first = x;
    } else {
      second = std::max(second, x);
    }
  }
  const auto count = static_cast<double>(values.size());
  const double variance = std::max(0.0, square / count - (sum / count) * (sum / count));
  const double spread = std::sqrt(variance);
  if (!(first - second > clear_margin * spread)) return std::nullopt;
  return spread;
}

std::string shape_text(const std::vector<std::int64_t>& dims) {
  return fmt::format("[{}]", fmt::join(dims, ", "));
}

// Elements of one index on the first axis; the whole tensor when there is none.
std::uint64_t row_size(const base::Tensor& tensor) {
  const std::uint64_t rows = tensor.dims.empty() ? 1 : static_cast<std::uint64_t>(tensor.dims[0]);
  return std::max<std::uint64_t>(1, size_of(tensor) / std::max<std::uint64_t>(1, rows));
}

bool equal_bytes(const base::Tensor& a, const base::Tensor& b, std::size_t i) {
  const std::size_t size = base::element_size(a.type);
  return std::memcmp(a.bytes.data() + i * size, b.bytes.data() + i * size, size) == 0;
}

}  // namespace

// Types and shapes are those of the first batch.
void OutputComparison::begin(const base::Tensor& candidate) {
  if (!sums_.parity.type.empty()) return;
  sums_.parity.type = base::element_name(candidate.type);
  sums_.parity.shape = candidate.dims;
  sums_.labels = kind_of(candidate.type) != Kind::floating;
}

void OutputComparison::differs(const base::Tensor& candidate, std::string problem) {
  begin(candidate);
  sums_.problem = std::move(problem);
}

void OutputComparison::cannot_compare(std::string why) {
  sums_.parity.not_compared = std::move(why);
}

void OutputComparison::add(const base::Tensor& reference, const base::Tensor& candidate,
                           FedRows fed) {
  begin(candidate);
  fed_ = fed;
  call_rows_ = candidate.dims.empty() ? 1 : static_cast<std::uint64_t>(candidate.dims[0]);
  const Kind ours = kind_of(candidate.type);
  const Kind theirs = kind_of(reference.type);
  if (ours == Kind::other && reference.type == candidate.type) {
    cannot_compare(fmt::format("its elements are {}, which have no order",
                               base::element_name(reference.type)));
  } else if (ours == Kind::other || theirs == Kind::other ||
             (ours == Kind::text) != (theirs == Kind::text)) {
    sums_.problem = fmt::format("type {} became {}", base::element_name(reference.type),
                                base::element_name(candidate.type));
  } else if (reference.dims != candidate.dims || size_of(reference) != size_of(candidate)) {
    sums_.problem =
        fmt::format("shape {} became {}", shape_text(reference.dims), shape_text(candidate.dims));
  } else {
    if (ours == Kind::floating) {
      add_numbers(reference, candidate);
      if (theirs == Kind::floating) add_argmax(reference, candidate);
    } else {
      add_labels(reference, candidate);
    }
    sums_.parity.elements += size_of(candidate);
  }
  sums_.rows += call_rows_;
  ++sums_.calls;
}

void OutputComparison::note(double difference, std::uint64_t row, double reference,
                            double candidate) {
  if (sums_.noted && !(difference > sums_.parity.max_abs_diff)) return;
  sums_.noted = true;
  sums_.parity.max_abs_diff = difference;
  sums_.parity.worst_row = sums_.rows + row;
  sums_.parity.worst_call = sums_.calls;
  sums_.parity.worst_input_row.reset();
  if (fed_.count == call_rows_ && fed_.count > 0) sums_.parity.worst_input_row = fed_.first + row;
  if (fed_.count == 1) sums_.parity.worst_input_row = fed_.first;
  sums_.parity.worst_reference = reference;
  sums_.parity.worst_candidate = candidate;
}

void OutputComparison::add_numbers(const base::Tensor& reference, const base::Tensor& candidate) {
  std::array<double, block> a{};
  std::array<double, block> b{};
  const std::size_t count = size_of(candidate);
  const std::uint64_t per_row = row_size(candidate);
  for (std::size_t begin = 0; begin < count; begin += block) {
    const std::size_t n = std::min(block, count - begin);
    to_doubles(reference, begin, {a.data(), n});
    to_doubles(candidate, begin, {b.data(), n});
    for (std::size_t i = 0; i < n; ++i) {
      const double d = difference(a[i], b[i]);
      note(d, (begin + i) / per_row, a[i], b[i]);
      sums_.abs.add(d);
      sums_.square.add(d * d);
      if (!std::isfinite(a[i]) || !std::isfinite(b[i])) continue;
      ++sums_.finite;
      sums_.reference_max = std::max(sums_.reference_max, std::abs(a[i]));
      sums_.dot.add(a[i] * b[i]);
      sums_.reference_square.add(a[i] * a[i]);
      sums_.candidate_square.add(b[i] * b[i]);
    }
  }
}

void OutputComparison::add_labels(const base::Tensor& reference, const base::Tensor& candidate) {
  const std::size_t count = size_of(candidate);
  const std::uint64_t per_row = row_size(candidate);
  const bool text = kind_of(candidate.type) == Kind::text;
  const bool same_type =
      reference.type == candidate.type && candidate.type != base::ElementType::boolean;
  for (std::size_t i = 0; i < count; ++i) {
    double a = 0;
    double b = 0;
    bool equal = false;
    if (text) {
      equal = reference.strings[i] == candidate.strings[i];
    } else {
      to_doubles(reference, i, {&a, 1});
      to_doubles(candidate, i, {&b, 1});
      equal = same_type ? equal_bytes(reference, candidate, i) : a == b;
    }
    const double d = equal ? 0 : 1;
    note(d, i / per_row, a, b);
    sums_.abs.add(d);
    sums_.square.add(d);
    sums_.agreeing += equal ? 1 : 0;
    ++sums_.judged;
  }
}

void OutputComparison::add_argmax(const base::Tensor& reference, const base::Tensor& candidate) {
  if (candidate.dims.size() < 2 || candidate.dims.back() < 2) return;
  const auto width = static_cast<std::size_t>(candidate.dims.back());
  std::vector<double> a(width);
  std::vector<double> b(width);
  for (std::size_t begin = 0; begin + width <= size_of(candidate); begin += width) {
    to_doubles(reference, begin, a);
    to_doubles(candidate, begin, b);
    const bool agrees = argmax(a) == argmax(b);
    sums_.agreeing += agrees ? 1 : 0;
    ++sums_.judged;
    if (width >= many_classes) {
      sums_.among_five += is_among_largest(b, argmax(a)) ? 1 : 0;
      ++sums_.of_ten;
    }
    const std::optional<double> spread = clear_spread(a);
    if (!spread || *spread <= 0) continue;
    ClearVectors& clear = clear_of(sums_.clear, std::ilogb(*spread));
    clear.agreeing += agrees ? 1 : 0;
    ++clear.judged;
  }
}

std::optional<double> OutputComparison::clear_agreement(double rms) const {
  ClearVectors loud;
  for (const ClearVectors& clear : sums_.clear) {
    if (rms > 0 && clear.exponent < std::ilogb(rms) + quiet_exponent) continue;
    loud.agreeing += clear.agreeing;
    loud.judged += clear.judged;
  }
  if (loud.judged == 0) return std::nullopt;
  return static_cast<double>(loud.agreeing) / static_cast<double>(loud.judged);
}

octet::OutputParity OutputComparison::result() const {
  octet::OutputParity out = sums_.parity;
  if (!out.not_compared.empty()) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    out.max_abs_diff = out.mean_abs_diff = out.rmse = unknown;
    out.cosine_similarity = out.sqnr_db = unknown;
    return out;
  }
  if (!sums_.problem.empty()) {
    out.problem = sums_.problem;
    out.max_abs_diff = out.mean_abs_diff = out.rmse = infinity;
    out.cosine_similarity = 0;
    out.sqnr_db = -infinity;
    if (sums_.labels) out.label_agreement = 0;
    return out;
  }
  if (sums_.judged > 0) {
    out.label_agreement = static_cast<double>(sums_.agreeing) / static_cast<double>(sums_.judged);
  }
  if (sums_.of_ten > 0)
    out.top5_agreement = static_cast<double>(sums_.among_five) / static_cast<double>(sums_.of_ten);
  out.reference_max_abs = sums_.reference_max;
  const double reference_square = sums_.reference_square.value();
  if (sums_.finite > 0)
    out.reference_rms = std::sqrt(reference_square / static_cast<double>(sums_.finite));
  out.clear_agreement = clear_agreement(out.reference_rms);
  out.sqnr_db = infinity;
  if (out.elements == 0) return out;
  const auto count = static_cast<double>(out.elements);
  const double square = sums_.square.value();
  out.mean_abs_diff = sums_.abs.value() / count;
  out.rmse = std::sqrt(square / count);
  if (sums_.labels) {  // as if the reference were a vector of ones
    out.cosine_similarity = out.label_agreement.value_or(1);
    if (square > 0) out.sqnr_db = 10 * std::log10(count / square);
    return out;
  }
  const double candidate_square = sums_.candidate_square.value();
  const double norms = std::sqrt(reference_square) * std::sqrt(candidate_square);
  if (norms > 0) {
    out.cosine_similarity = std::clamp(sums_.dot.value() / norms, -1.0, 1.0);
  } else {
    out.cosine_similarity = reference_square == candidate_square ? 1 : 0;
  }
  if (square > 0) out.sqnr_db = 10 * std::log10(reference_square / square);
  return out;
}

}  // namespace octet::measure
