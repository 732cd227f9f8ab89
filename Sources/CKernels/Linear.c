#include <math.h>
#include <string.h>

#include "Kernels.h"

static void scale(int64_t count, double factor, double *y) {
  if (factor == 1) return;
  if (factor == 0) {
    memset(y, 0, (size_t)count * sizeof(double));
  } else {
    for (int64_t i = 0; i < count; ++i) y[i] *= factor;
  }
}

void fk_gemv(
  int64_t m, int64_t n, double alpha, const double *a, int64_t lda, const double *x, double beta,
  double *y) {
  scale(m, beta, y);
  fk_kernels()->gemv(m, n, alpha, a, lda, x, y);
}

void fk_gemv_transposed(
  int64_t m, int64_t n, double alpha, const double *a, int64_t lda, const double *x, double beta,
  double *y) {
  fk_kernels()->gemvTransposed(m, n, alpha, a, lda, x, beta, y);
}

typedef struct {
  int32_t parts;
  int transposes;
  int64_t m, n, lda;
  double alpha, beta;
  const double *a, *x;
  double *y;
} VectorProduct;

/// Rows of the result, at whole groups of eight.
static void run_part(void *context, int32_t part) {
  const VectorProduct *p = context;
  int64_t count = p->transposes ? p->n : p->m;
  int64_t start = count * part / p->parts / 8 * 8;
  int64_t end = part + 1 == p->parts ? count : count * (part + 1) / p->parts / 8 * 8;
  if (p->transposes) {
    fk_gemv_transposed(
      p->m, end - start, p->alpha, p->a + start * p->lda, p->lda, p->x, p->beta, p->y + start);
  } else {
    fk_gemv(end - start, p->n, p->alpha, p->a + start, p->lda, p->x, p->beta, p->y + start);
  }
}

/// How many parts there are of a product of a matrix of so many entries, divided where it has `count`
/// rows or columns.
static int32_t parts_of(int64_t entries, int64_t count, int32_t threads) {
  // About ten microseconds of reading repay the start of a part.
  int64_t parts = entries >> 16;
  if (parts > threads) parts = threads;
  if (parts > count / 8) parts = count / 8;
  return parts < 1 ? 1 : (int32_t)parts;
}

void fk_gemv_parallel(
  int32_t threads, int transposes, int64_t m, int64_t n, double alpha, const double *a, int64_t lda,
  const double *x, double beta, double *y) {
  VectorProduct product = {
    parts_of(m * n, transposes ? n : m, threads), transposes, m, n, lda, alpha, beta, a, x, y};
  fk_parallel(product.parts, run_part, &product);
}

void fk_gemv_pair(
  int64_t m, int64_t n, const double *a, int64_t lda, double alpha, const double *x, double *y,
  double beta, const double *u, double *z) {
  scale(m, 0, y);
  scale(n, 0, z);
  fk_kernels()->gemvPair(m, n, a, lda, alpha, x, y, beta, u, z);
}

typedef struct {
  int32_t parts;
  int64_t m, n, lda;
  double alpha, beta;
  const double *a, *x, *u;
  double *y, *scratch;
} VectorProducts;

/// Rows of A, at whole groups of eight, with a sum of its own for A'*u.
static void run_pair(void *context, int32_t part) {
  const VectorProducts *p = context;
  int64_t start = p->m * part / p->parts / 8 * 8;
  int64_t end = part + 1 == p->parts ? p->m : p->m * (part + 1) / p->parts / 8 * 8;
  fk_gemv_pair(
    end - start, p->n, p->a + start, p->lda, p->alpha, p->x, p->y + start, p->beta, p->u + start,
    p->scratch + part * p->n);
}

void fk_gemv_pair_parallel(
  int32_t threads, int64_t m, int64_t n, const double *a, int64_t lda, double alpha,
  const double *x, double *y, double beta, const double *u, double *z, double *scratch) {
  VectorProducts products = {
    parts_of(m * n, m, threads), m, n, lda, alpha, beta, a, x, u, y, scratch};
  if (products.parts < 2) {
    fk_gemv_pair(m, n, a, lda, alpha, x, y, beta, u, z);
    return;
  }
  fk_parallel(products.parts, run_pair, &products);
  memset(z, 0, (size_t)n * sizeof(double));
  for (int32_t part = 0; part < products.parts; ++part) {
    fk_kernels()->addScaled(n, 1, scratch + part * n, z);
  }
}

void fk_narrow_gemv(
  int64_t m, int64_t n, double alpha, const float *a, int64_t lda, const double *x, double beta,
  double *y) {
  scale(m, beta, y);
  fk_kernels()->narrowGemv(m, n, alpha, a, lda, x, y);
}

void fk_narrow_gemv_transposed(
  int64_t m, int64_t n, double alpha, const float *a, int64_t lda, const double *x, double beta,
  double *y) {
  fk_kernels()->narrowGemvTransposed(m, n, alpha, a, lda, x, beta, y);
}

void fk_narrow_gemv_pair(
  int64_t m, int64_t n, const float *a, int64_t lda, double alpha, const double *x, double *y,
  double beta, const double *u, double *z) {
  scale(m, 0, y);
  scale(n, 0, z);
  fk_kernels()->narrowGemvPair(m, n, a, lda, alpha, x, y, beta, u, z);
}

