#include "tune/evaluations.hpp"

#include <limits>

#include "octet/error.hpp"

namespace octet::tuning {
namespace {

// Once may have been anything: a machine that went down, a process that was killed.
constexpr int most_crashes = 2;
constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

template <typename Result>
Result Evaluations::run(const std::string& key, const octet::Plan& plan,
                        const std::function<Result(const octet::Plan&)>& how) {
  journal_.begin(key);
  try {
    ++made_;
    const Result out = how(plan);
    journal_.add(key, out);
    return out;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) journal_.stopped(key);
    throw;
  }
}

Judged Evaluations::judge(const octet::Plan& plan) {
  const std::string key = key_of(plan);
  if (const auto known = journal_.judged(key)) {
    ++remembered_;
    return *known;
  }
  if (journal_.crashes(key) >= most_crashes) {
    ++crashed_;
    const Judged gone{false, false, infinity, infinity, 0, "its model ended the process"};
    journal_.add(key, gone);
    return gone;
  }
  return run<Judged>(key, plan, measures_.judge);
}

Timed Evaluations::time(const octet::Plan& plan) {
  const std::string key = key_of(plan);
  if (const auto known = journal_.timed(key)) {
    ++remembered_;
    return *known;
  }
  if (journal_.crashes(key) >= most_crashes) {
    ++crashed_;
    const Timed gone{infinity, infinity, infinity, "slower"};
    journal_.add(key, gone);
    return gone;
  }
  return run<Timed>(key, plan, measures_.time);
}

}  // namespace octet::tuning
