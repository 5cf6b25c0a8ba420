#include "commands/plan_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "terminal.hpp"

namespace octet::cli {
namespace {

struct Tally {
  std::uint64_t weights = 0;
  std::uint64_t before = 0;
  std::uint64_t after = 0;
  const octet::Decision* instance = nullptr;  // with the largest weight
  const octet::WeightChoice* largest = nullptr;

  void add(const octet::Decision& decision, const octet::WeightChoice& weight) {
    ++weights;
    before += weight.bytes_before;
    after += weight.bytes_after;
    if (largest != nullptr && weight.bytes_before <= largest->bytes_before) return;
    largest = &weight;
    instance = &decision;
  }
};

bool stays(const octet::WeightChoice& weight) {
  return weight.storage == octet::WeightChoice{}.storage;
}

// What is said of a weight: its own reason, or the decision's.
const std::string& reason_of(const octet::Decision& decision, const octet::WeightChoice& weight) {
  return weight.reason.empty() ? decision.reason : weight.reason;
}
const std::string& detail_of(const octet::Decision& decision, const octet::WeightChoice& weight) {
  return weight.reason.empty() ? decision.detail : weight.detail;
}

std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  return "…" + text.substr(text.size() - most + 1);
}

}  // namespace

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

std::string forms_table(const Environment& environment, const octet::Plan& plan) {
  std::map<std::string, Tally> by_form;
  for (const octet::Decision& d : plan.decisions) {
    for (const octet::WeightChoice& w : d.weights)
      by_form[stays(w) ? "float" : d.form + " " + w.storage].add(d, w);
  }
  Table table({"form", "weights", "before", "after"});
  for (const auto& [form, tally] : by_form) {
    table.row(
        {form, std::to_string(tally.weights), human_bytes(tally.before), human_bytes(tally.after)});
  }
  return table.text(environment);
}

std::string floats_table(const Environment& environment, const octet::Plan& plan) {
  std::map<std::string, Tally> by_reason;
  const octet::WeightChoice computed;
  for (const octet::Decision& d : plan.decisions) {
    for (const octet::WeightChoice& w : d.weights) {
      if (stays(w)) by_reason[reason_of(d, w)].add(d, w);
    }
    if (d.weights.empty()) by_reason[d.reason].add(d, computed);
  }
  std::vector<std::pair<std::string, Tally>> rows(by_reason.begin(), by_reason.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.second.before > b.second.before; });
  Table table({"left float", "weights", "bytes", "for instance"});
  table.left(3);
  for (const auto& [reason, tally] : rows) {
    const octet::Decision& d = *tally.instance;
    table.row({reason, std::to_string(tally.weights), human_bytes(tally.before),
               fmt::format("{}: {}", shortened(d.node, 40), detail_of(d, *tally.largest))});
  }
  return table.empty() ? "" : table.text(environment);
}

std::string decisions_table(const Environment& environment, const octet::Plan& plan,
                            std::size_t most) {
  std::vector<const octet::Decision*> order;
  for (const octet::Decision& d : plan.decisions) order.push_back(&d);
  if (order.size() > most) {  // the heaviest, in the order of the file
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
      return a->bytes_before() > b->bytes_before();
    });
    order.resize(most);
    std::sort(order.begin(), order.end());
  }
  Table table({"node", "op", "weight", "bytes", "form", "why"});
  table.left(1);
  table.left(2);
  table.left(4);
  table.left(5);
  for (const octet::Decision* d : order) {
    const octet::WeightChoice computed;
    bool first = true;
    for (const octet::WeightChoice& w : d->weights.empty() ? std::vector{computed} : d->weights) {
      const std::string form =
          stays(w) ? (first ? d->form : std::string("float")) : d->form + " " + w.storage;
      table.row({first ? shortened(d->node, 44) : "", first ? d->op : "",
                 d->weights.empty() ? "-" : shape_text(w.shape), human_bytes(w.bytes_before), form,
                 fmt::format("{}: {}", reason_of(*d, w), detail_of(*d, w))});
      first = false;
    }
  }
  std::string out = table.text(environment);
  if (plan.decisions.size() > most) {
    out += fmt::format("  … and {} smaller; --all shows them\n", plan.decisions.size() - most);
  }
  return out;
}

}  // namespace octet::cli
