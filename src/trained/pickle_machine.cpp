// The stream, the stack, the memo and the loop; what opcodes do is in pickle_opcodes.cpp.
#include "trained/pickle_machine.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "octet/error.hpp"
#include "trained/pickle.hpp"

namespace octet::trained {
namespace {

constexpr std::size_t most_line = std::size_t{1} << 20U;
constexpr std::size_t most_short_line = 64;
// Python numbers the memo one by one; gaps as large as this never come from it.
constexpr std::uint64_t most_memo_gap = 65536;

std::string shown(unsigned char opcode) {
  if (opcode > 0x20 && opcode < 0x7f)
    return fmt::format("'{}' (0x{:02x})", static_cast<char>(opcode), opcode);
  return fmt::format("0x{:02x}", opcode);
}

}  // namespace

PickleMachine::PickleMachine(std::span<const std::byte> bytes, std::size_t begin, Records& records,
                             const std::string& label, const Limits& limits, bool nested)
    : bytes_(bytes),
      at_(begin),
      records_(records),
      label_(label),
      limits_(limits),
      nested_(nested) {}

void PickleMachine::fail(std::string_view fact) const {
  throw Error(ErrorCode::invalid_model,
              fmt::format("{}: byte {} of the pickle: {}", label_, opcode_at_, fact));
}

std::span<const std::byte> PickleMachine::take(std::uint64_t size) {
  if (size > bytes_.size() - at_) {
    fail(fmt::format("{} bytes are said to follow, but only {} do", size, bytes_.size() - at_));
  }
  const auto out = bytes_.subspan(at_, size);
  at_ += size;
  return out;
}

std::uint64_t PickleMachine::number(std::size_t size_bytes) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t out = 0;
  std::memcpy(&out, take(size_bytes).data(), size_bytes);
  return out;
}

std::string_view PickleMachine::counted(std::size_t size_bytes) {
  const auto out = take(number(size_bytes));
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

std::string_view PickleMachine::line() {
  const std::size_t most = std::min(bytes_.size() - at_, most_line);
  const auto* begin = reinterpret_cast<const char*>(bytes_.data()) + at_;
  const void* end = most == 0 ? nullptr : std::memchr(begin, '\n', most);
  if (end == nullptr) fail("a line without an end, or too long a one");
  const std::string_view out(begin,
                             static_cast<std::size_t>(static_cast<const char*>(end) - begin));
  at_ += out.size() + 1;
  return out;
}

std::string_view PickleMachine::short_line() {
  const std::string_view out = line();
  if (out.size() > most_short_line) fail("a number of more than 64 characters");
  return out;
}

void PickleMachine::push(Ref ref) {
  if (stack_.size() >= limits_.stack) fail("its stack grows too large");
  stack_.push_back(ref);
}

Ref PickleMachine::pop() {
  const Ref out = top();
  stack_.pop_back();
  return out;
}

Ref PickleMachine::top() const {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) fail("nothing is on the stack");
  return stack_.back();
}

std::span<const Ref> PickleMachine::above_mark() const {
  if (marks_.empty()) fail("no mark is on the stack");
  return std::span(stack_).subspan(marks_.back());
}

void PickleMachine::drop_to_mark() {
  stack_.resize(marks_.back());
  marks_.pop_back();
}

void PickleMachine::memorize(std::uint64_t index) {
  if (index > memo_.size() + most_memo_gap || index >= limits_.memo)
    fail(fmt::format("memo entry {} is far beyond the last; allow more with --max-memo", index));
  if (index >= memo_.size()) memo_.resize(index + 1, no_ref);
  memo_[index] = top();
}

Ref PickleMachine::recall(std::uint64_t index) const {
  if (index >= memo_.size() || memo_[index] == no_ref)
    fail(fmt::format("memo entry {} was never made", index));
  return memo_[index];
}

Ref PickleMachine::run() {
  const auto& table = operations();
  constexpr unsigned char stop = '.';
  for (;;) {
    opcode_at_ = at_;
    if (at_ == bytes_.size()) fail("the pickle is cut short");
    const auto opcode = std::to_integer<unsigned char>(bytes_[at_++]);
    if (opcode == stop) return pop();
    const Operation operation = table[opcode];
    if (operation == nullptr) {
      fail(fmt::format("opcode {} is none that files of trained models have", shown(opcode)));
    }
    (this->*operation)();
  }
}

Pickle read_pickle(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                   const std::string& label, const Limits& limits) {
  Pickle out{Records(std::move(owner), limits), no_ref};
  PickleMachine machine(bytes, 0, out.records, label, limits, false);
  try {
    out.root = machine.run();
  } catch (const Error& error) {
    const std::string_view what = error.what();
    if (what.substr(0, label.size()) == label) throw;
    machine.fail(what);  // of the records, which know no place
  }
  if (machine.position() != bytes.size()) {
    machine.fail(
        fmt::format("the pickle ends here, but {} more bytes follow: several objects in "
                    "one file, or something that hides",
                    bytes.size() - machine.position()));
  }
  return out;
}

}  // namespace octet::trained
