// The one exception type of Octet.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace octet {

enum class ErrorCode {
  invalid_argument,  // an option, a selector or a plan that cannot be honoured
  invalid_model,     // the model file is malformed or breaks the ONNX rules Octet relies on
  invalid_data,      // a data file (.npy, .csv, …) is malformed or does not fit the model
  io,                // the file system refused
  unsupported,       // legal, but not something Octet does
  runtime_missing,   // no ONNX Runtime library could be loaded
  runtime_failed,    // ONNX Runtime refused to load or to run a model
  cancelled,         // the progress callback asked to stop
  timed_out,         // a model ran for longer than RuntimeOptions::timeout_seconds
};

// The text with what is not for the eye written byte by byte as \xNN: control characters (C0 and
// C1), those that turn the direction of writing, line separators, and bytes that are not UTF-8.
// Names come from model files, and none may end a line, cut a message short or redraw a terminal.
[[nodiscard]] std::string one_line(std::string_view text);

// one_line() for messages: words of more than 200 bytes are cut in their middle, and so is a text
// of more than 2000. A name in a model file may be as long as the file.
[[nodiscard]] std::string message_line(std::string_view text);

// Thrown when the world refuses. The message carries the place, the fact and the next step, in one
// line:
//   model.onnx: node "encoder/MatMul_3": weight is sparse; densify it or exclude the node with
//   --exclude
// Every function that can throw it leaves nothing half-done: no output file, no changed input.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message)
      : std::runtime_error(message_line(message)), code_(code) {}
  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  // Nothing else is to be tried: whoever catches errors to go on another way passes this one on.
  [[nodiscard]] bool stops() const noexcept {
    return code_ == ErrorCode::cancelled || code_ == ErrorCode::timed_out;
  }

 private:
  ErrorCode code_;
};

}  // namespace octet
