#include "export/probes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "base/random.hpp"

namespace octet::exporting {
namespace {

using namespace steps;

constexpr std::size_t most_points = 4000;  // kept of a column

// A value's column that is a · x + b of a column of the data.
struct Origin {
  bool is_known = false;
  std::uint32_t column = 0;
  double a = 1;
  double b = 0;
  bool may_be_missing = true;
};

struct Interest {
  std::vector<double> points;
  std::vector<std::string> texts;
  bool takes_missing = false;
  bool breaks_on_missing = false;  // arithmetic would make NaN of the answer
};

class Finder {
 public:
  explicit Finder(const Program& program)
      : program_(program), interests_(program.columns.size()), origins_(program.steps.size()) {
    for (at_ = 0; at_ < program.steps.size(); ++at_) {
      const Step& step = program.steps[at_];
      origins_[at_].resize(step.width);
      std::visit(*this, step.operation);
    }
  }
  [[nodiscard]] std::vector<Interest>& interests() { return interests_; }

  void operator()(const Input& op) {
    for (std::uint32_t c = 0; c < op.columns.size(); ++c)
      origins_[at_][c] = {true, op.columns[c], 1, 0, true};
  }
  void operator()(const TextInput& op) {
    origins_[at_][0] = {true, op.column, 1, 0, true};
    interests_[op.column].takes_missing = true;
  }
  void operator()(const FillText&) { origins_[at_] = in(0); }
  void operator()(const Columns& op) {
    for (std::uint32_t c = 0; c < op.index.size(); ++c) origins_[at_][c] = in(0)[op.index[c]];
  }
  void operator()(const Concat&) {
    std::vector<Origin> all;
    for (std::size_t i = 0; i < inputs(); ++i) all.insert(all.end(), in(i).begin(), in(i).end());
    origins_[at_] = all;
  }
  void operator()(const IsMissing&) {
    for (const Origin& origin : in(0)) {
      if (origin.is_known) interests_[origin.column].takes_missing = true;
    }
  }
  void operator()(const Choose&) {
    if (in(2).size() != origins_[at_].size()) return;
    origins_[at_] = in(2);
    for (Origin& origin : origins_[at_]) origin.may_be_missing = false;
  }
  void operator()(const Combine& op) { combine(op.function); }
  void operator()(const Compare& op) {
    for (std::size_t c = 0; c < in(0).size(); ++c) {
      for (std::size_t i = 0; i < op.with.size(); ++i) {
        if (op.with.size() == in(0).size() && i != c) continue;
        add(in(0)[c], op.with[i]);
      }
    }
  }
  void operator()(const Trees& op) {
    for (const Forest::Node& node : op.forest->nodes) {
      if (node.split == Forest::Split::leaf || node.feature >= in(0).size()) continue;
      const Origin& origin = in(0)[node.feature];
      if (origin.is_known) interests_[origin.column].takes_missing = true;
      if (node.split != Forest::Split::categories) {
        add(origin, node.threshold);
        continue;
      }
      const CategorySplit& split = op.forest->category_splits[node.category];
      for (const auto* side : {&split.left, &split.right}) {
        for (const std::uint32_t category : *side) {
          add(origin, category);
          add(origin, category + 0.5);
        }
      }
      add(origin, -1);
      add(origin, 300);
    }
  }
  void operator()(const Lookup& op) {
    const Origin& origin = in(0)[0];
    if (!origin.is_known) return;
    for (const double key : op.keys) add(origin, key);
    Interest& interest = interests_[origin.column];
    interest.texts.insert(interest.texts.end(), op.texts.begin(), op.texts.end());
    // Without a category of their own, missing values are unknown ones.
    interest.takes_missing = true;
  }
  void operator()(const CountTerms& op) {
    const Origin& origin = in(0)[0];
    if (!origin.is_known) return;
    Interest& interest = interests_[origin.column];
    for (std::size_t i = 0; i + 3 < op.vocabulary.size(); ++i) {
      const std::string& other = op.vocabulary[(7 * i) % op.vocabulary.size()];
      interest.texts.push_back(
          fmt::format("{} {}, Unseen {}.", op.vocabulary[i], other, op.vocabulary[i + 3]));
    }
    interest.texts.insert(interest.texts.end(), op.vocabulary.begin(), op.vocabulary.end());
  }
  void operator()(const Interpolate& op) {
    for (const double x : op.x) add(in(0)[0], x);
  }
  void operator()(const Distances& op) { add_points(op.points); }
  void operator()(const Neighbours& op) { add_points(op.points); }
  void operator()(const SupportVectors& op) { add_points(op.vectors); }
  void operator()(const auto&) {
    for (std::size_t i = 0; i < inputs(); ++i) break_all(in(i));
  }

 private:
  [[nodiscard]] std::size_t inputs() const { return program_.steps[at_].inputs.size(); }
  [[nodiscard]] const std::vector<Origin>& in(std::size_t slot) const {
    return origins_[program_.steps[at_].inputs[slot]];
  }
  [[nodiscard]] const Constant* constant(std::size_t slot) const {
    return std::get_if<Constant>(&program_.steps[program_.steps[at_].inputs[slot]].operation);
  }

