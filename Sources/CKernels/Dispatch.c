#include <stdatomic.h>

#include "Kernels.h"

FKInstructionSet fk_available_instruction_set(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
      && __builtin_cpu_supports("avx512vl")) {
    return FKInstructionSetAVX512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return FKInstructionSetAVX2;
  }
#endif
  return FKInstructionSetPortable;
}

static _Atomic(const FKKernels *) kernels_in_use = 0;

FKInstructionSet fk_use_instruction_set(FKInstructionSet set) {
  FKInstructionSet available = fk_available_instruction_set();
  FKInstructionSet chosen = set < available ? set : available;
  const FKKernels *kernels = &fk_portable_kernels;
#if defined(__x86_64__)
  if (chosen == FKInstructionSetAVX512) kernels = &fk_avx512_kernels;
  if (chosen == FKInstructionSetAVX2) kernels = &fk_avx2_kernels;
#endif
  atomic_store(&kernels_in_use, kernels);
  return chosen;
}

const FKKernels *fk_kernels(void) {
  const FKKernels *kernels = atomic_load_explicit(&kernels_in_use, memory_order_acquire);
  if (kernels) return kernels;
  fk_use_instruction_set(FKInstructionSetAVX512);
  return atomic_load_explicit(&kernels_in_use, memory_order_acquire);
}

FKUnaryFunction fk_unary(FKUnary operation) { return fk_kernels()->unary[operation]; }
FKBinaryFunction fk_binary(FKBinary operation) { return fk_kernels()->binary[operation]; }
