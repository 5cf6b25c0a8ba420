// No field of a public struct is forgotten where fields are named, and none is named twice.
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>

#include "octet/fields/options.hpp"
#include "octet/fields/reports.hpp"

namespace octet {
namespace {

// What a field of a class, a field of another type and an optional struct can be made of.
struct AnyClass {
  template <typename T>
  requires std::is_class_v<T>
  operator T() const;  // NOLINT: implicit on purpose
};
struct AnyOther {
  template <typename T>
  requires(!std::is_class_v<T>) operator T() const;  // NOLINT: implicit on purpose
};

// How many fields an aggregate has: how many values its braces take, one after the other.
template <typename T, typename... Given>
constexpr int fields_in() {
  if constexpr (requires { T{std::declval<Given>()..., std::declval<AnyClass>()}; }) {
    return fields_in<T, Given..., AnyClass>();
  } else if constexpr (requires { T{std::declval<Given>()..., std::declval<AnyOther>()}; }) {
    return fields_in<T, Given..., AnyOther>();
  } else if constexpr (requires { T{std::declval<Given>()..., std::declval<std::nullopt_t>()}; }) {
    return fields_in<T, Given..., std::nullopt_t>();
  } else {
    return sizeof...(Given);
  }
}

struct Inner {
  int number;
  std::string text;
};
struct Sample {
  Inner first;
  double number;
  std::optional<double> maybe;
  std::optional<Inner> maybe_inner;
  std::vector<Inner> list;
  bool last;
};
static_assert(fields_in<Inner>() == 2 && fields_in<Sample>() == 6);

// `callbacks`: fields that are functions, which are not named.
template <typename T>
void expect_all_named(const char* what, int callbacks = 0) {
  T object;
  std::set<std::string> names;
  std::set<const void*> places;
  visit_fields(object, [&](const Field& field, auto& value) {
    EXPECT_TRUE(names.insert(field.name).second) << what << "::" << field.name << " twice";
    EXPECT_TRUE(places.insert(&value).second) << what << "::" << field.name << " is another's";
    EXPECT_GE(static_cast<const void*>(&value), static_cast<const void*>(&object)) << field.name;
    EXPECT_LT(static_cast<const void*>(&value), static_cast<const void*>(&object + 1))
        << field.name;
  });
  EXPECT_EQ(static_cast<int>(names.size()) + callbacks, fields_in<T>())
      << what << " has a field that include/octet/fields does not name";
}

TEST(Fields, OfOptionsAreAllNamed) {
  expect_all_named<DataOptions>("DataOptions");
  expect_all_named<RuntimeOptions>("RuntimeOptions");
  expect_all_named<PlanOptions>("PlanOptions");
  expect_all_named<Tolerances>("Tolerances");
  expect_all_named<QuantizeOptions>("QuantizeOptions", 1);
  expect_all_named<ParityOptions>("ParityOptions", 1);
  expect_all_named<PredictOptions>("PredictOptions", 1);
  expect_all_named<BenchOptions>("BenchOptions", 2);
  expect_all_named<SensitivityOptions>("SensitivityOptions", 1);
  expect_all_named<TuneOptions>("TuneOptions", 1);
  expect_all_named<ReadingLimits>("ReadingLimits");
  expect_all_named<ExportOptions>("ExportOptions", 1);
}

TEST(Fields, OfResultsAreAllNamed) {
  expect_all_named<WeightChoice>("WeightChoice");
  expect_all_named<Decision>("Decision");
  expect_all_named<Plan>("Plan");
  expect_all_named<ValueSummary>("ValueSummary");
  expect_all_named<WeightSummary>("WeightSummary");
  expect_all_named<Inspection>("Inspection");
  expect_all_named<Proof>("Proof");
  expect_all_named<Speed>("Speed");
  expect_all_named<Gate>("Gate");
  expect_all_named<WeightAccount>("WeightAccount");
  expect_all_named<LayerSensitivity>("LayerSensitivity");
  expect_all_named<SensitivityReport>("SensitivityReport");
  expect_all_named<TunePoint>("TunePoint");
  expect_all_named<TuneReport>("TuneReport");
  expect_all_named<QuantizeReport>("QuantizeReport");
  expect_all_named<OutputParity>("OutputParity");
  expect_all_named<FileRecord>("FileRecord");
  expect_all_named<Failure>("Failure");
  expect_all_named<ParityReport>("ParityReport");
  expect_all_named<ModelCost>("ModelCost");
  expect_all_named<LatencySummary>("LatencySummary");
  expect_all_named<BatchComparison>("BatchComparison");
  expect_all_named<BenchReport>("BenchReport");
  expect_all_named<RuntimeInfo>("RuntimeInfo");
  expect_all_named<VersionInfo>("VersionInfo");
  expect_all_named<ExportProof>("ExportProof");
  expect_all_named<ExportReport>("ExportReport");
}

TEST(Fields, OfAStatusAreItsNames) {
  EXPECT_EQ(name_of(Gate::Status::passed), "passed");
  EXPECT_EQ(name_of(Gate::Status::failed), "failed");
  EXPECT_EQ(name_of(Gate::Status::unknown), "unknown");
  EXPECT_EQ(name_of(Proof::Status::passed), "passed");
  EXPECT_EQ(name_of(Proof::Status::skipped), "skipped");
  EXPECT_EQ(name_of(Proof::Status::loaded_only), "loaded_only");
  EXPECT_EQ(name_of(ExportProof::Status::passed), "passed");
  EXPECT_EQ(name_of(ExportProof::Status::skipped), "skipped");
  EXPECT_EQ(name_of(ExportProof::Status::failed), "failed");
}

}  // namespace
}  // namespace octet
