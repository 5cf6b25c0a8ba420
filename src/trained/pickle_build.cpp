// BUILD: arrays and dtypes get their state; joblib's stand-ins become the arrays that follow them.
#include <fmt/format.h>

#include "base/checked.hpp"
#include "trained/dtype.hpp"
#include "trained/pickle_machine.hpp"

namespace octet::trained {
namespace {

constexpr std::size_t most_dims = 32;
constexpr std::size_t most_fields = 256;
constexpr std::uint32_t most_depth = 4;
constexpr std::uint32_t most_bytes = 65536;

}  // namespace

std::vector<std::uint64_t> PickleMachine::shape_of(Ref tuple) const {
  if (!records_.is(tuple, Kind::tuple)) fail("a shape that is no tuple");
  const auto items = records_.items(tuple);
  if (items.size() > most_dims) fail("an array of more than 32 dimensions");
  std::vector<std::uint64_t> out;
  for (const Ref item : items) {
    if (!records_.is(item, Kind::integer) || records_.integer(item) < 0)
      fail("an array with a dimension that is no size");
    out.push_back(static_cast<std::uint64_t>(records_.integer(item)));
  }
  return out;
}

// Checks that the data fill the shape exactly.
void PickleMachine::complete(Array& array) const {
  std::uint64_t count = 1;
  for (const std::uint64_t dim : array.shape) {
    const auto next = base::checked_mul(count, dim);
    if (!next || *next > INT64_MAX) fail("an array whose size overflows");
    count = *next;
  }
  array.count = count;
  array.is_complete = true;
  const DType& dtype = records_.dtype(array.dtype);
  if (dtype.has_objects) {
    if (dtype.kind != 'O') fail("an array of records with objects in them");
    if (array.objects.size() != count) {
      fail(fmt::format("an array of {} objects has {}", count, array.objects.size()));
    }
    return;
  }
  const auto bytes = base::checked_mul(count, dtype.size_bytes);
  if (!bytes || *bytes != array.data.size()) {
    fail(fmt::format("an array of {} elements of {} bytes has {} bytes of data", count,
                     dtype.size_bytes, array.data.size()));
  }
}

// (1, shape, dtype, is_fortran, data)
void PickleMachine::build_array(Ref target, Ref state) {
  const auto items = records_.items(state);
  if (!records_.is(state, Kind::tuple) || items.size() != 5) fail("an array with a strange state");
  if (records_.array(target).is_complete) fail("an array that is given its data twice");
  Array out;
  out.shape = shape_of(items[1]);
  out.dtype = items[2];
  if (!records_.is(out.dtype, Kind::dtype)) fail("an array without a dtype");
  const Ref fortran = items[3];
  out.fortran = (records_.is(fortran, Kind::boolean) && records_.boolean(fortran)) ||
                (records_.is(fortran, Kind::integer) && records_.integer(fortran) != 0);
  const Ref data = items[4];
  if (records_.is(data, Kind::list)) {
    const auto objects = records_.items(data);
    out.objects.assign(objects.begin(), objects.end());
  } else if (records_.is(data, Kind::bytes)) {
    out.data = records_.bytes(data);
  } else if (const auto bytes = latin1_bytes(data)) {
    out.data = std::as_bytes(std::span(*bytes));
  } else {
    fail("an array whose data are neither bytes nor a list");
  }
  complete(out);
  records_.array(target) = std::move(out);
}

// (version, byte order, subarray, names, fields, size, alignment, flags)
void PickleMachine::build_dtype(Ref target, Ref state) {
  const auto items = records_.items(state);
  if (!records_.is(state, Kind::tuple) || items.size() < 8) fail("a dtype with a strange state");
  DType out = records_.dtype(target);
  if (records_.is(items[1], Kind::text)) out.swapped = records_.text(items[1]) == ">";
  if (records_.is(items[1], Kind::bytes)) {
    const auto order = records_.bytes(items[1]);
    out.swapped = order.size() == 1 && order[0] == std::byte{'>'};
  }
  if (!records_.is(items[2], Kind::none)) fail("a dtype with a subarray");
  const bool sized = records_.is(items[5], Kind::integer) && records_.integer(items[5]) >= 0;
  if (sized && (out.kind == 'V' || out.kind == 'U' || out.kind == 'S')) {
    const std::int64_t size = records_.integer(items[5]);
    if (size == 0 || size > most_bytes) fail(fmt::format("a dtype of {} bytes", size));
    out.size_bytes = static_cast<std::uint32_t>(size);
  }
  if (records_.is(items[3], Kind::tuple)) {
    const auto names = records_.items(items[3]);
    if (out.kind != 'V' || names.size() > most_fields) fail("a dtype with too many fields");
    out.fields.clear();
    for (const Ref name : names) {
      std::string_view text;
      if (records_.is(name, Kind::text)) text = records_.text(name);
      const Ref field = records_.find(items[4], text);
      const auto parts =
          records_.is(field, Kind::tuple) ? records_.items(field) : std::span<const Ref>{};
      if (parts.size() < 2 || !records_.is(parts[0], Kind::dtype) || parts[0] == target ||
          !records_.is(parts[1], Kind::integer)) {
        fail("a dtype with a field that is none");
      }
      const DType& inner = records_.dtype(parts[0]);
      const std::int64_t offset = records_.integer(parts[1]);
      if (offset < 0 || offset > most_bytes || offset + inner.size_bytes > out.size_bytes)
        fail("a dtype with a field outside of it");
      if (inner.depth + 1 > most_depth) fail("a dtype nested too deep");
      out.depth = std::max(out.depth, inner.depth + 1);
      out.has_objects = out.has_objects || inner.has_objects;
      out.fields.push_back(
          {text, inner.kind, static_cast<std::uint32_t>(offset), inner.size_bytes, inner.swapped});
    }
  }
  records_.dtype(target) = std::move(out);
}

// joblib.numpy_pickle.NumpyArrayWrapper: its array follows in the stream.
Ref PickleMachine::joblib_array(Ref wrapper) {
  if (nested_) fail("an array of joblib's within an array of objects");
  const Ref state = records_.call(wrapper).state;
  Array out;
  out.dtype = records_.find(state, "dtype");
  if (!records_.is(out.dtype, Kind::dtype)) fail("an array of joblib's without a dtype");
  if (records_.dtype(out.dtype).has_objects) {
    PickleMachine inner(bytes_, at_, records_, label_, limits_, true);
    const Ref array = inner.run();
    at_ = inner.position();
    if (!records_.is(array, Kind::array)) fail("an array of objects that is none");
    return array;
  }
  out.shape = shape_of(records_.find(state, "shape"));
  const Ref order = records_.find(state, "order");
  out.fortran = records_.is(order, Kind::text) && records_.text(order) == "F";
  out.data = raw_array(out, state);
  complete(out);
  return records_.add_array(std::move(out));
}

std::span<const std::byte> PickleMachine::raw_array(const Array& array, Ref state) {
  const Ref alignment = records_.find(state, "numpy_array_alignment_bytes");
  if (records_.is(alignment, Kind::integer)) {
    const std::uint64_t padding = number(1);
    if (records_.integer(alignment) < 0 ||
        padding > static_cast<std::uint64_t>(records_.integer(alignment))) {
      fail(fmt::format("an array behind {} bytes of padding", padding));
    }
    (void)take(padding);
  }
  std::uint64_t size = records_.dtype(array.dtype).size_bytes;
  for (const std::uint64_t dim : array.shape) {
    const auto next = base::checked_mul(size, dim);
    if (!next) fail("an array whose size overflows");
    size = *next;
  }
  return take(size);
}

}  // namespace octet::trained
