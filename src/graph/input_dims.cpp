// Every dynamic axis of an input gets a symbol (its own name, or a made-up one); shapes carry the
// symbols through the graph; operators then say which of them are numbers and which are equal. What
// was found is put in, and the graph is read again until nothing new turns up.
#include "graph/input_dims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "graph/demands.hpp"
#include "graph/shapes.hpp"

namespace octet::graph {
namespace {

constexpr int most_rounds = 4;

// Classes of symbols that are equal; each may have a size or be a sum.
class Symbols {
 public:
  // A name nobody gave: it gives way to one that somebody did.
  void add_made_up(std::string symbol) { made_up_.insert(std::move(symbol)); }

  void demand(const Dim& a, const Dim& b) {
    if (a.size && b.size) return;
    if (a.size) return set(root(b.symbol), *a.size);
    if (b.size) return set(root(a.symbol), *b.size);
    join(root(a.symbol), root(b.symbol));
  }

  [[nodiscard]] Dim resolve(const std::string& symbol) {
    const std::string top = root(symbol);
    if (const auto size = sizes_.find(top); size != sizes_.end()) return sized(size->second);
    if (terms_of(top).size() == 1) return {{}, top};
    Dim total = sized(0);  // a sum of which some part may be known by now
    for (const std::string_view term : terms_of(top)) total = sum(total, part(term));
    return total.is_known() ? total : Dim{{}, top};
  }

 private:
  [[nodiscard]] Dim part(std::string_view term) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(term.data(), term.data() + term.size(), number);
    if (error == std::errc{} && end == term.data() + term.size()) return sized(number);
    const std::string top = root(std::string(term));
    const auto size = sizes_.find(top);
    return size != sizes_.end() ? sized(size->second) : Dim{{}, top};
  }

  [[nodiscard]] std::string root(std::string symbol) {
    for (auto up = parent_.find(symbol); up != parent_.end(); up = parent_.find(symbol))
      symbol = up->second;
    return symbol;
  }

  void set(const std::string& top, std::int64_t size) {
    if (size >= 0) sizes_.try_emplace(top, size);  // the first to say so; a second contradicts it
  }

  // Sums stay on top, so that the axis called "total" becomes "past + length".
  void join(const std::string& a, const std::string& b) {
    if (a == b) return;
    const bool sum_a = terms_of(a).size() > 1;
    const bool sum_b = terms_of(b).size() > 1;
    if (sum_a && sum_b) return;
    const bool swap = sum_b || (!sum_a && made_up_.contains(a));
    const std::string& top = swap ? b : a;
    const std::string& under = swap ? a : b;
    for (const std::string_view term : terms_of(top)) {
      if (terms_of(top).size() > 1 && root(std::string(term)) == under) return;  // n = n + 1
    }
    if (const auto size = sizes_.find(under); size != sizes_.end()) set(top, size->second);
    parent_[under] = top;
  }

  std::map<std::string, std::string> parent_;
  std::map<std::string, std::int64_t> sizes_;
  std::set<std::string> made_up_;
};

// Names for axes that have none; no exporter uses them.
std::string made_up(std::string_view input, std::size_t axis) {
  return fmt::format("{}.{}", input, axis);
}

struct Input {
  ValueId value = none;
  InputDims dims;
};

std::vector<Input> inputs_of(const Graph& graph, Symbols& symbols) {
  std::vector<Input> out;
  const Scope& main = graph.scope(0);
  for (const onnx::ValueView& view : main.inputs) {
    const ValueId value = main.names.at(view.name);
    const bool is_fed =
        view.kind == "tensor" && view.has_shape && graph.value(value).constant == none;
    if (!is_fed) continue;
    Input input{value, {std::string(view.name), declared_shape(view), {}}};
    input.dims.demanded = input.dims.declared;
    for (std::size_t axis = 0; axis < view.dims.size(); ++axis) {
      Dim& dim = input.dims.demanded[axis];
      if (dim.is_known()) continue;
      dim.symbol = made_up(view.name, axis);
      symbols.add_made_up(dim.symbol);
    }
    out.push_back(std::move(input));
  }
  return out;
}

void forget_lonely_names(std::vector<Input>& inputs) {
  std::map<std::string, int> count;
  for (const Input& input : inputs) {
    for (const Dim& dim : input.dims.demanded) ++count[dim.symbol];
  }
  for (Input& input : inputs) {
    for (std::size_t axis = 0; axis < input.dims.demanded.size(); ++axis) {
      std::string& symbol = input.dims.demanded[axis].symbol;
      if (count[symbol] == 1 && symbol == made_up(input.dims.name, axis)) symbol.clear();
    }
  }
}

}  // namespace

std::vector<InputDims> input_dims(const Graph& graph) {
  Symbols symbols;
  std::vector<Input> inputs = inputs_of(graph, symbols);
  for (int round = 0; round < most_rounds; ++round) {
    std::unordered_map<ValueId, Shape> given;
    for (const Input& input : inputs) given.emplace(input.value, input.dims.demanded);
    const Demands found = demands(graph, Shapes(graph, given));
    for (const Demand& demand : found.strict) symbols.demand(demand.a, demand.b);
    for (const Demand& demand : found.likely) symbols.demand(demand.a, demand.b);
    bool changed = false;
    for (Input& input : inputs) {
      for (Dim& dim : input.dims.demanded) {
        if (dim.size) continue;
        Dim now = symbols.resolve(dim.symbol);
        changed = changed || !same(now, dim);
        dim = std::move(now);
      }
    }
    if (!changed) break;
  }
  forget_lonely_names(inputs);
  std::vector<InputDims> out;
  for (Input& input : inputs) out.push_back(std::move(input.dims));
  return out;
}

std::vector<std::string_view> terms_of(std::string_view symbol) {
  std::vector<std::string_view> out;
  const auto trimmed = [](std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
  };
  std::string_view rest = symbol;
  while (true) {
    const std::size_t plus = rest.find('+');
    const std::string_view term = trimmed(rest.substr(0, plus));
    if (term.empty()) return {symbol};  // "a +": no sum
    out.push_back(term);
    if (plus == std::string_view::npos) return out;
    rest.remove_prefix(plus + 1);
  }
}

std::optional<std::int64_t> size_of_symbol(std::string_view symbol,
                                           const std::map<std::string, std::int64_t>& sizes) {
  if (const auto whole = sizes.find(std::string(symbol)); whole != sizes.end())
    return whole->second;
  const std::vector<std::string_view> terms = terms_of(symbol);
  Dim total = sized(0);
  for (const std::string_view term : terms) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(term.data(), term.data() + term.size(), number);
    const bool is_number = error == std::errc{} && end == term.data() + term.size();
    const auto known = sizes.find(std::string(term));
    if (!is_number && known == sizes.end()) return std::nullopt;
    total = sum(total, sized(is_number ? number : known->second));
  }
  return total.size;
}

}  // namespace octet::graph
