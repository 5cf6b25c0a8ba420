// --json: one document on standard output, with the fields that include/octet names, and no word
// besides.
#include "cli/fixture.hpp"

namespace octet::test {
namespace {

class JsonAnswer : public ProgramTest {
 protected:
  void SetUp() override { put_digits(); }
};
class JsonAnswerOfARun : public ProgramRunTest {
 protected:
  void SetUp() override {
    ProgramRunTest::SetUp();
    if (!IsSkipped()) put_digits();
  }
};

// Every report opens alike.
Words with_envelope(Words fields) {
  fields.insert(fields.begin(), {"schema_version", "octet"});
  return fields;
}

void expect_fields(const Json& object, Words expected) {
  Words found = fields_of(object);
  std::sort(found.begin(), found.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(found, expected);
}

void expect_plan(const Json& plan) {
  expect_fields(plan, {"version", "target", "decisions"});
  EXPECT_EQ(plan["decisions"].size(), 8U);
  for (const Json& decision : plan["decisions"]) {
    expect_fields(decision, {"node", "op", "form", "ops", "weights", "reason", "detail"});
    ASSERT_EQ(decision["weights"].size(), 1U);
    expect_fields(decision["weights"][0], {"input", "name", "type", "shape", "storage",
                                           "granularity", "range", "bytes_before", "bytes_after"});
  }
}

TEST_F(JsonAnswer, OfQuantizeHasTheFieldsOfItsReport) {
  const Json report = document(octet({"quantize", "digits.onnx", "--json", "--no-proof"}));
  for (const char* field :
       {"input", "output", "data_file", "written", "unchanged", "detail", "bytes_before",
        "bytes_after", "weight_bytes_before", "weight_bytes_after", "weights", "small_weight_bytes",
        "int8_share", "shortfall", "seconds", "proof_seconds", "proof", "warnings", "plan"}) {
    EXPECT_TRUE(report.contains(field)) << field;
  }
  EXPECT_EQ(report["schema_version"], 1);
  EXPECT_EQ(report["input"], "digits.onnx");
  EXPECT_EQ(report["output"], "digits.int8.onnx");
  EXPECT_EQ(report["bytes_before"], fs::file_size(folder_ / "digits.onnx"));
  EXPECT_EQ(report["bytes_after"], fs::file_size(folder_ / "digits.int8.onnx"));
  EXPECT_EQ(report["proof"]["status"], "skipped");
  expect_plan(report["plan"]);
}

TEST_F(JsonAnswer, OfInspectHasTheModelAndThePlan) {
  const Json inside = document(octet({"inspect", "digits.onnx", "--json"}));
  expect_fields(inside, with_envelope({"model", "ir_version", "producer", "opsets", "file_bytes",
                                       "inputs", "outputs", "operators", "weights", "plan"}));
  EXPECT_EQ(inside["ir_version"], 8);
  EXPECT_EQ(inside["producer"], "skl2onnx");
  EXPECT_EQ(inside["opsets"], Json::parse(R"({"ai.onnx": 15, "ai.onnx.ml": 1})"));
  EXPECT_EQ(inside["operators"]["MatMul"], 3);
  EXPECT_EQ(inside["inputs"][0]["shape"], (Words{"batch", "64"}));
  expect_fields(inside["weights"][0],
                {"name", "type", "shape", "bytes", "where", "form", "storage", "reason"});
  EXPECT_EQ(inside["weights"][0]["name"], "coefficient1");
  expect_plan(inside["plan"]);
}

TEST_F(JsonAnswer, OfInspectHasThePlanThatQuantizeCarriesOut) {
  for (const Words& more :
       {Words{}, Words{"--per-tensor"}, Words{"--exclude", "MatMul", "--ops", "standard"}}) {
    Words look = {"inspect", "digits.onnx", "--json"};
    Words act = {"quantize", "digits.onnx", "--json", "--no-proof"};
    look.insert(look.end(), more.begin(), more.end());
    act.insert(act.end(), more.begin(), more.end());
    EXPECT_EQ(document(octet(look))["plan"], document(octet(act))["plan"]);
  }
}

TEST_F(JsonAnswer, OfVersionSaysWhatRunsHere) {
  const Json version = document(octet({"version", "--json"}));
  expect_fields(
      version, with_envelope({"version", "commit", "build", "cpu_model", "cpu_arch", "cpu_features",
                              "cpu_target", "cpu_saturates", "kernels", "runtime"}));
  expect_fields(version["runtime"], {"available", "library", "version", "api_version", "problem"});
  EXPECT_EQ(version["octet"], version["version"]);
}

TEST_F(JsonAnswerOfARun, OfParityHasTheFieldsOfItsReport) {
  const Json report = document(octet({"parity", "digits.onnx", "digits.onnx", "--json"}));
  expect_fields(report, with_envelope({"reference",
                                       "candidate",
                                       "data",
                                       "made_up",
                                       "rows",
                                       "batch",
                                       "batch_coupling",
                                       "batch_coupling_rows",
                                       "abs_tol",
                                       "mean_tol",
                                       "max_abs_diff",
                                       "mean_abs_diff",
                                       "label_agreement",
                                       "required_abs_tol",
                                       "required_mean_tol",
                                       "verdict",
                                       "reason",
                                       "passed",
                                       "outputs",
                                       "tolerances",
                                       "dims",
                                       "seed",
                                       "threads",
                                       "files",
                                       "date",
                                       "warnings",
                                       "next_step",
                                       "runtime_version"}));
  ASSERT_EQ(report["outputs"].size(), 2U);
  for (const Json& output : report["outputs"]) {
    expect_fields(output, {"name",
                           "type",
                           "shape",
                           "elements",
                           "max_abs_diff",
                           "mean_abs_diff",
                           "rmse",
                           "cosine_similarity",
                           "sqnr_db",
                           "label_agreement",
                           "clear_agreement",
                           "top5_agreement",
                           "reference_rms",
                           "reference_max_abs",
                           "rule",
                           "failure",
                           "problem",
                           "not_compared",
                           "allowed_max_abs_diff",
                           "allowed_mean_abs_diff",
                           "allowed_rmse",
                           "own_noise",
                           "worst_row",
                           "worst_call",
                           "worst_input_row",
                           "worst_reference",
                           "worst_candidate",
                           "passed"});
  }
  EXPECT_EQ(report["outputs"][1]["sqnr_db"], "inf");  // a number that JSON lacks
}

TEST_F(JsonAnswerOfARun, OfBenchHasTheFieldsOfItsReport) {
  const Answer answer = octet({"bench", "digits.onnx", "digits.onnx", "--json", "--seconds", "0.01",
                               "--min-runs", "4", "--warmup", "0"});
  EXPECT_EQ(answer.code, 0) << answer.err;  // a busy machine may be warned about
  const Json report = Json::parse(answer.out);
  expect_fields(report, with_envelope({"verdict", "max_abs_diff", "baseline", "candidate",
                                       "batches", "subnormal_weights", "flushed_ratio", "data",
                                       "cpu", "threads", "runtime_version", "warnings"}));
  expect_fields(report["baseline"], {"model", "file_bytes", "load_ms", "peak_memory_bytes"});
  expect_fields(report["batches"][0],
                {"batch", "ratio", "ratio_low", "ratio_high", "control_ratio", "control_low",
                 "control_high", "verdict", "baseline", "candidate"});
  expect_fields(report["batches"][0]["candidate"],
                {"runs", "calls_per_sample", "p50_us", "p90_us", "p99_us", "min_us", "mean_us",
                 "throughput_per_s", "samples_us"});
}

}  // namespace
}  // namespace octet::test
