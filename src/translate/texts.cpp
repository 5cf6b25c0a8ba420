// Bags of words, for ASCII texts.
#include <fmt/format.h>

#include <algorithm>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Apply;
using steps::Compare;
using steps::Reduce;
using trained::Kind;

constexpr std::string_view plain_pattern = "(?u)\\b\\w\\w+\\b";

std::vector<std::string> vocabulary_of(const Estimator& e) {
  const Ref ref = e.need("vocabulary_");
  if (!e.records().is(ref, Kind::dict)) e.damaged("vocabulary_ is no dict");
  const auto pairs = e.records().items(ref);
  std::vector<std::string> out(pairs.size() / 2);
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    const auto term = trained::text_of(e.records(), pairs[i]);
    const auto column = trained::number_of(e.records(), pairs[i + 1]);
    if (!term || !column || !(*column >= 0 && *column < static_cast<double>(out.size())))
      e.damaged("vocabulary_ has an entry that is none");
    const bool is_ascii =
        std::ranges::all_of(*term, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!is_ascii) e.refuse(fmt::format("its vocabulary has \"{}\", which is not ASCII", *term));
    out[static_cast<std::size_t>(*column)] = *term;
  }
  return out;
}

void check_analysis(const Estimator& e) {
  if (e.text_or("analyzer", "word") != "word") e.refuse("analyzers other than 'word'");
  if (e.text_or("token_pattern", plain_pattern) != plain_pattern)
    e.refuse("a token_pattern of its own");
  for (const char* key : {"tokenizer", "preprocessor", "strip_accents"}) {
    if (e.has(key)) e.refuse(fmt::format("a {} of its own", key));
  }
}

Frame counted(Translator& t, const Estimator& e, const Frame& frame) {
  check_analysis(e);
  if (frame.size() != 1) e.refuse("it takes one column of text");
  steps::CountTerms terms;
  terms.vocabulary = vocabulary_of(e);
  const std::vector<double> range = e.numbers("ngram_range");
  if (range.size() != 2 || range[0] < 1 || range[1] < range[0] || range[1] > 10)
    e.damaged("ngram_range is none");
  terms.shortest = static_cast<std::uint32_t>(range[0]);
  terms.longest = static_cast<std::uint32_t>(range[1]);
  // Stop words are not in the vocabulary, but they part the words of longer terms.
  if (terms.longest > 1 && e.has("stop_words"))
    e.refuse("stop words together with terms of several words");
  terms.lowercase = e.flag("lowercase", true);
  terms.binary = e.flag("binary");
  return t.frame_of(t.build().count_terms(t.text(e, frame.columns[0]), std::move(terms)));
}

Frame weighted(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  ValueId x = t.numbers(e, frame);
  if (e.flag("sublinear_tf")) {
    const ValueId none = b.compare(Compare::Relation::equal, x, {0});
    const ValueId safe = b.choose(none, b.constant(1), x);
    x = b.choose(none, b.constant(0), b.plus(b.apply(Apply::Function::log, safe), 1));
  }
  if (e.flag("use_idf", true)) {
    std::vector<double> idf;
    if (e.find("idf_") != no_ref) {
      idf = e.numbers("idf_");
    } else {  // the diagonal of a sparse matrix
      const Ref data = trained::attribute_of(e.records(), e.need("_idf_diag"), "data");
      const auto found = trained::numbers_of(e.records(), data);
      if (!found) e.damaged("_idf_diag has no data");
      idf = found->numbers;
    }
    if (idf.size() != frame.size()) e.damaged("its weights do not fit the vocabulary");
    x = b.multiply(x, b.constant(std::move(idf)));
  }
  if (e.has("norm")) {
    const ValueId length =
        b.reduce(e.text("norm") == "l1" ? Reduce::Function::l1 : Reduce::Function::l2, x);
    const ValueId empty = b.compare(Compare::Relation::equal, length, {0});
    x = b.divide(x, b.choose(empty, b.constant(1), length));
  }
  return t.frame_of(x);
}

Frame tfidf(Translator& t, const Estimator& e, const Frame& frame) {
  const Estimator inner(e.records(), e.need("_tfidf"), e.place() + " _tfidf");
  return weighted(t, inner, counted(t, e, frame));
}

}  // namespace

void add_texts(TransformTable& table) {
  table["CountVectorizer"] = counted;
  table["TfidfTransformer"] = weighted;
  table["TfidfVectorizer"] = tfidf;
}

}  // namespace octet::translate
