// What the program is at, told to whoever has to say it when the program cannot any more.
//
// The worker writes each change into a pipe to its supervisor (see supervisor.hpp); without one the
// news is only kept for this process's own messages. A message is smaller than PIPE_BUF, so that it
// arrives whole or not at all.
#pragma once

#include <string>
#include <string_view>

namespace octet::cli {

struct Stage {
  static constexpr std::size_t most_text = 500;

  enum class News : char {
    stage,    // the work goes on to something else
    goodbye,  // the worker says itself why it stops
    folder,   // where unfinished output may lie: `text`
    again,    // a worker that crashes from now on is to be started once more: it keeps a journal
  };
  News news = News::stage;
  bool runs_model = false;    // ONNX Runtime has the word
  double limit_seconds = 0;   // from now on; 0: none
  char text[most_text] = {};  // "model.onnx: proving the result"
  char runtime[40] = {};      // its version, when it is known
};

// `fd`: the pipe's writing end; -1: nobody listens.
void report_stages_to(int fd);
void tell(const Stage& stage);
[[nodiscard]] Stage stage(std::string_view text, double limit_seconds = 0);
[[nodiscard]] const Stage& current_stage();  // the last one told

}  // namespace octet::cli
