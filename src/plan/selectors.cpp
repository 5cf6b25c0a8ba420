#include "plan/selectors.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <functional>
#include <regex>

#include "octet/error.hpp"
#include "octet/nearest_name.hpp"

namespace octet::plan {
namespace {

// std::regex recurses with every letter it looks at: longer ones would overflow the stack.
constexpr std::size_t longest_pattern = 1000;
constexpr std::size_t longest_text = 2000;

using Match = std::function<bool(const onnx::NodeView& view, const std::string& label)>;

// An expression between slashes, tried on names of bounded length.
class Expression {
 public:
  Expression(const std::string& selector, std::string_view option)
      : place_(fmt::format("{} {}", option, selector.substr(0, longest_pattern))) {
    if (selector.size() > longest_pattern) {
      fail(fmt::format("a regular expression of {} characters; {} are taken", selector.size(),
                       longest_pattern));
    }
    try {
      pattern_ = selector.substr(1, selector.size() - 2);
    } catch (const std::regex_error& error) {
      fail(fmt::format("not a regular expression: {}", error.what()));
    }
  }
  [[nodiscard]] bool matches(std::string_view text) const {
    if (text.size() > longest_text) {
      fail(
          fmt::format("the name of a node has {} characters, and a regular expression is tried on "
                      "{}; use a glob such as \"*end\"",
                      text.size(), longest_text));
    }
    try {
      return std::regex_search(text.begin(), text.end(), pattern_);
    } catch (const std::regex_error& error) {
      fail(fmt::format("too hard to match: {}", error.what()));
    }
  }

 private:
  [[noreturn]] void fail(const std::string& fact) const {
    throw Error(ErrorCode::invalid_argument, fmt::format("{}: {}", place_, fact));
  }
  std::string place_;
  std::regex pattern_;
};

Match parse(const std::string& selector, std::string_view option) {
  if (selector.rfind("op:", 0) == 0) {
    const std::string type = selector.substr(3);
    return [type](const onnx::NodeView& view, const std::string&) { return view.op_type == type; };
  }
  if (selector.size() > 2 && selector.front() == '/' && selector.back() == '/') {
    return [expression = Expression(selector, option)](const onnx::NodeView& view,
                                                       const std::string& label) {
      return expression.matches(view.name) || expression.matches(label);
    };
  }
  if (selector.find_first_of("*?[") != std::string::npos) {
    return [selector](const onnx::NodeView& view, const std::string& label) {
      return std::string_view(selector) == view.name ||
             ::fnmatch(selector.c_str(), std::string(view.name).c_str(), 0) == 0 ||
             ::fnmatch(selector.c_str(), label.c_str(), 0) == 0;
    };
  }
  return [selector](const onnx::NodeView& view, const std::string& label) {
    return view.name == selector || label == selector;
  };
}

[[noreturn]] void matched_nothing(const graph::Graph& graph, const forms::NodeLabels& labels,
                                  const std::string& selector, std::string_view option) {
  const bool by_type = selector.rfind("op:", 0) == 0;
  std::vector<std::string> names;
  for (graph::NodeId id = 0; id < graph.nodes().size(); ++id) {
    names.push_back(by_type ? "op:" + std::string(graph.node(id).view.op_type) : labels.of(id));
  }
  const std::string nearest = nearest_name(selector, names);
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{}: {} \"{}\" matches no node; {}", graph.label(), option, selector,
                          nearest.empty() ? "`octet inspect` lists the names"
                                          : fmt::format("did you mean \"{}\"?", nearest)));
}

}  // namespace

Selection::Selection(const forms::Survey& survey, const std::vector<std::string>& selectors,
                     std::string_view option)
    : chosen_(survey.graph().nodes().size(), false) {
  const graph::Graph& graph = survey.graph();
  const forms::NodeLabels& labels = survey.labels();
  for (const std::string& selector : selectors) {
    const Match match = parse(selector, option);
    bool any = false;
    for (graph::NodeId id = 0; id < graph.nodes().size(); ++id) {
      if (!match(graph.node(id).view, labels.of(id))) continue;
      chosen_[id] = true;
      any = true;
    }
    if (!any) matched_nothing(graph, labels, selector, option);
  }
}

}  // namespace octet::plan
