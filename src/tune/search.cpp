#include "tune/search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace octet::tuning {
namespace {

// Two times nearer than this are the same: so much a second measurement of one model differs.
constexpr double same_time = 0.01;
constexpr double infinity = std::numeric_limits<double>::infinity();

double time_of(const Point& point) {
  return point.timed ? point.timed->ratio : point.expected_us;
}

// A change of all parts of one kind at once, or of one part.
struct Move {
  std::vector<std::pair<std::size_t, std::size_t>> to;  // part, choice
  double gain = 0;                                      // of the objective, expected
};

class Search {
 public:
  Search(const Parts& parts, Evaluations& evaluations, const Wanted& wanted,
         std::uint64_t float_bytes, const std::function<bool()>& go_on,
         const std::function<void(const Point&)>& found)
      : parts_(parts),
        evaluations_(evaluations),
        wanted_(wanted),
        float_bytes_(float_bytes),
        go_on_(go_on),
        tell_(found) {}

  Found run() {
    begin_with_floats();
    (void)attempt(parts_.base_choices);
    for (double slack = 1; slack > 0.6 && go_on_(); slack -= 0.1) {
      if (!pack_and_run(slack)) break;
    }
    found_.complete = improve();
    return std::move(found_);
  }

 private:
  void begin_with_floats() {
    Point point;
    point.selection.assign(parts_.parts.size(), 0);
    point.judged = {true, true, 0, 0, float_bytes_, ""};
    if (evaluations_.times()) point.timed = Timed{1, 1, 1, "no difference"};
    point.expected_us = sums_of(parts_, point.selection).time_us;
    tried_.insert(point.selection);
    take(std::move(point));
  }

  // Runs what was not run yet. False: it is known already.
  bool attempt(const Selection& selection) {
    if (!tried_.insert(selection).second) return false;
    const octet::Plan plan = plan_of(parts_, selection);
    Point point;
    point.selection = selection;
    point.judged = evaluations_.judge(plan);
    const Sums sums = sums_of(parts_, selection);
    point.expected_us = sums.time_us;
    if (point.judged.passed) most_error_ = std::max(most_error_, sums.error);
    if (point.judged.passed && evaluations_.times()) point.timed = evaluations_.time(plan);
    take(std::move(point));
    return true;
  }

  void take(Point point) {
    const bool better =
        keeps_to(point) && (!found_.best || is_better(point, found_.points[*found_.best]));
    found_.points.push_back(std::move(point));
    if (!better) return;
    found_.best = found_.points.size() - 1;
    if (found_.points.size() > 1) tell_(found_.points.back());
  }

  [[nodiscard]] bool keeps_to(const Point& point) const {
    if (!point.judged.passed) return false;
    if (wanted_.most_bytes > 0 && point.judged.bytes > wanted_.most_bytes) return false;
    return !point.timed || point.timed->verdict != "slower";
  }

  [[nodiscard]] bool is_better(const Point& a, const Point& b) const {
    if (wanted_.objective == Objective::error) return a.judged.error < b.judged.error;
    if (wanted_.objective == Objective::size) return a.judged.bytes < b.judged.bytes;
    const double least = a.timed ? same_time : 0;
    if (time_of(a) < time_of(b) - least) return true;
    return time_of(a) < time_of(b) + least && a.judged.bytes < b.judged.bytes;
  }

  [[nodiscard]] Bounds bounds(double slack) const {
    Bounds out;
    const Sums floats = sums_of(parts_, Selection(parts_.parts.size(), 0));
    if (wanted_.most_bytes > 0)
      out.bytes = floats.bytes -
                  (static_cast<double>(float_bytes_) - static_cast<double>(wanted_.most_bytes));
    if (wanted_.objective != Objective::latency) out.time_us = slack * floats.time_us;
    return out;
  }

  // The loosest bound of the error whose plan passes, found by running plans. True: it passes and
  // is slower than the float model, so that another slack is worth a try.
  bool pack_and_run(double slack) {
    Bounds within = bounds(slack);
    double failing = infinity;
    double passing = 0;
    std::optional<Selection> passed;
    constexpr int most_steps = 24;
    constexpr int finer_steps = 4;
    int finer = 0;
    for (int step = 0; step < most_steps && finer < finer_steps && go_on_(); ++step) {
      const auto selection = pack(parts_, wanted_.objective, within);
      if (!selection) break;
      (void)attempt(*selection);
      const double error = sums_of(parts_, *selection).error;
      if (point_of(*selection).judged.passed) {
        passed = *selection;
        passing = std::max(passing, error);
        if (!std::isfinite(failing)) break;
        ++finer;
        within.error = std::sqrt(std::max(passing, failing * 1e-3) * failing);
      } else {
        failing = std::min(failing, error);
        within.error = passed ? std::sqrt(std::max(passing, failing * 1e-3) * failing) : error / 2;
        finer += passed ? 1 : 0;
      }
      if (within.error <= passing || within.error >= failing) break;
    }
    if (!passed) return false;
    const Point& point = point_of(*passed);
    return point.timed && point.timed->verdict == "slower";
  }

