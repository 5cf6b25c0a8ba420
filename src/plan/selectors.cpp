#include "plan/selectors.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <functional>
#include <regex>

#include "octet/error.hpp"
#include "plan/nearest_name.hpp"

namespace octet::plan {
namespace {

using Match = std::function<bool(const onnx::NodeView& view, const std::string& label)>;

Match parse(const std::string& selector, std::string_view option) {
  if (selector.rfind("op:", 0) == 0) {
    const std::string type = selector.substr(3);
    return [type](const onnx::NodeView& view, const std::string&) { return view.op_type == type; };
  }
  if (selector.size() > 2 && selector.front() == '/' && selector.back() == '/') {
    try {
      const std::regex pattern(selector.substr(1, selector.size() - 2));
      return [pattern](const onnx::NodeView& view, const std::string& label) {
        return std::regex_search(view.name.begin(), view.name.end(), pattern) ||
               std::regex_search(label, pattern);
      };
    } catch (const std::regex_error& error) {
      throw Error(ErrorCode::invalid_argument, fmt::format("{} {}: not a regular expression: {}",
                                                           option, selector, error.what()));
    }
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
