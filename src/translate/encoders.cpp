// Categories as numbers: a column each (one-hot), or their place in the list (ordinal).
//
// scikit-learn's handle_unknown='error' cannot be said in ONNX: an unknown category then is a row
// of zeros, or -1.
#include <algorithm>
#include <cmath>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using trained::Kind;

struct Categories {
  std::vector<double> numbers;
  std::vector<std::string> texts;
  std::vector<std::uint32_t> places;     // of each of them among all categories
  std::optional<std::uint32_t> missing;  // the place of NaN or None
  std::size_t count = 0;
};

Categories categories_of(const Estimator& e, Ref ref) {
  Categories out;
  const auto items = trained::items_of(e.records(), ref);
  if (!items) {
    if (auto texts = trained::texts_of(e.records(), ref)) {
      out.texts = std::move(*texts);
    } else if (const auto numbers = trained::numbers_of(e.records(), ref)) {
      for (const double number : numbers->numbers) {
        const auto place = static_cast<std::uint32_t>(out.count++);
        if (std::isnan(number)) {
          out.missing = place;
        } else {
          out.numbers.push_back(number);
          out.places.push_back(place);
        }
      }
      return out;
    } else {
      e.refuse("its categories are neither numbers nor texts");
    }
    out.count = out.texts.size();
    for (std::uint32_t i = 0; i < out.count; ++i) out.places.push_back(i);
    return out;
  }
  for (const Ref item : *items) {
    const auto place = static_cast<std::uint32_t>(out.count++);
    const auto text = trained::text_of(e.records(), item);
    const auto number = trained::number_of(e.records(), item);
    if (e.records().is(item, Kind::none) || (number && std::isnan(*number))) {
      out.missing = place;
      continue;
    }
    if (text) out.texts.push_back(*text);
    if (!text && number) out.numbers.push_back(*number);
    if (!text && !number) e.refuse("its categories are neither numbers nor texts");
    out.places.push_back(place);
  }
  if (!out.texts.empty() && !out.numbers.empty())
    e.refuse("a column whose categories are numbers and texts");
  return out;
}

// Which column a category goes to once infrequent ones are one.
std::vector<double> grouped(const Estimator& e, std::size_t column, std::size_t count) {
  std::vector<double> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<double>(i);
  if (!e.flag("_infrequent_enabled")) return out;
  const std::vector<Ref> all = e.items("_default_to_infrequent_mappings");
  if (column >= all.size()) e.damaged("has no groups for a column");
  if (e.records().is(all[column], Kind::none)) return out;
  const auto mapping = trained::numbers_of(e.records(), all[column]);
  if (!mapping || mapping->numbers.size() != count) e.damaged("its infrequent groups do not fit");
  return mapping->numbers;
}

bool has_group(const Estimator& e, std::size_t column) {
  if (!e.flag("_infrequent_enabled")) return false;
  const std::vector<Ref> all = e.items("_default_to_infrequent_mappings");
  return column < all.size() && !e.records().is(all[column], Kind::none);
}

// Column `i` of the frame through a table of its categories: each to its value, what is unknown to
// `otherwise`.
ValueId looked_up(Translator& t, const Estimator& e, const Frame::Column& column,
                  const Categories& categories, const std::vector<double>& values, double otherwise,
                  std::optional<double> missing) {
  steps::Lookup table;
  table.keys = categories.numbers;
  table.texts = categories.texts;
  for (const std::uint32_t place : categories.places) table.values.push_back(values[place]);
  table.otherwise = otherwise;
  table.missing = missing;
  const bool by_text = !categories.texts.empty();
  const ValueId in = by_text ? t.text(e, column) : t.numbers(e, Frame{{column}});
  if (!by_text && table.keys.empty()) {
    table.keys.push_back(0);  // nothing but NaN was seen
    table.values.push_back(otherwise);
  }
  return t.build().lookup(in, std::move(table));
}

std::optional<std::uint32_t> dropped(const Estimator& e, std::size_t column) {
  const char* const key =
      e.find("_drop_idx_after_grouping") != no_ref ? "_drop_idx_after_grouping" : "drop_idx_";
  if (!e.has(key)) return std::nullopt;
  const auto all = trained::numbers_of(e.records(), e.need(key));
  if (!all || column >= all->numbers.size()) e.damaged("drop_idx_ does not fit");
  const double index = all->numbers[column];
  return std::isnan(index) ? std::nullopt : std::optional(static_cast<std::uint32_t>(index));
}

Frame one_hot(Translator& t, const Estimator& e, const Frame& frame) {
  const std::vector<Ref> all = e.items("categories_");
  if (all.size() != frame.size()) e.damaged("categories_ do not fit the columns");
  Frame out;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const Categories categories = categories_of(e, all[i]);
    const std::vector<double> columns = grouped(e, i, categories.count);
    double last = -1;
    for (const double column : columns) last = std::max(last, column);
    const bool to_group = e.text_or("handle_unknown", "error") == "infrequent_if_exist" ||
                          e.text_or("handle_unknown", "error") == "warn";
    const double otherwise = to_group && has_group(e, i) ? last : -1;
    std::optional<double> missing;
    if (categories.missing) missing = columns[*categories.missing];
    const ValueId code = looked_up(t, e, frame.columns[i], categories, columns, otherwise, missing);
    const auto count = static_cast<std::uint32_t>(last + 1);
    const ValueId hot = t.build().one_hot(code, count);
    const auto without = dropped(e, i);
    for (std::uint32_t c = 0; c < count; ++c) {
      if (c != without) out.columns.push_back({hot, c});
    }
  }
  return out;
}

Frame ordinal(Translator& t, const Estimator& e, const Frame& frame) {
  const std::vector<Ref> all = e.items("categories_");
  if (all.size() != frame.size()) e.damaged("categories_ do not fit the columns");
  Frame out;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const Categories categories = categories_of(e, all[i]);
    const double otherwise = e.number_or("unknown_value", -1);
    std::optional<double> missing;
    if (categories.missing) missing = e.number_or("encoded_missing_value", std::nan(""));
    out.columns.push_back({looked_up(t, e, frame.columns[i], categories,
                                     grouped(e, i, categories.count), otherwise, missing),
                           0});
  }
  return out;
}

}  // namespace

void add_encoders(TransformTable& table) {
  table["OneHotEncoder"] = one_hot;
  table["OrdinalEncoder"] = ordinal;
}

}  // namespace octet::translate
