// Pickles: what is read, what is refused, and that nothing of it is ever run.
#include "trained/pickle.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "base/mapped_file.hpp"
#include "support/claims.hpp"
#include "support/places.hpp"
#include "trained/file.hpp"

namespace octet::trained {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;
using test::refusal;
using test::says;

Pickle read(std::string_view text, const Limits& limits = {}) {
  return read_pickle(std::as_bytes(std::span(text)), nullptr, "m.pkl", limits);
}

std::string refused(std::string_view text, const Limits& limits = {}) {
  return refusal(ErrorCode::invalid_model, [&] { (void)read(text, limits); });
}

TEST(Pickle, GivesPlainValues) {
  const Pickle p =
      read("\x80\x02(K\x01J\xfe\xff\xff\xffG\x3f\xf8\0\0\0\0\0\0X\x02\0\0\0hi\x88Nt."sv);
  const auto items = p.records.items(p.root);
  ASSERT_EQ(items.size(), 6U);
  EXPECT_EQ(p.records.integer(items[0]), 1);
  EXPECT_EQ(p.records.integer(items[1]), -2);
  EXPECT_EQ(p.records.real(items[2]), 1.5);
  EXPECT_EQ(p.records.text(items[3]), "hi");
  EXPECT_TRUE(p.records.boolean(items[4]));
  EXPECT_EQ(p.records.kind(items[5]), Kind::none);
}

TEST(Pickle, OfProtocol0HasItsNumbersAndTextsAsLines) {
  const Pickle p = read("(I12\nI01\nL-7L\nF0.25\nVa\\u00e9\xe9\nS'b\\x41\\n'\nt."sv);
  const auto items = p.records.items(p.root);
  ASSERT_EQ(items.size(), 6U);
  EXPECT_EQ(p.records.integer(items[0]), 12);
  EXPECT_TRUE(p.records.boolean(items[1]));
  EXPECT_EQ(p.records.integer(items[2]), -7);
  EXPECT_EQ(p.records.real(items[3]), 0.25);
  EXPECT_EQ(p.records.text(items[4]), "a\xc3\xa9\xc3\xa9");
  EXPECT_EQ(p.records.text(items[5]), "bA\n");
}

TEST(Pickle, KeepsWhatItNamesAndCallsAsRecords) {
  const Pickle p = read("cos\nsystem\n(X\x04\0\0\0truetR."sv);
  ASSERT_EQ(p.records.kind(p.root), Kind::call);
  EXPECT_EQ(name_of(p.records, p.root), "os.system");
  const auto arguments = p.records.items(p.records.call(p.root).arguments);
  ASSERT_EQ(arguments.size(), 1U);
  EXPECT_EQ(p.records.text(arguments[0]), "true");
  EXPECT_EQ(p.records.globals().size(), 1U);
}

TEST(Pickle, LooksUpTheLastOfEqualKeys) {
  const Pickle p = read("}(X\x01\0\0\0aK\x01X\x01\0\0\0aK\x02u."sv);
  EXPECT_EQ(p.records.integer(p.records.find(p.root, "a")), 2);
  EXPECT_EQ(p.records.find(p.root, "b"), no_ref);
}

TEST(Pickle, RefusesWhatFollowsItsEnd) {
  EXPECT_TRUE(says(refused("K\x01.K\x02."sv), "m.pkl: byte 2 of the pickle: the pickle ends here"));
}

TEST(Pickle, RefusesLengthsBeyondItsEnd) {
  EXPECT_TRUE(says(refused("\x8e\xff\xff\xff\xff\xff\xff\xff\xff"sv), "only 0 do"));
  EXPECT_TRUE(says(refused("X\xff\0\0\0abc."sv), "255 bytes are said to follow, but only 4 do"));
}

TEST(Pickle, RefusesPersistentIdsAndExtensions) {
  EXPECT_TRUE(says(refused("Pid\n."sv), "opcode 'P'"));
  EXPECT_TRUE(says(refused("\x82\x01."sv), "opcode 0x82"));
}

TEST(Pickle, RefusesMarksThatAreNotThereAndStacksThatAreEmpty) {
  EXPECT_TRUE(says(refused("t."sv), "no mark"));
  EXPECT_TRUE(says(refused("."sv), "nothing is on the stack"));
  EXPECT_TRUE(says(refused("(0e."sv), "no mark"));
  EXPECT_TRUE(says(refused("(K\x01"
                           "e."sv),
                   "nothing is on the stack"));
}

TEST(Pickle, HoldsToItsLimits) {
  Limits limits;
  limits.records = 10;
  limits.stack = 5;
  limits.marks = 3;
  EXPECT_TRUE(says(refused("(((("sv, limits), "marks"));
  EXPECT_TRUE(says(refused("NNNNNN"sv, limits), "stack"));
  EXPECT_TRUE(says(refused("N0N0N0N0N0N0N0N0N0N0N0N0"sv, limits), "--max-records"));
  EXPECT_TRUE(says(refused("Nr\xff\xff\xff\x7f."sv), "far beyond the last"));
}

TEST(Pickle, RefusesArraysWhoseDataDoNotFillTheirShape) {
  const std::string_view head =
      "cnumpy.core.multiarray\n_reconstruct\n(NNNtR(K\x01(K\x03tcnumpy\ndtype\n(X\x02\0\0\0f4K\0K\x01tR\x89"sv;
  std::string eight(head);
  eight += "C\x08"sv;
  eight += std::string(8, 'x') + "tb.";
  EXPECT_TRUE(says(refused(eight), "an array of 3 elements of 4 bytes has 8 bytes of data"));
}

struct Outcome {
  std::string refusal;  // "": read
  std::string name;
};

Outcome try_file(const fs::path& path) {
  try {
    const auto held = std::make_shared<const base::MappedFile>(base::MappedFile::open(path));
    const File file = recognise(held->bytes(), held, path.filename().string());
    if (file.format != Format::pickle) return {"", std::string(format_name(file.format))};
    const Pickle pickle = read_pickle(file.bytes, file.owner, path.filename().string());
    return {"", name_of(pickle.records, pickle.root)};
  } catch (const Error& error) {
    return {error.what(), ""};
  }
}

class TrainedFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    if (test::trained_folder().empty()) GTEST_SKIP() << "no trained models: set OCTET_TRAINED";
  }
};

