#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <stdint.h>

#include "Kernels.h"
#include "Tables.h"

#define WIDTH 4
#define KERNELS fk_avx2_kernels

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#include "Math.inc"

#include "Trigonometry.inc"

#include "ErrorFunction.inc"

#include "Power.inc"

#include "Loads.inc"

#include "Transcendental.inc"

#include "Loops.inc"

#pragma clang attribute pop

#else

// An empty file is no C.
typedef int fk_no_avx2;

#endif
