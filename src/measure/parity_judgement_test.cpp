#include "measure/parity_judgement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include <limits>

#include "octet/error.hpp"

namespace octet::measure {
namespace {

using ::testing::HasSubstr;

OutputParity output(const char* name, const char* type, double max, double mean) {
  OutputParity out;
  out.name = name;
  out.type = type;
  out.max_abs_diff = max;
  out.mean_abs_diff = mean;
  out.reference_max_abs = 1;  // bounded and loud, unless a test says otherwise
  out.reference_rms = 0.5;
  out.sqnr_db = 40;
  return out;
}

ParityReport judged(std::vector<OutputParity> outputs) {
  ParityReport report;
  report.outputs = std::move(outputs);
  judge(report, {});
  return report;
}

TEST(Judge, PassesAtTheTolerance) {
  const auto report = judged({output("y", "float32", 0.04, 0.01)});
  EXPECT_TRUE(report.passed);
  EXPECT_EQ(report.next_step, "");
}

TEST(Judge, NamesWhatFailedAndTheToleranceThatWouldHavePassed) {
  const auto report =
      judged({output("good", "float32", 0.01, 0.001), output("bad", "float32", 0.061234, 0.002)});
  EXPECT_FALSE(report.passed);
  EXPECT_TRUE(report.outputs[0].passed);
  EXPECT_FALSE(report.outputs[1].passed);
  EXPECT_EQ(report.required_abs_tol, 0.061234);
  EXPECT_THAT(report.reason, HasSubstr("output \"bad\""));
  EXPECT_THAT(report.reason, ::testing::Not(HasSubstr("good")));
  EXPECT_THAT(report.next_step, HasSubstr("--abs-tol 0.0613 --mean-tol 0.01;"));
  EXPECT_EQ(report.outputs[1].rule, "bounded");
  EXPECT_THAT(report.next_step, HasSubstr("--exclude"));
}

TEST(Judge, TheMeanAloneCanFail) {
  const auto report = judged({output("y", "float16", 0.03, 0.02)});
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(report.reason, HasSubstr("mean_abs_diff 0.02"));
  EXPECT_THAT(report.next_step, HasSubstr("--abs-tol 0.04 --mean-tol 0.02"));
}

TEST(Judge, AdviceEndsWhateverTheTolerances) {
  for (const double given :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::max(),
        std::numeric_limits<double>::denorm_min()}) {
    ParityReport report;
    report.outputs = {output("y", "float32", 1, 1)};
    Tolerances options;
    options.abs_tol = given;
    options.mean_tol = 0;
    judge(report, options);
    EXPECT_FALSE(report.passed);
  }
  EXPECT_THAT(judged({output("y", "float32", 5e-324, 0.02)}).next_step, HasSubstr("--abs-tol"));
}

TEST(Judge, NoToleranceForgivesNan) {
  const double inf = std::numeric_limits<double>::infinity();
  const auto report = judged({output("y", "float32", inf, inf)});
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(report.next_step, HasSubstr("no tolerance passes"));
}

TEST(Judge, LabelsFailThroughTheirAgreementOnly) {
  OutputParity label = output("label", "int64", 1, 0.04);
  label.label_agreement = 0.96;
  EXPECT_TRUE(judged({label}).passed);
  EXPECT_EQ(judged({label}).max_abs_diff, 0);
  label.label_agreement = 0.94;
  const auto report = judged({label});
  EXPECT_FALSE(report.passed);
  EXPECT_EQ(report.label_agreement, 0.94);
  EXPECT_THAT(report.reason, HasSubstr("94.00 % of the labels agree"));
}

OutputParity unbounded(double rms, double sqnr_db) {
  OutputParity out = output("y", "float32", 1e4, 1e3);
  out.reference_max_abs = 10 * rms;
  out.reference_rms = rms;
  out.sqnr_db = sqnr_db;
  return out;
}

TEST(Judge, LargeValuesAreJudgedByTheirSignal) {
  EXPECT_TRUE(judged({unbounded(1e5, 30)}).passed);  // boxes in pixels, prices
  EXPECT_EQ(judged({unbounded(1e5, 30)}).outputs[0].rule, "signal");
  const auto report = judged({unbounded(1e5, 14.9)});
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(report.outputs[0].failure, HasSubstr("14.9 dB above the error, 15 are asked for"));
}

TEST(Judge, AQuietOutputIsJudgedByItsSignalToo) {
  OutputParity quiet = output("y", "float32", 0.01, 0.001);
  quiet.reference_max_abs = 0.03;
  quiet.reference_rms = 0.01;
  quiet.sqnr_db = 0;  // a candidate that answers zeros
  EXPECT_FALSE(judged({quiet}).passed);
  quiet.sqnr_db = 25;
  EXPECT_TRUE(judged({quiet}).passed);
}

TEST(Judge, AClearArgmaxMustAgreeWhateverTheRule) {
  for (OutputParity scores : {unbounded(10, 20), output("y", "float32", 0.01, 0.001)}) {
    scores.label_agreement = 0.5;  // near-ties among them
    scores.clear_agreement = 0.96;
    EXPECT_TRUE(judged({scores}).passed);
    scores.clear_agreement = 0.94;
    EXPECT_FALSE(judged({scores}).passed);
  }
}

TEST(Judge, WhatIsGivenIsAllThatCounts) {
  ParityReport report;
  report.outputs = {unbounded(1e5, 1)};
  report.outputs[0].clear_agreement = 0.1;
  report.outputs[0].cosine_similarity = 0.8;
  Tolerances options;
  options.abs_tol = 1e4;
  judge(report, options);
  EXPECT_TRUE(report.passed);
  EXPECT_EQ(report.outputs[0].rule, "given");
  options.min_cosine = 0.9;
  judge(report, options);
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(report.outputs[0].failure, HasSubstr("cosine_similarity 0.8"));
}

TEST(Judge, SaysWhatTheRuleAllowsForTheseValues) {
  EXPECT_EQ(judged({output("y", "float32", 0, 0)}).outputs[0].allowed_max_abs_diff, 0.04);
  EXPECT_NEAR(*judged({unbounded(1e3, 30)}).outputs[0].allowed_rmse, 177.82794100389228, 1e-9);
  ParityReport report;
  report.outputs = {unbounded(1e3, 30)};
  Tolerances tolerances;
  tolerances.rel_tol = 0.1;
  tolerances.min_sqnr_db = 40;
  judge(report, tolerances);
  EXPECT_NEAR(*report.outputs[0].allowed_rmse, 10, 1e-9);  // the tighter of the two
  EXPECT_FALSE(report.outputs[0].allowed_max_abs_diff);
}

TEST(Judge, NothingComparedIsNoProof) {
  EXPECT_FALSE(judged({}).passed);
  EXPECT_EQ(judged({}).verdict, "incomplete");
}

TEST(Judge, WhatCannotBeComparedIsNoYesAndNoZero) {
  OutputParity unknown = output("mask", "undefined", std::nan(""), std::nan(""));
  unknown.not_compared = "it is a sparse tensor";
  const auto report = judged({output("y", "float32", 0.01, 0.001), unknown});
  EXPECT_FALSE(report.passed);
  EXPECT_EQ(report.verdict, "incomplete");
  EXPECT_THAT(report.reason, HasSubstr("output \"mask\": not compared: it is a sparse tensor"));
  EXPECT_EQ(report.max_abs_diff, 0.01);
  EXPECT_TRUE(report.outputs[0].passed);
  EXPECT_FALSE(report.outputs[1].passed);
}

TEST(Judge, AFailureCountsMoreThanWhatCannotBeCompared) {
  OutputParity unknown = output("mask", "undefined", std::nan(""), std::nan(""));
  unknown.not_compared = "it is a sparse tensor";
  EXPECT_EQ(judged({output("y", "float32", 0.5, 0.1), unknown}).verdict, "failed");
}

TEST(Judge, RefusesAToleranceThatIsNoNumber) {
  Tolerances options;
  options.mean_tol = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(check_tolerances(options), Error);
}

}  // namespace
}  // namespace octet::measure
