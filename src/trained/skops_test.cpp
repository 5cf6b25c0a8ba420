// skops files: the records they give, and what is refused.
#include "trained/skops.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <cstring>

#include "support/claims.hpp"
#include "trained/values.hpp"

namespace octet::trained {
namespace {

using test::refusal;
using test::says;

template <typename T>
void put(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

// A zip archive with stored entries.
class Archive {
 public:
  Archive& add(const std::string& name, const std::string& content) {
    const auto crc = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), uInt(content.size())));
    const auto size = std::uint32_t(content.size());
    const auto at = std::uint32_t(file_.size());
    file_ += "PK\x03\x04";
    const auto common = [&](std::string& out) {
      put<std::uint16_t>(out, 20);
      put<std::uint16_t>(out, 0);
      put<std::uint16_t>(out, 0);
      put<std::uint32_t>(out, 0);
      put(out, crc);
      put(out, size);
      put(out, size);
      put(out, std::uint16_t(name.size()));
      put<std::uint16_t>(out, 0);
    };
    common(file_);
    file_ += name + content;
    directory_ += "PK\x01\x02";
    put<std::uint16_t>(directory_, 20);
    common(directory_);
    put<std::uint16_t>(directory_, 0);
    put<std::uint16_t>(directory_, 0);
    put<std::uint16_t>(directory_, 0);
    put<std::uint32_t>(directory_, 0);
    put(directory_, at);
    directory_ += name;
    ++count_;
    return *this;
  }
  [[nodiscard]] std::string file() const {
    std::string out = file_ + directory_ + "PK\x05\x06";
    put<std::uint32_t>(out, 0);
    put(out, count_);
    put(out, count_);
    put(out, std::uint32_t(directory_.size()));
    put(out, std::uint32_t(file_.size()));
    put<std::uint16_t>(out, 0);
    return out;
  }

 private:
  std::string file_;
  std::string directory_;
  std::uint16_t count_ = 0;
};

std::string npy(const std::string& header, const std::string& data) {
  std::string out = "\x93NUMPY\x01";
  out += '\0';
  put(out, std::uint16_t(header.size()));
  return out + header + data;
}

std::string node(const std::string& loader, const std::string& type, const std::string& rest) {
  return R"({"__class__": ")" + type + R"(", "__module__": "m", "__loader__": ")" + loader + "\"" +
         (rest.empty() ? "" : ", " + rest) + "}";
}
std::string plain(const std::string& json) {
  std::string escaped;
  for (const char c : json) escaped += c == '"' ? std::string("\\\"") : std::string(1, c);
  return node("JsonNode", "str", R"("content": ")" + escaped + "\"");
}

Pickle read(const std::string& file, const Limits& limits = {}) {
  return read_skops(std::as_bytes(std::span(file)), nullptr, "m.skops", limits);
}
std::string refused(const std::string& file, const Limits& limits = {}) {
  return refusal(ErrorCode::invalid_model, [&] { (void)read(file, limits); });
}
std::string schema(const std::string& json) {
  return Archive().add("schema.json", json).file();
}

TEST(Skops, GivesPlainValues) {
  const std::string file =
      schema(node("TupleNode", "tuple",
                  R"("content": [)" + plain("1") + "," + plain("-2.5") + "," + plain("\"hi\"") +
                      "," + plain("true") + "," + plain("null") + "," + plain("NaN") + "," +
                      plain("-Infinity") + "]"));
  const Pickle p = read(file);
  const auto items = p.records.items(p.root);
  ASSERT_EQ(items.size(), 7U);
  EXPECT_EQ(p.records.integer(items[0]), 1);
  EXPECT_EQ(p.records.real(items[1]), -2.5);
  EXPECT_EQ(p.records.text(items[2]), "hi");
  EXPECT_TRUE(p.records.boolean(items[3]));
  EXPECT_TRUE(p.records.is(items[4], Kind::none));
  EXPECT_TRUE(std::isnan(p.records.real(items[5])));
  EXPECT_EQ(p.records.real(items[6]), -HUGE_VAL);
}

