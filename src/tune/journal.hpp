// What a search has learned, a line for each plan that was run, so that nothing is run twice and
// nothing is lost when the process is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/line_log.hpp"
#include "octet/plan.hpp"

namespace octet::tuning {

// How a plan's model answers.
struct Judged {
  bool runs = false;
  bool passed = false;  // under the tolerances
  double error = 0;     // tuning::error_of
  double max_abs_diff = 0;
  std::uint64_t bytes = 0;  // of its model
  std::string reason;       // when it does not run or did not pass
};

// How long it takes, as a share of the float model's time; of several numbers of rows the worst.
struct Timed {
  double ratio = 1, ratio_low = 1, ratio_high = 1;
  std::string verdict;  // as octet::Speed's
};

class Journal {
 public:
  // Without a path nothing is kept. `run` names all that answers depend on: model, data, options,
  // runtime. With `resume` what the file knows is known; one of another run throws
  // Error{invalid_argument}. Without, it begins anew.
  Journal(const std::filesystem::path& path, const std::string& run, bool resume);

  // By the plan's key (key_of).
  [[nodiscard]] std::optional<Judged> judged(const std::string& key) const;
  [[nodiscard]] std::optional<Timed> timed(const std::string& key) const;
  // How often work on this plan began and nobody wrote what came of it: the process was gone.
  [[nodiscard]] int crashes(const std::string& key) const;

  void begin(const std::string& key);
  void add(const std::string& key, const Judged& judged);
  void add(const std::string& key, const Timed& timed);
  // The work that began ends without a result because somebody asked to stop: no crash.
  void stopped(const std::string& key);
  void best(const std::string& key, const octet::Plan& plan);

 private:
  void read(const std::filesystem::path& path, const std::string& run);

  std::map<std::string, Judged> judged_;
  std::map<std::string, Timed> timed_;
  std::map<std::string, int> open_;
  std::unique_ptr<base::LineLog> log_;
};

// A name for what the plan does; its reasons do not count.
[[nodiscard]] std::string key_of(const octet::Plan& plan);

}  // namespace octet::tuning
