#include "octet/export.hpp"

#include <span>
#include <string>

#include "export/exported.hpp"
#include "octet/files.hpp"

namespace octet {

ExportReport export_model(const ModelSource& source, const std::filesystem::path& output,
                          const ExportOptions& options) {
  ExportReport report;
  report.output = output.string();
  FileRoles roles;
  if (source.path() != nullptr) roles.inputs.push_back(*source.path());
  roles.inputs.insert(roles.inputs.end(), options.data.files.begin(), options.data.files.end());
  if (!options.expect.empty()) roles.inputs.push_back(options.expect);
  roles.outputs = {output};
  check(roles);
  const std::string bytes = exporting::exported(source, options, report);
  if (!bytes.empty()) write_text(output, bytes, roles);
  return report;
}

ExportedBytes export_bytes(const ModelSource& source, const ExportOptions& options) {
  ExportedBytes out;
  const std::string bytes = exporting::exported(source, options, out.report);
  const auto view = std::as_bytes(std::span(bytes));
  out.bytes.assign(view.begin(), view.end());
  return out;
}

}  // namespace octet
