// What a trained model computes: a list of steps, each of which makes one value of earlier ones.
//
// A value has a row for each row of the data and `width` columns, of numbers or of texts. Steps say
// what is meant, in double precision, not how ONNX says it: a tree has double thresholds and sets
// of categories, an encoder has its categories. Two things are made of a program that know nothing
// of each other: an ONNX graph (src/export), and predictions in double precision (predictor.hpp),
// which the graph is proven against.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "steps/forest.hpp"

namespace octet::steps {

using ValueId = std::uint32_t;

struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> numbers;  // row by row

  [[nodiscard]] double at(std::size_t r, std::size_t c) const { return numbers[r * columns + c]; }
  double& at(std::size_t r, std::size_t c) { return numbers[r * columns + c]; }
};

// The data's own columns, by number.
struct Input {
  std::vector<std::uint32_t> columns;
};
struct TextInput {
  std::uint32_t column = 0;
};
// The same row for every row.
struct Constant {
  std::vector<double> row;
};
struct Columns {
  std::vector<std::uint32_t> index;
};
struct Concat {};

struct Apply {
  enum class Function {
    negate,
    exp,
    log,
    sigmoid,
    tanh,
    relu,
    softplus,
    absolute,
    sqrt,
    sign,
    reciprocal,
    square,
    floor,
    sin,
    cos,
    log2,
    log10,
    cube_root,
  };
  Function function = Function::negate;
};

// Of two values; one that is one column wide is used for every column.
struct Combine {
  enum class Function { add, subtract, multiply, divide, minimum, maximum, power };
  Function function = Function::add;
};

// 1 where it holds, else 0; against one number, or one for each column. What is missing never
// holds.
struct Compare {
  enum class Relation { greater, greater_equal, less, less_equal, equal };
  Relation relation = Relation::greater;
  std::vector<double> with;
};
struct IsMissing {};
// Of a condition, a value where it is 1, and one where it is 0.
struct Choose {};
// The value times `weights`.
struct Product {
  Matrix weights;
};
// All columns into one.
struct Reduce {
  enum class Function { sum, mean, maximum, minimum, l1, l2, log_sum_exp };
  Function function = Function::sum;
};
struct Softmax {};
struct Trees {
  std::shared_ptr<const Forest> forest;
};
// One column of numbers or texts through a table. What is missing (NaN, the empty text) goes to
// `missing` where that is given.
struct Lookup {
  std::vector<double> keys;
  std::vector<std::string> texts;  // instead of keys
  std::vector<double> values;
  double otherwise = -1;
  std::optional<double> missing;
};
// One column of whole numbers: column i is 1 where it is i.
struct OneHot {
  std::uint32_t count = 0;
};
// The column with the largest (smallest) number; the first of equals.
struct Winner {
  bool smallest = false;
};
// The row of `table` that one column of whole numbers names.
struct TakeRows {
  Matrix table;
};
enum class Metric { squared_euclidean, euclidean, manhattan, chebyshev };
// To every row of `points`.
struct Distances {
  Matrix points;
  Metric metric = Metric::squared_euclidean;
};
// The weighted mean of the targets of the nearest points.
struct Neighbours {
  Matrix points;
  Matrix targets;
  std::uint32_t count = 1;
  Metric metric = Metric::euclidean;
  bool by_distance = false;  // weights are reciprocal distances; points at distance 0 alone count
};
// libsvm's classifier with probabilities: pairwise, coupled.
struct SupportVectors {
  enum class Kernel { linear, poly, rbf, sigmoid };
  Kernel kernel = Kernel::rbf;
  double gamma = 1;
  double coef0 = 0;
  double degree = 3;
  Matrix vectors;
  Matrix coefficients;  // [classes - 1, vectors]
  std::vector<double> rho;
  std::vector<std::uint32_t> per_class;
  std::vector<double> a;
  std::vector<double> b;
};
// Piecewise linear between the points, constant beyond them. x ascends.
struct Interpolate {
  std::vector<double> x;
  std::vector<double> y;
};
// The weighted median of the columns: the smallest number that, with all below it, has half of the
// weight.
struct WeightedMedian {
  std::vector<double> weights;
};
// The empty text becomes another.
struct FillText {
  std::string fill;
};
// How often each term of a vocabulary is in a text. Words are runs of at least two of [A-Za-z0-9_];
// terms are `shortest` to `longest` words in a row, or, of `letters`, so many letters.
struct CountTerms {
  std::vector<std::string> vocabulary;  // by column
  std::uint32_t shortest = 1;
  std::uint32_t longest = 1;
  bool lowercase = true;
  bool binary = false;
};

using Operation = std::variant<Input, TextInput, Constant, Columns, Concat, Apply, Combine, Compare,
                               IsMissing, Choose, Product, Reduce, Softmax, Trees, Lookup, OneHot,
                               Winner, TakeRows, Distances, Neighbours, SupportVectors, Interpolate,
                               WeightedMedian, FillText, CountTerms>;

struct Step {
  Operation operation;
  std::vector<ValueId> inputs;
  std::uint32_t width = 0;
  bool is_text = false;
  std::string place = {};  // of the model it is part of: "steps[1] LogisticRegression"
};

// What the classes of a classifier are called.
struct Labels {
  std::vector<std::int64_t> numbers;
  std::vector<std::string> texts;  // instead of numbers
  [[nodiscard]] std::size_t size() const { return texts.empty() ? numbers.size() : texts.size(); }
};

struct Output {
  std::string name;
  ValueId value = 0;
  std::optional<Labels> labels;  // the value is an index (one column each) into them
  bool flat = false;             // [rows], not [rows, width]
  bool integral = false;         // whole numbers, as int64
};

struct DataColumn {
  std::string name;
  bool is_text = false;
  bool is_read = false;
};

struct Program {
  std::vector<DataColumn> columns;
  bool by_name = false;  // an input for each column that is read; else one matrix X of them all
  std::vector<Step> steps;
  std::vector<Output> outputs;
};

}  // namespace octet::steps
