// What each opcode does. Python's own words for them are in its module pickletools.
#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstring>

#include "trained/pickle_machine.hpp"
#include "trained/pickle_text.hpp"

namespace octet::trained {
namespace {

constexpr std::uint64_t newest_protocol = 5;
constexpr std::size_t most_long_bytes = 1024;

template <typename T>
bool read_whole(std::string_view text, T& value) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size();
}

}  // namespace

const std::array<PickleMachine::Operation, 256>& PickleMachine::operations() {
  using M = PickleMachine;
  static const std::array<Operation, 256> table = [] {
    std::array<Operation, 256> out{};
    const auto at = [&](unsigned char opcode, Operation operation) { out[opcode] = operation; };
    at(0x80, &M::proto), at(0x95, &M::frame);
    at('(', &M::mark), at('0', &M::drop), at('1', &M::drop_mark), at('2', &M::duplicate);
    at('N', &M::none), at(0x88, &M::yes), at(0x89, &M::no);
    at('I', &M::text_integer), at('L', &M::text_long), at('K', &M::byte_integer);
    at('M', &M::short_integer), at('J', &M::integer);
    at(0x8a, &M::short_long), at(0x8b, &M::long_long);
    at('F', &M::text_real), at('G', &M::real);
    at('V', &M::escaped_text), at('S', &M::quoted_text), at('U', &M::short_bytes);
    at('T', &M::bytes), at(0x8c, &M::short_text), at('X', &M::text), at(0x8d, &M::long_text);
    at('C', &M::short_bytes), at('B', &M::bytes), at(0x8e, &M::long_bytes);
    at(0x96, &M::long_bytes);
    at(')', &M::empty_tuple), at('t', &M::tuple), at(0x85, &M::tuple1), at(0x86, &M::tuple2);
    at(0x87, &M::tuple3);
    at(']', &M::empty_list), at('l', &M::list), at('a', &M::append), at('e', &M::extend);
    at('}', &M::empty_dict), at('d', &M::dict), at('s', &M::set_item), at('u', &M::set_items);
    at(0x8f, &M::empty_set), at(0x91, &M::frozen_set), at(0x90, &M::add_items);
    at('c', &M::named_global), at(0x93, &M::stack_global);
    at('p', &M::put), at('q', &M::short_put), at('r', &M::long_put), at(0x94, &M::memoize);
    at('g', &M::get), at('h', &M::short_get), at('j', &M::long_get);
    at('R', &M::reduce), at(0x81, &M::new_object), at(0x92, &M::new_object_ex);
    at('i', &M::instance), at('o', &M::object), at('b', &M::build);
    return out;
  }();
  return table;
}

void PickleMachine::proto() {
  const std::uint64_t protocol = number(1);
  if (protocol > newest_protocol) {
    fail(fmt::format("pickle protocol {} is newer than any known (5)", protocol));
  }
}

// A hint of how much to read at once. joblib puts arrays between frames, so they are no boundaries.
void PickleMachine::frame() {
  const std::uint64_t size = number(8);
  if (size > bytes_.size() - at_) fail(fmt::format("a frame of {} bytes is cut short", size));
}

void PickleMachine::mark() {
  if (marks_.size() >= limits_.marks) fail("too many marks are open; allow more with --max-depth");
  marks_.push_back(stack_.size());
}

void PickleMachine::drop() {
  if (!marks_.empty() && marks_.back() == stack_.size()) {
    marks_.pop_back();
  } else {
    (void)pop();
  }
}

void PickleMachine::drop_mark() {
  (void)above_mark();
  drop_to_mark();
}

void PickleMachine::duplicate() {
  push(top());
}

void PickleMachine::none() {
  push(records_.add(Kind::none));
}

void PickleMachine::yes() {
  push(records_.add_boolean(true));
}

void PickleMachine::no() {
  push(records_.add_boolean(false));
}

void PickleMachine::text_integer() {
  const std::string_view digits = short_line();
  if (digits == "00" || digits == "01") return push(records_.add_boolean(digits == "01"));
  std::int64_t value = 0;
  if (!read_whole(digits, value)) fail("a number that is none");
  push(records_.add_integer(value));
}

void PickleMachine::text_long() {
  std::string_view digits = short_line();
  if (digits.ends_with('L')) digits.remove_suffix(1);
  std::int64_t value = 0;
  if (read_whole(digits, value)) return push(records_.add_integer(value));
  if (digits.empty() || digits.find_first_not_of("-0123456789") != std::string_view::npos)
    fail("a number that is none");
  push(records_.add(Kind::big_integer));
}

