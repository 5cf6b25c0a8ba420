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
#include "limits.hpp"
#include "octet/error.hpp"
#include "octet/failure.hpp"
#include "octet/version.hpp"
#include "stage.hpp"
#include "streams.hpp"
#include "suggestion.hpp"
#include "supervisor.hpp"
#include "terminal.hpp"

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

// ONNX Runtime's users write --per_channel: underscores in option names mean hyphens.
std::vector<std::string> arguments(int argc, char** argv) {
  std::vector<std::string> out;
  for (int i = argc - 1; i > 0; --i) {  // CLI11 takes them from the back
    std::string argument = argv[i];
    if (argument.rfind("--", 0) == 0) {
      const std::size_t end = std::min(argument.find('='), argument.size());
      std::replace(argument.begin(), argument.begin() + static_cast<std::ptrdiff_t>(end), '_', '-');
    }
    out.push_back(std::move(argument));
  }
  return out;
}

// The command that was being read when parsing failed, or the program itself.
const CLI::App& chosen(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : *commands.front();
}

int explain_usage(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  const CLI::App& command = chosen(app);
  std::string message = error.what();
  std::replace(message.begin(), message.end(), '\n', ' ');
  for (int i = 1; i < argc; ++i) {
    const bool named = message.find(argv[i]) != std::string::npos;
    const bool unknown = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                         dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
    if (!unknown || (!named && i != 1)) continue;
    const std::string nearest = octet::cli::suggestion(command, argv[i]);
    if (nearest.empty() || nearest == argv[i]) continue;
    message = fmt::format("{} is not known; did you mean {}?", argv[i], nearest);
    break;
  }
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
  environment.models = models_of(command);
  if (const auto* ort = command.get_option_no_throw("--ort"); ort != nullptr && !ort->empty())
    environment.named_ort = ort->results().front();
  tell(stage(environment.models));
  if (command.get_name() == "quantize" || command.get_name() == "export") {
    Stage news = stage(output_folder(command, environment.models).string());
    news.news = Stage::News::folder;
    tell(news);
  }
  if (command.get_name() != "predict") check_output();  // predict may have nothing to say there
}

int run(int argc, char** argv, Environment& environment) {
  CLI::App app(introduction, "octet");
  app.require_subcommand(1);
  app.set_version_flag("--version", [] { return "octet " + octet::version().version; });
  app.get_formatter()->column_width(34);

  std::map<const CLI::App*, Run> runs;
  const auto command = [&](const char* name, const char* summary,
                           Run (*add)(CLI::App&, const Environment&)) {
    CLI::App* sub = app.add_subcommand(name, summary);
    runs[sub] = add(*sub, environment);
    add_limits(*sub, environment.limits);
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
  command("version", "This program, the CPU, and the ONNX Runtime it finds", add_version);
  command("peak-memory", "", add_peak_memory)->group("");
  command("reference", "", add_reference)->group("");

  try {
    app.parse(arguments(argc, argv));
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
