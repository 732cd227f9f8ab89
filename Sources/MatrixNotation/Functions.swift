import Evaluation
import ExpressionCore

// The functions of the language on matrices, under their names in the language. Each throws where
// its operands do not fit, or where a factorization fails; the error names the operation.

// MARK: Elementwise

public func exp(_ x: Matrix) throws -> Matrix { try Primitive.exp.value([x]) }
public func expm1(_ x: Matrix) throws -> Matrix { try Primitive.expm1.value([x]) }
public func log(_ x: Matrix) throws -> Matrix { try Primitive.log.value([x]) }
public func log1p(_ x: Matrix) throws -> Matrix { try Primitive.log1p.value([x]) }
public func log2(_ x: Matrix) throws -> Matrix { try Primitive.log2.value([x]) }
public func log10(_ x: Matrix) throws -> Matrix { try Primitive.log10.value([x]) }
public func sqrt(_ x: Matrix) throws -> Matrix { try Primitive.sqrt.value([x]) }
public func abs(_ x: Matrix) throws -> Matrix { try Primitive.abs.value([x]) }
public func sign(_ x: Matrix) throws -> Matrix { try Primitive.sign.value([x]) }
public func square(_ x: Matrix) throws -> Matrix { try Primitive.square.value([x]) }
public func sin(_ x: Matrix) throws -> Matrix { try Primitive.sin.value([x]) }
public func cos(_ x: Matrix) throws -> Matrix { try Primitive.cos.value([x]) }
public func tan(_ x: Matrix) throws -> Matrix { try Primitive.tan.value([x]) }
public func asin(_ x: Matrix) throws -> Matrix { try Primitive.asin.value([x]) }
public func acos(_ x: Matrix) throws -> Matrix { try Primitive.acos.value([x]) }
public func atan(_ x: Matrix) throws -> Matrix { try Primitive.atan.value([x]) }
public func sinh(_ x: Matrix) throws -> Matrix { try Primitive.sinh.value([x]) }
public func cosh(_ x: Matrix) throws -> Matrix { try Primitive.cosh.value([x]) }
public func tanh(_ x: Matrix) throws -> Matrix { try Primitive.tanh.value([x]) }
public func sigmoid(_ x: Matrix) throws -> Matrix { try Primitive.sigmoid.value([x]) }
public func softplus(_ x: Matrix) throws -> Matrix { try Primitive.softplus.value([x]) }
public func relu(_ x: Matrix) throws -> Matrix { try Primitive.relu.value([x]) }
public func elu(_ x: Matrix) throws -> Matrix { try Primitive.elu.value([x]) }
public func gelu(_ x: Matrix) throws -> Matrix { try Primitive.gelu.value([x]) }
public func silu(_ x: Matrix) throws -> Matrix { try Primitive.silu.value([x]) }
public func step(_ x: Matrix) throws -> Matrix { try Primitive.step.value([x]) }
public func erf(_ x: Matrix) throws -> Matrix { try Primitive.erf.value([x]) }
public func erfc(_ x: Matrix) throws -> Matrix { try Primitive.erfc.value([x]) }
public func normcdf(_ x: Matrix) throws -> Matrix { try Primitive.normcdf.value([x]) }
public func normpdf(_ x: Matrix) throws -> Matrix { try Primitive.normpdf.value([x]) }
public func lgamma(_ x: Matrix) throws -> Matrix { try Primitive.lgamma.value([x]) }
public func digamma(_ x: Matrix) throws -> Matrix { try Primitive.digamma.value([x]) }
public func trigamma(_ x: Matrix) throws -> Matrix { try Primitive.trigamma.value([x]) }

/// Slope `a` below zero.
public func leakyrelu(_ x: Matrix, _ a: Matrix) throws -> Matrix {
  try Primitive.leakyrelu.value([x, a])
}

public func polygamma(_ k: Int, _ x: Matrix) throws -> Matrix {
  try Primitive.polygamma.value([x], sizes: [k])
}

public func clip(_ x: Matrix, _ a: Matrix, _ b: Matrix) throws -> Matrix {
  try Primitive.clip.value([x, a, b])
}

