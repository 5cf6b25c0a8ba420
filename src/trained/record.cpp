#include "trained/record.hpp"

#include <fmt/format.h>

#include <utility>

#include "octet/error.hpp"

namespace octet::trained {
namespace {

const char* kind_name(Kind kind) {
  constexpr const char* names[] = {
      "None",   "a bool", "an int", "an int",  "a float", "a str",   "bytes",    "a tuple",
      "a list", "a set",  "a dict", "a class", "a call",  "a dtype", "an array", "a NumPy scalar"};
  return names[static_cast<std::size_t>(kind)];
}

std::uint32_t index_of_next(std::size_t size) {
  return static_cast<std::uint32_t>(size);  // push() bounds how many there are
}

}  // namespace

Records::Records(std::shared_ptr<const void> owner, const Limits& limits)
    : owner_(std::move(owner)), limits_(limits) {}

Ref Records::push(const Cell& cell) {
  if (cells_.size() >= limits_.records || cells_.size() >= no_ref) {
    throw Error(ErrorCode::invalid_model,
                fmt::format("it makes more than {} objects; allow more with --max-records",
                            limits_.records));
  }
  cells_.push_back(cell);
  return static_cast<Ref>(cells_.size() - 1);
}

Ref Records::add(Kind kind) {
  Cell cell;
  cell.kind = kind;
  if (kind == Kind::list || kind == Kind::set || kind == Kind::dict) {
    cell.index = index_of_next(lists_.size());
    lists_.emplace_back();
  }
  return push(cell);
}

Ref Records::add_boolean(bool value) {
  Cell cell;
  cell.kind = Kind::boolean;
  cell.number = value ? 1 : 0;
  return push(cell);
}

Ref Records::add_integer(std::int64_t value) {
  Cell cell;
  cell.kind = Kind::integer;
  cell.number = value;
  return push(cell);
}

Ref Records::add_real(double value) {
  Cell cell;
  cell.kind = Kind::real;
  cell.real = value;
  return push(cell);
}

Ref Records::add_text(std::string_view text) {
  return add_bytes(std::as_bytes(std::span(text)), Kind::text);
}

Ref Records::add_bytes(std::span<const std::byte> bytes, Kind kind) {
  Cell cell;
  cell.kind = kind;
  cell.begin = reinterpret_cast<const char*>(bytes.data());
  cell.size = bytes.size();
  return push(cell);
}

Ref Records::add_tuple(std::span<const Ref> items) {
  Cell cell;
  cell.kind = Kind::tuple;
  cell.index = index_of_next(tuples_.size());
  cell.size = items.size();
  if (tuples_.size() + items.size() >= no_ref)
    throw Error(ErrorCode::invalid_model, "its tuples have too many items");
  tuples_.insert(tuples_.end(), items.begin(), items.end());
  return push(cell);
}

Ref Records::add_global(std::string_view module, std::string_view name) {
  Cell cell;
  cell.kind = Kind::global;
  const Ref first = add_text(module);
  (void)add_text(name);
  cell.index = first;
  const Ref out = push(cell);
  globals_.push_back(out);
  return out;
}

Ref Records::add_call(Ref callable, Ref arguments) {
  Cell cell;
  cell.kind = Kind::call;
  cell.index = index_of_next(calls_.size());
  calls_.push_back({callable, arguments, no_ref, {}, {}});
  return push(cell);
}

Ref Records::add_dtype(DType dtype) {
  Cell cell;
  cell.kind = Kind::dtype;
  cell.index = index_of_next(dtypes_.size());
  dtypes_.push_back(std::move(dtype));
  return push(cell);
}

Ref Records::add_array(Array array, Kind kind) {
  if (arrays_.size() >= limits_.arrays) {
    throw Error(
        ErrorCode::invalid_model,
        fmt::format("it has more than {} arrays; allow more with --max-arrays", limits_.arrays));
  }
  Cell cell;
  cell.kind = kind;
  cell.index = index_of_next(arrays_.size());
  arrays_.push_back(std::move(array));
  return push(cell);
}

std::string_view Records::keep(std::string text) {
  kept_.push_back(std::move(text));
  return kept_.back();
}

std::span<const Ref> Records::items(Ref ref) const {
  const Cell& cell = cells_[ref];
  if (cell.kind == Kind::tuple) return std::span(tuples_).subspan(cell.index, cell.size);
  if (cell.kind == Kind::list || cell.kind == Kind::set || cell.kind == Kind::dict)
    return lists_[cell.index];
  return {};
}

Ref Records::find(Ref dict, std::string_view key) const {
  if (!is(dict, Kind::dict)) return no_ref;
  const std::vector<Ref>& pairs = lists_[cells_[dict].index];
  for (std::size_t i = pairs.size(); i >= 2; i -= 2) {
    const Ref name = pairs[i - 2];
    if (is(name, Kind::text) && text(name) == key) return pairs[i - 1];
  }
  return no_ref;
}

Global Records::global(Ref ref) const {
  const Ref module = cells_[ref].index;
  return {text(module), text(module + 1)};
}

std::string name_of(const Records& records, Ref ref) {
  if (ref == no_ref) return "nothing";
  if (records.is(ref, Kind::call)) return name_of(records, records.call(ref).callable);
  if (!records.is(ref, Kind::global)) return kind_name(records.kind(ref));
  const Global global = records.global(ref);
  return fmt::format("{}.{}", global.module, global.name);
}

}  // namespace octet::trained