void PickleMachine::byte_integer() {
  push(records_.add_integer(static_cast<std::int64_t>(number(1))));
}

void PickleMachine::short_integer() {
  push(records_.add_integer(static_cast<std::int64_t>(number(2))));
}

void PickleMachine::integer() {
  push(records_.add_integer(static_cast<std::int32_t>(number(4))));
}

void PickleMachine::long_of(std::span<const std::byte> digits) {
  if (digits.size() > 8) return push(records_.add(Kind::big_integer));
  std::uint64_t value = 0;
  if (!digits.empty()) {
    std::memcpy(&value, digits.data(), digits.size());
    const bool negative = (std::to_integer<unsigned>(digits.back()) & 0x80U) != 0;
    if (negative && digits.size() < 8) value |= ~std::uint64_t{0} << (8 * digits.size());
  }
  push(records_.add_integer(static_cast<std::int64_t>(value)));
}

void PickleMachine::short_long() {
  long_of(take(number(1)));
}

void PickleMachine::long_long() {
  const auto size = static_cast<std::int32_t>(number(4));
  if (size < 0 || static_cast<std::size_t>(size) > most_long_bytes)
    fail(fmt::format("a number of {} bytes", size));
  long_of(take(static_cast<std::uint64_t>(size)));
}

void PickleMachine::text_real() {
  double value = 0;
  if (!read_whole(short_line(), value)) fail("a number that is none");
  push(records_.add_real(value));
}

void PickleMachine::real() {
  push(records_.add_real(std::bit_cast<double>(__builtin_bswap64(number(8)))));
}

void PickleMachine::escaped_text() {
  const auto text = unescape_unicode(line());
  if (!text) fail("a text with an escape that is none");
  push(records_.add_text(records_.keep(*text)));
}

void PickleMachine::quoted_text() {
  const auto text = unquote(line());
  if (!text) fail("a text without its quotes, or with an escape that is none");
  push(records_.add_text(records_.keep(*text)));
}

void PickleMachine::short_text() {
  push(records_.add_text(counted(1)));
}

void PickleMachine::text() {
  push(records_.add_text(counted(4)));
}

void PickleMachine::long_text() {
  push(records_.add_text(counted(8)));
}

void PickleMachine::short_bytes() {
  push(records_.add_bytes(std::as_bytes(std::span(counted(1)))));
}

void PickleMachine::bytes() {
  push(records_.add_bytes(std::as_bytes(std::span(counted(4)))));
}

void PickleMachine::long_bytes() {
  push(records_.add_bytes(std::as_bytes(std::span(counted(8)))));
}

void PickleMachine::empty_tuple() {
  push(records_.add_tuple({}));
}

void PickleMachine::tuple() {
  const Ref out = records_.add_tuple(above_mark());
  drop_to_mark();
  push(out);
}

void PickleMachine::tuple_of(std::size_t count) {
  if (stack_.size() < count + (marks_.empty() ? 0 : marks_.back())) fail("nothing is on the stack");
  const Ref out = records_.add_tuple(std::span(stack_).last(count));
  stack_.resize(stack_.size() - count);
  push(out);
}

void PickleMachine::tuple1() {
  tuple_of(1);
}

void PickleMachine::tuple2() {
  tuple_of(2);
}

void PickleMachine::tuple3() {
  tuple_of(3);
}

void PickleMachine::empty_list() {
  push(records_.add(Kind::list));
}

void PickleMachine::list() {
  const Ref out = records_.add(Kind::list);
  append_all(out, above_mark());
  drop_to_mark();
  push(out);
}

void PickleMachine::append_all(Ref target, std::span<const Ref> values) {
  std::vector<Ref>* into = nullptr;
  if (records_.is(target, Kind::list)) into = &records_.list(target);
  if (records_.is(target, Kind::call)) into = &records_.call(target).items;
  if (into == nullptr) fail("something is appended to what is no list");
  into->insert(into->end(), values.begin(), values.end());
}

void PickleMachine::append() {
  const Ref value = pop();
  append_all(top(), std::span(&value, 1));
}

void PickleMachine::extend() {
  const auto values = above_mark();
  if (marks_.back() == 0) fail("nothing is on the stack");
  append_all(stack_[marks_.back() - 1], values);
  drop_to_mark();
}

void PickleMachine::empty_dict() {
  push(records_.add(Kind::dict));
}

