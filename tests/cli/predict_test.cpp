// octet predict: the same numbers in every format.
#include <sys/stat.h>

#include <cstring>

#include "cli/fixture.hpp"

namespace octet::test {
namespace {

class PredictCommand : public ProgramRunTest {
 protected:
  void SetUp() override {
    ProgramRunTest::SetUp();
    if (!IsSkipped()) put_digits();
  }
  [[nodiscard]] Answer predict(const Words& more) const {
    Words words = {"predict", "digits.onnx", "--data", digits("test_rows.npy")};
    words.insert(words.end(), more.begin(), more.end());
    return must(words);
  }
};

Words lines(const std::string& text) {
  Words out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

// What follows the header of a .npy file of version 1.
std::string npy_data(const std::string& npy) {
  EXPECT_EQ(npy.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  const auto low = static_cast<unsigned char>(npy.at(8));
  const auto high = static_cast<unsigned char>(npy.at(9));
  EXPECT_EQ((10U + low + 256U * high) % 64, 0U);
  return npy.substr(10U + low + 256U * high);
}

TEST_F(PredictCommand, AsNpyGivesTheLabelsThatScikitLearnGave) {
  const std::string npy = predict({"--format", "npy", "--output-name", "label"}).out;
  EXPECT_TRUE(says(npy.substr(0, 128), "'descr': '<i8'"));
  EXPECT_TRUE(says(npy.substr(0, 128), "'shape': (360,)"));
  EXPECT_EQ(npy_data(npy), npy_data(read_file(digits("sklearn_labels.npy"))));
}

TEST_F(PredictCommand, AsCsvHasANameForEveryColumnAndALineForEveryRow) {
  const Words csv = lines(predict({"--format", "csv"}).out);
  ASSERT_EQ(csv.size(), 361U);
  EXPECT_EQ(csv[0].rfind("label,probabilities[0],probabilities[1],", 0), 0U);
  for (const std::string& line : csv) EXPECT_EQ(std::count(line.begin(), line.end(), ','), 10);
}

TEST_F(PredictCommand, AsJsonLinesHasAnObjectForEveryRow) {
  const Words jsonl = lines(predict({"--format", "jsonl"}).out);
  ASSERT_EQ(jsonl.size(), 360U);
  for (const std::string& line : jsonl) {
    const Json row = Json::parse(line);
    EXPECT_EQ(fields_of(row), (Words{"label", "probabilities"}));
    EXPECT_EQ(row["probabilities"].size(), 10U);
  }
}

TEST_F(PredictCommand, GivesTheSameNumbersInEveryFormat) {
  const Words csv = lines(predict({"--output-name", "probabilities"}).out);
  const Words jsonl = lines(predict({"--format", "jsonl"}).out);
  const std::string raw =
      npy_data(predict({"--format", "npy", "--output-name", "probabilities"}).out);
  ASSERT_EQ(raw.size(), 360U * 10 * sizeof(float));
  for (std::size_t row = 0; row < 360; ++row) {
    std::istringstream cells(csv.at(row + 1));
    const Json values = Json::parse(jsonl.at(row))["probabilities"];
    for (std::size_t i = 0; i < 10; ++i) {
      float binary = 0;
      std::memcpy(&binary, raw.data() + (row * 10 + i) * sizeof(float), sizeof(float));
      std::string cell;
      std::getline(cells, cell, ',');
      ASSERT_EQ(std::stof(cell), binary) << row;
      ASSERT_EQ(values[i].get<float>(), binary) << row;
    }
  }
}

TEST_F(PredictCommand, ReadsItsOwnCsvAsData) {
  const std::string header = predict({"--output-name", "probabilities"}).out;
  write_file(folder_ / "rows.csv", header);
  const std::string said = complaint(octet({"predict", "digits.onnx", "--data", "rows.csv"}));
  EXPECT_TRUE(says(said, "rows.csv: "));  // ten columns where the model wants 64
  EXPECT_TRUE(says(said, "64"));
}

TEST_F(PredictCommand, WritesAFileInsteadOfStandardOutput) {
  const Answer answer = predict({"-o", "deep/p.csv"});
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(file("deep/p.csv"), predict({}).out);
}

TEST_F(PredictCommand, WritesThroughALinkAndIntoAPipe) {
  write_file(folder_ / "real.csv", std::string("old"));
  fs::create_symlink("real.csv", folder_ / "link.csv");
  (void)predict({"-o", "link.csv"});
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.csv"));
  EXPECT_EQ(file("real.csv"), predict({}).out);

  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  Launch reading = launch();
  reading.program = "/bin/cat";
  Child reader(reading, {"pipe"});
  (void)predict({"-o", "pipe", "--output-name", "label"});
  ASSERT_TRUE(fs::is_fifo(folder_ / "pipe"));
  EXPECT_EQ(reader.wait().out, predict({"--output-name", "label"}).out);
}

TEST_F(PredictCommand, RefusesAnOutputThatIsNotThereAndTwoInOneNpy) {
  EXPECT_TRUE(says(complaint(octet({"predict", "digits.onnx", "--output-name", "scores"})),
                   "--output-name scores: the model has label, probabilities"));
  EXPECT_TRUE(says(complaint(octet({"predict", "digits.onnx", "--format", "npy"})),
                   "a .npy file holds one array; choose the output with --output-name"));
}

TEST_F(PredictCommand, NeverOverwritesWhatItReads) {
  const std::string model = file("digits.onnx");
  EXPECT_TRUE(says(complaint(octet({"predict", "digits.onnx", "-o", "./digits.onnx"})),
                   "would overwrite digits.onnx"));
  EXPECT_EQ(file("digits.onnx"), model);
}

TEST_F(PredictCommand, SaysWhenTheInputsAreMadeUp) {
  EXPECT_TRUE(says(octet({"predict", "digits.onnx"}).err, "no --data: the inputs are made up"));
}

TEST_F(PredictCommand, SaysWhichFileIsMissing) {
  EXPECT_TRUE(says(complaint(octet({"predict", "gone.onnx"})),
                   "gone.onnx: there is no such file; export one"));
  EXPECT_TRUE(says(complaint(octet({"predict", "digits.onnx", "--data", "gone.npy"})),
                   "gone.npy: cannot open"));
}

TEST_F(PredictCommand, GivesTheSameSeededAnswerTwiceAndAnotherForAnotherSeed) {
  const std::string first = must({"predict", "digits.onnx"}).out;
  EXPECT_EQ(must({"predict", "digits.onnx"}).out, first);
  EXPECT_NE(must({"predict", "digits.onnx", "--seed", "1"}).out, first);
  EXPECT_EQ(lines_of(must({"predict", "digits.onnx", "--dim", "batch=5"}).out), 6);
}

}  // namespace
}  // namespace octet::test
