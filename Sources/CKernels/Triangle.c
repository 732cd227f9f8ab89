#include <string.h>

#include "Kernels.h"

// Operations that read one triangle of a matrix. Products with a vector go by blocks of columns, each
// a triangle on the diagonal and a rectangle below or above it.

static const int64_t width = 64;

void fk_symv(
  int64_t n, double alpha, const double *a, int64_t lda, const double *x, double *y) {
  const FKKernels *kernels = fk_kernels();
  memset(y, 0, (size_t)n * sizeof(double));
  for (int64_t start = 0; start < n; start += width) {
    int64_t end = start + width < n ? start + width : n;
    for (int64_t j = start; j < end; ++j) {
      const double *column = a + j * lda;
      int64_t below = end - j - 1;
      y[j] += alpha
        * (column[j] * x[j]
           + kernels->reduce[FKReductionDot](column + j + 1, x + j + 1, (size_t)below));
      kernels->addScaled(below, alpha * x[j], column + j + 1, y + j + 1);
    }
    if (end < n) {
      kernels->gemvPair(
        n - end, end - start, a + end + start * lda, lda, alpha, x + start, y + end, alpha, x + end,
        y + start);
    }
  }
}

void fk_trmv(
  int lower, int transposes, int64_t n, double alpha, const double *a, int64_t lda, const double *x,
  double *y) {
  const FKKernels *kernels = fk_kernels();
  memset(y, 0, (size_t)n * sizeof(double));
  for (int64_t start = 0; start < n; start += width) {
    int64_t end = start + width < n ? start + width : n;
    for (int64_t j = start; j < end; ++j) {
      const double *column = a + j * lda;
      int64_t first = lower ? j : start, count = lower ? end - j : j + 1 - start;
      if (transposes) {
        y[j] += alpha * kernels->reduce[FKReductionDot](column + first, x + first, (size_t)count);
      } else {
        kernels->addScaled(count, alpha * x[j], column + first, y + first);
      }
    }
    int64_t first = lower ? end : 0, rows = lower ? n - end : start;
    const double *rest = a + first + start * lda;
    if (rows == 0) continue;
    if (transposes) {
      kernels->gemvTransposed(rows, end - start, alpha, rest, lda, x + first, 1, y + start);
    } else {
      kernels->gemv(rows, end - start, alpha, rest, lda, x + start, y + first);
    }
  }
}

void fk_triangular_solve(
  int lower, int transposes, int64_t n, int64_t columns, const double *a, int64_t lda, double *x,
  int64_t ldx) {
  const FKKernels *kernels = fk_kernels();
  int forward = (lower != 0) != (transposes != 0);
  for (int64_t c = 0; c < columns; ++c) {
    double *y = x + c * ldx;
    for (int64_t step = 0; step < n; ++step) {
      int64_t j = forward ? step : n - 1 - step;
      const double *column = a + j * lda;
      int64_t first = lower ? j + 1 : 0, count = lower ? n - j - 1 : j;
      if (transposes) {
        y[j] -= kernels->reduce[FKReductionDot](column + first, y + first, (size_t)count);
        y[j] /= column[j];
      } else {
        y[j] /= column[j];
        kernels->addScaled(count, -y[j], column + first, y + first);
      }
    }
  }
}
