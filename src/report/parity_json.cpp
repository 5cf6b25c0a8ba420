#include "octet/parity.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "octet/error.hpp"
#include "report/json_writer.hpp"

namespace octet {
namespace {

using report::Json;
using report::number;

Json share(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_object(const OutputParity& o) {
  return {{"name", o.name},
          {"type", o.type},
          {"shape", o.shape},
          {"elements", o.elements},
          {"max_abs_diff", number(o.max_abs_diff)},
          {"mean_abs_diff", number(o.mean_abs_diff)},
          {"rmse", number(o.rmse)},
          {"cosine_similarity", number(o.cosine_similarity)},
          {"sqnr_db", number(o.sqnr_db)},
          {"label_agreement", share(o.label_agreement)},
          {"clear_agreement", share(o.clear_agreement)},
          {"reference_rms", number(o.reference_rms)},
          {"reference_max_abs", number(o.reference_max_abs)},
          {"rule", o.rule},
          {"failure", o.failure},
          {"worst_row", o.worst_row},
          {"worst_reference", number(o.worst_reference)},
          {"worst_candidate", number(o.worst_candidate)},
          {"passed", o.passed}};
}

}  // namespace

std::string to_json(const ParityReport& r) {
  Json out = report::envelope();
  out["reference"] = r.reference;
  out["candidate"] = r.candidate;
  out["data"] = r.data;
  out["made_up"] = r.made_up;
  out["rows"] = r.rows;
  out["abs_tol"] = number(r.abs_tol);
  out["mean_tol"] = number(r.mean_tol);
  out["max_abs_diff"] = number(r.max_abs_diff);
  out["mean_abs_diff"] = number(r.mean_abs_diff);
  out["label_agreement"] = share(r.label_agreement);
  out["required_abs_tol"] = number(r.required_abs_tol);
  out["required_mean_tol"] = number(r.required_mean_tol);
  out["passed"] = r.passed;
  out["outputs"] = Json::array();
  for (const OutputParity& output : r.outputs) out["outputs"].push_back(to_object(output));
  out["warnings"] = r.warnings;
  out["next_step"] = r.next_step;
  out["runtime_version"] = r.runtime_version;
  return report::dump(out);
}

ParityVerdict verdict_from_json(std::string_view text, std::string_view label) {
  const Json report = base::parse_json(text, label);
  const auto passed = report.find("passed");
  const auto candidate = report.find("candidate");
  if (!report.is_object() || passed == report.end() || !passed->is_boolean() ||
      candidate == report.end() || !candidate->is_string()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: not a parity report; octet parity writes one", label));
  }
  return {candidate->get<std::string>(), passed->get<bool>()};
}

}  // namespace octet
