// Reports as a page for a browser.
#pragma once

#include <string>
#include <vector>

namespace octet {

// A report as to_json() wrote it, and where it is from, for messages.
struct ReportDocument {
  std::string label;
  std::string json;
};

// One HTML file that needs nothing else: no network, light and dark, narrow screens, printable. The
// verdict first; then what each document says, quantize's before parity's before bench's. Text from
// models and files is escaped. `command` is what made them, "" when nobody knows. Throws
// Error{invalid_data} for a document that is no report of quantize, parity or bench.
[[nodiscard]] std::string html_page(const std::vector<ReportDocument>& documents,
                                    const std::string& command = "");

}  // namespace octet