  [[nodiscard]] const Point& point_of(const Selection& selection) const {
    return *std::ranges::find(found_.points, selection, &Point::selection);
  }

  // True: nothing is left to try.
  bool improve() {
    while (found_.best) {
      const std::size_t before = *found_.best;
      for (const Move& move : moves_from(found_.points[before].selection)) {
        if (!go_on_()) return false;
        Selection selection = found_.points[before].selection;
        for (const auto& [part, choice] : move.to) selection[part] = choice;
        if (sums_of(parts_, selection).error > 2 * most_error_) continue;
        (void)attempt(selection);
        if (*found_.best != before) break;
      }
      if (*found_.best == before) return true;
    }
    return true;
  }

  [[nodiscard]] double gain(std::size_t part, std::size_t from, std::size_t to) const {
    const Choice& a = parts_.parts[part].choices[from];
    const Choice& b = parts_.parts[part].choices[to];
    if (wanted_.objective == Objective::size)
      return static_cast<double>(a.bytes) - static_cast<double>(b.bytes);
    if (wanted_.objective == Objective::error) return a.error - b.error;
    // What is alone no faster may be so in the whole, where its neighbours share the work.
    constexpr double doubt = 0.15;
    return a.time_us - b.time_us + doubt * parts_.parts[part].choices.front().time_us;
  }

  // Less cannot be told from nothing by timing the whole.
  [[nodiscard]] double least_gain() const {
    return same_time / 2 * sums_of(parts_, Selection(parts_.parts.size(), 0)).time_us;
  }

  // Of kinds first, then of parts; those that promise most first.
  [[nodiscard]] std::vector<Move> moves_from(const Selection& at) const {
    std::map<std::pair<std::string, std::size_t>, Move> kinds;
    std::vector<Move> singles;
    const double least = wanted_.objective == Objective::latency ? least_gain() : 0;
    for (std::size_t p = 0; p < parts_.parts.size(); ++p) {
      const Part& part = parts_.parts[p];
      for (std::size_t c = 0; c < part.choices.size(); ++c) {
        if (c == at[p]) continue;
        const double gained = gain(p, at[p], c);
        const std::size_t source = c == 0 ? SIZE_MAX : part.choices[c].source;
        Move& kind = kinds[{part.kind, source}];
        kind.to.emplace_back(p, c);
        kind.gain += gained;
        if (gained > least) singles.push_back({{{p, c}}, gained});
      }
    }
    std::vector<Move> out;
    std::vector<Move> doubtful;
    for (auto& [name, move] : kinds) {
      if (move.gain > 0 && move.to.size() > 1)
        out.push_back(std::move(move));
      else if (move.gain <= 0)
        doubtful.push_back(std::move(move));
    }
    const auto most_first = [](const Move& a, const Move& b) { return a.gain > b.gain; };
    std::ranges::stable_sort(out, most_first);
    std::ranges::stable_sort(singles, most_first);
    std::ranges::stable_sort(doubtful, most_first);
    out.insert(out.end(), singles.begin(), singles.end());
    // What is quick alone may be slow in the whole: only running the way back shows it.
    if (wanted_.objective == Objective::latency && evaluations_.times())
      out.insert(out.end(), doubtful.begin(), doubtful.end());
    return out;
  }

  const Parts& parts_;
  Evaluations& evaluations_;
  const Wanted& wanted_;
  std::uint64_t float_bytes_;
  const std::function<bool()>& go_on_;
  const std::function<void(const Point&)>& tell_;
  std::set<Selection> tried_;
  double most_error_ = 0;  // expected, of a plan that passed
  Found found_;
};

}  // namespace

Found search(const Parts& parts, Evaluations& evaluations, const Wanted& wanted,
             std::uint64_t float_bytes, const std::function<bool()>& go_on,
             const std::function<void(const Point&)>& found) {
  return Search(parts, evaluations, wanted, float_bytes, go_on, found).run();
}

std::vector<std::size_t> pareto(const std::vector<Point>& points) {
  const auto beats = [&](const Point& a, const Point& b) {
    return a.judged.bytes <= b.judged.bytes && time_of(a) <= time_of(b) &&
           a.judged.error <= b.judged.error &&
           (a.judged.bytes < b.judged.bytes || time_of(a) < time_of(b) ||
            a.judged.error < b.judged.error);
  };
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!points[i].judged.passed) continue;
    const bool is_beaten = std::ranges::any_of(
        points, [&](const Point& other) { return other.judged.passed && beats(other, points[i]); });
    if (!is_beaten) out.push_back(i);
  }
  std::ranges::stable_sort(out, [&](std::size_t a, std::size_t b) {
    return points[a].judged.bytes < points[b].judged.bytes;
  });
  return out;
}

}  // namespace octet::tuning
