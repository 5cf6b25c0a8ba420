#include "runtime/session.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/flush_subnormals.hpp"
#include "runtime/library.hpp"
#include "runtime/nested_value.hpp"
#include "runtime/ports.hpp"
#include "runtime/value.hpp"
#include "runtime/watch.hpp"

namespace octet::runtime {

struct Session::State {
  std::shared_ptr<const Library> library;
  std::string label;
  Handle<OrtSession> session{nullptr, nullptr};
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  std::unique_ptr<Watch> watch;  // ends before the session does
  bool flush_subnormals = false;

  // Runs with prepared values, which are in the order of inputs().
  [[nodiscard]] std::vector<Value> run(const std::vector<Value>& values,
                                       const std::vector<const char*>& input_names,
                                       const std::vector<const char*>& output_names) const;
};

struct Session::Bound::State {
  const Session::State* session = nullptr;
  std::vector<Value> values;
  std::vector<const char*> input_names;
  std::vector<const char*> output_names;
};

namespace {

using SessionOptionsHandle = Handle<OrtSessionOptions>;

SessionOptionsHandle make_options(const Library& library, const SessionOptions& options,
                                  std::string_view label) {
  const OrtApi& api = *library.api;
  OrtSessionOptions* raw = nullptr;
  library.check(api.CreateSessionOptions(&raw), label);
  SessionOptionsHandle handle(raw, api.ReleaseSessionOptions);
  const auto level = options.optimization == Optimization::all ? ORT_ENABLE_ALL : ORT_DISABLE_ALL;
  library.check(api.SetSessionGraphOptimizationLevel(raw, level), label);
  library.check(api.SetIntraOpNumThreads(raw, static_cast<int>(options.threads)), label);
  library.check(api.SetInterOpNumThreads(raw, 1), label);
  library.check(api.SetSessionExecutionMode(raw, ORT_SEQUENTIAL), label);
  if (!options.prepack) {
    library.check(api.AddSessionConfigEntry(raw, "session.disable_prepacking", "1"), label);
  }
  if (options.flush_subnormals) {
    library.check(api.AddSessionConfigEntry(raw, "session.set_denormal_as_zero", "1"), label);
  }
  return handle;
}

std::vector<const char*> names_of(const std::vector<Port>& ports) {
  std::vector<const char*> names;
  for (const Port& port : ports) names.push_back(port.name.c_str());
  return names;
}

std::vector<Value> make_values(const Library& library, const std::vector<Port>& ports,
                               std::span<const base::NamedTensor> inputs, std::string_view label) {
  const auto tensors = match_inputs(ports, inputs, label);
  std::vector<Value> values;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    values.push_back(
        make_value(library, *tensors[i], fmt::format("{}: input \"{}\"", label, ports[i].name)));
  }
  return values;
}

// `create` is one of the two ways to make an OrtSession.
template <typename State, typename Create>
std::unique_ptr<State> make_state(std::shared_ptr<const Library> library,
                                  const SessionOptions& options, const std::string& label,
                                  const Create& create) {
  auto state = std::make_unique<State>();
  state->label = label;
  state->flush_subnormals = options.flush_subnormals;
  const auto handle = make_options(*library, options, label);
  OrtSession* raw = nullptr;
  library->check(create(handle.get(), &raw), label);
  state->session = {raw, library->api->ReleaseSession};
  state->inputs = read_ports(*library, raw, Side::input, label);
  state->outputs = read_ports(*library, raw, Side::output, label);
  state->watch = std::make_unique<Watch>(*library, options.control, label);
  state->library = std::move(library);
  return state;
}

}  // namespace

std::vector<Value> Session::State::run(const std::vector<Value>& values,
                                       const std::vector<const char*>& input_names,
                                       const std::vector<const char*>& output_names) const {
  std::vector<const OrtValue*> fed;
  for (const Value& value : values) fed.push_back(value.get());
  std::vector<OrtValue*> made(output_names.size(), nullptr);
  // ONNX Runtime asks the first session of a process alone what its callers' threads are to do.
  const base::FlushSubnormals mode(flush_subnormals);
  Watched watched(*watch);
  Handle<OrtStatus> status(
      library->api->Run(session.get(), watch->options(), input_names.data(), fed.data(), fed.size(),
                        output_names.data(), output_names.size(), made.data()),
      library->api->ReleaseStatus);
  std::vector<Value> out;
  for (OrtValue* value : made) out.emplace_back(value, library->api->ReleaseValue);
  watched.end();  // why it was stopped, rather than that it was
  library->check(status.release(), label);
  return out;
}

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Session Session::from_file(std::shared_ptr<const Library> library,
                           const std::filesystem::path& path, const SessionOptions& options) {
  const OrtApi& api = *library->api;
  OrtEnv* env = library->env;
  const std::string label = options.label.empty() ? path.string() : options.label;
  return Session(make_state<State>(std::move(library), options, label,
                                   [&](const OrtSessionOptions* how, OrtSession** out) {
                                     return api.CreateSession(env, path.c_str(), how, out);
                                   }));
}

Session Session::from_bytes(std::shared_ptr<const Library> library,
                            std::span<const std::byte> bytes, const SessionOptions& options) {
  const OrtApi& api = *library->api;
  OrtEnv* env = library->env;
  const std::string label = options.label.empty() ? "model" : options.label;
  return Session(make_state<State>(
      std::move(library), options, label, [&](const OrtSessionOptions* how, OrtSession** out) {
        return api.CreateSessionFromArray(env, bytes.data(), bytes.size(), how, out);
      }));
}

const std::vector<Port>& Session::inputs() const& {
  return state_->inputs;
}
const std::vector<Port>& Session::outputs() const& {
  return state_->outputs;
}

std::vector<base::NamedTensor> Session::run(std::span<const base::NamedTensor> inputs) const {
  const Library& library = *state_->library;
  state_->watch->ask();
  const auto values = make_values(library, state_->inputs, inputs, state_->label);
  const auto made = state_->run(values, names_of(state_->inputs), names_of(state_->outputs));
  std::vector<base::NamedTensor> out;
  for (std::size_t i = 0; i < made.size(); ++i) {
    const std::string& name = state_->outputs[i].name;
    const std::string label = fmt::format("{}: output \"{}\"", state_->label, name);
    out.push_back(read_output(library, made[i].get(), name, label));
  }
  return out;
}

Session::Bound::Bound(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::Bound::Bound(Bound&&) noexcept = default;
Session::Bound::~Bound() = default;

// Prepared values and a plain Run rather than an IoBinding: the same path a program takes that runs
// the model, without a binding's device checks.
Session::Bound Session::bind(std::span<const base::NamedTensor> inputs) const& {
  auto bound = std::make_unique<Bound::State>();
  bound->session = state_.get();
  bound->values = make_values(*state_->library, state_->inputs, inputs, state_->label);
  bound->input_names = names_of(state_->inputs);
  bound->output_names = names_of(state_->outputs);
  return Bound(std::move(bound));
}

void Session::Bound::run() const {
  static_cast<void>(
      state_->session->run(state_->values, state_->input_names, state_->output_names));
}

}  // namespace octet::runtime
