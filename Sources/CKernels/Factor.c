// Factorizations of small matrices, column by column: for where there is no LAPACK, or where
// loading it does not repay.

#include <math.h>

#include "Kernels.h"

void fk_lu(int64_t n, double *a, int32_t *pivots) {
  const FKKernels *kernels = fk_kernels();
  for (int64_t k = 0; k < n; ++k) {
    double *column = a + k * n;
    int64_t p = k;
    for (int64_t i = k + 1; i < n; ++i) {
      if (fabs(column[i]) > fabs(column[p])) p = i;
    }
    pivots[k] = (int32_t)(p + 1);
    if (p != k) {
      for (int64_t j = 0; j < n; ++j) {
        double entry = a[k + j * n];
        a[k + j * n] = a[p + j * n];
        a[p + j * n] = entry;
      }
    }
    if (column[k] == 0) continue;
    for (int64_t i = k + 1; i < n; ++i) column[i] /= column[k];
    for (int64_t j = k + 1; j < n; ++j) {
      kernels->addScaled(n - k - 1, -a[k + j * n], column + k + 1, a + k + 1 + j * n);
    }
  }
}

int64_t fk_cholesky(int64_t n, double *a) {
  const FKKernels *kernels = fk_kernels();
  for (int64_t j = 0; j < n; ++j) {
    double *column = a + j * n;
    for (int64_t k = 0; k < j; ++k) {
      kernels->addScaled(n - j, -a[j + k * n], a + j + k * n, column + j);
    }
    if (!(column[j] > 0)) return j + 1;
    column[j] = sqrt(column[j]);
    for (int64_t i = j + 1; i < n; ++i) column[i] /= column[j];
  }
  return 0;
}

/// b = inv(L)*b, L the lower triangle; its diagonal is 1 where `isUnit`.
static void lower_solve(int64_t n, const double *l, int isUnit, double *b) {
  const FKKernels *kernels = fk_kernels();
  for (int64_t k = 0; k < n; ++k) {
    if (!isUnit) b[k] /= l[k * (n + 1)];
    if (b[k] != 0) kernels->addScaled(n - k - 1, -b[k], l + k + 1 + k * n, b + k + 1);
  }
}

/// b = inv(L')*b.
static void lower_solve_transposed(int64_t n, const double *l, int isUnit, double *b) {
  const FKKernels *kernels = fk_kernels();
  for (int64_t k = n - 1; k >= 0; --k) {
    b[k] -= kernels->reduce[FKReductionDot](l + k + 1 + k * n, b + k + 1, (size_t)(n - k - 1));
    if (!isUnit) b[k] /= l[k * (n + 1)];
  }
}

/// b = inv(U)*b.
static void upper_solve(int64_t n, const double *u, double *b) {
  const FKKernels *kernels = fk_kernels();
  for (int64_t k = n - 1; k >= 0; --k) {
    b[k] /= u[k * (n + 1)];
    if (b[k] != 0) kernels->addScaled(k, -b[k], u + k * n, b);
  }
}

/// b = inv(U')*b.
static void upper_solve_transposed(int64_t n, const double *u, double *b) {
  const FKKernels *kernels = fk_kernels();
  for (int64_t k = 0; k < n; ++k) {
    b[k] -= kernels->reduce[FKReductionDot](u + k * n, b, (size_t)k);
    b[k] /= u[k * (n + 1)];
  }
}

static void exchange(double *b, int64_t i, int64_t j) {
  double entry = b[i];
  b[i] = b[j];
  b[j] = entry;
}

void fk_lu_solve(
  int64_t n, int64_t columns, const double *factors, const int32_t *pivots, int transposes,
  double *b) {
  for (int64_t j = 0; j < columns; ++j, b += n) {
    if (transposes) {
      upper_solve_transposed(n, factors, b);
      lower_solve_transposed(n, factors, 1, b);
      for (int64_t k = n - 1; k >= 0; --k) exchange(b, k, pivots[k] - 1);
    } else {
      for (int64_t k = 0; k < n; ++k) exchange(b, k, pivots[k] - 1);
      lower_solve(n, factors, 1, b);
      upper_solve(n, factors, b);
    }
  }
}

void fk_cholesky_solve(int64_t n, int64_t columns, const double *factors, double *b) {
  for (int64_t j = 0; j < columns; ++j, b += n) {
    lower_solve(n, factors, 0, b);
    lower_solve_transposed(n, factors, 0, b);
  }
}
