#include "stage.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace octet::cli {
namespace {

int listener = -1;
Stage last;

}  // namespace

void report_stages_to(int fd) {
  listener = fd;
}

void tell(const Stage& news) {
  if (news.news == Stage::News::stage) last = news;
  if (listener < 0) return;
  // A supervisor that is gone has taken this process with it: nothing to be done about a failure.
  while (::write(listener, &news, sizeof news) < 0 && errno == EINTR) {
  }
}

Stage stage(std::string_view text, double limit_seconds) {
  Stage out;
  out.limit_seconds = limit_seconds;
  text.substr(0, Stage::most_text - 1).copy(out.text, Stage::most_text - 1);
  return out;
}

const Stage& current_stage() {
  return last;
}

}  // namespace octet::cli
