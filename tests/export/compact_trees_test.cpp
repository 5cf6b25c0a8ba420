// --trees v5: the compact operator answers as the wide one does.
#include <gtest/gtest.h>

#include <cstring>

#include "export/emit_trees.hpp"
#include "export/golden.hpp"
#include "export/probes.hpp"
#include "export/proof.hpp"
#include "octet/error.hpp"
#include "support/trained_models.hpp"

namespace octet::test {
namespace {

namespace fs = std::filesystem;

class CompactTrees : public ::testing::Test {
 protected:
  void SetUp() override {
    if (ort_library().empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
    RuntimeOptions options;
    options.library = ort_library();
    library_ = runtime::load_library(options);
  }

  struct Pair {
    bool is_compact = false;
    std::size_t wide_bytes = 0;
    std::size_t compact_bytes = 0;
    bool equal_bits = true;
    std::size_t wrong_rows = 0;
  };
  [[nodiscard]] Pair both(const translate::Model& model) const {
    Pair out;
    std::string why;
    out.is_compact = exporting::can_be_compact(model.program, why);
    if (!out.is_compact) return out;
    const auto precisions = steps::precisions_of(model.program, false);
    const std::string wide = exporting::emit(model.program, precisions, {false, false});
    const std::string compact = exporting::emit(model.program, precisions, {false, true});
    out.wide_bytes = wide.size();
    out.compact_bytes = compact.size();
    const auto rows = exporting::probe_rows(model.program, 300, 1, false);
    const auto a = runtime::Session::from_bytes(library_, std::as_bytes(std::span(wide)), {});
    const auto b = runtime::Session::from_bytes(library_, std::as_bytes(std::span(compact)), {});
    const auto feeds = exporting::feeds_of(model.program, rows, false);
    const auto from_a = a.run(feeds);
    const auto from_b = b.run(feeds);
    for (std::size_t i = 0; i < from_a.size(); ++i) {
      const auto& x = from_a[i].tensor.bytes;
      const auto& y = from_b[i].tensor.bytes;
      out.equal_bits =
          out.equal_bits && x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size()) == 0;
    }
    out.wrong_rows = exporting::compare(model.program, precisions, rows, b, {}).wrong_rows;
    return out;
  }

  std::shared_ptr<const runtime::Library> library_;
};

TEST_F(CompactTrees, AnswerBitForBitWhereAForestHasOneNumberALeaf) {
  if (trained_folder().empty()) GTEST_SKIP() << "no trained models: set OCTET_TRAINED";
  std::size_t wide = 0;
  std::size_t compact = 0;
  int count = 0;
  for (const char* part : {"sklearn/1.4.2", "xgboost/3.0.0", "lightgbm"}) {
    for (const auto& entry : fs::directory_iterator(trained_folder() / part)) {
      const std::string name = entry.path().filename();
      if (!name.ends_with(".joblib") && !name.ends_with(".ubj") && !name.ends_with(".txt"))
        continue;
      Pair pair;
      bool has_shares = false;
      try {
        const translate::Model model = read_trained(entry.path());
        pair = both(model);
        for (const steps::Step& step : model.program.steps) {
          const auto* trees = std::get_if<steps::Trees>(&step.operation);
          has_shares = has_shares || (trees != nullptr && trees->forest->leaf_weights == 2);
        }
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::unsupported) << name << ": " << error.what();
        continue;
      }
      if (!pair.is_compact) continue;
      EXPECT_EQ(pair.wrong_rows, 0U) << name;
      if (!has_shares) {
        EXPECT_TRUE(pair.equal_bits) << name;
      }
      wide += pair.wide_bytes;
      compact += pair.compact_bytes;
      ++count;
    }
  }
  EXPECT_GT(count, 60);
  EXPECT_LT(compact, wide * 6 / 10);
}

TEST_F(CompactTrees, OfOneLeafKeepTheirNumber) {
  std::string text = lightgbm_stump;
  // A second tree that is a constant.
  const std::string constant =
      "Tree=1\nnum_leaves=1\nnum_cat=0\nsplit_feature=\nsplit_gain=\nthreshold=\ndecision_type=\n"
      "left_child=\nright_child=\nleaf_value=40\nis_linear=0\nshrinkage=1\n\n\n";
  text.insert(text.find("end of trees"), constant);
  const translate::Model model =
      translate::read_model(std::as_bytes(std::span(text)), nullptr, "model.txt");
  const Pair pair = both(model);
  EXPECT_TRUE(pair.is_compact);
  EXPECT_TRUE(pair.equal_bits);
  EXPECT_EQ(pair.wrong_rows, 0U);
}

}  // namespace
}  // namespace octet::test
