// What the reports say, as parts of a page. Documents come as JSON, so that a folder of them is as
// good as a call that has just ended.
#include "octet/report_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>

#include "base/json.hpp"
#include "octet/error.hpp"
#include "report/html.hpp"

namespace octet {
namespace {

namespace html = report::html;
using Json = nlohmann::ordered_json;
using html::Cell;

double number_of(const Json& value) {
  if (value.is_number()) return value.get<double>();
  return value.is_string() && value.get<std::string>() == "inf" ? HUGE_VAL : NAN;
}

// Documents may be edited by hand: what is missing, or of another type, reads as nothing.
const Json& child(const Json& object, const char* name) {
  static const Json nothing;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found == object.end() ? nothing : *found;
}

const Json& list_of(const Json& object, const char* name) {
  static const Json empty = Json::array();
  const Json& found = child(object, name);
  return found.is_array() ? found : empty;
}

bool is_true(const Json& object, const char* name) {
  const Json& found = child(object, name);
  return found.is_boolean() && found.get<bool>();
}

std::string string_of(const Json& object, const char* name) {
  const Json& found = child(object, name);
  if (found.is_null()) return "";
  return found.is_string() ? found.get<std::string>() : found.dump();
}

double at(const Json& object, const char* name) {
  return number_of(child(object, name));
}

std::string bytes_text(double bytes) {
  const char* const units[] = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; bytes >= 999.95 && unit < 4; ++unit) bytes /= 1000;
  return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 1, units[unit]);
}

Cell plain(double value) {
  if (std::isnan(value)) return html::word("-");
  return html::number(value, std::isinf(value) ? "equal" : fmt::format("{:.4g}", value));
}
Cell bytes(double value) {
  return html::number(value, bytes_text(value));
}
Cell share(double value) {
  return std::isnan(value) ? html::word("-")
                           : html::number(value, fmt::format("{:.2f} %", 100 * value));
}

std::string paragraph(const std::string& words, std::string_view tone = "") {
  if (words.empty()) return "";
  return fmt::format("<p{}>{}</p>\n", tone.empty() ? "" : fmt::format(" class=\"{}\"", tone),
                     html::text(words));
}

// A name and a figure, in a box.
std::string fact(std::string_view name, const std::string& figure, std::string_view tone = "") {
  return fmt::format("<div><dt>{}</dt><dd{}>{}</dd></div>", html::text(name),
                     tone.empty() ? "" : fmt::format(" class=\"{}\"", tone), html::text(figure));
}

std::string outputs_table(const Json& outputs) {
  std::vector<std::vector<Cell>> rows;
  for (const Json& o : outputs) {
    const bool passed = is_true(o, "passed");
    const std::string problem = string_of(o, "not_compared") + string_of(o, "problem");
    rows.push_back({html::word(string_of(o, "name")), html::word(string_of(o, "type")),
                    plain(at(o, "max_abs_diff")), plain(at(o, "mean_abs_diff")),
                    plain(at(o, "rmse")), plain(at(o, "sqnr_db")),
                    plain(at(o, "cosine_similarity")), share(at(o, "label_agreement")),
                    plain(at(o, "worst_input_row")),
                    html::word(fmt::format("{:.4g} became {:.4g}", at(o, "worst_reference"),
                                           at(o, "worst_candidate"))),
                    html::word(passed            ? "passed"
                               : problem.empty() ? "FAILED"
                                                 : problem,
                               passed ? "good" : "bad")});
  }
  return html::table("Each output against the reference's",
                     {"output", "type", "max diff", "mean diff", "RMSE", "signal, dB", "cosine",
                      "labels agree", "worst row", "there", "verdict"},
                     rows);
}

std::string parity_section(const Json& p, const char* title) {
  const bool passed = is_true(p, "passed");
  std::string out = "<dl class=\"facts\">";
  out += fact("verdict", passed ? "passed" : string_of(p, "verdict"), passed ? "good" : "bad");
  out += fact("largest difference", fmt::format("{:.4g}", at(p, "max_abs_diff")));
  out += fact("mean difference", fmt::format("{:.4g}", at(p, "mean_abs_diff")));
  out += fact("rows",
              fmt::format("{:.0f}{}", at(p, "rows"), is_true(p, "made_up") ? ", made up" : ""));
  out += "</dl>\n";
  out += paragraph(string_of(p, "candidate") + " against " + string_of(p, "reference") +
                   ", fed with " + string_of(p, "data"));
  out += paragraph(string_of(p, "reason")) + paragraph(string_of(p, "next_step"));
  out += outputs_table(list_of(p, "outputs"));
  return html::section(title, out);
}

