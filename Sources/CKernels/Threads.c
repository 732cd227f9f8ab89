#include "Kernels.h"

#if defined(_WIN32)

void fk_parallel(int32_t parts, FKPart body, void *context) {
  for (int32_t part = 0; part < parts; ++part) body(context, part);
}

#else

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

// One job at a time, whose state is a single word: its number, how many parts it has, and how many
// of them were taken. A part is taken by exchanging that word, so that a thread that comes late
// cannot take a part of another job.

static _Atomic uint64_t job = 0;
static _Atomic(FKPart) job_body = 0;
static _Atomic(void *) job_context = 0;
static atomic_int unfinished = 0;
static atomic_flag is_busy = ATOMIC_FLAG_INIT;
/// Only who holds the job changes it.
static int32_t workers = 0;
static atomic_int sleeping = 0;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;

static uint32_t number_of(uint64_t word) { return (uint32_t)(word >> 32); }

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// Takes parts of the job at hand until none is left.
static void work(void) {
  uint64_t word = atomic_load(&job);
  while ((uint16_t)word < (uint16_t)(word >> 16)) {
    FKPart body = atomic_load(&job_body);
    void *context = atomic_load(&job_context);
    if (atomic_compare_exchange_weak(&job, &word, word + 1)) {
      body(context, (int32_t)(uint16_t)word);
      atomic_fetch_sub(&unfinished, 1);
      word = atomic_load(&job);
    }
  }
}

static void *run_worker(void *argument) {
  (void)argument;
  uint32_t seen = 0;
  for (;;) {
    // Instructions of one call follow each other within microseconds.
    for (int spin = 0; spin < 4000 && number_of(atomic_load(&job)) == seen; ++spin) {
      pause_briefly();
    }
    if (number_of(atomic_load(&job)) == seen) {
      pthread_mutex_lock(&lock);
      atomic_fetch_add(&sleeping, 1);
      while (number_of(atomic_load(&job)) == seen) pthread_cond_wait(&wake, &lock);
      atomic_fetch_sub(&sleeping, 1);
      pthread_mutex_unlock(&lock);
    }
    seen = number_of(atomic_load(&job));
    work();
  }
  return 0;
}

static void start_workers(int32_t count) {
  pthread_attr_t attributes;
  if (workers >= count || pthread_attr_init(&attributes) != 0) return;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  while (workers < count) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, run_worker, 0) != 0) break;
    ++workers;
  }
  pthread_attr_destroy(&attributes);
}

void fk_parallel(int32_t parts, FKPart body, void *context) {
  if (parts < 2 || atomic_flag_test_and_set(&is_busy)) {
    for (int32_t part = 0; part < parts; ++part) body(context, part);
    return;
  }
  start_workers(parts - 1);
  atomic_store(&job_body, body);
  atomic_store(&job_context, context);
  atomic_store(&unfinished, parts);
  uint64_t number = (uint64_t)number_of(atomic_load(&job)) + 1;
  atomic_store(&job, number << 32 | (uint64_t)(uint16_t)parts << 16);
  if (atomic_load(&sleeping) > 0) {
    pthread_mutex_lock(&lock);
    pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&lock);
  }
  work();
  for (int spin = 0; atomic_load(&unfinished) > 0; ++spin) {
    if (spin < 1000) {
      pause_briefly();
    } else {
      sched_yield();
    }
  }
  atomic_flag_clear(&is_busy);
}

#endif