/// Entrywise, with spreading.
public func max(_ a: Matrix, _ b: Matrix) throws -> Matrix { try Primitive.max.value([a, b]) }
public func min(_ a: Matrix, _ b: Matrix) throws -> Matrix { try Primitive.min.value([a, b]) }

/// Entrywise, with spreading.
public func pow(_ x: Matrix, _ p: Matrix) throws -> Matrix {
  try Primitive.elementwisePower.value([x, p])
}

// MARK: Reductions

// Over all entries, or over the rows (axis 1) or columns (axis 2).

public func sum(_ x: Matrix, axis: Int? = nil) throws -> Matrix {
  try Primitive.sum.value([x], sizes: axis.map { [$0] } ?? [])
}

public func mean(_ x: Matrix, axis: Int? = nil) throws -> Matrix {
  try Primitive.mean.value([x], sizes: axis.map { [$0] } ?? [])
}

public func prod(_ x: Matrix, axis: Int? = nil) throws -> Matrix {
  try Primitive.prod.value([x], sizes: axis.map { [$0] } ?? [])
}

public func logsumexp(_ x: Matrix, axis: Int? = nil) throws -> Matrix {
  try Primitive.logsumexp.value([x], sizes: axis.map { [$0] } ?? [])
}

public func maximum(_ x: Matrix, axis: Int? = nil) throws -> Matrix {
  try Primitive.maximum.value([x], sizes: axis.map { [$0] } ?? [])
}

public func minimum(_ x: Matrix, axis: Int? = nil) throws -> Matrix {
  try Primitive.minimum.value([x], sizes: axis.map { [$0] } ?? [])
}

public func softmax(_ x: Matrix, axis: Int? = nil) throws -> Matrix {
  try Primitive.softmax.value([x], sizes: axis.map { [$0] } ?? [])
}

public func logsoftmax(_ x: Matrix, axis: Int? = nil) throws -> Matrix {
  try Primitive.logsoftmax.value([x], sizes: axis.map { [$0] } ?? [])
}

public func tr(_ x: Matrix) throws -> Matrix { try Primitive.tr.value([x]) }
public func det(_ x: Matrix) throws -> Matrix { try Primitive.det.value([x]) }
public func logdet(_ x: Matrix) throws -> Matrix { try Primitive.logdet.value([x]) }
/// log(det A) of a factored matrix: not a number where the determinant is negative.
public func logOfDeterminant(_ a: LUFactorization) -> Matrix {
  Matrix(a.determinantSign < 0 ? .nan : a.logAbsDeterminant)
}

public func norm1(_ x: Matrix) throws -> Matrix { try Primitive.norm1.value([x]) }
public func norm2(_ x: Matrix) throws -> Matrix { try Primitive.norm2.value([x]) }
public func normF(_ x: Matrix) throws -> Matrix { try Primitive.normF.value([x]) }
public func norminf(_ x: Matrix) throws -> Matrix { try Primitive.norminf.value([x]) }
public func nucnorm(_ x: Matrix) throws -> Matrix { try Primitive.nucnorm.value([x]) }
public func specnorm(_ x: Matrix) throws -> Matrix { try Primitive.specnorm.value([x]) }
public func normp(_ x: Matrix, _ p: Matrix) throws -> Matrix { try Primitive.normp.value([x, p]) }
public func dot(_ x: Matrix, _ y: Matrix) throws -> Matrix { try Primitive.dot.value([x, y]) }

// MARK: Structure and linear algebra

