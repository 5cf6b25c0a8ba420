#include "trained/skops.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "base/json.hpp"
#include "octet/error.hpp"
#include "trained/npy_array.hpp"
#include "trained/skops_entries.hpp"

namespace octet::trained {
namespace {

using Json = nlohmann::ordered_json;

// Objects within objects; each is three or four levels of JSON.
constexpr std::size_t most_depth = 400;

Json parsed(std::string_view text, const std::string& label, std::size_t depth) {
  try {
    return base::parse_json(text, label + ": schema.json", {.depth = depth});
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_model, error.what());
  }
}

class Reader {
 public:
  Reader(std::shared_ptr<SkopsEntries> entries, const std::string& label, Records& records)
      : entries_(std::move(entries)), label_(label), records_(records) {}

  Ref node(const Json& json) {
    const std::string loader = text(json, "__loader__");
    const auto known = loaders().find(loader);
    // A class and nothing more: random states, masked arrays, whatever comes later.
    return known == loaders().end() ? records_.add_call(class_of(json), records_.add_tuple({}))
                                    : (this->*known->second)(json);
  }

 private:
  using Load = Ref (Reader::*)(const Json&);
  static const std::map<std::string_view, Load>& loaders() {
    static const std::map<std::string_view, Load> all = {
        {"JsonNode", &Reader::scalar},
        {"DictNode", &Reader::dict},
        {"DefaultDictNode", &Reader::default_dict},
        {"ListNode", &Reader::list},
        {"SetNode", &Reader::set},
        {"TupleNode", &Reader::tuple},
        {"ObjectNode", &Reader::object},
        {"ConstructorFromReduceNode", &Reader::constructed},
        {"TreeNode", &Reader::reduced},
        {"LossNode", &Reader::reduced},
        {"TypeNode", &Reader::class_of},
        {"FunctionNode", &Reader::class_of},
        {"PartialNode", &Reader::partial},
        {"SliceNode", &Reader::slice},
        {"NdArrayNode", &Reader::array},
        {"SparseMatrixNode", &Reader::sparse},
        {"DTypeNode", &Reader::dtype},
        {"BytesNode", &Reader::bytes},
        {"BytearrayNode", &Reader::bytes},
    };
    return all;
  }

  [[noreturn]] void fail(std::string_view fact) const {
    throw Error(ErrorCode::invalid_model, fmt::format("{}: schema.json: {}", label_, fact));
  }
  const Json& at(const Json& json, const char* key) const {
    const auto found = json.is_object() ? json.find(key) : json.end();
    if (!json.is_object() || found == json.end()) fail(fmt::format("an object has no {}", key));
    return *found;
  }
  std::string text(const Json& json, const char* key) const {
    const Json& found = at(json, key);
    if (!found.is_string()) fail(fmt::format("{} is no text", key));
    return found.get<std::string>();
  }
  const Json& items(const Json& json) const {
    const Json& found = at(json, "content");
    if (!found.is_array()) fail("a list has no items");
    return found;
  }
  std::vector<Ref> nodes(const Json& list) {
    std::vector<Ref> out;
    for (const Json& one : list) out.push_back(node(one));
    return out;
  }

  Ref class_of(const Json& json) {
    return records_.add_global(records_.keep(text(json, "__module__")),
                               records_.keep(text(json, "__class__")));
  }

  Ref plain(const Json& value) {
    switch (value.type()) {
      case Json::value_t::null:
        return records_.add(Kind::none);
      case Json::value_t::boolean:
        return records_.add_boolean(value.get<bool>());
      case Json::value_t::number_integer:
        return records_.add_integer(value.get<std::int64_t>());
      case Json::value_t::number_unsigned:
        return value.get<std::uint64_t>() > INT64_MAX
                   ? records_.add(Kind::big_integer)
                   : records_.add_integer(static_cast<std::int64_t>(value.get<std::uint64_t>()));
      case Json::value_t::number_float:
        return records_.add_real(value.get<double>());
      case Json::value_t::string:
        return records_.add_text(records_.keep(value.get<std::string>()));
      default:
        fail("a plain value is none");
    }
  }

  // JSON within JSON, with the three words that Python adds to it.
  Ref scalar(const Json& json) {
    const std::string content = text(json, "content");
    if (content == "NaN") return records_.add_real(std::numeric_limits<double>::quiet_NaN());
    if (content == "Infinity") return records_.add_real(HUGE_VAL);
    if (content == "-Infinity") return records_.add_real(-HUGE_VAL);
    return plain(parsed(content, label_, 1));
  }

  // JSON's keys are texts; beside them stands what they were.
  Ref key_of(const std::string& key, const std::string& type) {
    if (type == "int") {
      std::int64_t number = 0;
      const char* const end = key.data() + key.size();
      const auto [stop, problem] = std::from_chars(key.data(), end, number);
      if (problem != std::errc() || stop != end) fail("a number as a key is none");
      return records_.add_integer(number);
    }
    return records_.add_text(records_.keep(key));
  }

  Ref dict(const Json& json) {
    const Json& content = at(json, "content");
    const Json& types = items(at(json, "key_types"));
    if (!content.is_object() || types.size() != content.size())
      fail("a dict whose keys have not a type each");
    std::vector<Ref> pairs;
    std::size_t i = 0;
    for (const auto& [key, value] : content.items()) {
      pairs.push_back(key_of(key, text(types[i++], "__class__")));
      pairs.push_back(node(value));
    }
    const Ref out = records_.add(Kind::dict);
    records_.list(out) = std::move(pairs);
    return out;
  }
  Ref default_dict(const Json& json) { return node(at(at(json, "content"), "main")); }
  Ref list(const Json& json) { return list_as(Kind::list, json); }
  Ref set(const Json& json) { return list_as(Kind::set, json); }
  Ref list_as(Kind kind, const Json& json) {
    std::vector<Ref> all = nodes(items(json));
    const Ref out = records_.add(kind);
    records_.list(out) = std::move(all);
    return out;
  }
  Ref tuple(const Json& json) { return records_.add_tuple(nodes(items(json))); }

