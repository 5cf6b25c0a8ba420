// The stack machine behind read_pickle: its state, and what its opcodes are made of.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trained/record.hpp"

namespace octet::trained {

class PickleMachine {
 public:
  // `begin`: where in `bytes` the pickle starts. A nested machine reads no joblib arrays.
  PickleMachine(std::span<const std::byte> bytes, std::size_t begin, Records& records,
                const std::string& label, const Limits& limits, bool nested);

  // The value the pickle ends with.
  [[nodiscard]] Ref run();
  // Behind the last byte read.
  [[nodiscard]] std::size_t position() const { return at_; }

  [[noreturn]] void fail(std::string_view fact) const;

 private:
  using Operation = void (PickleMachine::*)();
  static const std::array<Operation, 256>& operations();

  // The stream.
  [[nodiscard]] std::span<const std::byte> take(std::uint64_t size);
  [[nodiscard]] std::uint64_t number(std::size_t size_bytes);  // little-endian
  [[nodiscard]] std::string_view counted(std::size_t size_bytes);
  [[nodiscard]] std::string_view line();
  [[nodiscard]] std::string_view short_line();

  // The stack.
  void push(Ref ref);
  [[nodiscard]] Ref pop();
  [[nodiscard]] Ref top() const;
  [[nodiscard]] std::span<const Ref> above_mark() const;
  void drop_to_mark();

  // The memo.
  void memorize(std::uint64_t index);
  [[nodiscard]] Ref recall(std::uint64_t index) const;

  // Opcodes, by what they do.
  void proto();
  void frame();
  void mark();
  void drop();
  void drop_mark();
  void duplicate();
  void none();
  void yes();
  void no();
  void text_integer();
  void text_long();
  void byte_integer();
  void short_integer();
  void integer();
  void short_long();
  void long_long();
  void text_real();
  void real();
  void escaped_text();
  void quoted_text();
  void short_text();
  void text();
  void long_text();
  void short_bytes();
  void bytes();
  void long_bytes();
  void empty_tuple();
  void tuple();
  void tuple1();
  void tuple2();
  void tuple3();
  void empty_list();
  void list();
  void append();
  void extend();
  void empty_dict();
  void dict();
  void set_item();
  void set_items();
  void empty_set();
  void frozen_set();
  void add_items();
  void named_global();
  void stack_global();
  void put();
  void short_put();
  void long_put();
  void memoize();
  void get();
  void short_get();
  void long_get();
  void reduce();
  void new_object();
  void new_object_ex();
  void instance();
  void object();
  void build();

  void long_of(std::span<const std::byte> digits);
  void tuple_of(std::size_t count);
  void append_all(Ref target, std::span<const Ref> values);
  void set_all(Ref target, std::span<const Ref> pairs);

  // What the machine knows by name (pickle_calls.cpp); no_ref: it stays a call.
  [[nodiscard]] Ref call(Ref callable, Ref arguments);
  [[nodiscard]] Ref known_call(Ref callable, std::span<const Ref> arguments);
  [[nodiscard]] Ref scalar_of(std::span<const Ref> arguments);
  [[nodiscard]] Ref buffer_array(std::span<const Ref> arguments);
  [[nodiscard]] Ref encoded(std::span<const Ref> arguments);
  // BUILD (pickle_build.cpp).
  void build_array(Ref target, Ref state);
  void build_dtype(Ref target, Ref state);
  [[nodiscard]] Ref joblib_array(Ref wrapper);
  [[nodiscard]] std::span<const std::byte> raw_array(const Array& array, Ref state);
  [[nodiscard]] std::vector<std::uint64_t> shape_of(Ref tuple) const;
  void complete(Array& array) const;
  [[nodiscard]] std::optional<std::string_view> latin1_bytes(Ref text);

  std::span<const std::byte> bytes_;
  std::size_t at_;
  std::size_t opcode_at_ = 0;
  Records& records_;
  const std::string& label_;
  const Limits& limits_;
  bool nested_;
  std::vector<Ref> stack_;
  std::vector<std::size_t> marks_;
  std::vector<Ref> memo_;
};

// Whether callables and classes of this name make a plain ndarray of what follows.
[[nodiscard]] bool is_joblib_wrapper(const Records& records, Ref call);

}  // namespace octet::trained
