// XGBoost's and LightGBM's own predictions against the exported model's and the predictor's.
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "export/golden.hpp"
#include "export/probes.hpp"
#include "export/proof.hpp"
#include "octet/error.hpp"

namespace octet::test {
namespace {

namespace fs = std::filesystem;

// Booster.predict gives one number of binary models, XGBClassifier.predict_proba both.
double apart(const Answers& found, const Json& golden) {
  if (const auto at = found.find("variable"))
    return worst_of(found.numbers[*at], golden.at("predict"));
  std::vector<double> truth;
  flatten(golden.contains("predict_proba") ? golden.at("predict_proba") : golden.at("predict"),
          truth);
  const auto label = found.numbers.at(*found.find("label"));
  const auto at = found.find("probabilities");
  const bool by_wrapper = golden.at("name").get<std::string>().find("sk_") != std::string::npos;
  if (!at || (by_wrapper && !golden.contains("predict_proba")))
    return worst_of(label, golden.at("predict"));
  const std::vector<double>& p = found.numbers[*at];
  if (p.size() == truth.size()) return worst_of(p, Json(truth));
  if (p.size() != 2 * truth.size()) return worst_of(label, golden.at("predict"));
  std::vector<double> second;
  for (std::size_t i = 1; i < p.size(); i += 2) second.push_back(p[i]);
  return worst_of(second, Json(truth));
}

class Boosters : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (trained_folder().empty()) GTEST_SKIP() << "no trained models: set OCTET_TRAINED";
    if (ort_library().empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  }
};

const std::set<std::string> refused = {"lgb_linear"};  // linear_tree

TEST_P(Boosters, PredictWhatTheExportedModelPredicts) {
  RuntimeOptions options;
  options.library = ort_library();
  const auto library = runtime::load_library(options);
  int good = 0;
  int all = 0;
  for (const auto& entry : fs::directory_iterator(trained_folder() / GetParam())) {
    const std::string file = entry.path().filename();
    const std::string name = file.substr(0, file.find('.'));
    const std::string kind = file.substr(name.size());
    if (kind != ".json" && kind != ".ubj" && kind != ".txt" && kind != ".joblib") continue;
    ++all;
    try {
      const translate::Model model = read_trained(entry.path());
      const auto precisions = steps::precisions_of(model.program, false);
      const std::string bytes = exporting::emit(model.program, precisions);
      const auto session =
          runtime::Session::from_bytes(library, std::as_bytes(std::span(bytes)), {.label = file});
      double worst = 0;
      double worst_predictor = 0;
      for (const char* recorded : {".pred.json", ".adv.json"}) {
        const fs::path path = entry.path().parent_path() / (name + recorded);
        if (!fs::exists(path)) continue;
        const Json golden = Json::parse(std::ifstream(path));
        if (!golden.contains("predict")) continue;
        const steps::Rows rows = rows_of(golden.at("inputs"), model.program);
        worst = std::max(
            worst, apart(answers_of(session.run(exporting::feeds_of(model.program, rows, false))),
                         golden));
        worst_predictor = std::max(
            worst_predictor,
            apart(answers_of(model.program, steps::predict(model.program, precisions, rows)),
                  golden));
      }
      EXPECT_LT(worst, 2e-6) << file;
      EXPECT_LT(worst_predictor, 2e-6) << file;
      good += worst < 2e-6 ? 1 : 0;
      const auto agreement =
          exporting::compare(model.program, precisions,
                             exporting::probe_rows(model.program, 300, 1, false), session, {});
      EXPECT_EQ(agreement.wrong_rows, 0U) << file << ": " << agreement.first_wrong;
    } catch (const Error& error) {
      EXPECT_TRUE(refused.contains(name)) << file << ": " << error.what();
    } catch (const std::exception& error) {
      ADD_FAILURE() << file << ": " << error.what();
    }
  }
  std::printf("%s: %d of %d\n", GetParam(), good, all);
}

INSTANTIATE_TEST_SUITE_P(Versions, Boosters,
                         ::testing::Values("xgboost/1.7.4", "xgboost/3.0.0", "lightgbm"));

}  // namespace
}  // namespace octet::test
