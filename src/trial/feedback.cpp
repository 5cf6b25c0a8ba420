#include "trial/feedback.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace octet::trial {
namespace {

// What exporters add to tell the state after a call from the one before.
constexpr std::array<std::string_view, 13> additions = {
    "present", "past",   "next", "prev", "new",  "old",  "output",
    "input",   "hidden", "out",  "in",   "curr", "value"};

// "stateN", "new_state" and "state_out" are "state"; "hn" and "h0" are "h".
std::string stem_of(std::string_view name) {
  std::string out;
  std::string word;
  const auto end_word = [&] {
    if (std::ranges::find(additions, word) == additions.end()) out += word;
    word.clear();
  };
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) == 0) {
      end_word();
      continue;
    }
    if (c == 'N' && !word.empty()) end_word();
    word += static_cast<char>(std::tolower(byte));
  }
  end_word();
  const bool has_mark = out.size() > 1 && (out.back() == 'n' || out.back() == '0');
  return has_mark && out.size() <= 6 ? out.substr(0, out.size() - 1) : out;
}

bool same_shape(const base::Port& a, const base::Port& b) {
  if (a.type != b.type || a.dims.size() != b.dims.size()) return false;
  for (std::size_t i = 0; i < a.dims.size(); ++i) {
    if (a.dims[i] >= 0 && b.dims[i] >= 0 && a.dims[i] != b.dims[i]) return false;
  }
  return true;
}

}  // namespace

std::vector<FedBack> fed_back(const std::vector<base::Port>& inputs,
                              const std::vector<base::Port>& outputs) {
  std::vector<FedBack> out;
  for (const base::Port& output : outputs) {
    if (!base::is_floating(output.type)) continue;
    std::vector<std::string> suited;
    for (const base::Port& input : inputs) {
      if (same_shape(input, output) && stem_of(input.name) == stem_of(output.name))
        suited.push_back(input.name);
    }
    const bool is_taken = suited.size() == 1 && std::ranges::any_of(out, [&](const FedBack& f) {
                            return f.input == suited[0];
                          });
    if (suited.size() == 1 && !is_taken) out.push_back({suited[0], output.name});
  }
  return out;
}

std::vector<Outputs> run_sequence(const Trial& trial, const runtime::Session& session,
                                  const std::vector<FedBack>& state, std::size_t steps) {
  std::vector<Outputs> out;
  for (std::size_t step = 0; step < steps; ++step) {
    data::Feed feed = trial.feed(step % trial.size());
    for (const FedBack& pair : state) {
      if (out.empty()) break;
      const auto input = std::ranges::find(feed, pair.input, &base::NamedTensor::name);
      const auto given = std::ranges::find(out.back(), pair.output, &base::NamedTensor::name);
      if (input == feed.end() || given == out.back().end()) continue;
      if (given->tensor.dims != input->tensor.dims) return out;
      input->tensor = given->tensor;
    }
    out.push_back(session.run(suited_to(session, std::move(feed))));
  }
  return out;
}

}  // namespace octet::trial