TEST(Skops, GivesObjectsTheStateThatTheirPickleGivesThem) {
  const std::string types = node(
      "ListNode", "list",
      R"("content": [)" + node("TypeNode", "str", "") + "," + node("TypeNode", "int", "") + "]");
  const std::string state = node("DictNode", "dict",
                                 R"("content": {"coef_": )" + plain("3") + R"(, "7": )" +
                                     plain("4") + R"(}, "key_types": )" + types);
  const std::string file = schema(node("ObjectNode", "Ridge", "\"content\": " + state));
  const Pickle p = read(file);
  EXPECT_EQ(name_of(p.records, p.root), "m.Ridge");
  EXPECT_EQ(number_of(p.records, attribute_of(p.records, p.root, "coef_")), 3.0);
  const auto pairs = p.records.items(p.records.call(p.root).state);
  EXPECT_EQ(p.records.integer(pairs[2]), 7);  // the key is a number again
}

TEST(Skops, ReadsArraysWithTheirFields) {
  std::string data;
  for (int i = 0; i < 2; ++i) {
    put<std::int64_t>(data, i + 5);
    data += "\x01pad";
  }
  const std::string header =
      "{'descr': [('left', '<i8'), ('go', '|u1'), ('', '|V3')], 'fortran_order': False, 'shape': "
      "(2,), }\n";
  const std::string file =
      Archive()
          .add("1.npy", npy(header, data))
          .add("schema.json", node("NdArrayNode", "ndarray", R"("type": "numpy", "file": "1.npy")"))
          .file();
  const Pickle p = read(file);
  EXPECT_EQ(field_of(p.records, p.root, "left"), (std::vector<double>{5, 6}));
  EXPECT_EQ(field_of(p.records, p.root, "go"), (std::vector<double>{1, 1}));
}

TEST(Skops, KeepsWhatItNamesAsNames) {
  const std::string file =
      schema(R"({"__class__": "system", "__module__": "os", "__loader__": "FunctionNode"})");
  const Pickle p = read(file);
  EXPECT_EQ(name_of(p.records, p.root), "os.system");
  EXPECT_EQ(p.records.globals().size(), 1U);
}

TEST(Skops, RefusesWhatIsNotThere) {
  EXPECT_TRUE(
      says(refused(schema(node("NdArrayNode", "ndarray", R"("type": "numpy", "file": "1.npy")"))),
           "has no entry \"1.npy\""));
  EXPECT_TRUE(says(refused(schema(node("ListNode", "list", ""))), "an object has no content"));
  EXPECT_TRUE(says(refused(schema("[1]")), "an object has no __loader__"));
  EXPECT_TRUE(says(refused(schema("{")), "not JSON"));
  EXPECT_TRUE(says(
      refusal(ErrorCode::unsupported, [] { (void)read(Archive().add("data.pkl", "x").file()); }),
      "without schema.json"));
}

TEST(Skops, RefusesArraysThatAreNotFullOrHoldObjects) {
  const auto with = [](const std::string& header, const std::string& data) {
    return Archive()
        .add("1.npy", npy(header, data))
        .add("schema.json", node("NdArrayNode", "ndarray", R"("type": "numpy", "file": "1.npy")"))
        .file();
  };
  EXPECT_TRUE(
      says(refused(with("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "12345678")),
           "3 elements of 4 bytes has 8 bytes"));
  EXPECT_TRUE(
      says(refused(with("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "12345678")),
           "Python objects"));
  EXPECT_TRUE(says(refused(with("{'descr': '<f8', 'fortran_order': False, 'shape': "
                                "(4294967296, 4294967296,), }",
                                "")),
                   "overflows"));
}

TEST(Skops, HoldsToItsLimits) {
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += R"({"__loader__": "ListNode", "content": [)";
  EXPECT_TRUE(says(refused(schema(deep)), "deep"));
  Limits limits;
  limits.unpacked_bytes = 10;
  EXPECT_TRUE(says(refused(schema(plain("1")), limits), "--max-unpacked"));
  limits = {};
  limits.records = 2;
  EXPECT_TRUE(says(refused(schema(node("ListNode", "list",
                                       R"("content": [)" + plain("1") + "," + plain("2") + "," +
                                           plain("3") + "]")),
                           limits),
                   "--max-records"));
}

}  // namespace
}  // namespace octet::trained