std::string plan_section(const Json& plan) {
  std::map<std::string, double> by_form;
  std::vector<std::vector<Cell>> rows;
  for (const Json& d : list_of(plan, "decisions")) {
    for (const Json& w : list_of(d, "weights")) {
      const std::string storage = string_of(w, "storage");
      const bool is_float = storage == "float32";
      const std::string form = is_float ? "float" : string_of(d, "form") + " " + storage;
      by_form[form] += at(w, "bytes_after");
      std::string why =
          child(w, "reason").is_string() ? string_of(w, "reason") : string_of(d, "reason");
      const std::string detail =
          child(w, "detail").is_string() ? string_of(w, "detail") : string_of(d, "detail");
      if (!detail.empty()) why += ": " + detail;
      rows.push_back({html::word(string_of(d, "node")), html::word(string_of(d, "op")),
                      html::word(string_of(w, "name")), html::word(list_of(w, "shape").dump()),
                      bytes(at(w, "bytes_before")), bytes(at(w, "bytes_after")), html::word(form),
                      html::word(why)});
    }
  }
  std::vector<html::Share> shares;
  for (const auto& [form, size] : by_form) shares.push_back({form, size});
  std::sort(shares.begin(), shares.end(),
            [](const auto& a, const auto& b) { return a.size > b.size; });
  return html::section(
      "What became of every weight",
      html::bar("Bytes of the result's weights, by form", shares, bytes_text) +
          html::table("One row a weight; octet explain CODE says more of a reason",
                      {"node", "op", "weight", "shape", "before", "after", "form", "why"}, rows,
                      true));
}

std::string quantize_sections(const Json& q) {
  std::string out = "<dl class=\"facts\">";
  const double before = at(q, "bytes_before");
  const double after = at(q, "bytes_after");
  out += fact("size", fmt::format("{} -> {}", bytes_text(before), bytes_text(after)));
  out += fact("of the float model", fmt::format("{:.0f} %", 100 * after / before));
  const Json& gate = child(q, "gate");
  for (const Json& speed : list_of(gate, "speed")) {
    const std::string verdict = string_of(speed, "verdict");
    out += fact(fmt::format("time, {:.0f} rows in a call", at(speed, "rows")),
                fmt::format("{:.2f} of float", at(speed, "ratio")),
                verdict == "faster"   ? "good"
                : verdict == "slower" ? "bad"
                                      : "");
  }
  out += fact("proof", string_of(child(q, "proof"), "status"));
  out += "</dl>\n" + paragraph(string_of(q, "detail")) + paragraph(string_of(gate, "detail")) +
         paragraph(string_of(child(q, "proof"), "detail"), "quiet");
  out = html::section(string_of(q, "input") + " to " + string_of(q, "output"), out);
  if (child(gate, "parity").is_object())
    out += parity_section(child(gate, "parity"), "Held against the float model");
  return out + plan_section(child(q, "plan"));
}

std::string bench_section(const Json& b) {
  const Json& x = child(b, "baseline");
  const Json& y = child(b, "candidate");
  std::vector<std::vector<Cell>> rows;
  const auto row = [&](const char* what, const char* field, Cell (*cell)(double)) {
    rows.push_back({html::word(what), cell(at(x, field)), cell(at(y, field)),
                    plain(at(y, field) / at(x, field))});
  };
  row("file size", "file_bytes", bytes);
  row("load time, ms", "load_ms", plain);
  row("peak memory", "peak_memory_bytes", bytes);
  std::string pictures;
  for (const Json& batch : list_of(b, "batches")) {
    const Json& u = child(batch, "baseline");
    const Json& v = child(batch, "candidate");
    for (const char* field : {"p50_us", "p90_us", "p99_us"}) {
      rows.push_back(
          {html::word(
               fmt::format("batch {:.0f}: {}", at(batch, "batch"), std::string_view(field, 3)) +
               ", µs"),
           plain(at(u, field)), plain(at(v, field)),
           field[1] == '5'
               ? html::number(at(batch, "ratio"),
                              fmt::format("{:.2f} ({:.2f} … {:.2f})", at(batch, "ratio"),
                                          at(batch, "ratio_low"), at(batch, "ratio_high")))
               : plain(at(v, field) / at(u, field))});
    }
    std::vector<html::Series> series;
    for (const auto& [name, side] :
         {std::pair{string_of(x, "model"), &u}, {string_of(y, "model"), &v}}) {
      html::Series one{name, {}};
      for (const Json& sample : list_of(*side, "samples_us"))
        one.samples.push_back(number_of(sample));
      series.push_back(std::move(one));
    }
    pictures += html::histogram(
        fmt::format("Every sample, batch {:.0f}: how often each latency came", at(batch, "batch")),
        series, "µs");
  }
  return html::section(
      "Latency, size, memory: " + string_of(b, "verdict"),
      html::table("Side by side", {"", string_of(x, "model"), string_of(y, "model"), "ratio"},
                  rows) +
          pictures);
}

