// docs/cli.md is what the program says of itself.
#include "cli/fixture.hpp"

namespace octet::test {
namespace {

class Reference : public ProgramTest {};

TEST_F(Reference, IsWhatTheDocumentsSay) {
  const Answer answer = must({"reference"});
  EXPECT_EQ(answer.out, read_file(fs::path(OCTET_SOURCE_DIR) / "docs" / "cli.md"))
      << "write it again: octet reference > docs/cli.md";
}

TEST_F(Reference, HasEveryOptionThatHelpHas) {
  const std::string page = must({"reference"}).out;
  for (const std::string command :
       {"export", "quantize", "parity", "bench", "predict", "inspect", "version"}) {
    const std::size_t begin = page.find("\n## octet " + command + "\n");
    ASSERT_NE(begin, std::string::npos) << command;
    const std::string section = page.substr(begin, page.find("\n## ", begin + 1) - begin);
    const std::string help = must({command, "--help"}).out;
    int options = 0;
    for (std::size_t at = 0; (at = help.find("\n  --", at)) != std::string::npos; ++at) {
      const std::size_t name = at + 3;
      const std::string option = help.substr(name, help.find_first_of(" ,\n=", name) - name);
      EXPECT_NE(section.find("`" + option + "`"), std::string::npos) << command << " " << option;
      ++options;
    }
    EXPECT_GT(options, 3) << command;
  }
}

}  // namespace
}  // namespace octet::test