  Ref object(const Json& json) {
    const Ref out = records_.add_call(class_of(json), records_.add_tuple({}));
    const auto content = json.find("content");
    if (content == json.end() || content->is_null()) return out;
    const Ref state = node(*content);
    records_.call(out).state = state;
    return out;
  }
  Ref constructed(const Json& json) {
    const Ref arguments = node(at(json, "content"));
    return records_.add_call(class_of(json), arguments);
  }
  Ref reduced(const Json& json) {
    const Ref arguments = node(at(at(json, "__reduce__"), "args"));
    const Ref out = records_.add_call(class_of(json), arguments);
    const Ref state = node(at(json, "content"));
    records_.call(out).state = state;
    return out;
  }
  Ref partial(const Json& json) {
    const Ref function = node(at(at(json, "content"), "func"));
    return records_.add_call(class_of(json), records_.add_tuple(std::span(&function, 1)));
  }
  Ref slice(const Json& json) {
    const Json& content = at(json, "content");
    const Ref parts[] = {plain(at(content, "start")), plain(at(content, "stop")),
                         plain(at(content, "step"))};
    return records_.add_call(class_of(json), records_.add_tuple(parts));
  }

  // Each file's array once, however many objects share it; NumPy's scalars are arrays too.
  Ref array(const Json& json) {
    if (text(json, "type") == "json") return object_array(json);
    const std::string file = text(json, "file");
    const bool is_scalar = text(json, "__class__") != "ndarray";
    const auto [known, is_new] = arrays_.try_emplace({file, is_scalar}, no_ref);
    if (is_new) {
      Array read = read_npy_array(entries_->bytes(file), records_, entries_->where(file));
      if (is_scalar && read.count != 1) fail(fmt::format("{} is no scalar", file));
      known->second = records_.add_array(std::move(read), is_scalar ? Kind::scalar : Kind::array);
    }
    return known->second;
  }

  // Rows may be lists within the list.
  void flatten(const Json& list, std::size_t depth, std::vector<Ref>& into) {
    for (const Json& one : list) {
      if (depth > 1 && text(one, "__loader__") == "ListNode") {
        flatten(items(one), depth - 1, into);
      } else {
        into.push_back(node(one));
      }
    }
  }
  Ref object_array(const Json& json) {
    Array out;
    const Ref shape = tuple(at(json, "shape"));
    std::uint64_t count = 1;
    const auto dims = records_.items(shape);
    for (const Ref dim : std::vector<Ref>(dims.begin(), dims.end())) {
      if (!records_.is(dim, Kind::integer) || records_.integer(dim) < 0) fail("a shape is none");
      const auto size = static_cast<std::uint64_t>(records_.integer(dim));
      if (size != 0 && count > UINT32_MAX / size) fail("an array of objects is too large");
      count *= size;
      out.shape.push_back(size);
    }
    const Json& content = at(json, "content");
    if (out.shape.empty() || !content.is_array()) fail("an array of objects has no items");
    flatten(content, out.shape.size(), out.objects);
    if (out.objects.size() != count) fail("an array of objects is not full");
    DType objects;
    objects.kind = 'O';
    objects.size_bytes = 8;
    objects.has_objects = true;
    out.dtype = records_.add_dtype(std::move(objects));
    out.count = count;
    out.is_complete = true;
    return records_.add_array(std::move(out));
  }

  // scipy's, with the attributes that its pickles have.
  Ref sparse(const Json& json) {
    const std::string file = text(json, "file");
    std::vector<Ref> pairs;
    for (const auto& [name, bytes] : entries_->archive(file)) {
      const std::string stem = name.substr(0, name.find('.'));
      if (stem != "data" && stem != "indices" && stem != "indptr") continue;
      pairs.push_back(records_.add_text(records_.keep(stem)));
      pairs.push_back(records_.add_array(read_npy_array(bytes, records_, entries_->where(file))));
    }
    const Ref state = records_.add(Kind::dict);
    records_.list(state) = std::move(pairs);
    const Ref out = records_.add_call(class_of(json), records_.add_tuple({}));
    records_.call(out).state = state;
    return out;
  }

  // Of an empty array that has it.
  Ref dtype(const Json& json) {
    const Ref empty = node(at(json, "content"));
    if (!records_.is(empty, Kind::array)) fail("a dtype is none");
    return records_.array(empty).dtype;
  }
  Ref bytes(const Json& json) { return records_.add_bytes(entries_->bytes(text(json, "file"))); }

  std::shared_ptr<SkopsEntries> entries_;
  const std::string& label_;
  Records& records_;
  std::map<std::pair<std::string, bool>, Ref> arrays_;
};

}  // namespace

Pickle read_skops(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                  const std::string& label, const Limits& limits) {
  auto entries = std::make_shared<SkopsEntries>(bytes, std::move(owner), label, limits);
  if (!entries->has("schema.json")) {
    throw Error(ErrorCode::unsupported,
                label + ": a zip archive without schema.json; of archives Octet reads skops's");
  }
  const std::span<const std::byte> schema = entries->bytes("schema.json");
  const Json json =
      parsed({reinterpret_cast<const char*>(schema.data()), schema.size()}, label, most_depth);
  Pickle out{Records(entries, limits)};
  out.root = Reader(entries, label, out.records).node(json);
  return out;
}

}  // namespace octet::trained
