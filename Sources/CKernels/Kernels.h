// What each instruction set provides.
#ifndef FRECHET_KERNELS_H
#define FRECHET_KERNELS_H

#include "CKernels.h"

typedef struct {
  FKUnaryFunction unary[FKUnaryCount];
  FKBinaryFunction binary[FKBinaryCount];
  void (*multiplyAdd)(
    double *result, const double *a, const double *b, const double *c, size_t count);
  /// The second operand is that of a dot product.
  double (*reduce[FKReductionCount])(const double *a, const double *b, size_t count);
  void (*gemv)(
    int64_t m, int64_t n, double alpha, const double *a, int64_t lda, const double *x, double *y);
  void (*gemvTransposed)(
    int64_t m, int64_t n, double alpha, const double *a, int64_t lda, const double *x, double beta,
    double *y);
  /// y += alpha*A*x, z += beta*A'*u.
  void (*gemvPair)(
    int64_t m, int64_t n, const double *a, int64_t lda, double alpha, const double *x, double *y,
    double beta, const double *u, double *z);
  /// The same of a matrix in single precision.
  void (*narrowGemv)(
    int64_t m, int64_t n, double alpha, const float *a, int64_t lda, const double *x, double *y);
  void (*narrowGemvTransposed)(
    int64_t m, int64_t n, double alpha, const float *a, int64_t lda, const double *x, double beta,
    double *y);
  void (*narrowGemvPair)(
    int64_t m, int64_t n, const float *a, int64_t lda, double alpha, const double *x, double *y,
    double beta, const double *u, double *z);
  void (*widen)(double *result, const float *a, size_t count);
  void (*narrow)(float *result, const double *a, size_t count);
  void (*magnitudes)(const double *a, size_t count, double *largest, double *total);
  void (*fill)(double *result, double value, size_t count);
  /// Copies past the caches; `fence` comes after the last.
  void (*stream)(double *result, const double *a, size_t count);
  void (*addScaled)(int64_t count, double alpha, const double *x, double *y);
  void (*transpose)(
    int64_t m, int64_t n, const double *x, int64_t ldx, double *y, int64_t ldy);
} FKKernels;

extern const FKKernels fk_portable_kernels;
#if defined(__x86_64__)
extern const FKKernels fk_avx2_kernels;
extern const FKKernels fk_avx512_kernels;
#endif

const FKKernels *fk_kernels(void);

/// Makes what was streamed visible to other threads before what is written next.
static inline void fence(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#endif
}

#endif
