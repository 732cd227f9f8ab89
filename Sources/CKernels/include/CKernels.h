// Dense kernels that choose the widest vectors of the processor that they run on.
//
// Matrices are column-major with a leading dimension; nothing here allocates or locks.
#ifndef FRECHET_CKERNELS_H
#define FRECHET_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: - The instruction set in use

typedef enum {
  FKInstructionSetPortable = 0,
  FKInstructionSetAVX2 = 1,
  FKInstructionSetAVX512 = 2,
} FKInstructionSet;

/// The widest set that the processor has.
FKInstructionSet fk_available_instruction_set(void);
/// Narrower kernels on request, for tests; a set that the processor lacks is not taken.
FKInstructionSet fk_use_instruction_set(FKInstructionSet set);

// MARK: - Threads

/// Does one part of a job, counted from 0.
typedef void (*FKPart)(void *context, int32_t part);

/// Does all parts of a job, on threads that are started once and then wait for work. Which thread does
/// a part changes nothing; where the threads are at work for another caller, this one does all parts.
void fk_parallel(int32_t parts, FKPart body, void *context);

// MARK: - Elementwise operations

/// Functions of one entry. Where the processor has wide vectors, the largest errors found, in units
/// in the last place:
///
///     exp 1.2  expm1 1.8  log 0.9  log1p 0.9  log2 1.1  log10 1.1  tanh 2.8  sinh 2.1  cosh 1.5
///     sigmoid 2.8  softplus 1.6  sin 0.9  cos 0.9  tan 2.3  asin 1.6  acos 1.2  atan 1.5
///     erf 3.2  erfc 3.9  power 1.2
///
/// Elsewhere they are the C library's.
typedef enum {
  FKUnaryCopy, FKUnaryNegate, FKUnaryAbs, FKUnarySign, FKUnaryStep, FKUnaryRelu, FKUnarySquare,
  FKUnaryCube, FKUnaryReciprocal, FKUnarySqrt, FKUnaryFiniteOrZero,
  FKUnaryExp, FKUnaryExpm1, FKUnaryLog, FKUnaryLog1p, FKUnaryTanh, FKUnarySigmoid,
  FKUnarySoftplus, FKUnaryElu, FKUnarySin, FKUnaryCos, FKUnaryErf,
  FKUnaryLog2, FKUnaryLog10, FKUnaryTan, FKUnaryAsin, FKUnaryAcos, FKUnaryAtan, FKUnarySinh,
  FKUnaryCosh, FKUnaryErfc,
  FKUnaryCount
} FKUnary;

typedef enum {
  FKBinaryAdd, FKBinarySubtract, FKBinaryMultiply, FKBinaryDivide, FKBinaryMax, FKBinaryMin,
  /// a where it is positive, a*b elsewhere.
  FKBinaryLeakyRelu,
  FKBinaryPower,
  FKBinaryCount
} FKBinary;

typedef enum {
  FKReductionSum, FKReductionProduct, FKReductionMax, FKReductionMin,
  /// The sum of products of two operands.
  FKReductionDot,
  FKReductionCount
} FKReduction;

typedef void (*FKUnaryFunction)(double *result, const double *a, size_t count);
typedef void (*FKBinaryFunction)(double *result, const double *a, const double *b, size_t count);

/// The word for an operation.
const char *fk_unary_name(FKUnary operation);
const char *fk_binary_name(FKBinary operation);
const char *fk_reduction_name(FKReduction operation);

FKUnaryFunction fk_unary(FKUnary operation);
FKBinaryFunction fk_binary(FKBinary operation);

// MARK: - Fused passes

/// Where an operand of a fused pass lives, and how it spreads over the rows × columns of the pass.
typedef enum {
  /// A tile of the scratch memory, between two operations.
  FKOperandTile,
  /// All entries: slot, leading dimension (negative: the rows of the pass).
  FKOperandFull,
  /// rows × 1.
  FKOperandColumn,
  /// 1 × columns; the leading dimension is the distance of entries.
  FKOperandRow,
  FKOperandScalar,
  FKOperandConstant,
} FKOperandKind;

/// What the memory of a slot holds, and how it is written: streamed, it passes the caches by, as it
/// should where it is larger than they are and not read again soon. All but plain doubles have a tile
/// of their own.
typedef enum {
  FKPrecisionDouble,
  FKPrecisionFloatRead,
  FKPrecisionFloatWritten,
  FKPrecisionDoubleStreamed,
} FKPrecision;

