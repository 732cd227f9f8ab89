// Reads the arguments of programs in emitted headers and prints what they return. It includes all
// that they include, so that each of them can be put into a namespace of its own.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
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
