// A loaded model that can be run: the only seam to ONNX Runtime.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/port.hpp"
#include "base/tensor.hpp"
#include "octet/runtime.hpp"
#include "runtime/run_control.hpp"

namespace octet::runtime {

using base::Port;

enum class Optimization { all, off };

struct SessionOptions {
  Optimization optimization = Optimization::all;
  unsigned threads = 1;  // intra-op; 0: ONNX Runtime's own choice
  // Kernels keep a copy of their weights laid out for speed. Off: loads faster, runs slower.
  bool prepack = true;
  // Subnormal numbers are zeros to it: session.set_denormal_as_zero, and this thread while it runs.
  bool flush_subnormals = false;
  std::string label;        // opens every message; defaults to the path
  RunControl control = {};  // what ends a run early
};

// The loaded library. Copyable handle; the library stays loaded until the process ends.
class Library;

// Finds and loads a library in the order of octet::RuntimeOptions. Throws Error{runtime_missing}
// with what was tried and how to get one. Loading the same path twice gives the same object.
[[nodiscard]] std::shared_ptr<const Library> load_library(const octet::RuntimeOptions& options);
[[nodiscard]] octet::RuntimeInfo describe(const Library& library);

// Not copyable. run() may be called from several threads.
class Session {
 public:
  // Both throw Error{runtime_failed} with ONNX Runtime's own words when the model does not load.
  static Session from_file(std::shared_ptr<const Library> library,
                           const std::filesystem::path& path, const SessionOptions& options);
  static Session from_bytes(std::shared_ptr<const Library> library,
                            std::span<const std::byte> bytes, const SessionOptions& options);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  [[nodiscard]] const std::vector<Port>& inputs() const&;  // those a caller must feed
  const std::vector<Port>& inputs() const&& = delete;
  [[nodiscard]] const std::vector<Port>& outputs() const&;
  const std::vector<Port>& outputs() const&& = delete;

  // Runs all outputs, in the order of outputs(); those that are no tensors are laid out as one
  // (nested_value.hpp). Inputs are matched by name; a missing one, a wrong type or shape throws
  // Error{invalid_data} naming it before ONNX Runtime sees it. Throws Error{runtime_failed}, and
  // Error{cancelled} or Error{timed_out} when SessionOptions::control ends it.
  [[nodiscard]] std::vector<base::NamedTensor> run(std::span<const base::NamedTensor> inputs) const;

  // A run whose inputs are bound once: what a latency measurement repeats. Outputs are thrown away.
  class Bound {
   public:
    Bound(Bound&&) noexcept;
    ~Bound();
    void run() const;

   private:
    friend class Session;
    struct State;
    explicit Bound(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
  };
  [[nodiscard]] Bound bind(
      std::span<const base::NamedTensor> inputs) const&;  // `inputs` and the session outlive it

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace octet::runtime
