// What the tests of the program share: a folder of their own to run it in, and its answers read.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/claims.hpp"
#include "support/places.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace octet::test {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;
using FileNames = std::set<std::string>;

[[nodiscard]] inline std::ptrdiff_t lines_of(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n');
}

[[nodiscard]] inline std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of('\n');
  if (end == std::string::npos) return "";
  const std::size_t before = text.find_last_of('\n', end);
  return text.substr(before == std::string::npos ? 0 : before + 1, end - before);
}

// The one line the program ended with: on standard error, with nothing on standard output.
[[nodiscard]] inline std::string complaint(const Answer& answer, int code = 2) {
  EXPECT_EQ(answer.code, code) << answer.err;
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(lines_of(answer.err), 1) << answer.err;
  EXPECT_EQ(answer.err.rfind("octet: ", 0), 0U) << answer.err;
  return answer.err;
}

// The one JSON document on standard output; standard error stayed empty.
[[nodiscard]] inline Json document(const Answer& answer, int code = 0) {
  EXPECT_EQ(answer.code, code) << answer.err;
  EXPECT_EQ(answer.err, "");
  Json json = Json::parse(answer.out, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << answer.out;
  return json;
}

[[nodiscard]] inline Words fields_of(const Json& object) {
  Words out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

// The decision about a node, in a plan as JSON.
[[nodiscard]] inline Json& decision_in(Json& plan, const std::string& node) {
  for (Json& decision : plan.at("decisions")) {
    if (decision.at("node") == node) return decision;
  }
  throw std::runtime_error("the plan does not speak of " + node);
}

// Runs the program in a folder that holds nothing but what the test puts there.
class ProgramTest : public ::testing::Test {
 protected:
  [[nodiscard]] Launch launch() const {
    Launch out;
    out.folder = folder_.path();
    out.variables["OCTET_SPEED_SECONDS"] = "0";  // no test's answer depends on a clock
    if (!ort_library().empty()) out.variables["OCTET_ORT"] = ort_library().string();
    return out;
  }
  [[nodiscard]] static Answer run(const Launch& how, const Words& words) {
    return Child(how, words).wait();
  }
  [[nodiscard]] Answer octet(const Words& words) const { return run(launch(), words); }
  // As octet(), for steps on the way: it must end with 0.
  Answer must(const Words& words) const {
    Answer answer = octet(words);
    EXPECT_EQ(answer.code, 0) << answer.err;
    return answer;
  }
  void put_digits(const std::string& name = "digits.onnx") const {
    fs::create_directories((folder_ / name).parent_path());
    fs::copy_file(digits("digits.onnx"), folder_ / name);
  }
  // A file of examples/digits.
  [[nodiscard]] static std::string digits(const std::string& name) {
    return (fs::path(OCTET_SOURCE_DIR) / "examples" / "digits" / name).string();
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return read_file(folder_ / name);
  }

  TemporaryFolder folder_;
};

// Where the answer depends on an ONNX Runtime that is there.
class ProgramRunTest : public ProgramTest {
 protected:
  void SetUp() override {
    if (ort_library().empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  }
};

}  // namespace octet::test
