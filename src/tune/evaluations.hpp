// Plans run and timed, each once: what the journal knows is not done again, and a plan that has
// taken the process with it twice is not tried a third time.
#pragma once

#include <cstdint>
#include <functional>

#include "octet/plan.hpp"
#include "tune/journal.hpp"

namespace octet::tuning {

// How plans are run. `time` may be empty: nothing is timed then.
struct Measures {
  std::function<Judged(const octet::Plan&)> judge;
  std::function<Timed(const octet::Plan&)> time;
};

class Evaluations {
 public:
  Evaluations(Measures measures, Journal& journal)
      : measures_(std::move(measures)), journal_(journal) {}

  [[nodiscard]] Judged judge(const octet::Plan& plan);
  [[nodiscard]] Timed time(const octet::Plan& plan);
  [[nodiscard]] bool times() const { return static_cast<bool>(measures_.time); }

  [[nodiscard]] std::uint64_t made() const { return made_; }
  [[nodiscard]] std::uint64_t remembered() const { return remembered_; }
  [[nodiscard]] std::uint64_t crashed() const { return crashed_; }

 private:
  template <typename Result>
  [[nodiscard]] Result run(const std::string& key, const octet::Plan& plan,
                           const std::function<Result(const octet::Plan&)>& how);

  Measures measures_;
  Journal& journal_;
  std::uint64_t made_ = 0;
  std::uint64_t remembered_ = 0;
  std::uint64_t crashed_ = 0;
};

}  // namespace octet::tuning
