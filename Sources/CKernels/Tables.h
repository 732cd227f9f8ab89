#ifndef FRECHET_TABLES_H
#define FRECHET_TABLES_H

extern const double fk_erf_table[128][2];
extern const double fk_reciprocal_factorial[16];

#endif
