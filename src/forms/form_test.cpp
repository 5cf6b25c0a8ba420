// The list of forms, and that the documents know it.
#include "forms/form.hpp"
#include "forms/reasons.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/temporary_folder.hpp"

namespace octet::forms {
namespace {

TEST(Forms, HaveNamesOfTheirOwnAndFloatIsLast) {
  std::set<std::string_view> names;
  for (const Form& form : all()) {
    EXPECT_TRUE(names.insert(form.name).second) << form.name;
    EXPECT_EQ(find(form.name)->name, form.name);
  }
  EXPECT_EQ(all().back().name, "float");
  EXPECT_EQ(find("none"), nullptr);
}

TEST(Forms, AreDescribedInTheDocsInOrder) {
  const std::string docs = test::read_file(std::string(OCTET_SOURCE_DIR) + "/docs/forms.md");
  std::size_t at = 0;
  for (const Form& form : all()) {
    const std::string section = "## " + std::string(form.name) + "\n\n" + std::string(form.summary);
    const std::size_t found = docs.find(section, at);
    ASSERT_NE(found, std::string::npos) << section;
    at = found;
  }
}

TEST(Reasons, AreInTheDocsWithTheFormsTheyExplain) {
  const std::string docs = test::read_file(std::string(OCTET_SOURCE_DIR) + "/docs/forms.md");
  for (const Reason& reason : reasons()) {
    const std::string row =
        "| `" + std::string(reason.code) + "` | " + std::string(reason.forms) + " |";
    EXPECT_NE(docs.find(row), std::string::npos) << row;
  }
}

TEST(Reasons, GivenForAnotherFormExplainNothing) {
  EXPECT_TRUE(may_explain("fast", dynamic_matmul));
  EXPECT_FALSE(may_explain("fast", float_form));
  EXPECT_TRUE(may_explain("my own words", float_form));
  EXPECT_FALSE(may_explain("", float_form));
}

}  // namespace
}  // namespace octet::forms
