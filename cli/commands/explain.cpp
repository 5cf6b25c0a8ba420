#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "exit_codes.hpp"
#include "explanations.hpp"
#include "models.hpp"
#include "octet/error.hpp"
#include "octet/nearest_name.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

std::string text(const Explanation& e) {
  const char* const next = e.is_reason ? "Stands at" : "Next";
  return fmt::format("{} ({})\n  {}\n  {}: {}\n", e.code,
                     e.is_reason ? "reason in a plan" : "message or verdict", e.meaning, next,
                     e.further);
}

std::string list(const Environment& environment) {
  Table messages({"message or verdict", "what it says"});
  Table reasons({"reason in a plan", "what it says"});
  for (Table* table : {&messages, &reasons}) table->left(1);
  for (const Explanation& e : explanations())
    (e.is_reason ? reasons : messages).row({e.code, e.meaning});
  return messages.text(environment) + "\n" + reasons.text(environment);
}

std::string meaning_of(const std::string& code) {
  std::string out;
  std::vector<std::string> codes;
  for (const Explanation& e : explanations()) {
    codes.push_back(e.code);
    if (e.code == code) out += text(e);
  }
  if (!out.empty()) return out;
  const std::string nearest = octet::nearest_name(code, codes);
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{}: nobody says that{}; octet explain lists all codes", code,
                          nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
}

}  // namespace

Run add_explain(CLI::App& app, const Environment& environment) {
  auto code = std::make_shared<std::string>();
  app.footer(
      "Examples:\n"
      "  octet explain                    every code\n"
      "  octet explain storage_only       why a layer is not computed in INT8\n"
      "  octet explain runtime_missing    what a message means, and what to do");
  app.add_option("code", *code, "A reason of a plan, an error's code or a verdict")
      ->group(words_group);
  return [code, &environment] {
    print(code->empty() ? list(environment) : meaning_of(*code));
    return exit_yes;
  };
}

}  // namespace octet::cli
