#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "data/dataset.hpp"
#include "data/inputs.hpp"
#include "data/npy.hpp"
#include "data/numpy_files_test.hpp"
#include "data/recorded_files.hpp"
#include "support/claims.hpp"
#include "support/tensor_spec.hpp"

namespace octet::data {
namespace {

namespace fs = std::filesystem;
using base::ElementType;
using test::holds;
using test::says;
using test::tensor;

base::Port spec(const std::string& name, ElementType type, std::vector<std::int64_t> dims) {
  base::Port out{name, type, std::move(dims), {}, {}, {}};
  out.symbols.resize(out.dims.size());
  return out;
}

// A folder of its own for each test, removed at its end. Arrays are written as .pb, the simplest
// format to write.
class FeedsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(::testing::TempDir()) / (std::string("octet_feeds_") + info->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] fs::path write(const std::string& name, const std::string& content) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }
  [[nodiscard]] fs::path write(const std::string& name, const test::TensorSpec& array) const {
    return write(name, array.bytes());
  }
  [[nodiscard]] fs::path write_golden(const std::string& name, std::string_view hex) const {
    const auto bytes = golden::from_hex(hex);
    return write(name, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  [[nodiscard]] static Feeds feeds(const std::vector<base::Port>& specs,
                                   std::vector<fs::path> files, std::int64_t max_rows = 0) {
    return make_feeds(specs, {std::move(files), {}, 0}, max_rows);
  }
  [[nodiscard]] static std::string refusal(const std::vector<base::Port>& specs,
                                           const std::vector<fs::path>& files) {
    return test::refusal(ErrorCode::invalid_data, [&] { (void)feeds(specs, files); });
  }

  fs::path folder_;
};

// An .npy file of format version 1.
template <typename T>
std::string npy(const std::string& type, const std::string& shape, const std::vector<T>& values) {
  const std::string header =
      "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + ",)}\n";
  std::string out = "\x93NUMPY\x01";
  out += '\0';
  out += static_cast<char>(header.size());
  out += '\0';
  out += header;
  return out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

TEST_F(FeedsTest, FeedsAFloat64ArrayToAFloat32Input) {
  const auto path = write_golden("rows.npy", golden::float64_fortran);
  const Feeds out = feeds({spec("x", ElementType::float32, {-1, 3})}, {path});
  ASSERT_EQ(out.count, 1U);
  EXPECT_EQ(out.at(0).at(0).name, "x");
  EXPECT_TRUE(holds(out.at(0).at(0).tensor.as<float>(), {0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(out.rows, 2U);
  EXPECT_EQ(out.description, path.string() + " (2 rows)");
}

TEST_F(FeedsTest, CutsRowsWhenTheModelFixesTheBatch) {
  const auto path = write("a.pb", tensor<float>({4, 1}, {1, 2, 3, 4}));
  const Feeds out = feeds({spec("x", ElementType::float32, {2, 1})}, {path});
  ASSERT_EQ(out.count, 2U);
  EXPECT_TRUE(holds(out.at(1).at(0).tensor.as<float>(), {3, 4}));
  EXPECT_TRUE(holds(out.at(1).at(0).tensor.dims, {2, 1}));
  EXPECT_EQ(out.rows, 4U);
  EXPECT_TRUE(says(refusal({spec("x", ElementType::float32, {3, 1})}, {path}),
                   "expected a multiple of 3 rows"));
}

TEST_F(FeedsTest, RepeatsInputsThatHaveOneBatchOnly) {
  const auto x = write("x.pb", tensor<float>({3, 2}, {1, 2, 3, 4, 5, 6}));
  const auto state = write("s.pb", tensor<float>({2, 1}, {7, 8}));
  const auto rate = write("r.pb", tensor<std::int64_t>({}, {16000}));
  const Feeds out =
      feeds({spec("x", ElementType::float32, {1, 2}), spec("state", ElementType::float32, {2, 1}),
             spec("rate", ElementType::int64, {})},
            {x, state, rate});
  ASSERT_EQ(out.count, 3U);
  EXPECT_TRUE(holds(out.at(2).at(0).tensor.as<float>(), {5, 6}));
  EXPECT_TRUE(holds(out.at(2).at(1).tensor.as<float>(), {7, 8}));
  EXPECT_TRUE(holds(out.at(2).at(2).tensor.as<std::int64_t>(), {16000}));
  EXPECT_EQ(out.rows, 3U);
}

TEST_F(FeedsTest, LimitsTheRowsOfADynamicBatch) {
  const auto path = write("a.pb", tensor<float>({5, 1}, {1, 2, 3, 4, 5}));
  const std::vector<base::Port> specs = {spec("x", ElementType::float32, {-1, 1})};
  EXPECT_EQ(feeds(specs, {path}).count, 1U);
  const Feeds cut = feeds(specs, {path}, 2);
  ASSERT_EQ(cut.count, 3U);
  EXPECT_TRUE(holds(cut.at(2).at(0).tensor.as<float>(), {5}));
  const Feeds by_dim = make_feeds(specs, {{path}, {{"x:0", 3}}, 0});
  EXPECT_EQ(by_dim.count, 2U);
}

TEST_F(FeedsTest, ReshapesOnlyWhenTheMeaningIsBeyondDoubt) {
  const auto dims = [&](const test::TensorSpec& array, std::vector<std::int64_t> wanted) {
    const auto path = write("a.pb", array);
    const auto type = ElementType::float32;
    return feeds({spec("x", type, std::move(wanted))}, {path}).at(0).at(0).tensor.dims;
  };
  const std::vector<float> twelve(12, 1);
  EXPECT_TRUE(holds(dims(tensor<float>({3, 4}, twelve), {-1, 2, 2}), {3, 2, 2})) << "flat rows";
  EXPECT_TRUE(holds(dims(tensor<float>({3, 2, 2}, twelve), {-1, 4}), {3, 4})) << "to flat rows";
  EXPECT_TRUE(holds(dims(tensor<float>({3, 4}, twelve), {1, 3, 4}), {1, 3, 4})) << "no batch axis";
  EXPECT_TRUE(holds(dims(tensor<float>({12}, twelve), {-1, 12}), {1, 12})) << "one row";
  EXPECT_TRUE(holds(dims(tensor<float>({12}, twelve), {-1, 3, 4}), {1, 3, 4})) << "one flat row";
  EXPECT_TRUE(holds(dims(tensor<float>({12}, twelve), {-1, 1}), {12, 1})) << "a column";
  EXPECT_TRUE(holds(dims(tensor<float>({12, 1}, twelve), {-1}), {12})) << "a list";
  const auto nhwc = write("b.pb", tensor<float>({1, 2, 2, 3}, twelve));
  EXPECT_EQ(refusal({spec("x", ElementType::float32, {-1, 3, 2, 2})}, {nhwc}),
            nhwc.string() +
                ": input \"x\": expected float32 [?, 3, 2, 2], found float32 "
                "[1, 2, 2, 3]");
}

TEST_F(FeedsTest, MatchesArraysByNameAndNeverNamedOnesByOrder) {
  const auto archive = write_golden("a.npz", golden::npz_deflated);
  const auto x = spec("x", ElementType::float32, {-1, 10});
  const auto ids = spec("ids", ElementType::int64, {-1, 4});
  const Feeds named = feeds({x, spec("ids", ElementType::int64, {1, 4})}, {archive});
  EXPECT_TRUE(holds(named.at(0).at(0).tensor.dims, {2, 10}));
  EXPECT_TRUE(holds(named.at(0).at(1).tensor.as<std::int64_t>(), {0, 1, 2, 3}));
  auto other = ids;
  other.name = "input.1";
  (void)refusal({other, x}, {archive});  // "ids" is nobody's name, so its order means nothing
  auto missing = ids;
  missing.name = "mask";
  EXPECT_TRUE(says(refusal({x, missing}, {archive}),
                   "no data for input \"mask\"; expected \"x\" (float32 [?, 10]), \"mask\" (int64 "
                   "[?, 4]); found \"ids\" int64 [1, 4], \"x\" float32 [2, 10]"));
}

TEST_F(FeedsTest, GivesCsvColumnsToTheInputsTheirHeaderNames) {
  const auto path = write("t.csv", "age,label,city\n30,1,Bern\n41,0,Chur\n");
  const Feeds out =
      feeds({spec("city", ElementType::string, {-1, 1}), spec("age", ElementType::int64, {-1, 1})},
            {path});
  EXPECT_TRUE(holds(out.at(0).at(0).tensor.strings, {"Bern", "Chur"}));
  EXPECT_TRUE(holds(out.at(0).at(0).tensor.dims, {2, 1}));
  EXPECT_TRUE(holds(out.at(0).at(1).tensor.as<std::int64_t>(), {30, 41}));
  EXPECT_TRUE(says(
      refusal({spec("a", ElementType::int64, {-1}), spec("b", ElementType::int64, {})}, {path}),
      "expected a header line that names a column for each of"));
}

TEST_F(FeedsTest, GivesTheWholeCsvToASingleInput) {
  const auto path = write("t.csv", "a,b\n1,2\n3,4\n");
  const Feeds out = feeds({spec("x", ElementType::float32, {-1, 2})}, {path});
  EXPECT_TRUE(holds(out.at(0).at(0).tensor.as<float>(), {1, 2, 3, 4}));
  EXPECT_TRUE(says(refusal({spec("x", ElementType::float32, {-1, 3})}, {path}),
                   "input \"x\": expected float32 [?, 3], found float64 [2, 2]"));
  const auto halves = write("h.csv", "1,2.5\n");
  EXPECT_TRUE(says(refusal({spec("x", ElementType::int64, {-1, 2})}, {halves}),
                   "input \"x\": expected int64, found the value 2.5 at element 1"));
}

TEST_F(FeedsTest, ReadsTestDataSetsInTheOrderOfTheirNumbers) {
  for (const int set : {10, 2, 0}) {
    const std::string name = "test_data_set_" + std::to_string(set);
    (void)write(name + "/input_0.pb", tensor<float>({1}, {static_cast<float>(set)}));
    (void)write(name + "/output_0.pb", tensor<float>({1}, {static_cast<float>(-set)}));
  }
  const Feeds out = feeds({spec("x", ElementType::float32, {1})}, {folder_});
  ASSERT_EQ(out.count, 3U);
  EXPECT_EQ(out.at(2).at(0).tensor.as<float>()[0], 10);
  EXPECT_TRUE(holds(read_recorded(folder_).at(0).tensor.as<float>(), {0, -2, -10}));
  EXPECT_EQ(out.description, folder_.string() + " (3 data sets)");
  EXPECT_EQ(feeds({spec("x", ElementType::float32, {1})}, {folder_ / "test_data_set_2"}).rows, 1U);
}

TEST_F(FeedsTest, RefusesAFolderWithoutData) {
  EXPECT_TRUE(says(refusal({spec("x", ElementType::float32, {1})}, {folder_}),
                   "expected input_0.pb or folders test_data_set_0"));
}

TEST_F(FeedsTest, RefusesInputsThatDisagreeAboutASymbol) {
  auto a = spec("a", ElementType::float32, {-1, 1});
  auto b = spec("b", ElementType::float32, {-1, 1});
  a.symbols[0] = b.symbols[0] = "batch";
  const auto two = write("two.pb", tensor<float>({2, 1}, {1, 2}));
  const auto three = write("three.pb", tensor<float>({3, 1}, {1, 2, 3}));
  EXPECT_TRUE(says(refusal({a, b}, {two, three}),
                   "input \"b\": expected batch = 2 as in input \"a\", found 3"));
}

// Rows are read from the file when they are asked for, in any order, and converted then.
TEST_F(FeedsTest, LeavesRowsInTheirFile) {
  const auto path = write("x.npy", npy("<f8", "4, 1", std::vector<double>{1, 2, 1e300, 4}));
  const Rows rows = open_npy(path);
  EXPECT_FALSE(rows.in_memory());
  const base::Tensor middle = rows.some(1, 2);
  EXPECT_TRUE(holds(middle.as<double>(), {2, 1e300}));
  EXPECT_TRUE(holds(middle.dims, {2, 1}));
  const Feeds out = feeds({spec("x", ElementType::float32, {-1, 1})}, {path}, 1);
  EXPECT_TRUE(holds(out.at(3).at(0).tensor.as<float>(), {4}));
  EXPECT_TRUE(holds(out.at(1).at(0).tensor.dims, {1, 1}));
  EXPECT_TRUE(says(test::refusal(ErrorCode::invalid_data, [&] { (void)out.at(2); }),
                   "x.npy: input \"x\": expected float32, found the value 1e+300"));
}

TEST_F(FeedsTest, RefusesRowsOfAFileThatChanged) {
  const auto path = write("x.npy", npy("<f4", "2, 1", std::vector<float>{1, 2}));
  const Feeds out = feeds({spec("x", ElementType::float32, {-1, 1})}, {path}, 1);
  EXPECT_TRUE(holds(out.at(0).at(0).tensor.as<float>(), {1}));
  (void)write("x.npy", npy("<f4", "1, 1", std::vector<float>{1}));
  EXPECT_TRUE(says(test::refusal(ErrorCode::io, [&] { (void)out.at(1); }), "x.npy"));
}

TEST_F(FeedsTest, LeavesRowsOfATableInItsFile) {
  const auto path = write("x.csv", "a,b\n1,x\n2,y\n3,z\n");
  const std::vector<base::Port> inputs = {spec("b", ElementType::string, {-1, 1}),
                                          spec("a", ElementType::float32, {-1, 1})};
  const Feeds out = feeds(inputs, {path}, 1);
  EXPECT_TRUE(holds(out.at(2).at(0).tensor.strings, {"z"}));
  EXPECT_TRUE(holds(out.at(1).at(1).tensor.as<float>(), {2}));
  (void)write("x.csv", "a,b\n1,x\n");
  EXPECT_TRUE(says(test::refusal(ErrorCode::io, [&] { (void)out.at(0); }), "x.csv"));
}

TEST_F(FeedsTest, ChecksEveryCellOfATableBeforeTheFirstRowIsFed) {
  const auto path = write("x.csv", "a\n1\n2\nthree\n");
  EXPECT_TRUE(says(refusal({spec("a", ElementType::float32, {-1, 1})}, {path}),
                   "x.csv: line 4, column 1: \"three\" is not a number"));
}

TEST_F(FeedsTest, RefusesDataWithoutRowsAndFilesOfUnknownKind) {
  const auto none = write("none.pb", tensor<float>({0, 2}, {}));
  EXPECT_TRUE(says(refusal({spec("x", ElementType::float32, {-1, 2})}, {none}), "found none"));
  const auto text = write("rows.txt", "1 2");
  EXPECT_TRUE(says(refusal({spec("x", ElementType::float32, {1})}, {text}), "expected an .npy"));
}

// Feed i of what was counted is the i-th of the data, none left out before it.
TEST(DatasetOfManySets, EndsAtTheFirstThatIsTooMuch) {
  const auto rows = [](std::int64_t n) {
    return Feed{
        {"x", {ElementType::uint8, {n}, std::vector<std::byte>(static_cast<std::size_t>(n)), {}}}};
  };
  const std::vector<base::Port> ports = {spec("x", ElementType::uint8, {-1}),
                                         spec("y", ElementType::uint8, {3})};
  const auto both = [&](std::int64_t n) {
    Feed out = rows(n);
    out.push_back({"y", rows(3)[0].tensor});
    return out;
  };
  const Dataset sets(ports, {both(3), both(5), both(1)}, "sets ()");
  EXPECT_EQ(sets.feeds(0).count, 3U);
  const Feeds few = sets.feeds(0, 4);
  EXPECT_EQ(few.count, 1U);
  EXPECT_EQ(few.rows, 3U);
}

TEST_F(FeedsTest, GeneratesWithoutFiles) {
  const Feeds out = feeds({spec("x", ElementType::float32, {-1, 2})}, {});
  EXPECT_EQ(out.description, "seeded inputs (seed 0)");
  EXPECT_EQ(out.rows, 1U);
}

TEST_F(FeedsTest, ReadsArraysOfEveryFormat) {
  EXPECT_EQ(read_arrays(write_golden("a.npy", golden::scalar)).at(0).name, "");
  EXPECT_EQ(read_arrays(write_golden("a.npz", golden::npz_stored)).at(1).name, "x");
  const auto matrix = read_arrays(write("a.csv", "y\n1\n2\n"));
  EXPECT_TRUE(holds(matrix.at(0).tensor.dims, {2, 1}));
  EXPECT_EQ(matrix.at(0).tensor.type, ElementType::float64);
}

}  // namespace
}  // namespace octet::data
