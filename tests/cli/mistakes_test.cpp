// What people type by mistake, and what they are told: tests/cli/mistakes.txt, read by eye. Each
// answer is one line that names the mistake and the next step. OCTET_WRITE_SNAPSHOTS=1 writes the
// file again from its own command lines.
#include <cstdlib>
#include <sstream>

#include "cli/fixture.hpp"

namespace octet::test {
namespace {

class Mistakes : public ProgramRunTest {
 protected:
  void SetUp() override {
    ProgramRunTest::SetUp();
    if (IsSkipped()) return;
    for (const char* name : {"m.onnx", "m2.onnx"}) put_digits(name);
    (void)must({"quantize", "m.onnx"});
    fs::create_directory(folder_ / "empty");
    write_file(folder_ / "rows.npy", file_of("test_rows.npy"));
    write_file(folder_ / "wrong.npy", zeros("3, 10", 30));
    write_file(folder_ / "wide.npy", zeros("3, 65", 195));
    write_file(folder_ / "rows.txt", "1 2\n");
    write_file(folder_ / "words.csv", "a,b\nx,y\n");
    write_file(folder_ / "p.json", "{}\n");
  }

  [[nodiscard]] static std::string file_of(const std::string& name) {
    return read_file(digits(name));
  }
  [[nodiscard]] static std::string zeros(const std::string& shape, std::size_t count) {
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
    header.resize(117, ' ');
    return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n" +
           std::string(count * 4, '\0');
  }

  // "[2] octet: …", without what differs from machine to machine.
  [[nodiscard]] std::string answer_to(const std::string& line) const {
    std::istringstream words(line);
    Words typed;
    for (std::string word; words >> word;) typed.push_back(word);
    const Answer answer = octet(typed);
    EXPECT_EQ(lines_of(answer.err), 1) << line << "\n" << answer.err;
    std::string said = "[" + std::to_string(answer.code) + "] " + answer.err;
    for (const fs::path& folder : {folder_.path(), fs::canonical(folder_.path())}) {
      const std::string name = folder.string();
      for (std::size_t at = 0; (at = said.find(name)) != std::string::npos;)
        said.replace(at, name.size(), "<folder>");
    }
    return said;
  }
};

TEST_F(Mistakes, AreNamedEachWithANextStep) {
  const fs::path snapshot = fs::path(OCTET_SOURCE_DIR) / "tests/cli/mistakes.txt";
  const std::string expected = read_file(snapshot);
  std::istringstream lines(expected);
  std::string found;
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("$ octet")) continue;
    ++count;
    found += line + "\n" + answer_to(line.substr(7));
  }
  EXPECT_GE(count, 110U);
  if (std::getenv("OCTET_WRITE_SNAPSHOTS") != nullptr) write_file(snapshot, found);
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace octet::test
