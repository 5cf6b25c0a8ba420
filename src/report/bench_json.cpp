#include "octet/bench.hpp"
#include "report/json_writer.hpp"

namespace octet {
namespace {

using report::Json;
using report::number;

Json to_object(const ModelCost& c) {
  return {{"model", c.model},
          {"file_bytes", c.file_bytes},
          {"load_ms", number(c.load_ms)},
          {"peak_memory_bytes", c.peak_memory_bytes}};
}

Json to_object(const LatencySummary& l) {
  return {{"runs", l.runs},
          {"calls_per_sample", l.calls_per_sample},
          {"p50_us", number(l.p50_us)},
          {"p90_us", number(l.p90_us)},
          {"p99_us", number(l.p99_us)},
          {"min_us", number(l.min_us)},
          {"mean_us", number(l.mean_us)},
          {"throughput_per_s", number(l.throughput_per_s)},
          {"samples_us", l.samples_us}};
}

Json to_object(const BatchComparison& b) {
  return {{"batch", b.batch},
          {"ratio", number(b.ratio)},
          {"ratio_low", number(b.ratio_low)},
          {"ratio_high", number(b.ratio_high)},
          {"verdict", b.verdict},
          {"baseline", to_object(b.baseline)},
          {"candidate", to_object(b.candidate)}};
}

}  // namespace

std::string to_json(const BenchReport& r) {
  Json out = report::envelope();
  out["verdict"] = r.verdict;
  out["max_abs_diff"] = number(r.max_abs_diff);
  out["baseline"] = to_object(r.baseline);
  out["candidate"] = to_object(r.candidate);
  out["batches"] = Json::array();
  for (const BatchComparison& batch : r.batches) out["batches"].push_back(to_object(batch));
  out["data"] = r.data;
  out["cpu"] = r.cpu;
  out["threads"] = r.threads;
  out["runtime_version"] = r.runtime_version;
  out["warnings"] = r.warnings;
  return report::dump(out);
}

}  // namespace octet
