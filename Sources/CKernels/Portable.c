// For processors without wide vectors: arithmetic in pairs, functions of the C library.

#include <math.h>
#include <stdint.h>

#include "Kernels.h"

#define WIDTH 2
#define KERNELS fk_portable_kernels

typedef double vd __attribute__((ext_vector_type(WIDTH)));
typedef int64_t vl __attribute__((ext_vector_type(WIDTH)));
typedef double vdu __attribute__((ext_vector_type(WIDTH), aligned(8)));
#define INLINE static inline __attribute__((always_inline))
#define FMA(a, b, c) ((vd)(a) * (vd)(b) + (vd)(c))

INLINE vd v_all(double x) { return (vd)x; }
INLINE vd v_abs(vd x) { return __builtin_elementwise_abs(x); }
INLINE vd v_select(vl mask, vd a, vd b) { return mask ? a : b; }

#define SCALAR(name, expression)                                           \
  static void loop_##name(double *result, const double *a, size_t count) { \
    for (size_t i = 0; i < count; ++i) {                                   \
      double x = a[i];                                                     \
      result[i] = (expression);                                            \
    }                                                                      \
  }

static inline double sigmoid(double x) {
  double e = exp(-fabs(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

static inline double softplus(double x) {
  double y = log1p(exp(-fabs(x)));
  return x > 0 ? x + y : x != x ? x : y;
}

SCALAR(exp, exp(x))
SCALAR(expm1, expm1(x))
SCALAR(log, log(x))
SCALAR(log1p, log1p(x))
SCALAR(tanh, tanh(x))
SCALAR(sigmoid, sigmoid(x))
SCALAR(softplus, softplus(x))
SCALAR(elu, x > 0 ? x : expm1(x))
SCALAR(sin, sin(x))
SCALAR(cos, cos(x))
SCALAR(erf, erf(x))
SCALAR(erfc, erfc(x))
SCALAR(log2, log2(x))
SCALAR(log10, log10(x))
SCALAR(tan, tan(x))
SCALAR(asin, asin(x))
SCALAR(acos, acos(x))
SCALAR(atan, atan(x))
SCALAR(sinh, sinh(x))
SCALAR(cosh, cosh(x))

static void loop_pow(double *result, const double *a, const double *b, size_t count) {
  for (size_t i = 0; i < count; ++i) result[i] = pow(a[i], b[i]);
}

#include "Loads.inc"

#include "Loops.inc"
