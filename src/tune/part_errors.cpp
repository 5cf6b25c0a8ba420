#include "tune/part_errors.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <set>

namespace octet::tuning {
namespace {

constexpr std::size_t parts_of_a_block = 4;
constexpr double next_to_nothing = 1e-3;

// Parts whose choice comes from one alternative.
struct Block {
  double error = 0;
  std::vector<std::size_t> parts;
  bool operator<(const Block& other) const {
    return error != other.error ? error < other.error : parts.front() > other.parts.front();
  }
};

class Measuring {
 public:
  Measuring(Parts& parts, Evaluations& evaluations, const std::function<bool()>& go_on,
            std::size_t source)
      : parts_(parts), evaluations_(evaluations), go_on_(go_on), source_(source) {}

  // `least`: the error below which a block is not looked into; 0: a share of this one's own.
  double run(double least) {
    Block whole;
    for (std::size_t p = 0; p < parts_.parts.size(); ++p) {
      if (choice_of(p) != 0) whole.parts.push_back(p);
    }
    if (whole.parts.empty()) return 0;
    whole.error = error_alone(whole.parts);
    least_ = least > 0 ? least : next_to_nothing * whole.error;
    const double all = whole.error;
    queue_.push(std::move(whole));
    while (!queue_.empty()) {
      const Block block = queue_.top();
      queue_.pop();
      if (block.parts.size() > 1 && block.error > least_ && go_on_()) {
        split(block);
      } else {
        share_out(block);
      }
    }
    return all;
  }

 private:
  // 0: none, as the first is everybody's.
  [[nodiscard]] std::size_t choice_of(std::size_t part) const {
    const auto& choices = parts_.parts[part].choices;
    for (std::size_t c = 1; c < choices.size(); ++c) {
      if (choices[c].source == source_) return c;
    }
    return 0;
  }

  double error_alone(const std::vector<std::size_t>& parts) {
    Selection selection(parts_.parts.size(), 0);
    for (const std::size_t part : parts) selection[part] = choice_of(part);
    return evaluations_.judge(plan_of(parts_, selection)).error;
  }

  void split(const Block& block) {
    const std::size_t count = std::min(parts_of_a_block, block.parts.size());
    for (std::size_t p = 0; p < count; ++p) {
      const auto at = [&](std::size_t i) {
        return block.parts.begin() + static_cast<std::ptrdiff_t>(i * block.parts.size() / count);
      };
      Block part;
      part.parts.assign(at(p), at(p + 1));
      part.error = error_alone(part.parts);
      queue_.push(std::move(part));
    }
  }

  void share_out(const Block& block) {
    double bytes = 0;
    for (const std::size_t part : block.parts) bytes += bytes_of(part);
    for (const std::size_t part : block.parts)
      parts_.parts[part].choices[choice_of(part)].error = block.error * bytes_of(part) / bytes;
  }

  [[nodiscard]] double bytes_of(std::size_t part) const {
    return 1 + static_cast<double>(parts_.parts[part].choices.front().bytes);
  }

  Parts& parts_;
  Evaluations& evaluations_;
  const std::function<bool()>& go_on_;
  std::size_t source_;
  double least_ = 0;
  std::priority_queue<Block> queue_;
};

void take_out_what_does_not_run(Parts& parts) {
  for (std::size_t p = 0; p < parts.parts.size(); ++p) {
    auto& choices = parts.parts[p].choices;
    for (std::size_t c = choices.size(); c-- > 1;) {
      if (std::isfinite(choices[c].error)) continue;
      choices.erase(choices.begin() + static_cast<std::ptrdiff_t>(c));
      if (parts.base_choices[p] == c) parts.base_choices[p] = 0;
      if (parts.base_choices[p] > c) --parts.base_choices[p];
    }
  }
}

}  // namespace

void measure_errors(Parts& parts, Evaluations& evaluations, const std::function<bool()>& go_on) {
  std::set<std::size_t> sources;
  for (const Part& part : parts.parts) {
    for (std::size_t c = 1; c < part.choices.size(); ++c) sources.insert(part.choices[c].source);
  }
  double least = 0;
  for (const std::size_t source : sources) {
    const double all = Measuring(parts, evaluations, go_on, source).run(least);
    if (least <= 0 && std::isfinite(all)) least = next_to_nothing * all;
  }
  take_out_what_does_not_run(parts);
}

}  // namespace octet::tuning
