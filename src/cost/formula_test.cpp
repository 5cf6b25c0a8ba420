#include "cost/formula.hpp"

#include <gtest/gtest.h>

#include <set>

namespace octet::cost {
namespace {

// The term of a name.
template <typename Work>
double term(Kind kind, const Work& work, std::string_view name,
            Arithmetic arithmetic = Arithmetic::int8) {
  const auto names = term_names(kind, arithmetic);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return terms_of(work, arithmetic).at(i);
  }
  ADD_FAILURE() << "no term " << name;
  return -1;
}

TEST(Formula, NamesEveryTermOnceAndTheCallFirst) {
  for (const Kind kind : all_kinds) {
    for (const Arithmetic arithmetic : all_arithmetics) {
      const auto names = term_names(kind, arithmetic);
      EXPECT_EQ(names[0], "call");
      EXPECT_LE(names.size(), most_terms);
      EXPECT_EQ(std::set<std::string_view>(names.begin(), names.end()).size(), names.size());
    }
  }
}

TEST(Formula, HasNoTermWithoutAName) {
  const auto unnamed = [](Kind kind, Arithmetic arithmetic, const Terms& terms) {
    for (std::size_t i = term_names(kind, arithmetic).size(); i < most_terms; ++i) {
      EXPECT_EQ(terms.at(i), 0) << name_of(kind);
    }
  };
  for (const Arithmetic a : all_arithmetics) {
    unnamed(Kind::product, a, terms_of(Product{3000, 3000, 9}, a));
    unnamed(Kind::convolution, a, terms_of(Convolution{1, 64, 64, 3000, 3000, 9, 1}, a));
    unnamed(Kind::lookup, a, terms_of(Lookup{9, 9}, a));
    unnamed(Kind::lstm, a, terms_of(Lstm{999, 999, 9}, a));
  }
}

TEST(Formula, CountsColumnsInBlocksOfSixteen) {
  EXPECT_EQ(term(Kind::product, Product{10, 1, 3}, "product"), 10 * 16 * 3);
  EXPECT_EQ(term(Kind::product, Product{10, 16, 3}, "product"), 10 * 16 * 3);
  EXPECT_EQ(term(Kind::product, Product{10, 17, 3}, "row_n"), 3 * 32);
  EXPECT_EQ(term(Kind::product, Product{10, 17, 3}, "row_k"), 3 * 10);
}

TEST(Formula, AWeightBeyondTheCacheIsFourTimesAsLargeInFloat) {
  const Product work = {1024, 1024, 1};
  EXPECT_EQ(term(Kind::product, work, "weight_beyond_cache", Arithmetic::real), 3 << 20);
  EXPECT_EQ(term(Kind::product, work, "weight_beyond_cache", Arithmetic::int8), 0);
  const Lstm lstm = {512, 512, 10};  // both weights: 4·512·512
  EXPECT_EQ(term(Kind::lstm, lstm, "weight_beyond_cache", Arithmetic::real), 11 * (3 << 20));
}

TEST(Formula, AKernelOfOneGathersNothing) {
  const Convolution one = {1, 64, 256, 56 * 56, 56 * 56, 1, 1};
  EXPECT_EQ(term(Kind::convolution, one, "gathered_row"), 0);
  EXPECT_EQ(term(Kind::convolution, one, "im2col"), 0);
  EXPECT_EQ(gathered_bytes(one), 0U);
  const Convolution strided = {1, 64, 256, 56 * 56, 28 * 28, 1, 4};
  EXPECT_EQ(term(Kind::convolution, strided, "gathered_row"), 28 * 28);
}

TEST(Formula, AWideIm2colIsSeen) {
  const Convolution wide = {1, 64, 64, 448 * 448, 448 * 448, 9, 1};
  EXPECT_EQ(term(Kind::convolution, wide, "im2col"), 9.0 * 64 * 448 * 448);
  EXPECT_EQ(term(Kind::convolution, wide, "im2col_beyond_cache"), 9.0 * 64 * 448 * 448 - (4 << 20));
  EXPECT_EQ(term(Kind::convolution, wide, "gathered_row"), 9.0 * 448 * 448);
  EXPECT_EQ(gathered_bytes(wide), 9U * 64 * 448 * 448);
  const Convolution twice = {2, 64, 64, 448 * 448, 448 * 448, 9, 1};
  EXPECT_EQ(gathered_bytes(twice), 2 * gathered_bytes(wide));
}

TEST(Formula, BandsOfRowsStayInTheCache) {
  Convolution work = {1, 64, 64, 224 * 224, 224 * 224, 9, 1};
  work.bands = 7;
  EXPECT_EQ(term(Kind::convolution, work, "im2col_beyond_cache"), 0);
  EXPECT_EQ(term(Kind::convolution, work, "part"), 6);
  EXPECT_EQ(term(Kind::convolution, work, "im2col"), 9.0 * 64 * 224 * 224);
}

TEST(Formula, GroupsShareTheProductsAndGatherEach) {
  Convolution work = {1, 64, 64, 100, 100, 9, 1};
  const double products = term(Kind::convolution, work, "product");
  work.groups = 4;
  EXPECT_EQ(term(Kind::convolution, work, "product"), products / 4);
  EXPECT_EQ(term(Kind::convolution, work, "weight"), 9 * 64 * 64 / 4);
  EXPECT_EQ(term(Kind::convolution, work, "gathered_row"), 4 * 9 * 100);
  EXPECT_EQ(term(Kind::convolution, work, "part"), 3);
  work.groups = 64;  // columns of one channel are padded to sixteen
  EXPECT_EQ(term(Kind::convolution, work, "product"), 16 * products / 64);
}

TEST(Formula, FloatsOfASignalAreComputedInBlocksOfPositions) {
  Convolution work = {1, 64, 64, 20, 20, 3, 1};
  work.axes = 1;
  EXPECT_EQ(term(Kind::convolution, work, "product", Arithmetic::real), 32 * 3 * 64 * 64);
  EXPECT_EQ(term(Kind::convolution, work, "product"), 20 * 3 * 64 * 64);
  work.positions_out = 1;
  EXPECT_EQ(term(Kind::convolution, work, "product", Arithmetic::real), 3 * 64 * 64);
}

TEST(Formula, AnIndexCountsWhereSizesAreNotKnown) {
  Convolution work = {1, 64, 64, 100, 100, 9, 1};
  EXPECT_EQ(term(Kind::convolution, work, "index"), 0);
  work.computes_index = true;
  EXPECT_EQ(term(Kind::convolution, work, "index"), 1);
  EXPECT_EQ(term(Kind::convolution, work, "entry"), 900);
}

TEST(Formula, GatheredFloatsAreQuantizedAsOftenAsTheyAreRead) {
  Convolution work = {1, 64, 64, 100, 100, 9, 1};
  work.gathers_floats = true;
  EXPECT_EQ(term(Kind::convolution, work, "float_in"), 9 * 64 * 100);
  EXPECT_EQ(term(Kind::convolution, work, "im2col"), 4 * 9 * 64 * 100);
}

TEST(Formula, AnLstmReadsItsRecurrentWeightAtEveryStep) {
  const Lstm work = {80, 128, 50, 2, 1};
  EXPECT_EQ(term(Kind::lstm, work, "step_weight"), 50 * 4 * 128 * 128);
  EXPECT_EQ(term(Kind::lstm, work, "product"), 50 * 2 * 4 * 128 * (128 + 80));
  const Lstm both = {80, 128, 50, 2, 2};
  EXPECT_EQ(term(Kind::lstm, both, "product"), 2 * term(Kind::lstm, work, "product"));
}

// Sizes come from foreign files: their products pass 2^63 and must stay numbers.
TEST(Formula, HugeSizesStayFinite) {
  constexpr std::int64_t huge = std::int64_t{1} << 62;
  for (const double value : terms_of(Product{huge, huge, huge}, Arithmetic::int8)) {
    EXPECT_TRUE(value >= 0 && value < 1e300);
  }
}

}  // namespace
}  // namespace octet::cost
