#include "translate/model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <set>

#include "octet/error.hpp"
#include "trained/pickle.hpp"
#include "translate/boosters.hpp"
#include "translate/inputs.hpp"
#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using trained::Kind;

bool is_model(const Records& records, Ref ref) {
  if (!records.is(ref, Kind::call)) return false;
  const Estimator e(records, ref, "");
  return predictors().contains(e.name()) || transforms().contains(e.name());
}

// The model itself, or the one model of a dict, list or tuple that people pickle beside other
// things.
Ref model_in(const Records& records, Ref root, const std::string& key, const std::string& label) {
  if (!key.empty()) {
    const Ref found = records.find(root, key);
    if (found == no_ref) {
      throw Error(ErrorCode::invalid_argument, fmt::format("{}: has no key \"{}\"", label, key));
    }
    return found;
  }
  const bool is_holder =
      records.is(root, Kind::dict) || records.is(root, Kind::tuple) || records.is(root, Kind::list);
  if (!is_holder) return root;
  std::vector<Ref> found;
  std::vector<std::string> keys;
  const auto items = records.items(root);
  const std::size_t step = records.is(root, Kind::dict) ? 2 : 1;
  for (std::size_t i = step - 1; i < items.size(); i += step) {
    if (!is_model(records, items[i])) continue;
    found.push_back(items[i]);
    if (step == 2) keys.push_back(trained::text_of(records, items[i - 1]).value_or("?"));
  }
  if (found.size() == 1) return found[0];
  if (found.empty()) {
    throw Error(ErrorCode::unsupported,
                fmt::format("{}: holds {}, in which there is no model that Octet knows", label,
                            trained::name_of(records, root)));
  }
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{}: holds {} models; choose one with --key: {}", label, found.size(),
                          fmt::join(keys, ", ")));
}

void add_output(steps::Program& program, std::string name, ValueId value, bool flat = false) {
  program.outputs.push_back({std::move(name), value, std::nullopt, flat, false});
}

void add_classifier(steps::Program& program, const Prediction& p, const std::string& suffix) {
  program.outputs.push_back({"label" + suffix, *p.index, p.labels, true, false});
  if (p.probabilities) {
    add_output(program, "probabilities" + suffix, *p.probabilities);
  } else if (p.decision) {
    add_output(program, "scores" + suffix, *p.decision, program.steps[*p.decision].width == 1);
  } else if (p.scores) {
    add_output(program, "scores" + suffix, *p.scores, program.steps[*p.scores].width == 1);
  }
}

void add_outputs(steps::Program& program, const Prediction& p) {
  if (!p.several.empty()) {
    for (std::size_t i = 0; i < p.several.size(); ++i)
      add_classifier(program, p.several[i], fmt::format("_{}", i));
  } else if (p.flags) {
    program.outputs.push_back({"label", *p.flags, std::nullopt, false, true});
    if (p.probabilities) add_output(program, "probabilities", *p.probabilities);
  } else if (p.index) {
    add_classifier(program, p, "");
  } else if (p.target) {
    add_output(program, "variable", *p.target);
  }
}

// Names that honest files of trained models have.
std::vector<std::string> strangers_in(const Records& records) {
  constexpr std::array<std::string_view, 18> known = {
      "sklearn",     "numpy",     "scipy",    "joblib",   "xgboost",  "lightgbm",
      "pandas",      "builtins",  "copyreg",  "copy_reg", "_codecs",  "__builtin__",
      "collections", "functools", "catboost", "skops",    "imblearn", "operator"};
  std::set<std::string> out;
  for (const Ref ref : records.globals()) {
    const std::string_view module = records.global(ref).module;
    const std::string_view first = module.substr(0, module.find('.'));
    const std::string_view name = records.global(ref).name;
    constexpr std::array<std::string_view, 6> plain = {"set",    "frozenset", "bytes",
                                                       "object", "slice",     "bytearray"};
    const bool is_builtin = first == "builtins" || first == "__builtin__";
    const bool honest = std::ranges::find(known, first) != known.end() &&
                        (!is_builtin || std::ranges::find(plain, name) != plain.end() ||
                         name == "complex" || name == "range" || name == "getattr");
    if (!honest) out.insert(trained::name_of(records, ref));
  }
  return {out.begin(), out.end()};
}

