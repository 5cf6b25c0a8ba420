// --include and --exclude: names, globs, /regex/, op:Type.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "forms/survey.hpp"

namespace octet::plan {

// Which nodes a list of selectors means. A node is matched by its name or by its label in plans.
class Selection {
 public:
  // Throws Error{invalid_argument} when a selector is malformed or matches no node; the message has
  // the nearest name. `option` ("--exclude") opens it.
  Selection(const forms::Survey& survey, const std::vector<std::string>& selectors,
            std::string_view option);
  [[nodiscard]] bool contains(graph::NodeId node) const { return chosen_[node]; }

 private:
  std::vector<bool> chosen_;
};

}  // namespace octet::plan
