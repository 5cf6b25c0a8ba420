// One fitted object of a trained model: its class, its attributes, and where in the model it
// stands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "steps/program.hpp"
#include "trained/values.hpp"

namespace octet::translate {

using trained::no_ref;
using trained::Records;
using trained::Ref;

// Borrows the records. `place` names it in messages: "steps[1] (LogisticRegression)".
class Estimator {
 public:
  Estimator(const Records& records, Ref ref, std::string place);

  [[nodiscard]] const Records& records() const { return *records_; }
  [[nodiscard]] Ref ref() const { return ref_; }
  [[nodiscard]] const std::string& place() const& { return place_; }
  const std::string& place() const&& = delete;
  // "LogisticRegression" of "sklearn.linear_model._logistic".
  [[nodiscard]] const std::string& name() const& { return name_; }
  const std::string& name() const&& = delete;
  [[nodiscard]] const std::string& module() const& { return module_; }
  const std::string& module() const&& = delete;
  [[nodiscard]] bool is_of(std::string_view package) const;  // the module's first word

  // An attribute; no_ref when it is not there.
  [[nodiscard]] Ref find(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const;  // and is not None

  // All throw Error{invalid_model} naming place and attribute when it is not of the kind.
  [[nodiscard]] Ref need(std::string_view key) const;
  [[nodiscard]] double number(std::string_view key) const;
  [[nodiscard]] std::vector<double> numbers(std::string_view key) const;  // flat, row-major
  [[nodiscard]] steps::Matrix matrix(std::string_view key) const;         // one dimension: one row
  [[nodiscard]] std::vector<Ref> items(std::string_view key) const;
  [[nodiscard]] std::vector<std::uint64_t> shape(std::string_view key) const;
  [[nodiscard]] std::string text(std::string_view key) const;

  [[nodiscard]] double number_or(std::string_view key, double otherwise) const;
  [[nodiscard]] bool flag(std::string_view key, bool otherwise = false) const;
  [[nodiscard]] std::string text_or(std::string_view key, std::string_view otherwise) const;
  // Version of scikit-learn that wrote it, 1.4 as 104; 0 when it does not say.
  [[nodiscard]] int version() const;

  // Throws Error{unsupported}: "steps[1] (SVC): break_ties is not supported".
  [[noreturn]] void refuse(std::string_view fact) const;
  // Throws Error{invalid_model}.
  [[noreturn]] void damaged(std::string_view fact) const;

 private:
  const Records* records_;
  Ref ref_;
  std::string place_;
  std::string name_;
  std::string module_;
};

// Of an array that is not an attribute.
[[nodiscard]] steps::Matrix matrix_of(const Estimator& owner, Ref ref);

}  // namespace octet::translate
