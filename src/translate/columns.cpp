// Models that lead columns to other models: pipelines, column transformers, unions, searches.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using trained::Kind;

struct NamedStep {
  std::string name;
  Ref estimator = no_ref;
  Ref columns = no_ref;
};

std::vector<NamedStep> named_steps(const Estimator& e, const char* key, std::size_t parts) {
  std::vector<NamedStep> out;
  for (const Ref item : e.items(key)) {
    const auto fields = trained::items_of(e.records(), item);
    if (!fields || fields->size() < parts) e.damaged(fmt::format("{} has no pairs", key));
    out.push_back({trained::text_of(e.records(), (*fields)[0]).value_or("?"), (*fields)[1],
                   parts == 3 ? (*fields)[2] : no_ref});
  }
  return out;
}

std::string within(const Estimator& e, const std::string& name) {
  const std::string_view place = e.place();
  const std::size_t end = place.rfind(" (");
  const std::string outer(end == std::string_view::npos ? std::string_view()
                                                        : place.substr(0, end));
  return outer.empty() ? name : outer + "/" + name;
}

Frame pipeline_transform(Translator& t, const Estimator& e, const Frame& frame) {
  Frame out = frame;
  for (const NamedStep& step : named_steps(e, "steps", 2))
    out = t.transform(step.estimator, out, within(e, step.name));
  return out;
}

Prediction pipeline_predict(Translator& t, const Estimator& e, const Frame& frame) {
  const std::vector<NamedStep> steps = named_steps(e, "steps", 2);
  if (steps.empty()) e.damaged("has no steps");
  Frame out = frame;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i)
    out = t.transform(steps[i].estimator, out, within(e, steps[i].name));
  return t.predict(steps.back().estimator, out, within(e, steps.back().name));
}

Prediction searched(Translator& t, const Estimator& e, const Frame& frame) {
  return t.predict(e.need("best_estimator_"), frame, within(e, "best_estimator_"));
}

// slice(start, stop, step) as Python has it.
std::vector<std::uint32_t> sliced(const Estimator& e, Ref arguments, std::size_t count) {
  const auto items = e.records().items(arguments);
  const auto size = static_cast<std::int64_t>(count);
  const auto part = [&](std::size_t i, std::int64_t otherwise) {
    if (i >= items.size() || !e.records().is(items[i], Kind::integer)) return otherwise;
    const std::int64_t value = e.records().integer(items[i]);
    return std::clamp<std::int64_t>(value < 0 ? value + size : value, 0, size);
  };
  if (items.size() == 3 && e.records().is(items[2], Kind::integer) &&
      e.records().integer(items[2]) != 1) {
    e.refuse("columns chosen by a slice with a step");
  }
  if (std::ranges::any_of(items, [&](Ref item) { return e.records().is(item, Kind::text); }))
    e.refuse("columns chosen by a slice of names");
  std::vector<std::uint32_t> out;
  for (std::int64_t i = part(0, 0); i < part(1, size); ++i)
    out.push_back(static_cast<std::uint32_t>(i));
  return out;
}

std::vector<std::uint32_t> by_names(Translator& t, const Estimator& e, const Frame& frame,
                                    const std::vector<std::string>& names) {
  t.choose_by_name();
  std::vector<std::uint32_t> out;
  for (const std::string& name : names) {
    const auto found = std::ranges::find_if(frame.columns, [&](const Frame::Column& column) {
      return !column.value && t.data_columns()[column.index].name == name;
    });
    if (found == frame.columns.end()) e.refuse(fmt::format("no column is called \"{}\"", name));
    out.push_back(static_cast<std::uint32_t>(found - frame.columns.begin()));
  }
  return out;
}

std::vector<std::uint32_t> chosen_columns(Translator& t, const Estimator& e, const Frame& frame,
                                          Ref selection) {
  const Records& records = e.records();
  if (records.is(selection, Kind::call)) {
    const std::string name = trained::name_of(records, selection);
    if (name.ends_with(".slice")) return sliced(e, records.call(selection).arguments, frame.size());
    const Ref data = trained::attribute_of(records, selection, "data");  // _RemainderColsList
    if (data != no_ref) return chosen_columns(t, e, frame, data);
    if (!records.call(selection).items.empty()) e.refuse("columns chosen by " + name);
    e.refuse("columns chosen by " + name);
  }
  if (const auto one = trained::text_of(records, selection)) return by_names(t, e, frame, {*one});
  if (const auto texts = trained::texts_of(records, selection); texts && !texts->empty())
    return by_names(t, e, frame, *texts);
  const auto numbers = trained::numbers_of(records, selection);
  if (!numbers) e.refuse("columns chosen by " + trained::name_of(records, selection));
  bool is_mask = records.is(selection, Kind::array) &&
                 records.dtype(records.array(selection).dtype).kind == 'b';
  if (const auto items = trained::items_of(records, selection)) {
    is_mask = !items->empty() && std::ranges::all_of(*items, [&](Ref item) {
      return records.is(item, Kind::boolean);
    });
  }
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < numbers->numbers.size(); ++i) {
    double index = numbers->numbers[i];
    if (is_mask) {
      if (index == 0) continue;
      index = static_cast<double>(i);
    }
    if (index < 0) index += static_cast<double>(frame.size());
    if (!(index >= 0 && index < static_cast<double>(frame.size())))
      e.damaged("chooses a column that is not there");
    out.push_back(static_cast<std::uint32_t>(index));
  }
  return out;
}

void append(Frame& frame, const Frame& more) {
  frame.columns.insert(frame.columns.end(), more.columns.begin(), more.columns.end());
}

Frame column_transformer(Translator& t, const Estimator& e, const Frame& frame) {
  Frame out;
  for (const NamedStep& part : named_steps(e, "transformers_", 3)) {
    if (trained::text_of(e.records(), part.estimator) == "drop") continue;
    const std::vector<std::uint32_t> chosen = chosen_columns(t, e, frame, part.columns);
    if (chosen.empty()) continue;
    append(out, t.transform(part.estimator, frame.chosen(chosen), within(e, part.name)));
  }
  return out;
}

Frame feature_union(Translator& t, const Estimator& e, const Frame& frame) {
  Frame out;
  const Ref weights = e.find("transformer_weights");
  for (const NamedStep& part : named_steps(e, "transformer_list", 2)) {
    Frame made = t.transform(part.estimator, frame, within(e, part.name));
    if (const auto weight = trained::number_of(e.records(), e.records().find(weights, part.name))) {
      made = t.frame_of(t.build().times(t.numbers(e, made), *weight));
    }
    append(out, made);
  }
  return out;
}

}  // namespace

void add_columns(TransformTable& table, PredictTable& predict) {
  table["Pipeline"] = pipeline_transform;
  table["ColumnTransformer"] = column_transformer;
  table["FeatureUnion"] = feature_union;
  predict["Pipeline"] = pipeline_predict;
  for (const char* name :
       {"GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV"}) {
    predict[name] = searched;
  }
}

}  // namespace octet::translate
