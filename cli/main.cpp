// The octet program: a thin face of include/octet.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "commands/commands.hpp"
#include "environment.hpp"
#include "exit_codes.hpp"
#include "failure.hpp"
#include "help.hpp"
#include "limits.hpp"
#include "models.hpp"
#include "octet/error.hpp"
#include "octet/failure.hpp"
#include "stage.hpp"
#include "streams.hpp"
#include "suggestion.hpp"
#include "supervisor.hpp"
#include "terminal.hpp"
#include "words.hpp"

namespace {

using octet::cli::Environment;
using octet::cli::Run;

constexpr const char* introduction =
    "Turns a float ONNX model into an INT8 one that is proven before it ships.\n\n"
    "  octet export model.joblib        a trained model -> artifacts/model.onnx\n"
    "  octet quantize                   artifacts/model.onnx -> artifacts/model.int8.onnx\n"
    "  octet parity --data rows.npy     does it still give the same answers?\n"
    "  octet bench                      is it smaller and faster?\n\n"
    "Exit codes: 0 yes or done, 1 the answer is no, 2 could not, 130 interrupted (143 terminated).";

// As CLI11 takes them: from the back.
std::vector<std::string> arguments(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> out = octet::cli::known_words(app, {argv + 1, argv + argc});
  if (!out.empty() && out[0] == "help") {  // octet help bench
    out.erase(out.begin());
    out.emplace_back("--help");
  }
  std::reverse(out.begin(), out.end());
  return out;
}

// The command that was being read when parsing failed, or the program itself.
const CLI::App& chosen(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : *commands.front();
}

std::string commands_of(const CLI::App& app) {
  std::string out;
  for (const CLI::App* command : app.get_subcommands({}))
    if (!command->get_group().empty()) out += (out.empty() ? "" : ", ") + command->get_name();
  return out;
}

// The words nobody took, in the order in which they were typed.
std::string unexpected(const CLI::App& command, int argc, char** argv) {
  const std::vector<std::string> left = command.remaining();
  std::string out;
  for (int i = 1; i < argc; ++i) {
    if (std::find(left.begin(), left.end(), argv[i]) != left.end())
      out += (out.empty() ? "" : " ") + std::string(argv[i]);
  }
  return out;
}

// The first word that nobody knows, and the nearest known one or what to do instead; "" when every
// word is known.
std::string unknown_word(const CLI::App& command, int argc, char** argv) {
  const std::vector<std::string> left = command.remaining();
  for (int i = 1; i < argc; ++i) {
    const std::string typed = argv[i];
    const std::string name = typed.substr(0, typed.find('='));
    const bool is_option = typed.starts_with('-');
    if (command.get_parent() != nullptr && !is_option) continue;
    const bool is_left = std::any_of(left.begin(), left.end(), [&](const std::string& word) {
      return word == typed || word == octet::cli::hyphenated(typed);
    });
    if (!is_left) continue;
    const std::string known = octet::cli::advice(command, typed);
    const std::string nearest = octet::cli::suggestion(command, name);
    if (!known.empty()) return fmt::format("{} is not known: {}", name, known);
    return nearest.empty() ? name + " is not known"
                           : fmt::format("{} is not known; did you mean {}?", name, nearest);
  }
  return "";
}

// "Could not convert: --threads = all", as CLI11 says it, in the words of the others.
std::string plain_words(std::string message) {
  std::replace(message.begin(), message.end(), '\n', ' ');
  constexpr std::string_view conversion = "Could not convert: ";
  const std::size_t equals = message.find(" = ");
  if (!message.starts_with(conversion) || equals == std::string::npos) return message;
  return fmt::format("{} {}: not a number",
                     message.substr(conversion.size(), equals - conversion.size()),
                     message.substr(equals + 3));
}

int explain_usage(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  const CLI::App& command = chosen(app);
  std::string message = plain_words(error.what());
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
      dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    const std::string unknown = unknown_word(command, argc, argv);
    const std::string left = unexpected(command, argc, argv);
    if (!unknown.empty()) {
      message = unknown;
    } else if (!left.empty()) {
      message = left + ": more than the command takes";
    }
  }
  if (&command == &app) message += "; the commands are " + commands_of(app);
  const std::string name = &command == &app ? "octet" : "octet " + command.get_name();
  return octet::cli::could_not("usage", fmt::format("{} (see {} --help)", message, name));
}

// The models a command is about: its positional arguments.
std::string models_of(const CLI::App& command) {
  std::string out;
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_positional()) continue;
    const auto& given = option->results();
    out += (out.empty() ? "" : ", ") + (given.empty() ? option->get_default_str() : given.front());
    if (option->get_items_expected_max() > 1) break;  // the first of several models
  }
  return out;
}

// The folder in which `quantize` prepares its output.
std::filesystem::path output_folder(const CLI::App& command, const std::string& models) {
  const CLI::Option* output = command.get_option_no_throw("--output");
  const bool named = output != nullptr && !output->results().empty();
  std::error_code ec;
  const auto target = std::filesystem::weakly_canonical(
      std::filesystem::current_path(ec) / (named ? output->results().front() : models), ec);
  return ec ? std::filesystem::path(".") : target.parent_path();
}

