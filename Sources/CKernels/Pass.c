#include <string.h>

#include "Kernels.h"

#define OPERAND_LIMIT 64

static double identity_of(FKReduction reduction) {
  switch (reduction) {
  case FKReductionProduct: return 1;
  case FKReductionMax: return -__builtin_inf();
  case FKReductionMin: return __builtin_inf();
  default: return 0;
  }
}

static double combined(FKReduction reduction, double a, double b) {
  switch (reduction) {
  case FKReductionProduct: return a * b;
  case FKReductionMax: return a != a || a > b ? a : b;
  case FKReductionMin: return a != a || a < b ? a : b;
  default: return a + b;
  }
}

/// The part of the pass that is computed at once: a tile of `height` rows and `width` columns.
typedef struct {
  int64_t row, column, height, width;
} Tile;

static int isNarrow(const FKOperand *o) {
  return o->precision == FKPrecisionFloatRead || o->precision == FKPrecisionFloatWritten;
}

/// The entry of an operand at a place in memory.
static double entry_at(const FKOperand *o, const double *base, int64_t position) {
  return isNarrow(o) ? ((const float *)base)[position] : base[position];
}

/// The distance of an operand's columns, where those of the block are `block` apart.
static int64_t leading_of(const FKOperand *o, int64_t block) {
  return o->leading < 0 ? block : o->leading;
}

/// Where the entries of an operand begin that belong to a tile.
static int64_t offset_of(const FKOperand *o, Tile tile, int64_t block) {
  if (o->kind == FKOperandColumn) return tile.row;
  return tile.row + tile.column * leading_of(o, block);
}

/// Adds a tile to what a reduction has so far.
static void reduce(
  const FKKernels *kernels, const FKStep *step, const FKOperand *result, double *target,
  const double *a, const double *b, Tile tile) {
  FKReduction reduction = (FKReduction)step->operation;
  switch (result->kind) {
  case FKOperandColumn:
    for (int64_t j = 0; j < tile.width; ++j, a += tile.height) {
      double *y = target + tile.row;
      switch (reduction) {
      case FKReductionSum: kernels->binary[FKBinaryAdd](y, y, a, tile.height); break;
      case FKReductionProduct: kernels->binary[FKBinaryMultiply](y, y, a, tile.height); break;
      case FKReductionMax: kernels->binary[FKBinaryMax](y, y, a, tile.height); break;
      case FKReductionMin: kernels->binary[FKBinaryMin](y, y, a, tile.height); break;
      default: kernels->multiplyAdd(y, a, b, y, tile.height); break;
      }
      b += tile.height;
    }
    break;
  case FKOperandRow:
    for (int64_t j = 0; j < tile.width; ++j, a += tile.height, b += tile.height) {
      double *y = target + (tile.column + j) * result->leading;
      *y = combined(reduction, *y, kernels->reduce[reduction](a, b, tile.height));
    }
    break;
  default:
    *target = combined(
      reduction, *target, kernels->reduce[reduction](a, b, tile.height * tile.width));
  }
}