public func inv(_ x: Matrix) throws -> Matrix { try Primitive.inv.value([x]) }
public func pinv(_ x: Matrix) throws -> Matrix { try Primitive.pinv.value([x]) }
public func adj(_ x: Matrix) throws -> Matrix { try Primitive.adj.value([x]) }
public func cof(_ x: Matrix) throws -> Matrix { try Primitive.cof.value([x]) }
public func chol(_ x: Matrix) throws -> Matrix { try Primitive.chol.value([x]) }
public func qrq(_ x: Matrix) throws -> Matrix { try Primitive.qrq.value([x]) }
public func qrr(_ x: Matrix) throws -> Matrix { try Primitive.qrr.value([x]) }
public func lul(_ x: Matrix) throws -> Matrix { try Primitive.lul.value([x]) }
public func luu(_ x: Matrix) throws -> Matrix { try Primitive.luu.value([x]) }
public func eigvals(_ x: Matrix) throws -> Matrix { try Primitive.eigvals.value([x]) }
public func eigvecs(_ x: Matrix) throws -> Matrix { try Primitive.eigvecs.value([x]) }
public func lambdamax(_ x: Matrix) throws -> Matrix { try Primitive.lambdamax.value([x]) }
public func lambdamin(_ x: Matrix) throws -> Matrix { try Primitive.lambdamin.value([x]) }
public func svdvals(_ x: Matrix) throws -> Matrix { try Primitive.svdvals.value([x]) }
public func svdu(_ x: Matrix) throws -> Matrix { try Primitive.svdu.value([x]) }
public func svdv(_ x: Matrix) throws -> Matrix { try Primitive.svdv.value([x]) }
public func expm(_ x: Matrix) throws -> Matrix { try Primitive.expm.value([x]) }
public func logm(_ x: Matrix) throws -> Matrix { try Primitive.logm.value([x]) }
public func sqrtm(_ x: Matrix) throws -> Matrix { try Primitive.sqrtm.value([x]) }
public func sinm(_ x: Matrix) throws -> Matrix { try Primitive.sinm.value([x]) }
public func cosm(_ x: Matrix) throws -> Matrix { try Primitive.cosm.value([x]) }
public func diag(_ x: Matrix) throws -> Matrix { try Primitive.diag.value([x]) }
public func diagonal(_ x: Matrix) throws -> Matrix { try Primitive.diagonal.value([x]) }
public func vec(_ x: Matrix) throws -> Matrix { try Primitive.vec.value([x]) }
public func vech(_ x: Matrix) throws -> Matrix { try Primitive.vech.value([x]) }
public func tril(_ x: Matrix) throws -> Matrix { try Primitive.tril.value([x]) }
public func triu(_ x: Matrix) throws -> Matrix { try Primitive.triu.value([x]) }
public func sym(_ x: Matrix) throws -> Matrix { try Primitive.sym.value([x]) }
public func skew(_ x: Matrix) throws -> Matrix { try Primitive.skew.value([x]) }

public func kron(_ a: Matrix, _ b: Matrix) throws -> Matrix {
  try Primitive.kron.value([a, b])
}

public func khatrirao(_ a: Matrix, _ b: Matrix) throws -> Matrix {
  try Primitive.khatrirao.value([a, b])
}

public func cross(_ a: Matrix, _ b: Matrix) throws -> Matrix {
  try Primitive.cross.value([a, b])
}

public func solve(_ a: Matrix, _ b: Matrix) throws -> Matrix {
  try Primitive.solve.value([a, b])
}

public func lyapunov(_ a: Matrix, _ b: Matrix) throws -> Matrix {
  try Primitive.lyapunov.value([a, b])
}

/// What is below the diagonal of a square matrix.
public func stril(_ x: Matrix) throws -> Matrix { try Primitive.stril.value([x]) }

/// The lower triangle of a square matrix with half its diagonal.
public func halftril(_ x: Matrix) throws -> Matrix { try Primitive.halftril.value([x]) }

/// 1/(lⱼ − lᵢ) off the diagonal and 0 on it, of a column.
public func gapinv(_ l: Matrix) throws -> Matrix { try Primitive.gapinv.value([l]) }

/// 1/(lᵢ + lⱼ) of a column.
public func suminv(_ l: Matrix) throws -> Matrix { try Primitive.suminv.value([l]) }

/// The divided differences of the values f with the slopes d at l, all columns.
public func divdiff(_ l: Matrix, _ f: Matrix, _ d: Matrix) throws -> Matrix {
  try Primitive.divdiff.value([l, f, d])
}