TEST_F(TrainedFiles, AreReadWhateverTheirContainer) {
  std::map<std::string, int> read_in;
  for (const char* part : {"sklearn/1.2.1", "sklearn/1.4.2", "variants/1.4.2", "xgboost/1.7.4",
                           "xgboost/3.0.0", "lightgbm"}) {
    for (const auto& entry : fs::directory_iterator(test::trained_folder() / part)) {
      const std::string extension = entry.path().extension();
      if (extension != ".joblib" && extension != ".pkl") continue;
      const Outcome outcome = try_file(entry.path());
      EXPECT_EQ(outcome.refusal, "") << entry.path();
      ++read_in[part];
    }
  }
  EXPECT_GT(read_in["sklearn/1.4.2"], 100);
  EXPECT_EQ(read_in["variants/1.4.2"], 160);
}

TEST_F(TrainedFiles, ThatAreHostileAreRefusedOrInert) {
  const fs::path marker = fs::temp_directory_path() / "PWNED_BY_PICKLE";
  int refused = 0;
  int inert = 0;
  for (const auto& entry : fs::directory_iterator(test::trained_folder() / "hostile")) {
    const Outcome outcome = try_file(entry.path());
    const std::string name = entry.path().filename();
    RecordProperty(name, outcome.refusal.empty() ? "inert: " + outcome.name : outcome.refusal);
    outcome.refusal.empty() ? ++inert : ++refused;
    const bool malformed =
        name.starts_with("bad_") && name != "bad_selfref_list.pkl" && name != "bad_surrogate.pkl";
    if (malformed) {
      EXPECT_NE(outcome.refusal, "") << name;
    }
    EXPECT_EQ(outcome.refusal.find('\n'), std::string::npos);
  }
  EXPECT_FALSE(fs::exists(marker));
  EXPECT_EQ(refused + inert, 50);
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace octet::trained
