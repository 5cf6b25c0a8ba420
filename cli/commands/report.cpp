#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>

#include "commands/commands.hpp"
#include "exit_codes.hpp"
#include "octet/error.hpp"
#include "octet/files.hpp"
#include "octet/report_page.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::vector<std::string> inputs = {"artifacts"};
  std::string output;
};

std::vector<fs::path> documents_in(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".json") out.push_back(entry->path());
  }
  if (error) throw Error(ErrorCode::io, fmt::format("{}: {}", folder.string(), error.message()));
  std::sort(out.begin(), out.end());
  return out;
}

// In a folder, what is no report is left out; a file that was named must be one.
bool is_report(const octet::ReportDocument& document) {
  try {
    (void)octet::html_page({document});
    return true;
  } catch (const Error&) {
    return false;
  }
}

int run(const Arguments& a) {
  octet::FileRoles roles;
  std::vector<octet::ReportDocument> documents;
  for (const std::string& input : a.inputs) {
    std::error_code unseen;
    const bool is_folder = fs::is_directory(input, unseen);
    for (const fs::path& path : is_folder ? documents_in(input) : std::vector<fs::path>{input}) {
      octet::ReportDocument document{path.string(), octet::read_text(path)};
      if (is_folder && !is_report(document)) continue;
      roles.inputs.push_back(path);
      documents.push_back(std::move(document));
    }
  }
  if (documents.empty()) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("{}: there is no report in it; write them with --json or --report, like: "
                    "octet quantize --json > artifacts/quantize.json",
                    a.inputs.front()));
  }
  const fs::path first = a.inputs.front();
  std::error_code unseen;
  const fs::path beside = fs::is_directory(first, unseen) ? first : first.parent_path();
  const std::string output = a.output.empty() ? (beside / "report.html").string() : a.output;
  roles.outputs = {output};
  octet::check(roles);
  octet::write_text(output, octet::html_page(documents), roles);
  print(fmt::format("Wrote {}\n", one_line(output)));
  return exit_yes;
}

}  // namespace

Run add_report(CLI::App& app, const Environment&) {
  auto a = std::make_shared<Arguments>();
  app.footer(
      "Examples:\n"
      "  octet report                                 every report in artifacts/\n"
      "  octet report quantize.json bench.json -o report.html\n\n"
      "One file that needs nothing else: send it, print it, read it on a phone.");
  app.add_option("input", a->inputs,
                 "JSON reports of quantize, parity and bench, or folders of them")
      ->default_str("artifacts");
  app.add_option("-o,--output", a->output, "The page (default: report.html beside them)")
      ->type_name("FILE");
  return [a] { return run(*a); };
}

}  // namespace octet::cli