public func dexpm(_ a: Matrix, _ b: Matrix) throws -> Matrix {
  try Primitive.dexpm.value([a, b])
}

public func dlogm(_ a: Matrix, _ b: Matrix) throws -> Matrix {
  try Primitive.dlogm.value([a, b])
}

public func dsinm(_ a: Matrix, _ b: Matrix) throws -> Matrix {
  try Primitive.dsinm.value([a, b])
}

public func dcosm(_ a: Matrix, _ b: Matrix) throws -> Matrix {
  try Primitive.dcosm.value([a, b])
}

public func sylvester(_ a: Matrix, _ b: Matrix, _ c: Matrix) throws -> Matrix {
  try Primitive.sylvester.value([a, b, c])
}

/// A power of a square matrix.
public func power(_ a: Matrix, _ k: Matrix) throws -> Matrix { try Primitive.power.value([a, k]) }

/// Column j of a matrix, from 1.
public func col(_ x: Matrix, _ j: Int) throws -> Matrix {
  try Primitive.col.value([x], sizes: [j])
}

/// Row i of a matrix, from 1.
public func row(_ x: Matrix, _ i: Int) throws -> Matrix {
  try Primitive.row.value([x], sizes: [i])
}

public func entry(_ x: Matrix, _ i: Int, _ j: Int) throws -> Matrix {
  try Primitive.entry.value([x], sizes: [i, j])
}

/// The i-th unit vector, from 1.
public func unit(_ n: Int, _ i: Int) throws -> Matrix {
  try Primitive.unit.value([], sizes: [n, i], size: MatrixSize(n, 1))
}

/// Column by column.
public func reshape(_ x: Matrix, _ rows: Int, _ columns: Int) throws -> Matrix {
  try Primitive.reshape.value([x], sizes: [rows, columns], size: MatrixSize(rows, columns))
}

public func eye(_ n: Int) throws -> Matrix { try Primitive.eye.value([], size: MatrixSize(n, n)) }

public func ones(_ rows: Int, _ columns: Int) throws -> Matrix {
  try Primitive.ones.value([], size: MatrixSize(rows, columns))
}

public func zeros(_ rows: Int, _ columns: Int) throws -> Matrix {
  try Primitive.zeros.value([], size: MatrixSize(rows, columns))
}

/// A matrix of one number.
public func constant(_ c: Matrix, _ rows: Int, _ columns: Int) throws -> Matrix {
  try Primitive.constantMatrix.value([c], size: MatrixSize(rows, columns))
}

public func commutation(_ m: Int, _ n: Int) throws -> Matrix {
  try Primitive.commutation.value([], sizes: [m, n], size: MatrixSize(m * n, m * n))
}

public func duplication(_ n: Int) throws -> Matrix {
  try Primitive.duplication.value([], sizes: [n], size: MatrixSize(n * n, n * (n + 1) / 2))
}

/// Blocks row by row, one beside the other and one row below the other.
public func blocks(_ rows: [[Matrix]]) throws -> Matrix {
  try Primitive.blocks.value(rows.flatMap { $0 }, sizes: [rows.count] + rows.map(\.count))
}

// MARK: Convolution

public func im2col(
  _ x: Matrix, _ height: Int, _ width: Int, _ stride: Int, _ padding: Int
) throws -> Matrix {
  try Primitive.im2col.value([x], sizes: [height, width, stride, padding])
}

public func col2im(
  _ p: Matrix, _ rows: Int, _ columns: Int, _ height: Int, _ width: Int, _ stride: Int,
  _ padding: Int
) throws -> Matrix {
  try Primitive.col2im.value([p], sizes: [rows, columns, height, width, stride, padding])
}

public func conv1d(_ x: Matrix, _ w: Matrix, _ stride: Int, _ padding: Int) throws -> Matrix {
  try Primitive.conv1d.value([x, w], sizes: [stride, padding])
}

public func conv2d(_ x: Matrix, _ w: Matrix, _ stride: Int, _ padding: Int) throws -> Matrix {
  try Primitive.conv2d.value([x, w], sizes: [stride, padding])
}
