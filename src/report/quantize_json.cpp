#include "octet/inspect.hpp"
#include "octet/quantize.hpp"
#include "report/json_writer.hpp"

namespace octet {
namespace {

using report::Json;

std::string_view name_of(Proof::Status status) {
  switch (status) {
    case Proof::Status::passed:
      return "passed";
    case Proof::Status::loaded_only:
      return "loaded_only";
    case Proof::Status::skipped:
      break;
  }
  return "skipped";
}

Json to_object(const ValueSummary& v) {
  return {{"name", v.name}, {"type", v.type}, {"shape", v.shape}};
}

}  // namespace

std::string to_json(const QuantizeReport& r) {
  Json out = report::envelope();
  out["input"] = r.input;
  out["output"] = r.output;
  out["written"] = r.written;
  out["unchanged"] = r.unchanged;
  out["detail"] = r.detail;
  out["bytes_before"] = r.bytes_before;
  out["bytes_after"] = r.bytes_after;
  out["weight_bytes_before"] = r.weight_bytes_before;
  out["weight_bytes_after"] = r.weight_bytes_after;
  out["seconds"] = r.seconds;
  out["proof_seconds"] = r.proof_seconds;
  out["proof"] = {{"status", name_of(r.proof.status)},
                  {"detail", r.proof.detail},
                  {"runtime_version", r.proof.runtime_version}};
  if (r.proof.max_abs_diff) out["proof"]["max_abs_diff"] = report::number(*r.proof.max_abs_diff);
  out["warnings"] = r.warnings;
  out["plan"] = Json::parse(to_json(r.plan));
  return report::dump(out);
}

std::string to_json(const Inspection& i) {
  Json out = report::envelope();
  out["model"] = i.model;
  out["ir_version"] = i.ir_version;
  out["producer"] = i.producer;
  out["opsets"] = Json::object();
  for (const auto& [domain, version] : i.opsets) out["opsets"][domain] = version;
  out["file_bytes"] = i.file_bytes;
  out["inputs"] = Json::array();
  for (const ValueSummary& value : i.inputs) out["inputs"].push_back(to_object(value));
  out["outputs"] = Json::array();
  for (const ValueSummary& value : i.outputs) out["outputs"].push_back(to_object(value));
  out["operators"] = Json::object();
  for (const auto& [op, count] : i.operators) out["operators"][op] = count;
  out["weights"] = Json::array();
  for (const WeightSummary& w : i.weights) {
    out["weights"].push_back({{"name", w.name},
                              {"type", w.type},
                              {"shape", w.shape},
                              {"bytes", w.bytes},
                              {"where", w.where}});
  }
  out["plan"] = Json::parse(to_json(i.plan));
  return report::dump(out);
}

}  // namespace octet
