// Reports as a page for a browser.
#include "cli/fixture.hpp"
#include "support/sample_models.hpp"

namespace octet::test {
namespace {

// Every element that is opened is closed, in order; what has no end is left out.
std::string unbalanced(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    const std::string tag = html.substr(at + 1, end - at - 1);
    const std::string name =
        tag.substr(tag[0] == '/' ? 1 : 0, tag.find(' ') - (tag[0] == '/' ? 1 : 0));
    if (tag[0] == '!' || tag.ends_with('/') || name == "meta" || name == "input") continue;
    if (tag[0] != '/') {
      open.push_back(name);
      if (name == "script" || name == "style") at = html.find("</" + name, at) - 1;
    } else if (open.empty() || open.back() != name) {
      return tag;
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

class ReportCommand : public ProgramRunTest {
 protected:
  void make_reports() const {
    put_digits("artifacts/model.onnx");
    write_file(folder_ / "artifacts/quantize.json", must({"quantize", "--json"}).out);
    (void)must({"parity", "--data", digits("test_rows.npy")});
    write_file(folder_ / "artifacts/bench.json",
               must({"bench", "--seconds", "0", "--min-runs", "3", "--warmup", "0", "--json"}).out);
    write_file(folder_ / "artifacts/other.json", std::string("{\"no\": \"report\"}"));
  }
};

TEST_F(ReportCommand, MakesOnePageOfTheReportsInAFolder) {
  make_reports();
  EXPECT_EQ(last_line(must({"report"}).out), "Wrote artifacts/report.html");
  const std::string page = file("artifacts/report.html");
  EXPECT_EQ(unbalanced(page), "");
  for (const char* part : {"Delivered: the answers hold", "Parity passed", "Bench: ", "MatMul1",
                           "SHA-256", "prefers-color-scheme", "lang=\"en\"", "max diff"})
    EXPECT_TRUE(says(page, part));
  for (const char* outside : {"http://", "https://", "src=", "@import", "url("})
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
}

TEST_F(ReportCommand, ShowsNamesFromModelsAsText) {
  ModelBuilder model;
  const std::string evil = "<script>alert(1)</script>\"'&";
  model.input("x", base::ElementType::float32, {Dim("n"), Dim(256)})
      .initializer("W" + evil, weight({256, 256}))
      .node("MatMul", {"x", "W" + evil}, {"y" + evil}, {}, "node" + evil)
      .output("y" + evil, base::ElementType::float32);
  write_file(folder_ / "in.onnx", model.bytes());
  write_file(folder_ / "q.json", must({"quantize", "in.onnx", "--json"}).out);
  (void)must({"report", "q.json", "-o", "r.html"});
  const std::string page = file("r.html");
  EXPECT_EQ(page.find("alert(1)</script>"), std::string::npos);
  EXPECT_TRUE(says(page, "node&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
  EXPECT_EQ(unbalanced(page), "");
}

TEST_F(ReportCommand, SurvivesEveryFieldOfAReportBeingOfAnotherType) {
  make_reports();
  for (const char* name : {"quantize.json", "parity_report.json", "bench.json"}) {
    const Json good = Json::parse(file(std::string("artifacts/") + name));
    for (const auto& [field, value] : good.items()) {
      for (const Json& other : {Json(7), Json("seven"), Json::array({7}), Json::object()}) {
        Json bad = good;
        bad[field] = other;
        write_file(folder_ / "bad.json", bad.dump());
        const int code = octet({"report", "bad.json", "-o", "r.html"}).code;
        EXPECT_TRUE(code == 0 || code == 2) << name << " " << field << " " << other;
      }
    }
  }
}

TEST_F(ReportCommand, RefusesWhatIsNoReport) {
  write_file(folder_ / "a.json", std::string("{}"));
  EXPECT_TRUE(says(complaint(octet({"report", "a.json"})), "a.json: it is no report of quantize"));
  fs::create_directory(folder_ / "none");
  EXPECT_TRUE(says(complaint(octet({"report", "none"})), "none: there is no report in it"));
}

}  // namespace
}  // namespace octet::test
