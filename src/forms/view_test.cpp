// Views against the plain way: numbers moved by loops.
#include "forms/view.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace octet::forms {
namespace {

using Dims = std::vector<std::int64_t>;

std::int64_t count(const Dims& dims) {
  return std::accumulate(dims.begin(), dims.end(), std::int64_t{1}, std::multiplies<>());
}

// What the view shows of a tensor that holds 0, 1, 2, …, in its own order.
std::vector<std::int64_t> shown(const View& view) {
  std::vector<std::int64_t> out;
  for (std::int64_t i = 0; i < count(view.dims); ++i) {
    std::int64_t rest = i;
    std::int64_t at = 0;
    for (std::size_t a = view.dims.size(); a-- > 0;) {
      at += rest % view.dims[a] * view.strides[a];
      rest /= view.dims[a];
    }
    out.push_back(at);
  }
  return out;
}

// Numbers of shape `dims`, transposed the slow way.
std::vector<std::int64_t> slowly_transposed(const std::vector<std::int64_t>& in, const Dims& dims,
                                            const Dims& perm) {
  Dims out_dims;
  for (const auto p : perm) out_dims.push_back(dims[static_cast<std::size_t>(p)]);
  std::vector<std::int64_t> out;
  for (std::int64_t i = 0; i < count(dims); ++i) {
    Dims index(dims.size());
    std::int64_t rest = i;
    for (std::size_t a = dims.size(); a-- > 0;) {
      index[static_cast<std::size_t>(perm[a])] = rest % out_dims[a];
      rest /= out_dims[a];
    }
    std::int64_t from = 0;
    for (std::size_t a = 0; a < dims.size(); ++a) from = from * dims[a] + index[a];
    out.push_back(in[static_cast<std::size_t>(from)]);
  }
  return out;
}

TEST(View, OfATensorShowsItAsItLies) {
  const View view = View::of({2, 1, 3});
  EXPECT_EQ(view.strides, (Dims{3, 0, 1}));
  EXPECT_EQ(shown(view), (Dims{0, 1, 2, 3, 4, 5}));
  EXPECT_TRUE(view.as_it_lies());
}

TEST(View, TransposesLikeTheSlowLoop) {
  const Dims dims = {2, 3, 1, 5};
  const View view = View::of(dims);
  Dims perm = {0, 1, 2, 3};
  do {
    EXPECT_EQ(shown(*transposed(view, perm)), slowly_transposed(shown(view), dims, perm));
  } while (std::next_permutation(perm.begin(), perm.end()));
}

TEST(View, RefusesAPermutationThatIsNone) {
  const View view = View::of({2, 3});
  for (const Dims& perm : {Dims{0}, Dims{0, 0}, Dims{0, 2}, Dims{-1, 0}, Dims{0, 1, 2}})
    EXPECT_FALSE(transposed(view, perm));
}

TEST(View, ReshapesWhatLiesTogetherAndNothingElse) {
  const View turned_view = turned(View::of({4, 6}));  // [6, 4]
  for (const Dims& dims : {Dims{2, 3, 4}, Dims{6, 2, 2}, Dims{1, 6, 1, 4}, Dims{3, 2, 2, 1, 2}}) {
    const auto view = reshaped(turned_view, dims);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->dims, dims);
    EXPECT_EQ(shown(*view), shown(turned_view));
  }
  EXPECT_FALSE(reshaped(turned_view, {24}));
  EXPECT_FALSE(reshaped(turned_view, {8, 3}));
  EXPECT_FALSE(reshaped(turned_view, {6, 5}));
  EXPECT_FALSE(reshaped(turned_view, {-1, 4}));
  EXPECT_EQ(shown(*reshaped(View::of({4, 6}), {24})), shown(View::of({24})));
  EXPECT_TRUE(reshaped(View::of({}), {1, 1}));
}

TEST(View, ComesBackByItsInverse) {
  const View view = *reshaped(*transposed(View::of({4, 1, 6}), {2, 1, 0}), {3, 2, 1, 4});
  const Inverse back = inverse(view);
  View again = View::of(view.dims);
  if (!back.perm.empty()) again = *transposed(again, back.perm);
  EXPECT_EQ(again.dims, back.dims);
  // Written in the order of `view` and turned back, element i of the tensor is i again.
  const auto data = shown(view);
  std::vector<std::int64_t> restored;
  for (const auto at : shown(again)) restored.push_back(data[static_cast<std::size_t>(at)]);
  EXPECT_EQ(restored, shown(View::of({24})));
}

TEST(View, FindsTheSameChannelsInAnotherOrder) {
  const View lies = View::of({48, 6000});
  EXPECT_EQ(same_channels(turned(lies), {0, 1}, lies), (quant::Axes{1, 2}));
  EXPECT_EQ(same_channels(lies, {0, 1}, turned(lies)), (quant::Axes{1, 2}));
  EXPECT_EQ(same_channels(View::of({2, 3, 4}), {0, 2}, View::of({6, 4})), (quant::Axes{0, 1}));
  EXPECT_FALSE(same_channels(View::of({2, 3, 4}), {1, 2}, View::of({6, 4})));
}

}  // namespace
}  // namespace octet::forms