/// Runs a pass over some rows of a block of `block` rows.
static void run_pass(
  const FKPass *pass, double *const *slots, int64_t rows, int64_t columns, int64_t block,
  double *scratch, int starts) {
  const FKKernels *kernels = fk_kernels();
  const FKOperand *operands = pass->operands;
  double *base[OPERAND_LIMIT];
  double *now[OPERAND_LIMIT];
  const int count = pass->operandCount;
  const int64_t length = pass->tileLength;
  if (rows <= 0 || columns <= 0 || count > OPERAND_LIMIT) return;

  int spreads = 0, contiguous = 1, streams = 0;
  for (int k = 0; k < count; ++k) {
    const FKOperand *o = &operands[k];
    base[k] = o->kind == FKOperandTile || o->kind == FKOperandConstant
      ? scratch + (int64_t)o->tile * length : slots[o->slot];
    now[k] = base[k];
    if (o->kind == FKOperandColumn || o->kind == FKOperandRow) spreads = 1;
    if (o->precision == FKPrecisionDoubleStreamed) streams = 1;
    if (o->kind == FKOperandFull && leading_of(o, block) != rows) contiguous = 0;
  }
  if (contiguous && !spreads) {
    rows *= columns;
    block = rows;
    columns = 1;
  }
  const int64_t height = rows < length ? rows : length;
  int64_t width = 1;
  if (contiguous && rows <= length / 2) width = length / rows;
  if (width > columns) width = columns;
  const int64_t largest = height * width;

  // What is the same in every tile.
  for (int k = 0; k < count; ++k) {
    const FKOperand *o = &operands[k];
    if (o->tile < 0) continue;
    double *tile = scratch + (int64_t)o->tile * length;
    switch (o->kind) {
    case FKOperandConstant: kernels->fill(tile, o->constant, (size_t)largest); break;
    case FKOperandScalar:
      kernels->fill(tile, entry_at(o, base[k], 0), (size_t)largest);
      now[k] = tile;
      break;
    case FKOperandColumn:
      if (width > 1) {
        for (int64_t j = 0; j < width; ++j) {
          if (o->precision != FKPrecisionDouble) {
            kernels->widen(tile + j * rows, (const float *)base[k], (size_t)rows);
          } else {
            memcpy(tile + j * rows, base[k], (size_t)rows * sizeof(double));
          }
        }
        now[k] = tile;
      }
      if (o->precision != FKPrecisionDouble) now[k] = tile;
      break;
    case FKOperandFull:
    case FKOperandRow: now[k] = tile; break;
    default: break;
    }
  }
  for (int s = 0; s < pass->stepCount; ++s) {
    const FKStep *step = &pass->steps[s];
    if (step->kind != FKStepReduction) continue;
    const FKOperand *o = &operands[step->result];
    double value = identity_of((FKReduction)step->operation);
    double *target = base[step->result];
    if (!starts && !o->restarts) continue;
    if (o->kind == FKOperandColumn) {
      kernels->fill(target, value, (size_t)rows);
    } else if (o->kind == FKOperandRow) {
      for (int64_t j = 0; j < columns; ++j) target[j * o->leading] = value;
    } else {
      *target = value;
    }
  }

  Tile tile;
  for (tile.row = 0; tile.row < rows; tile.row += height) {
    tile.height = rows - tile.row < height ? rows - tile.row : height;
    for (tile.column = 0; tile.column < columns; tile.column += width) {
      tile.width = columns - tile.column < width ? columns - tile.column : width;
      const int64_t entries = tile.height * tile.width;
      for (int k = 0; k < count; ++k) {
        const FKOperand *o = &operands[k];
        if (o->kind == FKOperandFull || (o->kind == FKOperandColumn && width == 1)) {
          int64_t offset = offset_of(o, tile, block);
          if (o->precision == FKPrecisionDouble) {
            now[k] = base[k] + offset;
          } else if (
            o->precision == FKPrecisionFloatRead
            && (o->kind == FKOperandFull || tile.column == 0)) {
            kernels->widen(now[k], (const float *)base[k] + offset, (size_t)entries);
          }
        } else if (o->kind == FKOperandRow && o->tile >= 0) {
          for (int64_t j = 0; j < tile.width; ++j) {
            double entry = entry_at(o, base[k], (tile.column + j) * o->leading);
            kernels->fill(now[k] + j * tile.height, entry, (size_t)tile.height);
          }
        }
      }
      for (int s = 0; s < pass->stepCount; ++s) {
        const FKStep *step = &pass->steps[s];
        switch (step->kind) {
        case FKStepUnary:
          kernels->unary[step->operation](now[step->result], now[step->a], (size_t)entries);
          break;
        case FKStepBinary:
          kernels->binary[step->operation](
            now[step->result], now[step->a], now[step->b], (size_t)entries);
          break;
        case FKStepMultiplyAdd:
          kernels->multiplyAdd(
            now[step->result], now[step->a], now[step->b], now[step->c], (size_t)entries);
          break;
        case FKStepReduction:
          reduce(
            kernels, step, &operands[step->result], base[step->result], now[step->a],
            now[step->b], tile);
          break;
        }
      }
      for (int k = 0; k < count; ++k) {
        const FKOperand *o = &operands[k];
        if (o->precision == FKPrecisionFloatWritten) {
          float *target = (float *)base[k] + offset_of(o, tile, block);
          kernels->narrow(target, now[k], (size_t)entries);
        } else if (o->precision == FKPrecisionDoubleStreamed) {
          kernels->stream(base[k] + offset_of(o, tile, block), now[k], (size_t)entries);
        }
      }
    }
  }
  if (streams) fence();
}

void fk_run_pass(
  const FKPass *pass, double *const *slots, int64_t rows, int64_t columns, double *scratch,
  int starts) {
  run_pass(pass, slots, rows, columns, rows, scratch, starts);
}

