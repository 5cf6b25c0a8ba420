// A field of a public struct: what its JSON, its option of the program and its page in docs/cli.md
// are made of.
//
// For every public struct of options or results there is one function that names its fields, in the
// order of its JSON, for constant and for changeable objects:
//
//   visit_fields(options, [](const Field& field, auto& value) { … });
//
// Callbacks are no fields. The tests Fields.Of…AreAllNamed count.
#pragma once

#include <type_traits>

namespace octet {

struct Field {
  const char* name;                // as in the struct, and in JSON
  const char* help = nullptr;      // of the program's option; nullptr: there is none, or it is made
                                   // by hand
  const char* argument = nullptr;  // stands for the value in help: "FILE"; "OP,…" is cut at commas
  const char* option = nullptr;    // "--abs-tol,--atol", where the name with hyphens is not enough;
                                   // of a bool that is true: what turns it off
  const char* values = nullptr;    // every word that is allowed, "int8,uint8"; nullptr: no list
  bool required = false;           // when the struct is read from JSON
  bool left_out = false;           // of JSON when empty; an empty optional is else null
};

// Struct, constant or not.
template <typename T, typename Struct>
concept FieldsOf = std::is_same_v<std::remove_const_t<T>, Struct>;

namespace detail {
struct AnyVisitor {
  void operator()(const Field&, const auto&) const {}
};
}  // namespace detail

template <typename T>
concept HasFields = requires(const T& object) {
  visit_fields(object, detail::AnyVisitor{});
};

}  // namespace octet
