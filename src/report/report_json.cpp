// The results of every call as JSON: an envelope, and the fields that include/octet/fields names.
#include "base/json_writer.hpp"
#include "octet/fields/options.hpp"
#include "octet/fields/reports.hpp"

namespace octet {
namespace {

// Indented; text that is not UTF-8 (names come from model files) is replaced, never refused.
template <typename Report>
std::string document(const Report& report) {
  base::Json out = {{"schema_version", 1}, {"octet", OCTET_VERSION}};
  base::write_fields(out, report);
  return out.dump(2, ' ', false, base::Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string to_json(const QuantizeReport& report) {
  return document(report);
}
std::string to_json(const Inspection& inspection) {
  return document(inspection);
}
std::string to_json(const SensitivityReport& report) {
  return document(report);
}
std::string to_json(const TuneReport& report) {
  return document(report);
}
std::string to_json(const ParityReport& report) {
  return document(report);
}
std::string to_json(const BenchReport& report) {
  return document(report);
}
std::string to_json(const ExportReport& report) {
  return document(report);
}
std::string to_json(const VersionInfo& info) {
  return document(info);
}

}  // namespace octet