// What has to be known before the command runs, so that it can be said when it has failed.
void prepare(const CLI::App& command, Environment& environment) {
  using namespace octet::cli;
  apply(environment.limits);
  const auto* const json = command.get_option_no_throw("--json");
  const bool is_document = (json != nullptr && json->count() > 0) ||
                           command.get_name() == "predict" || command.get_name() == "reference";
  if (environment.quiet && !is_document) be_quiet();
  environment.models = models_of(command);
  if (const auto* ort = command.get_option_no_throw("--ort"); ort != nullptr && !ort->empty())
    environment.named_ort = ort->results().front();
  tell(stage(environment.models));
  if (command.get_name() == "quantize" || command.get_name() == "export" ||
      command.get_name() == "tune") {
    Stage news = stage(output_folder(command, environment.models).string());
    news.news = Stage::News::folder;
    tell(news);
  }
  const bool is_pair = command.get_name() == "parity" || command.get_name() == "bench";
  if (!is_pair) expect_there(command);                  // which two they are follows from one
  if (command.get_name() != "predict") check_output();  // predict may have nothing to say there
}

int run(int argc, char** argv, Environment& environment) {
  CLI::App app(introduction, "octet");
  app.require_subcommand(1);
  app.set_version_flag("--version", octet::cli::version_line);
  app.formatter(octet::cli::help_for(environment.columns));

  std::map<const CLI::App*, Run> runs;
  const auto command = [&](const char* name, const char* summary,
                           Run (*add)(CLI::App&, const Environment&)) {
    CLI::App* sub = app.add_subcommand(name, summary);
    runs[sub] = add(*sub, environment);
    add_limits(*sub, environment.limits);
    sub->add_flag("-v,--verbose", environment.whole,
                  "Every row of every table, in full; a pipe always gets that")
        ->group("Output");
    sub->add_flag("-q,--quiet", environment.quiet,
                  "Say nothing but what fails; --json and predictions are still written")
        ->group("Output");
    return sub;
  };
  using namespace octet::cli;
  command("quantize", "Write a proven INT8 model", add_quantize);
  command("export", "Write a trained scikit-learn, XGBoost or LightGBM model as ONNX", add_export);
  command("parity", "Compare a model's answers with a reference's", add_parity);
  command("bench", "Latency, size and memory of two models, side by side", add_bench);
  command("predict", "Run a model on data", add_predict);
  command("inspect", "Look inside a model, and see what quantize would do", add_inspect);
  command("sensitivity", "Which layers suffer from INT8, and why", add_sensitivity);
  command("report", "Reports as one page for a browser", add_report);
  command("explain", "What a reason, a message or a verdict means, and what to do", add_explain);
  command("doctor", "What this machine has and lacks, and what to type", add_doctor);
  command("completions", "For a shell: what can be typed; and the manual page", add_completions);
  command("tune", "Search for the best INT8 model within limits", add_tune);
  command("version", "This program, the CPU, and the ONNX Runtime it finds", add_version);
  command("peak-memory", "", add_peak_memory)->group("");
  command("reference", "", add_reference)->group("");

  try {
    app.parse(arguments(app, argc, argv));
  } catch (const CLI::Success& help) {  // --help, --version
    const int code = app.exit(help);
    flush_output();
    return code;
  } catch (const CLI::ParseError& error) {
    if (argc == 1) {
      print(app.help());
      return exit_could_not;
    }
    return explain_usage(app, error, argc, argv);
  }
  const CLI::App* const command_line = app.get_subcommands().front();
  prepare(*command_line, environment);
  const int code = runs.at(command_line)();
  flush_output();
  return code;
}

// Where and what: as much as is known about an error that nobody nearer has put into words.
int fail(std::string_view code, std::string_view fact) {
  const std::string place = octet::cli::current_stage().text;
  return octet::cli::could_not(
      code, place.empty() ? std::string(fact) : fmt::format("{}: {}", place, fact));
}

int stopped() {
  octet::cli::Stage goodbye;
  goodbye.news = octet::cli::Stage::News::goodbye;
  octet::cli::tell(goodbye);
  octet::cli::complain("stopped; nothing was written");
  const int signal = octet::cli::stop_signal();
  return signal == 0 ? octet::cli::exit_interrupted : 128 + signal;
}

int answer(int argc, char** argv, Environment& environment) {
  try {
    return run(argc, argv, environment);
  } catch (const octet::Error& error) {
    if (error.code() == octet::ErrorCode::cancelled) return stopped();
    return octet::cli::could_not(octet::name_of(error.code()), error.what());
  } catch (const octet::cli::NobodyReads&) {
    return octet::cli::exit_pipe;
  } catch (const std::bad_alloc&) {
    return fail("out_of_memory",
                "out of memory; allow more with --max-memory, or use a machine that has it");
  } catch (const std::filesystem::filesystem_error& error) {
    return fail("io", fmt::format("{}: {}", error.path1().string(), error.code().message()));
  } catch (const std::system_error& error) {
    return fail("io", fmt::format("the system refused: {}", error.code().message()));
  } catch (const std::exception& error) {
    return fail("internal",
                fmt::format("internal error: {}; please report it with the command and the model",
                            error.what()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  octet::cli::open_closed_streams();
  octet::cli::refuse_telemetry();
  Environment environment = octet::cli::read_environment();
  octet::cli::answer_in_json(std::find(argv + 1, argv + argc, std::string_view("--json")) !=
                             argv + argc);
  return octet::cli::supervised(environment, [&] { return answer(argc, argv, environment); });
}