struct Known {
  int order;
  const Json* document;
  std::string label;
};

int order_of(const Json& document) {
  if (!document.is_object()) return -1;
  if (document.contains("gate") && document.contains("plan") && document.contains("proof"))
    return 0;
  if (document.contains("outputs") && document.contains("passed")) return 1;
  return document.contains("baseline") && document.contains("batches") ? 2 : -1;
}

std::string verdict_of(const Json& d, int order, bool& good) {
  if (order == 0) {
    good = is_true(d, "written");
    if (!good) return is_true(d, "unchanged") ? "Nothing to quantize" : "Not delivered";
    const std::string gate = string_of(child(d, "gate"), "status");
    return gate == "passed" ? "Delivered: the answers hold"
                            : "Delivered, not held against the float model";
  }
  if (order == 1) {
    good = is_true(d, "passed");
    return good ? "Parity passed" : "Parity " + string_of(d, "verdict");
  }
  good = string_of(d, "verdict") != "slower";
  return "Bench: " + string_of(d, "verdict");
}

std::string environment_section(const std::vector<Known>& known, const std::string& command) {
  std::string list;
  for (const Known& k : known) {
    for (const char* field : {"octet", "cpu", "threads", "runtime_version", "date"}) {
      const std::string value = string_of(*k.document, field);
      if (value.empty()) continue;
      const std::string item = fmt::format("<li>{}: {}</li>", field, html::text(value));
      if (list.find(item) == std::string::npos) list += item;
    }
    for (const Json& file : list_of(*k.document, "files"))
      list += fmt::format("<li>{}: {}, {}, SHA-256 <code>{}</code></li>",
                          html::text(string_of(file, "role")), html::text(string_of(file, "path")),
                          bytes_text(at(file, "bytes")), html::text(string_of(file, "sha256")));
    for (const Json& warning : list_of(*k.document, "warnings"))
      list += fmt::format("<li>warning: {}</li>",
                          html::text(warning.is_string() ? warning.get<std::string>() : ""));
  }
  const std::string again =
      command.empty() ? "" : fmt::format("<p>Made by:</p><pre>{}</pre>\n", html::text(command));
  return html::section("Where this comes from", "<ul>" + list + "</ul>\n" + again);
}

}  // namespace

std::string html_page(const std::vector<ReportDocument>& documents, const std::string& command) {
  std::vector<Json> parsed;
  parsed.reserve(documents.size());
  std::vector<Known> known;
  for (const ReportDocument& document : documents) {
    parsed.push_back(base::parse_json(document.json, document.label));
    const int order = order_of(parsed.back());
    if (order < 0) {
      throw Error(ErrorCode::invalid_data,
                  document.label +
                      ": it is no report of quantize, parity or bench; write one with "
                      "--json or --report");
    }
    known.push_back({order, &parsed.back(), document.label});
  }
  std::stable_sort(known.begin(), known.end(),
                   [](const Known& a, const Known& b) { return a.order < b.order; });
  std::string body = "<header>\n<h1>Octet report</h1>\n";
  for (const Known& k : known) {
    bool good = false;
    const std::string words = verdict_of(*k.document, k.order, good);
    body +=
        fmt::format("<p class=\"verdict {}\">{}</p>\n", good ? "good" : "bad", html::text(words));
  }
  body += "</header>\n";
  for (const Known& k : known) {
    body += k.order == 0   ? quantize_sections(*k.document)
            : k.order == 1 ? parity_section(*k.document, "Parity")
                           : bench_section(*k.document);
  }
  return html::page("Octet report", body + environment_section(known, command));
}

}  // namespace octet
