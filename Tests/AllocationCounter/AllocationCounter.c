// Takes the place of the C library's malloc, to count its calls.
#include "AllocationCounter.h"

#include <stdlib.h>

#if defined(__GLIBC__)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);

static _Thread_local long count = 0;

void *malloc(size_t size) {
  ++count;
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  ++count;
  return __libc_calloc(number, size);
}

void *realloc(void *pointer, size_t size) {
  ++count;
  return __libc_realloc(pointer, size);
}

long allocation_count(void) { return count; }

#else

long allocation_count(void) { return 0; }

#endif
