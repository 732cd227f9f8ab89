// Reads the arguments of programs in emitted headers and prints what they return. It includes all
// that they include, so that each of them can be put into a namespace of its own.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <complex>
#include <cstdio>
#include <exception>
#include <fstream>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <Eigen/Dense>
#include <unsupported/Eigen/MatrixFunctions>

namespace driver {

// The lines of a file, each the numbers of rows and columns and the entries row by row.
class Arguments {
 public:
  explicit Arguments(const std::string& path) : file_(path) {}

  Eigen::MatrixXd matrix() {
    Eigen::Index rows = 0, columns = 0;
    file_ >> rows >> columns;
    Eigen::MatrixXd result(rows, columns);
    for (Eigen::Index i = 0; i < rows; ++i)
      for (Eigen::Index j = 0; j < columns; ++j) file_ >> result(i, j);
    if (!file_) throw std::runtime_error("the arguments cannot be read");
    return result;
  }

 private:
  std::ifstream file_;
};

inline void print(const char* id, const char* name, const Eigen::MatrixXd& result) {
  std::printf("%s\toutput\t%s\t%d %d\t", id, name, int(result.rows()), int(result.cols()));
  for (Eigen::Index i = 0; i < result.rows(); ++i)
    for (Eigen::Index j = 0; j < result.cols(); ++j) std::printf("%.17g ", result(i, j));
  std::printf("\n");
}

inline void print(const char* id, const char* name, double result) {
  print(id, name, Eigen::MatrixXd::Constant(1, 1, result));
}

inline void check(const char* id, const char* name, bool passed) {
  if (!passed) throw std::runtime_error(std::string(name) + " fails");
  std::printf("%s\tcheck\t%s\n", id, name);
}

inline float single(double a) { return static_cast<float>(a); }

template <int Rows, int Columns>
Eigen::Matrix<float, Rows, Columns> single(const Eigen::Matrix<double, Rows, Columns>& a) {
  return a.template cast<float>();
}

// Throws where a result in single precision is not what can be expected of one.
inline void near(
    const char* name, const Eigen::MatrixXf& actual, const Eigen::MatrixXd& expected) {
  const double scale = expected.size() == 0 ? 0 : expected.cwiseAbs().maxCoeff();
  const Eigen::MatrixXd difference = actual.cast<double>() - expected;
  if (!((difference.array().abs() <= 1e-3 * scale + 1e-6).all()))
    throw std::runtime_error(std::string("float32: ") + name + " is off by " +
        std::to_string(difference.cwiseAbs().maxCoeff()) + " of " + std::to_string(scale));
}

inline void near(const char* name, float actual, double expected) {
  near(name, Eigen::MatrixXf::Constant(1, 1, actual), Eigen::MatrixXd::Constant(1, 1, expected));
}

// Throws where a call does not fail with a message that names the argument.
template <typename Call>
void refuses(const std::string& name, Call call) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    const std::string message = error.what();
    // An underscore follows a name that the language has for something else.
    const auto end = message.find_first_not_of('_', name.size());
    if (message.rfind(name, 0) == 0 && end != std::string::npos &&
        message.compare(end, 11, ": expected ") == 0)
      return;
    throw std::runtime_error("shapes: " + name + ": " + error.what());
  }
  throw std::runtime_error("shapes: a wrong " + name + " is accepted");
}

// The cases that the command line names, after the folder of their arguments.
class Driver {
 public:
  Driver(int count, char** arguments)
      : folder_(arguments[1]), names_(arguments + 2, arguments + count) {}

  template <typename Program>
  void run(const char* id, const char* name, Program program) const {
    if (names_.count(name) == 0) return;
    try {
      Arguments arguments(folder_ + "/" + name + ".txt");
      program(arguments);
      std::printf("%s\tend\n", id);
    } catch (const std::exception& error) {
      std::printf("%s\tfailure\t%s\n", id, error.what());
    }
    std::fflush(stdout);
  }

 private:
  std::string folder_;
  std::set<std::string> names_;
};

}  // namespace driver
