// What codes and words mean: the tables of docs/forms.md and docs/guide/troubleshooting.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace octet::cli {

// The pages, compiled in (cmake/explanations.cmake).
[[nodiscard]] std::string_view reasons_page();
[[nodiscard]] std::string_view troubleshooting_page();

struct Explanation {
  std::string code;
  std::string meaning;
  std::string further;  // what to do, or which forms a reason stands at
  bool is_reason = false;
};

// Every row of a table whose first column is headed "code", without Markdown's marks.
[[nodiscard]] std::vector<Explanation> explanations();

}  // namespace octet::cli