void PickleMachine::dict() {
  const Ref out = records_.add(Kind::dict);
  set_all(out, above_mark());
  drop_to_mark();
  push(out);
}

void PickleMachine::set_all(Ref target, std::span<const Ref> pairs) {
  std::vector<Ref>* into = nullptr;
  if (records_.is(target, Kind::dict)) into = &records_.list(target);
  if (records_.is(target, Kind::call)) into = &records_.call(target).pairs;
  if (into == nullptr) fail("a key is set in what is no dict");
  if (pairs.size() % 2 != 0) fail("a key without a value");
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    const Kind key = records_.kind(pairs[i]);
    if (key == Kind::list || key == Kind::dict || key == Kind::set || key == Kind::array)
      fail("a list, dict, set or array as a key");
  }
  into->insert(into->end(), pairs.begin(), pairs.end());
}

void PickleMachine::set_item() {
  const Ref value = pop();
  const std::array<Ref, 2> pair = {pop(), value};
  set_all(top(), pair);
}

void PickleMachine::set_items() {
  const auto pairs = above_mark();
  if (marks_.back() == 0) fail("nothing is on the stack");
  set_all(stack_[marks_.back() - 1], pairs);
  drop_to_mark();
}

void PickleMachine::empty_set() {
  push(records_.add(Kind::set));
}

void PickleMachine::frozen_set() {
  const Ref out = records_.add(Kind::set);
  const auto values = above_mark();
  records_.list(out).assign(values.begin(), values.end());
  drop_to_mark();
  push(out);
}

void PickleMachine::add_items() {
  const auto values = above_mark();
  if (marks_.back() == 0 || !records_.is(stack_[marks_.back() - 1], Kind::set))
    fail("something is added to what is no set");
  std::vector<Ref>& into = records_.list(stack_[marks_.back() - 1]);
  into.insert(into.end(), values.begin(), values.end());
  drop_to_mark();
}

void PickleMachine::named_global() {
  const std::string_view module = line();
  push(records_.add_global(module, line()));
}

void PickleMachine::stack_global() {
  const Ref name = pop();
  const Ref module = pop();
  if (!records_.is(name, Kind::text) || !records_.is(module, Kind::text))
    fail("a name that is no text");
  push(records_.add_global(records_.text(module), records_.text(name)));
}

void PickleMachine::put() {
  std::uint64_t index = 0;
  if (!read_whole(short_line(), index)) fail("a memo entry whose number is none");
  memorize(index);
}

void PickleMachine::short_put() {
  memorize(number(1));
}

void PickleMachine::long_put() {
  memorize(number(4));
}

void PickleMachine::memoize() {
  memorize(memo_.size());
}

void PickleMachine::get() {
  std::uint64_t index = 0;
  if (!read_whole(short_line(), index)) fail("a memo entry whose number is none");
  push(recall(index));
}

void PickleMachine::short_get() {
  push(recall(number(1)));
}

void PickleMachine::long_get() {
  push(recall(number(4)));
}

void PickleMachine::reduce() {
  const Ref arguments = pop();
  if (!records_.is(arguments, Kind::tuple)) fail("arguments that are no tuple");
  push(call(pop(), arguments));
}

void PickleMachine::new_object() {
  const Ref arguments = pop();
  push(records_.add_call(pop(), arguments));
}

void PickleMachine::new_object_ex() {
  (void)pop();  // arguments by name: nobody asks for them
  new_object();
}

void PickleMachine::instance() {
  const std::string_view module = line();
  const Ref made = records_.add_global(module, line());
  const Ref arguments = records_.add_tuple(above_mark());
  drop_to_mark();
  push(records_.add_call(made, arguments));
}

void PickleMachine::object() {
  const auto values = above_mark();
  if (values.empty()) fail("nothing is on the stack");
  const Ref made = values.front();
  const Ref arguments = records_.add_tuple(values.subspan(1));
  drop_to_mark();
  push(records_.add_call(made, arguments));
}

void PickleMachine::build() {
  const Ref state = pop();
  const Ref target = top();
  switch (records_.kind(target)) {
    case Kind::array:
      return build_array(target, state);
    case Kind::dtype:
      return build_dtype(target, state);
    case Kind::dict:  // an OrderedDict's attributes
      return;
    case Kind::call:
      records_.call(target).state = state;
      if (is_joblib_wrapper(records_, target)) {
        const Ref array = joblib_array(target);
        stack_.back() = array;
      }
      return;
    default:
      fail(fmt::format("a state is given to {}", name_of(records_, target)));
  }
}

}  // namespace octet::trained
