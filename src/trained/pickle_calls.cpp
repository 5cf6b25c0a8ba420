// The callables that make plain values. Nothing is looked up or called: a name is compared, and
// what it would have made is made here. Wrong arguments leave the call as inert as an unknown one.
#include <algorithm>
#include <array>

#include "trained/dtype.hpp"
#include "trained/pickle_machine.hpp"
#include "trained/pickle_text.hpp"

namespace octet::trained {
namespace {

bool is_one_of(const Global& global, std::string_view name,
               std::initializer_list<std::string_view> modules) {
  return global.name == name && std::ranges::find(modules, global.module) != modules.end();
}

bool is_builtin(const Global& global, std::string_view name) {
  return is_one_of(global, name, {"builtins", "__builtin__"});
}

}  // namespace

bool is_joblib_wrapper(const Records& records, Ref call) {
  const Ref callable = records.call(call).callable;
  return records.is(callable, Kind::global) &&
         is_one_of(records.global(callable), "NumpyArrayWrapper",
                   {"joblib.numpy_pickle", "sklearn.externals.joblib.numpy_pickle"});
}

Ref PickleMachine::call(Ref callable, Ref arguments) {
  if (records_.is(callable, Kind::global)) {
    const auto items = records_.items(arguments);
    const std::vector<Ref> copy(items.begin(), items.end());  // new tuples move the old ones
    if (const Ref known = known_call(callable, copy); known != no_ref) return known;
  }
  return records_.add_call(callable, arguments);
}

Ref PickleMachine::known_call(Ref callable, std::span<const Ref> arguments) {
  const Global g = records_.global(callable);
  if (is_one_of(g, "_reconstruct", {"numpy.core.multiarray", "numpy._core.multiarray"}))
    return arguments.size() == 3 ? records_.add_array({}) : no_ref;
  if (is_one_of(g, "scalar", {"numpy.core.multiarray", "numpy._core.multiarray"}))
    return scalar_of(arguments);
  if (is_one_of(g, "_frombuffer", {"numpy.core.numeric", "numpy._core.numeric"}))
    return buffer_array(arguments);
  if (is_one_of(g, "dtype", {"numpy"})) {
    if (arguments.empty()) return no_ref;
    std::string_view code;
    if (records_.is(arguments[0], Kind::text)) code = records_.text(arguments[0]);
    const auto dtype = dtype_of(code);
    return dtype ? records_.add_dtype(*dtype) : no_ref;
  }
  if (is_one_of(g, "encode", {"_codecs"})) return encoded(arguments);
  if (is_one_of(g, "_reconstructor", {"copy_reg", "copyreg"}))
    return arguments.empty() ? no_ref : records_.add_call(arguments[0], records_.add_tuple({}));
  if (is_builtin(g, "set") || is_builtin(g, "frozenset")) {
    const Ref out = records_.add(Kind::set);
    if (!arguments.empty()) {
      const auto items = records_.items(arguments[0]);
      records_.list(out).assign(items.begin(), items.end());
    }
    return out;
  }
  if (is_builtin(g, "bytes") || is_builtin(g, "bytearray")) {
    if (arguments.empty()) return records_.add_bytes({});
    if (records_.is(arguments[0], Kind::bytes)) return arguments[0];
    return arguments.size() == 2 ? encoded(arguments) : no_ref;
  }
  if (is_one_of(g, "OrderedDict", {"collections"}) && arguments.empty())
    return records_.add(Kind::dict);
  if (is_one_of(g, "defaultdict", {"collections"})) return records_.add(Kind::dict);
  return no_ref;
}

Ref PickleMachine::scalar_of(std::span<const Ref> arguments) {
  if (arguments.size() != 2 || !records_.is(arguments[0], Kind::dtype)) return no_ref;
  Array out;
  out.dtype = arguments[0];
  out.count = 1;
  out.is_complete = true;
  if (records_.is(arguments[1], Kind::bytes)) {
    out.data = records_.bytes(arguments[1]);
  } else if (const auto bytes = latin1_bytes(arguments[1])) {
    out.data = std::as_bytes(std::span(*bytes));
  } else {
    return no_ref;
  }
  if (out.data.size() != records_.dtype(out.dtype).size_bytes) return no_ref;
  return records_.add_array(std::move(out), Kind::scalar);
}

Ref PickleMachine::buffer_array(std::span<const Ref> arguments) {
  if (arguments.size() != 4 || !records_.is(arguments[0], Kind::bytes) ||
      !records_.is(arguments[1], Kind::dtype) || !records_.is(arguments[3], Kind::text)) {
    return no_ref;
  }
  Array out;
  out.data = records_.bytes(arguments[0]);
  out.dtype = arguments[1];
  if (records_.is(arguments[2], Kind::integer)) {
    out.shape = shape_of(records_.add_tuple(arguments.subspan(2, 1)));
  } else {
    out.shape = shape_of(arguments[2]);
  }
  out.fortran = records_.text(arguments[3]) == "F";
  complete(out);
  return records_.add_array(std::move(out));
}

std::optional<std::string_view> PickleMachine::latin1_bytes(Ref text) {
  if (!records_.is(text, Kind::text)) return std::nullopt;
  auto bytes = latin1_of(records_.text(text));
  if (!bytes) return std::nullopt;
  return records_.keep(std::move(*bytes));
}

Ref PickleMachine::encoded(std::span<const Ref> arguments) {
  if (arguments.size() != 2 || !records_.is(arguments[1], Kind::text)) return no_ref;
  const std::string_view codec = records_.text(arguments[1]);
  if (codec != "latin1" && codec != "latin-1") return no_ref;
  const auto bytes = latin1_bytes(arguments[0]);
  return bytes ? records_.add_bytes(std::as_bytes(std::span(*bytes))) : no_ref;
}

}  // namespace octet::trained