typedef struct {
  FKOperandKind kind;
  /// The tile of scratch memory that holds the operand, where it needs one.
  int32_t tile;
  /// The index among the pointers of a call.
  int32_t slot;
  FKPrecision precision;
  int64_t leading;
  double constant;
  /// Of the result of a reduction: whether each call starts anew, or goes on from the one before.
  int32_t restarts;
} FKOperand;

typedef enum {
  FKStepUnary,
  FKStepBinary,
  /// result = a*b + c.
  FKStepMultiplyAdd,
  FKStepReduction,
} FKStepKind;

typedef struct {
  FKStepKind kind;
  int32_t operation;
  /// Indices of operands. The result of a reduction is a scalar, a column or a row in memory.
  int32_t result, a, b, c;
} FKStep;

typedef struct {
  const FKOperand *operands;
  int32_t operandCount;
  const FKStep *steps;
  int32_t stepCount;
  /// Entries of a tile, a multiple of 8.
  int32_t tileLength;
  int32_t tileCount;
} FKPass;

/// Runs a pass over rows × columns entries, tile by tile.
///
/// `scratch` holds tileCount * tileLength doubles. Reductions start anew if they restart in every
/// call or this one `starts`, else they go on from what is there. At most 64 operands.
void fk_run_pass(
  const FKPass *pass, double *const *slots, int64_t rows, int64_t columns, double *scratch,
  int starts);

/// The same in parts, as many as there are threads and as repay their start; `scratch` holds as much
/// for each thread. The result depends on the number of threads by rounding alone, and not on when
/// they run.
void fk_run_pass_parallel(
  const FKPass *pass, double *const *slots, int64_t rows, int64_t columns, double *scratch,
  int starts, int32_t threads);

/// y = what a reduction makes of x and y, which parts of its operands gave: their sums, products,
/// maxima or minima.
void fk_combine(FKReduction reduction, int64_t count, const double *x, double *y);

// MARK: - Matrix times vector

/// y = alpha*A*x + beta*y of A m×n.
void fk_gemv(
  int64_t m, int64_t n, double alpha, const double *a, int64_t lda, const double *x, double beta,
  double *y);
/// y = alpha*A'*x + beta*y of A m×n.
void fk_gemv_transposed(
  int64_t m, int64_t n, double alpha, const double *a, int64_t lda, const double *x, double beta,
  double *y);
/// The same two in parts, with the same result whatever the number of threads.
void fk_gemv_parallel(
  int32_t threads, int transposes, int64_t m, int64_t n, double alpha, const double *a, int64_t lda,
  const double *x, double beta, double *y);
/// y = alpha*A*x and z = beta*A'*u of A m×n, which is read once.
void fk_gemv_pair(
  int64_t m, int64_t n, const double *a, int64_t lda, double alpha, const double *x, double *y,
  double beta, const double *u, double *z);
/// The same in parts of the rows; `scratch` holds n doubles for each thread. The result depends on the
/// number of threads by rounding alone.
void fk_gemv_pair_parallel(
  int32_t threads, int64_t m, int64_t n, const double *a, int64_t lda, double alpha,
  const double *x, double *y, double beta, const double *u, double *z, double *scratch);
/// y = alpha*A*x of symmetric A n×n, of which the lower triangle is read.
void fk_symv(
  int64_t n, double alpha, const double *a, int64_t lda, const double *x, double *y);
/// y = alpha*A*x, or alpha*A'*x, of triangular A n×n, of which that triangle is read.
void fk_trmv(
  int lower, int transposes, int64_t n, double alpha, const double *a, int64_t lda, const double *x,
  double *y);
/// X = inv(A)*X, or inv(A')*X, of triangular A n×n whose diagonal has no zero: for where there is no
/// BLAS.
void fk_triangular_solve(
  int lower, int transposes, int64_t n, int64_t columns, const double *a, int64_t lda, double *x,
  int64_t ldx);
/// The same of a matrix in single precision; sums are in double precision.
void fk_narrow_gemv(
  int64_t m, int64_t n, double alpha, const float *a, int64_t lda, const double *x, double beta,
  double *y);
void fk_narrow_gemv_transposed(
  int64_t m, int64_t n, double alpha, const float *a, int64_t lda, const double *x, double beta,
  double *y);