void fk_combine(FKReduction reduction, int64_t count, const double *x, double *y) {
  const FKKernels *kernels = fk_kernels();
  FKBinary operation = FKBinaryAdd;
  switch (reduction) {
  case FKReductionProduct: operation = FKBinaryMultiply; break;
  case FKReductionMax: operation = FKBinaryMax; break;
  case FKReductionMin: operation = FKBinaryMin; break;
  default: break;
  }
  kernels->binary[operation](y, y, x, (size_t)count);
}

// MARK: Threads

#define PART_LIMIT 16

/// A pass in parts: ranges of its columns, or of its rows.
typedef struct {
  const FKPass *pass;
  double *const *slots;
  int64_t rows, columns;
  double *scratch;
  int starts, byColumns;
  int32_t parts;
  /// What each part adds to a scalar, by operand.
  double partial[PART_LIMIT][OPERAND_LIMIT];
} Division;

/// Where a part begins, at whole vectors.
static int64_t bound(int64_t count, int32_t part, int32_t parts) {
  return part == parts ? count : count * part / parts / 8 * 8;
}

static void run_part(void *context, int32_t part) {
  Division *d = context;
  const FKPass *pass = d->pass;
  int64_t count = d->byColumns ? d->columns : d->rows;
  int64_t start = bound(count, part, d->parts), end = bound(count, part + 1, d->parts);
  double *own[OPERAND_LIMIT];
  for (int k = 0; k < pass->operandCount; ++k) {
    const FKOperand *o = &pass->operands[k];
    if (o->slot < 0) continue;
    int64_t leading = leading_of(o, d->rows), offset = 0;
    switch (o->kind) {
    case FKOperandFull: offset = d->byColumns ? start * leading : start; break;
    case FKOperandColumn: offset = d->byColumns ? 0 : start; break;
    case FKOperandRow: offset = d->byColumns ? start * leading : 0; break;
    default: break;
    }
    double *base = d->slots[o->slot];
    own[o->slot] = isNarrow(o) ? (double *)((float *)base + offset) : base + offset;
  }
  for (int s = 0; s < pass->stepCount; ++s) {
    const FKStep *step = &pass->steps[s];
    const FKOperand *o = &pass->operands[step->result];
    if (step->kind != FKStepReduction || o->kind != FKOperandScalar) continue;
    d->partial[part][step->result] = identity_of((FKReduction)step->operation);
    own[o->slot] = &d->partial[part][step->result];
  }
  run_pass(
    pass, own, d->byColumns ? d->rows : end - start, d->byColumns ? end - start : d->columns,
    d->rows, d->scratch + (int64_t)part * pass->tileCount * pass->tileLength, d->starts);
}

void fk_run_pass_parallel(
  const FKPass *pass, double *const *slots, int64_t rows, int64_t columns, double *scratch,
  int starts, int32_t threads) {
  // About ten microseconds of work repay the start of a part.
  int64_t parts = rows * columns * pass->stepCount >> 15;
  if (parts > threads) parts = threads;
  if (parts > PART_LIMIT) parts = PART_LIMIT;
  // A row of results is added up along rows, so that only columns are independent.
  int mayDivideRows = 1, mayDivideColumns = columns > 1;
  for (int s = 0; s < pass->stepCount; ++s) {
    if (pass->steps[s].kind != FKStepReduction) continue;
    FKOperandKind kind = pass->operands[pass->steps[s].result].kind;
    if (kind == FKOperandRow) mayDivideRows = 0;
    if (kind == FKOperandColumn) mayDivideColumns = 0;
  }
  Division d = {pass, slots, rows, columns, scratch, starts, 0, (int32_t)parts, {{0}}};
  d.byColumns = mayDivideColumns && columns >= 8 * parts;
  int isPossible = d.byColumns || (mayDivideRows && rows >= 64 * parts);
  if (parts < 2 || !isPossible || pass->operandCount > OPERAND_LIMIT) {
    fk_run_pass(pass, slots, rows, columns, scratch, starts);
    return;
  }
  fk_parallel(d.parts, run_part, &d);
  for (int s = 0; s < pass->stepCount; ++s) {
    const FKStep *step = &pass->steps[s];
    const FKOperand *o = &pass->operands[step->result];
    if (step->kind != FKStepReduction || o->kind != FKOperandScalar) continue;
    FKReduction reduction = (FKReduction)step->operation;
    double value = starts || o->restarts ? identity_of(reduction) : *slots[o->slot];
    for (int32_t part = 0; part < d.parts; ++part) {
      value = combined(reduction, value, d.partial[part][step->result]);
    }
    *slots[o->slot] = value;
  }
}