// Probabilities that are a steep curve over a score: isotonic or Platt's, by themselves or within a
// support vector machine.
bool is_calibrated(const steps::Program& program, const std::vector<std::string>& outline) {
  const bool by_class = std::ranges::any_of(outline, [](const std::string& line) {
    return line.find("CalibratedClassifierCV") != std::string::npos ||
           line.find("IsotonicRegression") != std::string::npos;
  });
  return by_class || std::ranges::any_of(program.steps, [](const steps::Step& step) {
           return std::holds_alternative<steps::SupportVectors>(step.operation) ||
                  std::holds_alternative<steps::Interpolate>(step.operation);
         });
}

void say_sensitive(Model& out) {
  const auto has = [&](std::string_view word) {
    return std::ranges::any_of(
        out.outline, [&](const std::string& line) { return line.find(word) != std::string::npos; });
  };
  if (is_calibrated(out.program, out.outline)) {
    out.sensitivity =
        "its probabilities are calibrated (Platt or isotonic): the curve is steep where it "
        "matters, "
        "so that a rounded score moves them far, INT8 more than float32";
    out.notes.push_back(out.sensitivity);
  }
  if (has("OneHotEncoder") || has("OrdinalEncoder")) {
    out.notes.emplace_back(
        "ONNX cannot refuse an unknown category: it becomes zeros (one-hot) or the unknown value "
        "(ordinal)");
  }
}

Model read_records(const Records& records, Ref root, const std::string& label,
                   const ReadOptions& options) {
  Model out;
  const Ref ref = model_in(records, root, options.key, label);
  const Estimator top(records, ref, "");
  out.strangers = strangers_in(records);
  const bool predicts = predictors().contains(top.name());
  out.program.columns = data_columns(top);
  Translator t(records, out.program);
  t.iterations = options.iterations;
  Frame frame;
  for (std::uint32_t i = 0; i < out.program.columns.size(); ++i)
    frame.columns.push_back({std::nullopt, i});
  if (predicts && is_predictor(top)) {
    add_outputs(out.program, t.predict(ref, frame, ""));
  } else {
    const Frame made = t.transform(ref, frame, "");
    add_output(out.program, "variable", t.numbers(top, made));
  }
  if (out.program.outputs.empty())
    throw Error(ErrorCode::unsupported, top.place() + ": gives nothing that could be exported");
  out.outline = t.outline();
  out.versions = versions_of(records, top);
  say_sensitive(out);
  return out;
}

std::vector<steps::DataColumn> booster_columns(const BoosterHead& head) {
  std::vector<steps::DataColumn> out;
  std::set<std::string> taken;
  for (std::uint32_t i = 0; i < head.features; ++i) {
    const bool named = head.names.size() == head.features && !head.names[i].empty();
    std::string name = named ? head.names[i] : fmt::format("x{}", i);
    if (!taken.insert(name).second) name = fmt::format("x{}", i);
    out.push_back({std::move(name), false, false});
  }
  return out;
}

Model read_booster(const trained::File& file, const ReadOptions& options) {
  Model out;
  const std::string_view text(reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size());
  const bool is_lightgbm = file.format == trained::Format::lightgbm;
  Json document;
  if (!is_lightgbm) {
    document =
        file.format == trained::Format::json ? read_xgboost_json(text) : read_ubjson(file.bytes);
  }
  const BoosterHead head = is_lightgbm ? lightgbm_head(text) : xgboost_head(document);
  out.versions = head.versions;
  out.outline = {head.summary};
  out.program.columns = booster_columns(head);
  const trained::Records none(nullptr, options.limits);
  Translator t(none, out.program);
  t.build().set_place("booster");
  std::vector<std::uint32_t> all(head.features);
  std::iota(all.begin(), all.end(), 0U);
  const ValueId x = t.build().input(std::move(all));
  add_outputs(out.program, is_lightgbm ? predict_lightgbm(text, t, x, 0)
                                       : predict_xgboost(document, t, x, options.iterations));
  return out;
}

}  // namespace

Model read_model(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                 const std::string& label, const ReadOptions& options) {
  const trained::File file = trained::recognise(bytes, std::move(owner), label, options.limits);
  Model out;
  try {
    if (file.format == trained::Format::pickle) {
      const trained::Pickle pickle =
          trained::read_pickle(file.bytes, file.owner, label, options.limits);
      out = read_records(pickle.records, pickle.root, label, options);
    } else if (file.format == trained::Format::skops) {
      throw Error(ErrorCode::unsupported,
                  "a zip archive (skops); save the model with joblib.dump instead");
    } else {
      out = read_booster(file, options);
    }
  } catch (const Error& error) {
    if (std::string_view(error.what()).starts_with(label)) throw;
    throw Error(error.code(), fmt::format("{}: {}", label, error.what()));
  }
  out.container = file.container;
  return out;
}

}  // namespace octet::translate
