#ifndef FRECHET_ALLOCATION_COUNTER_H
#define FRECHET_ALLOCATION_COUNTER_H

/// How often this thread has asked for memory so far; 0 where that cannot be counted.
long allocation_count(void);

#endif
