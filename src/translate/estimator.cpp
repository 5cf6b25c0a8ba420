#include "translate/estimator.hpp"

#include <fmt/format.h>

#include <charconv>

#include "octet/error.hpp"

namespace octet::translate {

using trained::Kind;

Estimator::Estimator(const Records& records, Ref ref, std::string place)
    : records_(&records), ref_(ref), place_(std::move(place)) {
  Ref callable = no_ref;
  if (records.is(ref, Kind::call)) callable = records.call(ref).callable;
  if (records.is(callable, Kind::global)) {
    const trained::Global global = records.global(callable);
    name_ = global.name;
    module_ = global.module;
  }
  place_ = place_.empty() ? name_ : fmt::format("{} ({})", place_, name_);
}

bool Estimator::is_of(std::string_view package) const {
  return module_.starts_with(package) &&
         (module_.size() == package.size() || module_[package.size()] == '.');
}

Ref Estimator::find(std::string_view key) const {
  return trained::attribute_of(*records_, ref_, key);
}

bool Estimator::has(std::string_view key) const {
  const Ref found = find(key);
  return found != no_ref && !records_->is(found, Kind::none);
}

void Estimator::refuse(std::string_view fact) const {
  throw Error(ErrorCode::unsupported, fmt::format("{}: {}", place_, fact));
}

void Estimator::damaged(std::string_view fact) const {
  throw Error(ErrorCode::invalid_model, fmt::format("{}: {}", place_, fact));
}

Ref Estimator::need(std::string_view key) const {
  const Ref found = find(key);
  if (found == no_ref) damaged(fmt::format("has no {}; was it fitted?", key));
  return found;
}

double Estimator::number(std::string_view key) const {
  const auto found = trained::number_of(*records_, need(key));
  if (!found) damaged(fmt::format("{} is no number", key));
  return *found;
}

std::vector<double> Estimator::numbers(std::string_view key) const {
  auto found = trained::numbers_of(*records_, need(key));
  if (!found) damaged(fmt::format("{} is no array of numbers", key));
  return std::move(found->numbers);
}

std::vector<std::uint64_t> Estimator::shape(std::string_view key) const {
  const Ref found = need(key);
  if (!records_->is(found, Kind::array)) damaged(fmt::format("{} is no array", key));
  return records_->array(found).shape;
}

steps::Matrix Estimator::matrix(std::string_view key) const {
  const Ref found = need(key);
  if (!trained::numbers_of(*records_, found))
    damaged(fmt::format("{} is no array of numbers", key));
  return matrix_of(*this, found);
}

std::vector<Ref> Estimator::items(std::string_view key) const {
  auto found = trained::items_of(*records_, need(key));
  if (!found) damaged(fmt::format("{} is no list", key));
  return std::move(*found);
}

std::string Estimator::text(std::string_view key) const {
  auto found = trained::text_of(*records_, need(key));
  if (!found) damaged(fmt::format("{} is no text", key));
  return std::move(*found);
}

double Estimator::number_or(std::string_view key, double otherwise) const {
  return trained::number_of(*records_, find(key)).value_or(otherwise);
}

bool Estimator::flag(std::string_view key, bool otherwise) const {
  const auto found = trained::number_of(*records_, find(key));
  return found ? *found != 0 : otherwise;
}

std::string Estimator::text_or(std::string_view key, std::string_view otherwise) const {
  return trained::text_of(*records_, find(key)).value_or(std::string(otherwise));
}

int Estimator::version() const {
  const std::string text = text_or("_sklearn_version", "");
  int major = 0;
  int minor = 0;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, major);
  if (first.ptr != end) (void)std::from_chars(first.ptr + 1, end, minor);
  return 100 * major + minor;
}

steps::Matrix matrix_of(const Estimator& owner, Ref ref) {
  auto found = trained::numbers_of(owner.records(), ref);
  if (!found || found->shape.size() > 2) owner.damaged("has an array that is no matrix of numbers");
  steps::Matrix out;
  out.rows = found->shape.size() == 2 ? found->shape[0] : 1;
  out.columns = found->shape.empty() ? 1 : found->shape.back();
  out.numbers = std::move(found->numbers);
  return out;
}

}  // namespace octet::translate
