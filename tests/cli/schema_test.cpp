// docs/schema describes what the program writes: made from the fields, held against real documents.
#include "octet/schema.hpp"
#include "cli/fixture.hpp"
#include "support/trained_models.hpp"

namespace octet::test {
namespace {

fs::path schema_folder() {
  return fs::path(OCTET_SOURCE_DIR) / "docs" / "schema";
}

// "" where `value` fits, else where it does not. The part of JSON Schema that octet::json_schema
// uses; stricter in that a field without description fits nowhere.
std::string misfit(const Json& value, const Json& schema, const std::string& where);

bool is_of_type(const Json& value, const Json& type) {
  if (type.is_array()) {
    return std::any_of(type.begin(), type.end(),
                       [&](const Json& one) { return is_of_type(value, one); });
  }
  return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
         (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
         (type == "integer" && value.is_number_integer()) ||
         (type == "number" && value.is_number()) || (type == "null" && value.is_null());
}

std::string misfit_of_fields(const Json& object, const Json& schema, const std::string& where) {
  for (const Json& name : schema.value("required", Json::array())) {
    if (!object.contains(name)) return where + " lacks " + name.get<std::string>();
  }
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, value] : object.items()) {
    const std::string place = where + "." + name;
    const Json* described = properties.contains(name) ? &properties[name]
                            : schema.contains("additionalProperties")
                                ? &schema["additionalProperties"]
                                : nullptr;
    if (described == nullptr) return place + " is not described";
    if (const std::string found = misfit(value, *described, place); !found.empty()) return found;
  }
  return "";
}

std::string misfit(const Json& value, const Json& schema, const std::string& where) {
  if (schema.contains("anyOf")) {
    for (const Json& one : schema["anyOf"]) {
      if (misfit(value, one, where).empty()) return "";
    }
    return where + " is none of " + schema["anyOf"].dump() + ": " + value.dump();
  }
  if (schema.contains("const") && value != schema["const"]) return where + " is " + value.dump();
  if (schema.contains("enum")) {
    const Json& all = schema["enum"];
    if (std::find(all.begin(), all.end(), value) == all.end()) return where + " is " + value.dump();
  }
  if (schema.contains("type") && !is_of_type(value, schema["type"]))
    return where + " is no " + schema["type"].dump() + ": " + value.dump();
  if (schema.contains("minimum") && value < schema["minimum"]) return where + " is below";
  if (value.is_object()) return misfit_of_fields(value, schema, where);
  if (value.is_array() && schema.contains("items")) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string place = where + "[" + std::to_string(i) + "]";
      if (const std::string found = misfit(value[i], schema["items"], place); !found.empty())
        return found;
    }
  }
  return "";
}

Json schema(const std::string& name) {
  return Json::parse(read_file(schema_folder() / (name + ".json")));
}

class Schemas : public ProgramTest {
 protected:
  void SetUp() override { put_digits(); }
};
class SchemasOfARun : public ProgramRunTest {
 protected:
  void SetUp() override {
    ProgramRunTest::SetUp();
    if (!IsSkipped()) put_digits();
  }
};

TEST_F(Schemas, AreWhatTheProgramSays) {
  FileNames there;
  for (const auto& entry : fs::directory_iterator(schema_folder())) {
    if (entry.path().extension() == ".json") there.insert(entry.path().stem().string());
  }
  const Words names = schema_names();
  EXPECT_EQ(there, FileNames(names.begin(), names.end()));
  for (const std::string& name : names) {
    EXPECT_EQ(must({"reference", "--schema", name}).out,
              read_file(schema_folder() / (name + ".json")))
        << "write it again: octet reference --schema " << name << " > docs/schema/" << name
        << ".json";
  }
}

TEST_F(Schemas, DescribeWhatIsWrittenWithoutARun) {
  const Json inside = document(octet({"inspect", "digits.onnx", "--json"}));
  EXPECT_EQ(misfit(inside, schema("inspection"), "inspection"), "");
  EXPECT_EQ(misfit(document(octet({"version", "--json"})), schema("version"), "version"), "");
  const Json report = document(
      octet({"quantize", "digits.onnx", "--no-proof", "--json", "--save-plan", "plan.json"}));
  EXPECT_EQ(misfit(report, schema("quantize-report"), "report"), "");
  EXPECT_EQ(misfit(Json::parse(file("plan.json")), schema("plan"), "plan"), "");
}

