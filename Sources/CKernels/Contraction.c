#include "Kernels.h"

/// One run along the innermost axis.
static void contract_run(
  const FKKernels *kernels, FKAxis axis, double alpha, const double *a, const double *b,
  int accumulates, double *c) {
  int64_t n = axis.size;
  if (axis.c == 0) {
    double sum = 0;
    if (axis.a == 1 && axis.b == 1) {
      sum = kernels->reduce[FKReductionDot](a, b, (size_t)n);
    } else if (axis.a == 1 && axis.b == 0) {
      sum = *b * kernels->reduce[FKReductionSum](a, a, (size_t)n);
    } else if (axis.a == 0 && axis.b == 1) {
      sum = *a * kernels->reduce[FKReductionSum](b, b, (size_t)n);
    } else {
      for (int64_t i = 0; i < n; ++i) sum += a[i * axis.a] * b[i * axis.b];
    }
    *c = accumulates ? *c + alpha * sum : alpha * sum;
    return;
  }
  if (axis.b == 0 || axis.a == 0) {
    const double *x = axis.b == 0 ? a : b;
    int64_t step = axis.b == 0 ? axis.a : axis.b;
    double factor = alpha * (axis.b == 0 ? *b : *a);
    if (accumulates) {
      if (step == 1 && axis.c == 1) {
        kernels->addScaled(n, factor, x, c);
      } else {
        for (int64_t i = 0; i < n; ++i) c[i * axis.c] += factor * x[i * step];
      }
    } else if (step == 1 && axis.c == 1) {
      for (int64_t i = 0; i < n; ++i) c[i] = factor * x[i];
    } else {
      for (int64_t i = 0; i < n; ++i) c[i * axis.c] = factor * x[i * step];
    }
    return;
  }
  if (axis.a == 1 && axis.b == 1 && axis.c == 1 && alpha == 1) {
    if (accumulates) {
      kernels->multiplyAdd(c, a, b, c, (size_t)n);
    } else {
      kernels->binary[FKBinaryMultiply](c, a, b, (size_t)n);
    }
  } else if (accumulates) {
    for (int64_t i = 0; i < n; ++i) c[i * axis.c] += alpha * a[i * axis.a] * b[i * axis.b];
  } else {
    for (int64_t i = 0; i < n; ++i) c[i * axis.c] = alpha * a[i * axis.a] * b[i * axis.b];
  }
}

void fk_contract(
  const FKAxis *axes, int32_t count, double alpha, const double *a, const double *b,
  int32_t accumulates, double *c) {
  const FKKernels *kernels = fk_kernels();
  if (count == 0) {
    *c = accumulates ? *c + alpha * *a * *b : alpha * *a * *b;
    return;
  }
  FKAxis inner = axes[count - 1];
  int64_t counters[64] = {0};
  for (;;) {
    int started = accumulates;
    for (int32_t p = count - 2; p >= 0 && axes[p].c == 0; --p) started |= counters[p] != 0;
    contract_run(kernels, inner, alpha, a, b, started, c);
    int32_t p = count - 2;
    for (; p >= 0; --p) {
      a += axes[p].a;
      b += axes[p].b;
      c += axes[p].c;
      if (++counters[p] < axes[p].size) break;
      counters[p] = 0;
      a -= axes[p].size * axes[p].a;
      b -= axes[p].size * axes[p].b;
      c -= axes[p].size * axes[p].c;
    }
    if (p < 0) return;
  }
}