double fk_norm(const double *x, int64_t count) {
  double squares = fk_kernels()->reduce[FKReductionDot](x, x, (size_t)count);
  if (squares < 1e300 && squares > 1e-280) return sqrt(squares);
  double largest = 0;
  for (int64_t i = 0; i < count; ++i) {
    if (x[i] != x[i]) return x[i];
    if (fabs(x[i]) > largest) largest = fabs(x[i]);
  }
  if (largest == 0 || largest == INFINITY) return largest;
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) sum += (x[i] / largest) * (x[i] / largest);
  return largest * sqrt(sum);
}

void fk_magnitudes(const double *x, int64_t count, double *largest, double *total) {
  fk_kernels()->magnitudes(x, (size_t)count, largest, total);
}

void fk_gemm(
  int64_t m, int64_t n, int64_t k, double alpha, const double *a, int64_t aRow, int64_t aColumn,
  const double *b, int64_t bRow, int64_t bColumn, double beta, double *c, int64_t ldc) {
  const FKKernels *kernels = fk_kernels();
  for (int64_t j = 0; j < n; ++j) {
    double *target = c + j * ldc;
    scale(m, beta, target);
    const double *column = b + j * bColumn;
    if (aRow == 1) {
      for (int64_t p = 0; p < k; ++p) {
        kernels->addScaled(m, alpha * column[p * bRow], a + p * aColumn, target);
      }
    } else if (aColumn == 1 && bRow == 1) {
      for (int64_t i = 0; i < m; ++i) {
        target[i] += alpha * kernels->reduce[FKReductionDot](a + i * aRow, column, (size_t)k);
      }
    } else {
      for (int64_t i = 0; i < m; ++i) {
        double sum = 0;
        for (int64_t p = 0; p < k; ++p) sum += a[i * aRow + p * aColumn] * column[p * bRow];
        target[i] += alpha * sum;
      }
    }
  }
}

void fk_copy(
  int64_t m, int64_t n, double alpha, const double *x, int64_t xRow, int64_t xColumn, double beta,
  double *y, int64_t yRow, int64_t yColumn) {
  if (beta == 0 && alpha == 1 && xRow == 1 && yRow == 1) {
    for (int64_t j = 0; j < n; ++j) {
      memcpy(y + j * yColumn, x + j * xColumn, (size_t)m * sizeof(double));
    }
  } else if (beta == 0 && alpha == 1 && xColumn == 1 && yRow == 1) {
    fk_kernels()->transpose(n, m, x, xRow, y, yColumn);
  } else {
    for (int64_t j = 0; j < n; ++j) {
      for (int64_t i = 0; i < m; ++i) {
        double *target = y + i * yRow + j * yColumn;
        double value = alpha * x[i * xRow + j * xColumn];
        *target = beta == 0 ? value : value + beta * *target;
      }
    }
  }
}

void fk_scale(double alpha, double *x, int64_t count) {
  for (int64_t i = 0; i < count; ++i) x[i] *= alpha;
}

void fk_fill(double value, double *x, int64_t count) {
  // The system's own way to clear memory is two to four times as fast as any loop here.
  if (value == 0 && !signbit(value)) {
    memset(x, 0, (size_t)count * sizeof(double));
    return;
  }
  fk_kernels()->fill(x, value, (size_t)count);
}

void fk_mirror_lower(int64_t n, double *a, int64_t lda) {
  const FKKernels *kernels = fk_kernels();
  const int64_t tile = 64;
  for (int64_t j0 = 0; j0 < n; j0 += tile) {
    int64_t end = j0 + tile < n ? j0 + tile : n;
    for (int64_t j = j0; j < end; ++j) {
      for (int64_t i = j + 1; i < end; ++i) a[j + i * lda] = a[i + j * lda];
    }
    if (end < n) {
      kernels->transpose(n - end, end - j0, a + end + j0 * lda, lda, a + j0 + end * lda, lda);
    }
  }
}

void fk_kronecker(
  int64_t m, int64_t n, int64_t p, int64_t q, const FKKroneckerTerm *terms, int32_t count,
  double beta, double *c, int64_t ldc) {
  const FKKernels *kernels = fk_kernels();
  for (int64_t j = 0; j < n; ++j) {
    for (int64_t l = 0; l < q; ++l) {
      double *column = c + (j * q + l) * ldc;
      // The first term writes where nothing is kept.
      if (beta != 0 || count == 0 || (terms[0].commutes ? terms[0].aRow : terms[0].bRow) != 1) {
        scale(m * p, beta, column);
      }
      for (int32_t t = 0; t < count; ++t) {
        const FKKroneckerTerm *term = &terms[t];
        const double *x = term->a + j * term->aColumn;
        const double *y = term->b + l * term->bColumn;
        int64_t slow = term->commutes ? p : m, fast = term->commutes ? m : p;
        const double *outer = term->commutes ? y : x, *inner = term->commutes ? x : y;
        int64_t outerRow = term->commutes ? term->bRow : term->aRow;
        int64_t innerRow = term->commutes ? term->aRow : term->bRow;
        for (int64_t i = 0; i < slow; ++i) {
          double factor = term->alpha * outer[i * outerRow];
          double *target = column + i * fast;
          if (t == 0 && beta == 0 && innerRow == 1) {
            for (int64_t k = 0; k < fast; ++k) target[k] = factor * inner[k];
          } else if (innerRow == 1) {
            kernels->addScaled(fast, factor, inner, target);
          } else {
            for (int64_t k = 0; k < fast; ++k) target[k] += factor * inner[k * innerRow];
          }
        }
      }
    }
  }
}