  void break_all(const std::vector<Origin>& origins) {
    for (const Origin& origin : origins) {
      if (origin.is_known && origin.may_be_missing)
        interests_[origin.column].breaks_on_missing = true;
    }
  }

  // The data for which the value is this.
  void add(const Origin& origin, double value) {
    if (!origin.is_known) return;
    std::vector<double>& points = interests_[origin.column].points;
    const double x = (value - origin.b) / origin.a;
    if (std::isfinite(x) && points.size() < most_points) points.push_back(x);
  }

  void add_points(const Matrix& points) {
    break_all(in(0));
    const std::size_t step = points.rows / 64 + 1;
    for (std::size_t r = 0; r < points.rows; r += step) {
      for (std::size_t c = 0; c < points.columns && c < in(0).size(); ++c)
        add(in(0)[c], points.at(r, c));
    }
  }

  void combine(Combine::Function function) {
    break_all(in(0));
    break_all(in(1));
    const Constant* const by = constant(1);
    if (by == nullptr || function > Combine::Function::divide) return;
    for (std::size_t c = 0; c < in(0).size() && c < origins_[at_].size(); ++c) {
      Origin origin = in(0)[c];
      if (!origin.is_known) continue;
      const double k = by->row[by->row.size() == 1 ? 0 : c];
      if (function == Combine::Function::add) origin.b += k;
      if (function == Combine::Function::subtract) origin.b -= k;
      if (function == Combine::Function::multiply) origin.a *= k, origin.b *= k;
      if (function == Combine::Function::divide) origin.a /= k, origin.b /= k;
      origins_[at_][c] = origin;
      for (const double value : {-3.0, -1.0, 0.0, 1.0, 3.0}) add(origin, value);
    }
  }

  const Program& program_;
  std::vector<Interest> interests_;
  std::vector<std::vector<Origin>> origins_;
  ValueId at_ = 0;
};

bool is_denormal(float x) {
  return x != 0 && std::abs(x) < std::numeric_limits<float>::min();
}

class Drawer {
 public:
  Drawer(std::uint64_t seed, bool all_double) : random_(seed), all_double_(all_double) {}

  std::vector<double> numbers(Interest interest, std::size_t count) {
    std::ranges::sort(interest.points);
    const bool known = !interest.points.empty();
    const double low = known ? interest.points.front() : -3;
    const double high = known ? interest.points.back() : 3;
    const double range = std::max(high - low, 1e-3 * std::max(1.0, std::abs(high)));
    const bool missing = interest.takes_missing && !interest.breaks_on_missing;
    std::vector<double> out;
    for (std::size_t r = 0; r < count; ++r) {
      const double way = random_.uniform();
      double x = low - 0.2 * range + 1.4 * range * random_.uniform();
      if (known && way < 0.5) x = beside(interest.points[index(interest.points.size())]);
      if (way >= 0.5 && way < 0.53) x = way < 0.515 ? low - 20 * range : high + 20 * range;
      if (way >= 0.53 && way < 0.56) x = 0;
      if (missing && way >= 0.9) x = std::numeric_limits<double>::quiet_NaN();
      out.push_back(all_double_ ? x : static_cast<double>(static_cast<float>(x)));
    }
    return out;
  }

  std::vector<std::string> texts(const Interest& interest, std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t r = 0; r < count; ++r) {
      const double way = random_.uniform();
      if (way < 0.1) {
        out.emplace_back();
      } else if (way < 0.25 || interest.texts.empty()) {
        out.emplace_back("never seen before");
      } else {
        out.push_back(interest.texts[index(interest.texts.size())]);
      }
    }
    return out;
  }

 private:
  std::size_t index(std::size_t size) {
    return std::min(size - 1,
                    static_cast<std::size_t>(random_.uniform() * static_cast<double>(size)));
  }
  // The float32 nearest to the point, or one of its neighbours.
  double beside(double point) {
    const auto x = static_cast<float>(point);
    const double way = random_.uniform();
    float out = x;
    if (way < 0.3) out = std::nextafter(x, -std::numeric_limits<float>::infinity());
    if (way > 0.7) out = std::nextafter(x, std::numeric_limits<float>::infinity());
    // A runtime may take numbers as small as this for zero.
    return is_denormal(out) ? 0.0 : static_cast<double>(out);
  }

  base::Random random_;
  bool all_double_;
};

}  // namespace

Rows probe_rows(const Program& program, std::size_t count, std::uint64_t seed, bool all_double) {
  std::vector<Interest> interests = Finder(program).interests();
  Drawer draw(seed, all_double);
  Rows out;
  out.count = count;
  for (std::size_t c = 0; c < program.columns.size(); ++c) {
    const bool is_text = program.columns[c].is_text;
    out.numbers.push_back(is_text ? std::vector<double>() : draw.numbers(interests[c], count));
    out.texts.push_back(is_text ? draw.texts(interests[c], count) : std::vector<std::string>());
  }
  return out;
}

}  // namespace octet::exporting
