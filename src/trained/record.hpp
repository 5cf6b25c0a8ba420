// What a trained model's file says, as inert records: nothing in it is imported, called or run.
//
// A record is a value, or the note that the file names something (Global) or wants something called
// (Call). Records live in one arena and refer to each other by index, so that a file's nesting is
// never a recursion of ours, and destruction is linear.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trained/limits.hpp"

namespace octet::trained {

using Ref = std::uint32_t;
inline constexpr Ref no_ref = UINT32_MAX;

enum class Kind : std::uint8_t {
  none,
  boolean,
  integer,
  big_integer,  // more than 64 bits; nobody needs its value
  real,
  text,
  bytes,
  tuple,
  list,
  set,
  dict,
  global,
  call,
  dtype,
  array,
  scalar,
};

struct Global {
  std::string_view module;
  std::string_view name;
};

// What the file wanted to be called or made, with what it wanted to be done to the result.
struct Call {
  Ref callable = no_ref;  // a Global in honest files
  Ref arguments = no_ref;
  Ref state = no_ref;      // of BUILD
  std::vector<Ref> items;  // appended
  std::vector<Ref> pairs;  // set by key: key, value, key, value …
};

// A NumPy dtype. `kind` is one of b i u f c S U V O M m; sizes are final once it was built.
struct DType {
  struct Field {
    std::string_view name;
    char kind = 'V';
    std::uint32_t offset = 0;
    std::uint32_t size_bytes = 0;
    bool swapped = false;
  };
  char kind = 'V';
  bool swapped = false;  // big-endian
  bool has_objects = false;
  std::uint32_t depth = 0;       // of records within records
  std::uint32_t size_bytes = 0;  // of one element
  std::vector<Field> fields;     // of a record
};

// A NumPy array: numbers where they lie in the file, or, of dtype O, records.
struct Array {
  Ref dtype = no_ref;
  std::vector<std::uint64_t> shape;
  std::uint64_t count = 0;
  bool fortran = false;
  bool is_complete = false;  // named, but never given its data otherwise
  std::span<const std::byte> data;
  std::vector<Ref> objects;
};

class Records {
 public:
  // `owner` keeps the bytes alive that records point into.
  Records(std::shared_ptr<const void> owner, const Limits& limits);

  [[nodiscard]] Kind kind(Ref ref) const { return cells_[ref].kind; }
  [[nodiscard]] bool is(Ref ref, Kind kind) const {
    return ref != no_ref && cells_[ref].kind == kind;
  }
  [[nodiscard]] bool boolean(Ref ref) const { return cells_[ref].number != 0; }
  [[nodiscard]] std::int64_t integer(Ref ref) const { return cells_[ref].number; }
  [[nodiscard]] double real(Ref ref) const { return cells_[ref].real; }
  [[nodiscard]] std::string_view text(Ref ref) const {
    return {cells_[ref].begin, cells_[ref].size};
  }
  [[nodiscard]] std::span<const std::byte> bytes(Ref ref) const {
    return std::as_bytes(std::span(cells_[ref].begin, cells_[ref].size));
  }
  // Of a tuple, a list or a set; of a dict: key, value, key, value …
  [[nodiscard]] std::span<const Ref> items(Ref ref) const;
  // The value of a text key of a dict, the last one set; no_ref when there is none.
  [[nodiscard]] Ref find(Ref dict, std::string_view key) const;
  [[nodiscard]] Global global(Ref ref) const;
  [[nodiscard]] const Call& call(Ref ref) const { return calls_[cells_[ref].index]; }
  [[nodiscard]] const DType& dtype(Ref ref) const { return dtypes_[cells_[ref].index]; }
  // Of an array, and of a NumPy scalar, which is an array of no dimensions.
  [[nodiscard]] const Array& array(Ref ref) const { return arrays_[cells_[ref].index]; }
  // Every global the file names, in the order in which it names them.
  [[nodiscard]] const std::vector<Ref>& globals() const { return globals_; }
  [[nodiscard]] std::size_t size() const { return cells_.size(); }

  Ref add(Kind kind);  // none, and empty lists, sets, dicts
  Ref add_boolean(bool value);
  Ref add_integer(std::int64_t value);
  Ref add_real(double value);
  Ref add_text(std::string_view text);                                       // borrowed
  Ref add_bytes(std::span<const std::byte> bytes, Kind kind = Kind::bytes);  // borrowed
  Ref add_tuple(std::span<const Ref> items);
  Ref add_global(std::string_view module, std::string_view name);
  Ref add_call(Ref callable, Ref arguments);
  Ref add_dtype(DType dtype);
  Ref add_array(Array array, Kind kind = Kind::array);
  // Keeps text that is not in the file as it stands.
  std::string_view keep(std::string text);

  [[nodiscard]] std::vector<Ref>& list(Ref ref) { return lists_[cells_[ref].index]; }
  [[nodiscard]] Call& call(Ref ref) { return calls_[cells_[ref].index]; }
  [[nodiscard]] DType& dtype(Ref ref) { return dtypes_[cells_[ref].index]; }
  [[nodiscard]] Array& array(Ref ref) { return arrays_[cells_[ref].index]; }

 private:
  struct Cell {
    Kind kind = Kind::none;
    std::uint32_t index = 0;  // of its list, call … ; of a tuple: its first item
    union {
      std::int64_t number = 0;
      double real;
      std::uint64_t size;
    };
    const char* begin = nullptr;
  };
  Ref push(const Cell& cell);

  std::shared_ptr<const void> owner_;
  Limits limits_;
  std::vector<Cell> cells_;
  std::vector<Ref> tuples_;
  std::vector<std::vector<Ref>> lists_;
  std::vector<Call> calls_;
  std::vector<DType> dtypes_;
  std::vector<Array> arrays_;
  std::vector<Ref> globals_;
  std::deque<std::string> kept_;
};

// "sklearn.svm._classes.SVC"; for what is no global, what it is: "a list".
[[nodiscard]] std::string name_of(const Records& records, Ref ref);

}  // namespace octet::trained
