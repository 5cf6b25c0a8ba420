#include "tune/part_times.hpp"

#include <algorithm>
#include <optional>

#include "octet/error.hpp"
#include "tune/units.hpp"

namespace octet::tuning {
namespace {

constexpr double share_of_speed_seconds = 0.125;
// What is not measured.
constexpr double us_per_byte = 1e-4;
constexpr double planners_ratio = 0.4;
constexpr double others_ratio = 1.1;

bool is_computed(const octet::Decision& decision) {
  return changes(decision) && !keeps_operator(decision);
}

// Every value that a node of some part computes with.
std::vector<std::string> values_of(const Parts& parts, const forms::Survey& survey) {
  std::vector<std::string> out;
  for (const Part& part : parts.parts) {
    for (const octet::Decision& decision : part.choices.front().decisions) {
      const auto node = survey.labels().find(decision.node);
      if (!node) continue;
      for (std::string& value : inputs_of(survey, *node).value_or(std::vector<std::string>{}))
        out.push_back(std::move(value));
    }
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

std::vector<Seen> seen(const Parts& parts, const Candidates& candidates,
                       const forms::Survey& survey) {
  std::vector<Seen> out;
  std::vector<std::string> asked;
  const data::Feed feed = candidates.trial().feed(0);
  for (const std::string& value : values_of(parts, survey)) {
    const auto fed = std::ranges::find(feed, value, &base::NamedTensor::name);
    if (fed != feed.end()) {
      out.push_back({value, fed->tensor.type, fed->tensor.dims});
    } else {
      asked.push_back(value);
    }
  }
  if (asked.empty()) return out;
  try {
    for (const trial::Observation& o : candidates.observe_sizes(asked))
      out.push_back({o.value, o.type, o.dims});
  } catch (const Error& error) {  // data files, memory: then times are reckoned
    if (error.stops()) throw;
  }
  return out;
}

double reckoned(const octet::Decision& decision, std::size_t source, double float_us) {
  if (!is_computed(decision)) return float_us;
  return float_us * (source == 0 ? planners_ratio : others_ratio);
}

double weight_us(const octet::Decision& decision) {
  return 1e-3 + us_per_byte * static_cast<double>(decision.bytes_before());
}

class Timing {
 public:
  Timing(NodeTimes& times, double seconds, const std::function<bool()>& go_on)
      : times_(times), seconds_(seconds), go_on_(go_on) {}

  void fill(Part& part) {
    for (std::size_t i = 0; i < part.at.size(); ++i) {
      std::vector<std::optional<NodeTime>> measured(part.choices.size());
      std::optional<double> float_us;
      for (std::size_t c = 0; c < part.choices.size(); ++c) {
        const octet::Decision& decision = part.choices[c].decisions[i];
        if (seconds_ <= 0 || !is_computed(decision) || !go_on_()) continue;
        measured[c] = times_.of(decision, seconds_);
        if (measured[c] && !float_us) float_us = measured[c]->float_us;
      }
      const double base = float_us.value_or(weight_us(part.choices.front().decisions[i]));
      for (std::size_t c = 0; c < part.choices.size(); ++c) {
        Choice& choice = part.choices[c];
        choice.time_us += measured[c] ? base * measured[c]->choice_us / measured[c]->float_us
                                      : reckoned(choice.decisions[i], choice.source, base);
      }
    }
  }

 private:
  NodeTimes& times_;
  double seconds_;
  const std::function<bool()>& go_on_;
};

}  // namespace

TimesSpent measure_times(Parts& parts, const Candidates& candidates, const forms::Survey& survey,
                         const octet::QuantizeOptions& options, double speed_seconds,
                         TimeCache& cache, const std::function<bool()>& go_on) {
  std::vector<Seen> values;
  if (speed_seconds > 0) values = seen(parts, candidates, survey);
  NodeTimes times(survey, std::move(values), options, candidates.library(), cache);
  Timing timing(times, share_of_speed_seconds * speed_seconds, go_on);
  for (Part& part : parts.parts) timing.fill(part);
  return {times.measured(), times.remembered()};
}

}  // namespace octet::tuning