TEST_F(Schemas, DescribeEveryCommandsFailure) {
  for (const Words& words :
       {Words{"quantize", "gone.onnx", "--json"}, Words{"inspect", "gone.onnx", "--json"},
        Words{"parity", "gone.onnx", "--json"}, Words{"bench", "gone.onnx", "--json"},
        Words{"version", "--json", "--nonsense"}}) {
    const Answer answer = octet(words);
    EXPECT_EQ(answer.code, 2);
    const Json error = Json::parse(answer.out);
    EXPECT_EQ(misfit(error, schema("error"), "error"), "") << words[0];
    EXPECT_TRUE(says(answer.err, error["error"]["message"].get<std::string>()));
    EXPECT_EQ(error["error"]["exit_code"], 2);
  }
  EXPECT_EQ(Json::parse(octet({"inspect", "gone.onnx", "--json"}).out)["error"]["code"], "io");
  EXPECT_EQ(Json::parse(octet({"inspect", "--nix", "--json"}).out)["error"]["code"], "usage");
  EXPECT_EQ(octet({"inspect", "gone.onnx"}).out, "");
}

TEST_F(SchemasOfARun, DescribeTheReports) {
  const Json proven = document(octet({"quantize", "digits.onnx", "--json"}));
  EXPECT_EQ(misfit(proven, schema("quantize-report"), "report"), "");
  const Json parity = document(octet({"parity", "digits.onnx", "digits.int8.onnx", "--json",
                                      "--data", digits("test_rows.npy"), "--rel-tol", "0.5"}));
  EXPECT_EQ(misfit(parity, schema("parity-report"), "report"), "");
  write_file(folder_ / "model.txt", lightgbm_stump);
  const Json exported = document(octet({"export", "model.txt", "-o", "m.onnx", "--json"}));
  EXPECT_EQ(misfit(exported, schema("export-report"), "report"), "");
  const Json layers = document(octet({"sensitivity", "digits.onnx", "--json"}));
  EXPECT_EQ(misfit(layers, schema("sensitivity-report"), "report"), "");
  const Json tuned = document(octet({"tune", "digits.onnx", "--no-cache", "--json"}));
  EXPECT_EQ(misfit(tuned, schema("tune-report"), "report"), "");
  const Answer bench = octet({"bench", "digits.onnx", "digits.onnx", "--json", "--seconds", "0.01",
                              "--min-runs", "4", "--warmup", "0"});
  EXPECT_EQ(misfit(Json::parse(bench.out), schema("bench-report"), "report"), "");
  const std::string rows =
      must({"predict", "digits.onnx", "--data", digits("test_rows.npy"), "--format", "jsonl"}).out;
  const Json row = Json::parse(rows.substr(0, rows.find('\n')));
  EXPECT_EQ(misfit(row, schema("prediction"), "row"), "");
}

TEST_F(SchemasOfARun, OfParityNamesFilesOptionsAndDate) {
  const Json report = document(octet({"parity", "digits.onnx", "digits.onnx", "--json", "--data",
                                      digits("test_rows.npy"), "--rel-tol", "0.5", "--seed", "3"}));
  EXPECT_EQ(report["tolerances"]["rel_tol"], 0.5);
  EXPECT_EQ(report["seed"], 3);
  ASSERT_EQ(report["files"].size(), 3U);
  EXPECT_EQ(report["files"][0]["role"], "reference");
  EXPECT_EQ(report["files"][0]["bytes"], fs::file_size(folder_ / "digits.onnx"));
  EXPECT_EQ(report["files"][0]["sha256"].get<std::string>().size(), 64U);
  EXPECT_EQ(report["files"][0]["sha256"], report["files"][1]["sha256"]);
  EXPECT_EQ(report["files"][2]["role"], "data");
  EXPECT_EQ(report["date"].get<std::string>().size(), std::string("2026-11-25T07:30:00Z").size());
}

TEST(Schema, OfFailsNothingByAccident) {
  const Json one = {
      {"type", "object"}, {"properties", {{"n", {{"type", "integer"}}}}}, {"required", {"n"}}};
  EXPECT_EQ(misfit({{"n", 1}}, one, "x"), "");
  EXPECT_EQ(misfit(Json::object(), one, "x"), "x lacks n");
  EXPECT_NE(misfit({{"n", "1"}}, one, "x"), "");
  EXPECT_EQ(misfit({{"n", 1}, {"m", 1}}, one, "x"), "x.m is not described");
}

}  // namespace
}  // namespace octet::test
