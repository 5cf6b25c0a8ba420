// Steps on texts.
#include <cctype>
#include <unordered_map>

#include "steps/evaluation.hpp"

namespace octet::steps {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::vector<std::string> words_of(const std::string& text, bool lowercase) {
  std::vector<std::string> out;
  std::string word;
  const auto end_word = [&] {
    if (word.size() >= 2) out.push_back(word);
    word.clear();
  };
  for (const char c : text) {
    if (!is_word(c)) {
      end_word();
    } else {
      word += lowercase && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  end_word();
  return out;
}

}  // namespace

void Evaluation::operator()(const FillText& op) {
  out.texts = inputs[0]->texts;
  for (std::string& text : out.texts) {
    if (text.empty()) text = op.fill;
  }
}

void Evaluation::operator()(const CountTerms& op) {
  std::unordered_map<std::string, std::size_t> columns;
  for (std::size_t c = 0; c < op.vocabulary.size(); ++c) columns.emplace(op.vocabulary[c], c);
  for (std::size_t r = 0; r < out.count; ++r) {
    const std::vector<std::string> words = words_of(inputs[0]->texts[r], op.lowercase);
    for (std::size_t begin = 0; begin < words.size(); ++begin) {
      std::string term;
      for (std::size_t n = 1; n <= op.longest && begin + n <= words.size(); ++n) {
        if (n > 1) term += ' ';
        term += words[begin + n - 1];
        const auto found = n < op.shortest ? columns.end() : columns.find(term);
        if (found != columns.end()) out.at(r, found->second) += 1;
      }
    }
    for (std::size_t c = 0; op.binary && c < out.width; ++c) {
      if (out.at(r, c) > 1) out.at(r, c) = 1;
    }
  }
}

}  // namespace octet::steps
