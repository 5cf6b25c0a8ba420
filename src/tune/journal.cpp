#include "tune/journal.hpp"

#include <fmt/format.h>

#include <span>

#include "base/content_hash.hpp"
#include "base/json.hpp"
#include "octet/error.hpp"
#include "octet/version.hpp"

namespace octet::tuning {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no infinity.
constexpr double unreachable = 1e300;

Json number(double value) {
  return value < unreachable ? value : unreachable;
}

double number(const Json& json, const char* key) {
  const double value = json.at(key).get<double>();
  return value < unreachable ? value : std::numeric_limits<double>::infinity();
}

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Journal::Journal(const std::filesystem::path& path, const std::string& run, bool resume) {
  if (path.empty()) return;
  if (resume) read(path, run);
  std::error_code ec;
  const bool is_there = resume && std::filesystem::exists(path, ec);
  log_ = std::make_unique<base::LineLog>(
      path, is_there ? base::LineLog::Opening::append : base::LineLog::Opening::anew);
  if (!is_there)
    log_->add(line_of({{"journal", 1}, {"octet", octet::version().version}, {"run", run}}));
}

void Journal::read(const std::filesystem::path& path, const std::string& run) {
  bool is_ours = false;
  const std::vector<std::string> lines = base::read_lines(path);
  for (const std::string& line : lines) {
    try {
      const Json json = base::parse_json(line, path.string());
      if (json.contains("run")) {
        is_ours = json.at("run") == run;
      } else if (json.contains("begin")) {
        ++open_[json.at("begin").get<std::string>()];
      } else if (json.contains("stopped")) {
        --open_[json.at("stopped").get<std::string>()];
      } else if (json.contains("judged")) {
        const auto key = json.at("judged").get<std::string>();
        judged_[key] = {json.at("runs").get<bool>(),
                        json.at("passed").get<bool>(),
                        number(json, "error"),
                        number(json, "max_abs_diff"),
                        json.at("bytes").get<uint64_t>(),
                        json.at("reason").get<std::string>()};
        open_[key] = 0;
      } else if (json.contains("timed")) {
        const auto key = json.at("timed").get<std::string>();
        timed_[key] = {number(json, "ratio"), number(json, "ratio_low"), number(json, "ratio_high"),
                       json.at("verdict").get<std::string>()};
        open_[key] = 0;
      }
    } catch (const std::exception&) {
      continue;  // a line that was being written when its process ended
    }
  }
  if (lines.empty() || is_ours) return;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{}: is of another model, other data, other options or another ONNX "
                          "Runtime; leave --resume out to begin anew",
                          path.string()));
}

std::optional<Judged> Journal::judged(const std::string& key) const {
  const auto found = judged_.find(key);
  return found == judged_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Timed> Journal::timed(const std::string& key) const {
  const auto found = timed_.find(key);
  return found == timed_.end() ? std::nullopt : std::optional(found->second);
}

int Journal::crashes(const std::string& key) const {
  const auto found = open_.find(key);
  return found == open_.end() ? 0 : found->second;
}

void Journal::begin(const std::string& key) {
  if (log_) log_->add(line_of({{"begin", key}}));
}

void Journal::add(const std::string& key, const Judged& judged) {
  judged_[key] = judged;
  if (!log_) return;
  log_->add(line_of({{"judged", key},
                     {"runs", judged.runs},
                     {"passed", judged.passed},
                     {"error", number(judged.error)},
                     {"max_abs_diff", number(judged.max_abs_diff)},
                     {"bytes", judged.bytes},
                     {"reason", judged.reason}}));
}

void Journal::add(const std::string& key, const Timed& timed) {
  timed_[key] = timed;
  if (!log_) return;
  log_->add(line_of({{"timed", key},
                     {"ratio", number(timed.ratio)},
                     {"ratio_low", number(timed.ratio_low)},
                     {"ratio_high", number(timed.ratio_high)},
                     {"verdict", timed.verdict}}));
}

void Journal::stopped(const std::string& key) {
  if (log_) log_->add(line_of({{"stopped", key}}));
}

void Journal::best(const std::string& key, const octet::Plan& plan) {
  if (log_) log_->add(line_of({{"best", key}, {"plan", Json::parse(to_json(plan))}}));
}

std::string key_of(const octet::Plan& plan) {
  octet::Plan bare = plan;
  for (octet::Decision& decision : bare.decisions) {
    decision.reason = decision.detail = "";
    for (octet::WeightChoice& weight : decision.weights) {
      weight.reason = weight.detail = "";
      weight.bytes_before = weight.bytes_after = 0;
    }
  }
  const std::string text = to_json(bare);
  return fmt::format("{:016x}", base::content_hash(std::as_bytes(std::span(text))));
}

}  // namespace octet::tuning
