#include "tune/knapsack.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace octet::tuning {
namespace {

// Each in the unit of what the whole model has of it, so that multipliers of all compare.
struct Prices {
  double bytes = 0;
  double error = 0;
  double time_us = 0;
};

bool fits(const Sums& sums, const Bounds& bounds) {
  return sums.bytes <= bounds.bytes && sums.error <= bounds.error && sums.time_us <= bounds.time_us;
}

double of(const Sums& sums, Objective objective) {
  if (objective == Objective::latency) return sums.time_us;
  return objective == Objective::size ? sums.bytes : sums.error;
}

// What is equal in the objective is told apart by the others.
std::array<double, 3> rank(const Sums& sums, Objective objective) {
  if (objective == Objective::latency) return {sums.time_us, sums.bytes, sums.error};
  if (objective == Objective::size) return {sums.bytes, sums.time_us, sums.error};
  return {sums.error, sums.time_us, sums.bytes};
}

class Packer {
 public:
  Packer(const Parts& parts, Objective objective, const Bounds& bounds)
      : parts_(parts), objective_(objective), bounds_(bounds) {
    for (const Part& part : parts.parts) {
      Sums most;
      for (const Choice& choice : part.choices) {
        most.bytes = std::max(most.bytes, static_cast<double>(choice.bytes));
        most.error = std::max(most.error, std::isfinite(choice.error) ? choice.error : 0);
        most.time_us = std::max(most.time_us, choice.time_us);
      }
      whole_.bytes += most.bytes;
      whole_.error += most.error;
      whole_.time_us += most.time_us;
    }
  }

  std::optional<Selection> run() {
    std::vector<double> multipliers = {0};
    for (double m = 1e-6; m < 1e7; m *= 4) multipliers.push_back(m);
    const bool bound_bytes = std::isfinite(bounds_.bytes);
    const bool bound_time = std::isfinite(bounds_.time_us);
    for (const double error : multipliers) {
      for (const double bytes : multipliers) {
        if (bytes > 0 && !bound_bytes) break;
        for (const double time : multipliers) {
          if (time > 0 && !bound_time) break;
          consider(cheapest({bytes, error, time}));
        }
      }
    }
    if (best_) improve();
    while (best_ && parts_.parts.size() <= most_in_pairs) {
      const Selection before = *best_;
      improve_in_pairs();
      if (*best_ == before) break;
    }
    return best_;
  }

 private:
  [[nodiscard]] double price(const Choice& choice, Prices prices) const {
    if (objective_ == Objective::latency) prices.time_us += 1;
    if (objective_ == Objective::size) prices.bytes += 1;
    if (objective_ == Objective::error) prices.error += 1;
    const auto share = [](double value, double whole) { return whole > 0 ? value / whole : 0; };
    constexpr double little = 1e-9;  // decides between choices that cost the same
    return (prices.time_us + little) * share(choice.time_us, whole_.time_us) +
           (prices.bytes + little) * share(static_cast<double>(choice.bytes), whole_.bytes) +
           (prices.error + little) * share(choice.error, whole_.error);
  }

  [[nodiscard]] Selection cheapest(const Prices& prices) const {
    Selection out;
    for (const Part& part : parts_.parts) {
      std::size_t best = 0;
      for (std::size_t c = 1; c < part.choices.size(); ++c) {
        if (price(part.choices[c], prices) < price(part.choices[best], prices)) best = c;
      }
      out.push_back(best);
    }
    return out;
  }

  void consider(const Selection& selection) {
    const Sums sums = sums_of(parts_, selection);
    if (!fits(sums, bounds_)) return;
    if (best_ && rank(sums, objective_) >= rank(sums_of(parts_, *best_), objective_)) return;
    best_ = selection;
  }

  // Multipliers reach the corners of what is possible; what lies between is a change away.
  void improve() {
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t p = 0; p < parts_.parts.size(); ++p) {
        for (std::size_t c = 0; c < parts_.parts[p].choices.size(); ++c) {
          Selection other = *best_;
          if (other[p] == c) continue;
          other[p] = c;
          const double before = of(sums_of(parts_, *best_), objective_);
          consider(other);
          changed = changed || of(sums_of(parts_, *best_), objective_) < before;
        }
      }
    }
  }

  // One gives what another takes.
  void improve_in_pairs() {
    for (std::size_t p = 0; p < parts_.parts.size(); ++p) {
      for (std::size_t q = p + 1; q < parts_.parts.size(); ++q) {
        for (std::size_t c = 0; c < parts_.parts[p].choices.size(); ++c) {
          for (std::size_t d = 0; d < parts_.parts[q].choices.size(); ++d) {
            Selection other = *best_;
            other[p] = c;
            other[q] = d;
            consider(other);
          }
        }
      }
    }
  }

  static constexpr std::size_t most_in_pairs = 64;

  const Parts& parts_;
  Objective objective_;
  const Bounds& bounds_;
  Sums whole_;
  std::optional<Selection> best_;
};

}  // namespace

Sums sums_of(const Parts& parts, const Selection& selection) {
  Sums out;
  for (std::size_t p = 0; p < parts.parts.size(); ++p) {
    const Choice& choice = parts.parts[p].choices[selection[p]];
    out.bytes += static_cast<double>(choice.bytes);
    out.error += choice.error;
    out.time_us += choice.time_us;
  }
  return out;
}

std::optional<Selection> pack(const Parts& parts, Objective objective, const Bounds& bounds) {
  return Packer(parts, objective, bounds).run();
}

}  // namespace octet::tuning
