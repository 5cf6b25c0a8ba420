#include "failure.hpp"

#include <cstdio>
#include <string>

#include "exit_codes.hpp"
#include "octet/failure.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

bool in_json = false;

}  // namespace

void answer_in_json(bool json) {
  in_json = json;
}

// A document that cannot be written is lost like a message: what failed may be standard output.
int could_not(std::string_view code, std::string_view message) {
  complain(message);
  if (in_json) {
    print(octet::to_json(
        octet::Failure{std::string(code), octet::one_line(message), exit_could_not}));
    std::fflush(stdout);
  }
  return exit_could_not;
}

}  // namespace octet::cli
