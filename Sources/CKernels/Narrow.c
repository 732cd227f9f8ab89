// Matrices of floats: copies between the precisions, and products where there is no BLAS.

#include <string.h>

#include "Kernels.h"

/// Tiles keep a transposition within the first cache.
#define COPY(name, FROM, TO)                                                   \
  static void name(                                                            \
    int64_t m, int64_t n, const FROM *x, int64_t xRow, int64_t xColumn, TO *y, \
    int64_t yRow, int64_t yColumn) {                                           \
    const int64_t tile = 16, height = xRow == 1 && yRow == 1 ? m : tile;       \
    for (int64_t j0 = 0; j0 < n; j0 += tile) {                                 \
      int64_t right = n - j0 < tile ? n : j0 + tile;                           \
      for (int64_t i0 = 0; i0 < m; i0 += height) {                             \
        int64_t bottom = m - i0 < height ? m : i0 + height;                    \
        for (int64_t j = j0; j < right; ++j) {                                 \
          for (int64_t i = i0; i < bottom; ++i) {                              \
            y[i * yRow + j * yColumn] = (TO)x[i * xRow + j * xColumn];         \
          }                                                                    \
        }                                                                      \
      }                                                                        \
    }                                                                          \
  }

COPY(copy_floats, float, float)
COPY(copy_widened, float, double)
COPY(copy_narrowed, double, float)

void fk_convert(
  int64_t m, int64_t n, int fromFloats, const void *x, int64_t xRow, int64_t xColumn, int toFloats,
  void *y, int64_t yRow, int64_t yColumn) {
  if (fromFloats && toFloats) {
    copy_floats(m, n, x, xRow, xColumn, y, yRow, yColumn);
  } else if (fromFloats) {
    copy_widened(m, n, x, xRow, xColumn, y, yRow, yColumn);
  } else if (toFloats) {
    copy_narrowed(m, n, x, xRow, xColumn, y, yRow, yColumn);
  } else {
    fk_copy(m, n, 1, x, xRow, xColumn, 0, y, yRow, yColumn);
  }
}

void fk_narrow_gemm(
  int64_t m, int64_t n, int64_t k, double alpha, const float *a, int64_t aRow, int64_t aColumn,
  const float *b, int64_t bRow, int64_t bColumn, double beta, float *c, int64_t ldc) {
  for (int64_t j = 0; j < n; ++j) {
    for (int64_t i = 0; i < m; ++i) {
      double sum = 0;
      for (int64_t p = 0; p < k; ++p) {
        sum += (double)a[i * aRow + p * aColumn] * b[p * bRow + j * bColumn];
      }
      float *target = c + i + j * ldc;
      *target = (float)(alpha * sum + (beta == 0 ? 0 : beta * *target));
    }
  }
}

void fk_narrow_combine(int64_t count, double alpha, const float *x, double beta, float *y) {
  for (int64_t i = 0; i < count; ++i) {
    y[i] = (float)(alpha * x[i] + (beta == 0 ? 0 : beta * y[i]));
  }
}

void fk_narrow_mirror_lower(int64_t n, float *a, int64_t lda) {
  const int64_t tile = 64;
  for (int64_t j0 = 0; j0 < n; j0 += tile) {
    int64_t end = j0 + tile < n ? j0 + tile : n;
    for (int64_t j = j0; j < end; ++j) {
      for (int64_t i = j + 1; i < end; ++i) a[j + i * lda] = a[i + j * lda];
    }
    if (end < n) {
      copy_floats(end - j0, n - end, a + end + j0 * lda, lda, 1, a + j0 + end * lda, 1, lda);
    }
  }
}
