#include "forms/gathered_rows.hpp"

#include <fmt/format.h>

namespace octet::forms {
namespace {

using Numbers = std::vector<std::int64_t>;

constexpr std::int64_t int32_type = static_cast<std::int64_t>(base::ElementType::int32);

// The shape of what axis `a` adds to the index: its positions, and its taps.
Numbers term_dims(std::size_t axes, std::size_t a, std::int64_t positions, std::int64_t taps) {
  Numbers out(2 * axes, 1);
  out[a] = positions;
  out[axes + a] = taps;
  return out;
}

// Row y·stride + tap·dilation of axis `a`, times the rows that one step along it passes over.
std::string known_term(Emitter& emitter, const std::vector<Slide>& axes, std::size_t a,
                       const Band& of_first) {
  const Band band = a == 0 ? of_first : Band{0, axes[a].size_out()};
  std::int64_t step = 1;
  for (std::size_t inner = a + 1; inner < axes.size(); ++inner) step *= axes[inner].padded();
  const Slide& axis = axes[a];
  std::vector<std::int32_t> rows;
  for (std::int64_t y = band.first; y < band.first + band.count; ++y) {
    for (std::int64_t tap = 0; tap < axis.kernel; ++tap)
      rows.push_back(static_cast<std::int32_t>((y * axis.stride + tap * axis.dilation) * step));
  }
  return emitter.int32s("rows", term_dims(axes.size(), a, band.count, axis.kernel), rows);
}

// The same from sizes that the model finds out when it runs: `sizes` are scalars.
std::string computed_term(Emitter& emitter, const std::vector<Slide>& axes, std::size_t a,
                          const std::vector<std::string>& sizes) {
  const Slide& axis = axes[a];
  const std::string end =
      emitter.add("Sub", {sizes[a], emitter.number("reach", axis.reach() - 1)}, "last_start");
  const std::string starts = emitter.add(
      "Range", {emitter.number("zero", 0), end, emitter.number("stride", axis.stride)}, "starts");
  std::string rows = emitter.add(
      "Reshape", {starts, emitter.ints("dims", term_dims(axes.size(), a, -1, 1))}, "starts_along");
  if (axis.kernel > 1) {
    Numbers taps;
    for (std::int64_t tap = 0; tap < axis.kernel; ++tap) taps.push_back(tap * axis.dilation);
    const std::string along =
        emitter.add("Reshape",
                    {emitter.ints("taps", taps),
                     emitter.ints("dims", term_dims(axes.size(), a, 1, axis.kernel))},
                    "taps_along");
    rows = emitter.add("Add", {rows, along}, "taps_of_starts");
  }
  for (std::size_t inner = a + 1; inner < axes.size(); ++inner)
    rows = emitter.add("Mul", {rows, sizes[inner]}, "rows_passed");
  return emitter.add("Cast", {rows}, "rows", {{"to", int32_type}});
}

std::vector<std::string> emit_sizes(Emitter& emitter, std::size_t count,
                                    const std::string& padded) {
  const std::string shape = emitter.add("Shape", {padded}, "shape");
  std::vector<std::string> out;
  for (std::size_t a = 0; a < count; ++a) {
    const auto axis = static_cast<std::int64_t>(a) + 1;
    out.push_back(emitter.add("Gather", {shape, emitter.number("axis", axis)}, "size"));
  }
  return out;
}

}  // namespace

Band band_of(const std::vector<Slide>& axes, std::int64_t number, std::int64_t count) {
  const std::int64_t rows = axes.front().size_out();
  const std::int64_t first = number * rows / count;
  return {first, (number + 1) * rows / count - first};
}

std::string emit_rows(Emitter& emitter, const std::vector<Slide>& axes, const std::string& padded,
                      const Band& band) {
  bool sized = true;
  for (const Slide& axis : axes) sized = sized && axis.size != 0;
  const std::vector<std::string> sizes =
      sized ? std::vector<std::string>{} : emit_sizes(emitter, axes.size(), padded);
  std::string sum;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    const std::string term =
        sized ? known_term(emitter, axes, a, band) : computed_term(emitter, axes, a, sizes);
    sum = sum.empty() ? term : emitter.add("Add", {sum, term}, "rows");
  }
  return sum;
}

std::string to_text(const std::vector<Slide>& axes) {
  std::string out;
  for (const Slide& axis : axes)
    out += fmt::format("{}k{}s{}d{}p{}+{};", axis.size, axis.kernel, axis.stride, axis.dilation,
                       axis.pad_begin, axis.pad_end);
  return out;
}

}  // namespace octet::forms