void fk_narrow_gemv_pair(
  int64_t m, int64_t n, const float *a, int64_t lda, double alpha, const double *x, double *y,
  double beta, const double *u, double *z);
/// The Euclidean norm, without overflow of the squares.
double fk_norm(const double *x, int64_t count);
/// max |x| and Σ |x|, the latter not finite where an entry is not.
void fk_magnitudes(const double *x, int64_t count, double *largest, double *total);

/// C = alpha*A*B + beta*C of C m×n, A given with the distances of its rows and columns, so B: for
/// where there is no BLAS.
void fk_gemm(
  int64_t m, int64_t n, int64_t k, double alpha, const double *a, int64_t aRow, int64_t aColumn,
  const double *b, int64_t bRow, int64_t bColumn, double beta, double *c, int64_t ldc);
/// The same of floats; sums are in double precision.
void fk_narrow_gemm(
  int64_t m, int64_t n, int64_t k, double alpha, const float *a, int64_t aRow, int64_t aColumn,
  const float *b, int64_t bRow, int64_t bColumn, double beta, float *c, int64_t ldc);

// MARK: - Equations

/// P*A = L*U in place, A n×n, with partial pivoting; `pivots` count from 1, as LAPACK's. A singular
/// matrix has a zero on U's diagonal. Golub & Van Loan, Matrix Computations, algorithm 3.4.1.
void fk_lu(int64_t n, double *a, int32_t *pivots);
/// A = L*L' in the lower triangle of A n×n; 0, or the position from 1 of the pivot that is not
/// positive. Golub & Van Loan, algorithm 4.2.1.
int64_t fk_cholesky(int64_t n, double *a);
/// B = inv(A)*B, or inv(A')*B, of B n×columns.
void fk_lu_solve(
  int64_t n, int64_t columns, const double *factors, const int32_t *pivots, int transposes,
  double *b);
/// B = inv(A)*B of B n×columns.
void fk_cholesky_solve(int64_t n, int64_t columns, const double *factors, double *b);

// MARK: - Copies

/// Y(i,j) = alpha*X(i,j) + beta*Y(i,j), each with the distances of rows and of columns.
void fk_copy(
  int64_t m, int64_t n, double alpha, const double *x, int64_t xRow, int64_t xColumn, double beta,
  double *y, int64_t yRow, int64_t yColumn);
/// Y = X, both m×n, each of floats or of doubles and with the distances of rows and of columns.
void fk_convert(
  int64_t m, int64_t n, int fromFloats, const void *x, int64_t xRow, int64_t xColumn, int toFloats,
  void *y, int64_t yRow, int64_t yColumn);
/// x = alpha*x.
void fk_scale(double alpha, double *x, int64_t count);
/// y = alpha*x + beta*y of floats.
void fk_narrow_combine(int64_t count, double alpha, const float *x, double beta, float *y);
void fk_fill(double value, double *x, int64_t count);
/// Copies one triangle of an n×n matrix onto the other.
void fk_mirror_lower(int64_t n, double *a, int64_t lda);
void fk_narrow_mirror_lower(int64_t n, float *a, int64_t lda);

/// One term of a sum of Kronecker products; A is m×n, B is p×q, given with their distances.
typedef struct {
  double alpha;
  const double *a, *b;
  int64_t aRow, aColumn, bRow, bColumn;
  /// Whether a commutation matrix exchanges the rows: A's run faster than B's.
  int32_t commutes;
} FKKroneckerTerm;

/// C = Σ alpha*(A ⊗ B) + beta*C of C mp×nq, rows commuted where a term says so.
void fk_kronecker(
  int64_t m, int64_t n, int64_t p, int64_t q, const FKKroneckerTerm *terms, int32_t count,
  double beta, double *c, int64_t ldc);

// MARK: - Contractions

/// An axis of a contraction, and the distances of entries along it; 0 where a tensor has none.
typedef struct {
  int64_t size, a, b, c;
} FKAxis;

/// C = alpha*Σ A*B, or C += alpha*Σ A*B: loops over the axes, the last one innermost; those without
/// a distance in C, which are summed over, come last but for the innermost. At most 64 axes.
void fk_contract(
  const FKAxis *axes, int32_t count, double alpha, const double *a, const double *b,
  int32_t accumulates, double *c);

#ifdef __cplusplus
}
#endif
#endif
