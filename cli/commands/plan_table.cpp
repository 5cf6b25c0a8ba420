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
  const octet::Decision* largest = nullptr;

  void add(const octet::Decision& decision) {
    ++weights;
    before += decision.bytes_before;
    after += decision.bytes_after;
    if (largest == nullptr || decision.bytes_before > largest->bytes_before) largest = &decision;
  }
};

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
    if (d.weight.empty()) continue;
    const std::string storage = d.form == "float" ? "" : " " + d.storage;
    by_form[d.form + storage].add(d);
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
  for (const octet::Decision& d : plan.decisions) {
    if (d.form == "float") by_reason[d.reason].add(d);
  }
  std::vector<std::pair<std::string, Tally>> rows(by_reason.begin(), by_reason.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.second.before > b.second.before; });
  Table table({"left float", "weights", "bytes", "for instance"});
  table.left(3);
  for (const auto& [reason, tally] : rows) {
    const octet::Decision& d = *tally.largest;
    table.row({reason, std::to_string(tally.weights), human_bytes(tally.before),
               fmt::format("{}: {}", shortened(d.node, 40), d.detail)});
  }
  return table.empty() ? "" : table.text(environment);
}

std::string decisions_table(const Environment& environment, const octet::Plan& plan,
                            std::size_t most) {
  std::vector<const octet::Decision*> order;
  for (const octet::Decision& d : plan.decisions) order.push_back(&d);
  if (order.size() > most) {  // the heaviest, in the order of the file
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
      return a->bytes_before > b->bytes_before;
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
    table.row({shortened(d->node, 44), d->op, d->weight.empty() ? "-" : shape_text(d->shape),
               human_bytes(d->bytes_before),
               d->form == "float" ? d->form : d->form + " " + d->storage,
               fmt::format("{}: {}", d->reason, d->detail)});
  }
  std::string out = table.text(environment);
  if (plan.decisions.size() > most) {
    out += fmt::format("  … and {} smaller; --all shows them\n", plan.decisions.size() - most);
  }
  return out;
}

}  // namespace octet::cli
