// One model gives the same ONNX whatever it was stored in; hostile files give none.
#include <gtest/gtest.h>

#include <map>

#include "export/golden.hpp"
#include "octet/error.hpp"

namespace octet::test {
namespace {

namespace fs = std::filesystem;

class Containers : public ::testing::Test {
 protected:
  void SetUp() override {
    if (trained_folder().empty()) GTEST_SKIP() << "no trained models: set OCTET_TRAINED";
  }
};

std::string exported(const fs::path& path) {
  const translate::Model model = read_trained(path);
  return exporting::emit(model.program, steps::precisions_of(model.program, false));
}

TEST_F(Containers, GiveTheSameBytes) {
  std::map<std::string, std::string> of_model;
  int files = 0;
  for (const auto& entry : fs::directory_iterator(trained_folder() / "variants" / "1.4.2")) {
    const std::string file = entry.path().filename();
    const std::string name = file.substr(0, file.find('.'));
    if (name.starts_with("tfidf_ngram") || name.starts_with("tfidf_char")) continue;
    const std::string bytes = exported(entry.path());
    const auto [at, is_new] = of_model.emplace(name, bytes);
    EXPECT_EQ(at->second, bytes) << file;
    if (is_new) {
      EXPECT_EQ(exported(trained_folder() / "sklearn" / "1.4.2" / (name + ".joblib")), bytes);
    }
    ++files;
  }
  EXPECT_GT(files, 100);
  EXPECT_GT(of_model.size(), 5U);
}

TEST_F(Containers, OfXgboostGiveTheSameBytesInJsonAndUbjson) {
  int pairs = 0;
  for (const auto& entry : fs::directory_iterator(trained_folder() / "xgboost" / "3.0.0")) {
    if (entry.path().extension() != ".ubj") continue;
    fs::path json = entry.path();
    EXPECT_EQ(exported(json.replace_extension(".json")), exported(entry.path())) << entry.path();
    ++pairs;
  }
  EXPECT_GT(pairs, 20);
}

TEST_F(Containers, ThatAreHostileGiveNoModel) {
  for (const auto& entry : fs::directory_iterator(trained_folder() / "hostile")) {
    const std::string name = entry.path().filename();
    if (name == "cloudpickle_plain.pkl") continue;  // an honest pipeline
    EXPECT_THROW((void)exported(entry.path()), Error) << name;
  }
  EXPECT_FALSE(fs::exists(fs::temp_directory_path() / "PWNED_BY_PICKLE"));
}

TEST_F(Containers, ThatNobodyReadsAreRefusedByName) {
  try {
    (void)exported(trained_folder() / "xgboost" / "3.0.0" / "xgb_bin.deprecated");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_NE(std::string_view(error.what()).find("old binary format"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace octet::test
