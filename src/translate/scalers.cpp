// Transformers that move and stretch columns.
#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::Combine;
using steps::Compare;
using steps::Reduce;

// (x - centre) / scale: a division, as scikit-learn does it. A product with the reciprocal rounds
// differently, and a tree above would see it.
Frame centred(Translator& t, const Estimator& e, const Frame& frame, const char* with_centre,
              const char* centre, const char* with_scale, const char* scale) {
  Builder& b = t.build();
  ValueId x = t.numbers(e, frame);
  if (e.flag(with_centre, true) && e.has(centre)) x = b.subtract(x, b.constant(e.numbers(centre)));
  if (e.flag(with_scale, true) && e.has(scale)) x = b.divide(x, b.constant(e.numbers(scale)));
  return t.frame_of(x);
}

Frame standard(Translator& t, const Estimator& e, const Frame& frame) {
  return centred(t, e, frame, "with_mean", "mean_", "with_std", "scale_");
}

Frame robust(Translator& t, const Estimator& e, const Frame& frame) {
  return centred(t, e, frame, "with_centering", "center_", "with_scaling", "scale_");
}

Frame min_max(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  ValueId x = b.multiply(t.numbers(e, frame), b.constant(e.numbers("scale_")));
  x = b.add(x, b.constant(e.numbers("min_")));
  if (!e.flag("clip")) return t.frame_of(x);
  const std::vector<double> range = e.numbers("feature_range");
  if (range.size() != 2) e.damaged("feature_range is no pair");
  x = b.combine(Combine::Function::maximum, x, b.constant(range[0]));
  return t.frame_of(b.combine(Combine::Function::minimum, x, b.constant(range[1])));
}

Frame max_abs(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  return t.frame_of(b.divide(t.numbers(e, frame), b.constant(e.numbers("scale_"))));
}

Frame binarizer(Translator& t, const Estimator& e, const Frame& frame) {
  return t.frame_of(
      t.build().compare(Compare::Relation::greater, t.numbers(e, frame), {e.number("threshold")}));
}

Frame normalizer(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const ValueId x = t.numbers(e, frame);
  const std::string norm = e.text("norm");
  ValueId length = 0;
  if (norm == "max") {
    length = b.reduce(Reduce::Function::maximum, b.apply(Apply::Function::absolute, x));
  } else if (norm == "l1" || norm == "l2") {
    length = b.reduce(norm == "l1" ? Reduce::Function::l1 : Reduce::Function::l2, x);
  } else {
    e.refuse("norm " + norm + " is not supported");
  }
  const ValueId empty = b.compare(Compare::Relation::equal, length, {0});
  return t.frame_of(b.divide(x, b.choose(empty, b.constant(1), length)));
}

}  // namespace

void add_scalers(TransformTable& table) {
  table["StandardScaler"] = standard;
  table["RobustScaler"] = robust;
  table["MinMaxScaler"] = min_max;
  table["MaxAbsScaler"] = max_abs;
  table["Binarizer"] = binarizer;
  table["Normalizer"] = normalizer;
}

}  // namespace octet::translate
