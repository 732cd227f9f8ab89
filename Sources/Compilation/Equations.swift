import CKernels
import Evaluation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Android)
  import Android
#elseif canImport(ucrt)
  import ucrt
#endif

/// Factorizations, and what is divided by them.
extension Workspace {
  /// Pivots that differ more than this call for an estimate of the condition number.
  static var suspiciousRatio: Double { 1e-8 }
  static var conditionWarning: Double { 1e-12 }

  func factor(_ form: Instruction.FactorForm) throws(EvaluationError) {
    let n = form.order
    let (source, factors) = (pointer(form.source), pointer(form.factors))
    // The largest entry of each column, the sum of its sizes at most.
    var norm = 0.0
    for j in 0..<n {
      var (largest, total) = (0.0, 0.0)
      fk_magnitudes(source + j * n, Int64(n), &largest, &total)
      guard total.isFinite else { throw plan.error(form.origin, .notFinite) }
      norm = max(norm, total)
      scratch[j] = largest
    }
    fk_copy(Int64(n * n), 1, 1, source, 1, 0, 0, factors, 1, 0)
    if form.isCholesky {
      let failure = cholesky(n, factors)
      guard failure == 0 else {
        let value = factors[(failure - 1) * (n + 1)]
        throw plan.error(form.origin, .notPositiveDefinite(pivot: failure, value: value))
      }
    } else {
      lu(n, factors, pivots + form.pivots)
    }
    guard form.divides else { return }
    let tolerance = 2 * Double.ulpOfOne * Double(n).squareRoot()
    var (smallest, largest) = (Double.infinity, 0.0)
    for k in 0..<n {
      let pivot = factors[k * (n + 1)]
      guard form.isCholesky || pivot.magnitude > tolerance * scratch[k] else {
        throw plan.error(form.origin, .singular(pivot: k + 1, value: pivot))
      }
      // The pivots of A are the squares of those of its Cholesky factor.
      let size = form.isCholesky ? pivot * pivot : pivot.magnitude
      smallest = min(smallest, size)
      largest = max(largest, size)
    }
    guard plan.estimatesEveryCondition || smallest < Self.suspiciousRatio * largest else { return }
    let condition = 1 / (norm * inverseNorm(form))
    if condition < Self.conditionWarning {
      warnings.append(
        .nearlySingular(
          Place(text: plan.spelling.text(form.origin)), reciprocalCondition: condition))
    }
  }

  /// The position from 1 of a pivot that is not positive, or 0.
  private func cholesky(_ n: Int, _ factors: UnsafeMutablePointer<Double>) -> Int {
    guard let library = plan.library else { return Int(fk_cholesky(Int64(n), factors)) }
    var order = Int32(n)
    var info: Int32 = 0
    // A string literal as a pointer would be allocated.
    var lower = CChar(bitPattern: UInt8(ascii: "L"))
    library.potrf(&lower, &order, factors, &order, &info, 1)
    return Int(info)
  }

  private func lu(
    _ n: Int, _ factors: UnsafeMutablePointer<Double>, _ pivots: UnsafeMutablePointer<Int32>
  ) {
    guard let library = plan.library else {
      fk_lu(Int64(n), factors, pivots)
      return
    }
    var order = Int32(n)
    var info: Int32 = 0
    library.getrf(&order, &order, factors, &order, pivots, &info)
  }

  /// An estimate of ‖inv(A)‖₁, from below.
  ///
  /// Hager's method: Higham, Accuracy and Stability of Numerical Algorithms, algorithm 15.1.
  private func inverseNorm(_ form: Instruction.FactorForm) -> Double {
    let n = form.order
    let (x, y) = (scratch + n, scratch + 2 * n)
    for i in 0..<n { x[i] = 1 / Double(n) }
    var estimate = 0.0
    for _ in 0..<5 {
      for i in 0..<n { y[i] = x[i] }
      divide(form, transposes: false, 1, y)
      var norm = 0.0
      for i in 0..<n { norm += y[i].magnitude }
      guard norm > estimate else { break }
      estimate = norm
      for i in 0..<n { y[i] = y[i] < 0 ? -1 : 1 }
      divide(form, transposes: true, 1, y)
      var (largest, inner) = (0, 0.0)
      for i in 0..<n {
        if y[i].magnitude > y[largest].magnitude { largest = i }
        inner += x[i] * y[i]
      }
      guard y[largest].magnitude > inner else { break }
      for i in 0..<n { x[i] = i == largest ? 1 : 0 }
    }
    return estimate
  }

  func logdet(
    _ form: Instruction.FactorForm, isOfDeterminant: Bool, _ result: UnsafeMutablePointer<Double>
  ) throws(EvaluationError) {
    let (n, factors) = (form.order, pointer(form.factors))
    let own = pivots + form.pivots
    var (total, isNegative) = (0.0, false)
    for k in 0..<n {
      let pivot = factors[k * (n + 1)]
      guard pivot != 0 || isOfDeterminant else {
        throw plan.error(form.origin, .singular(pivot: k + 1, value: pivot))
      }
      total += log(pivot.magnitude)
      if !form.isCholesky, (pivot < 0) != (Int(own[k]) != k + 1) { isNegative.toggle() }
    }
    if isOfDeterminant, isNegative, total > -.infinity { total = .nan }
    result[0] = form.isCholesky ? 2 * total : total
  }

  func solve(_ form: Instruction.SolveForm) {
    let n = form.factor.order
    let target = pointer(form.target)
    if let right = form.right {
      fk_copy(Int64(n * form.columns), 1, 1, pointer(right), 1, 0, 0, target, 1, 0)
      if form.isHalf {
        divide(byLower: pointer(form.factor.factors), n, form.columns, target)
      } else {
        divide(form.factor, transposes: form.transposes, form.columns, target)
      }
      return
    }
    guard let library = plan.library else {
      fk_fill(0, target, Int64(n * n))
      for i in 0..<n { target[i * (n + 1)] = 1 }
      divide(form.factor, transposes: false, n, target)
      return
    }
    fk_copy(Int64(n * n), 1, 1, pointer(form.factor.factors), 1, 0, 0, target, 1, 0)
    var order = Int32(n)
    var info: Int32 = 0
    if form.factor.isCholesky {
      var lower = CChar(bitPattern: UInt8(ascii: "L"))
      library.potri(&lower, &order, target, &order, &info, 1)
      fk_mirror_lower(Int64(n), target, Int64(n))
    } else {
      var length = Int32(64 * n)
      library.getri(&order, target, &order, pivots + form.factor.pivots, scratch, &length, &info)
    }
  }

  /// B = inv(A)*B, or inv(A')*B.
  private func divide(
    _ form: Instruction.FactorForm, transposes: Bool, _ columns: Int,
    _ target: UnsafeMutablePointer<Double>
  ) {
    let (n, factors, own) = (form.order, pointer(form.factors), pivots + form.pivots)
    guard let library = plan.library else {
      if form.isCholesky {
        fk_cholesky_solve(Int64(n), Int64(columns), factors, target)
      } else {
        fk_lu_solve(Int64(n), Int64(columns), factors, own, transposes ? 1 : 0, target)
      }
      return
    }
    var order = Int32(n)
    var count = Int32(columns)
    var info: Int32 = 0
    if form.isCholesky {
      var lower = CChar(bitPattern: UInt8(ascii: "L"))
      library.potrs(&lower, &order, &count, factors, &order, target, &order, &info, 1)
    } else {
      var side = CChar(bitPattern: transposes ? UInt8(ascii: "T") : UInt8(ascii: "N"))
      library.getrs(&side, &order, &count, factors, &order, own, target, &order, &info, 1)
    }
  }

  /// Lets the evaluator compute a value: for the operations that have no kernel here.
  func reference(_ call: ReferenceCall) throws(EvaluationError) {
    let operands = call.operands.map { operand in
      let source = pointer(operand.address)
      return Matrix(rows: operand.rows, columns: operand.columns) {
        source[$0 + $1 * operand.rows]
      }
    }
    let value: Matrix
    do throws(EvaluationError) {
      let result = try Evaluator.apply(
        call.primitive, to: operands, parameters: call.parameters,
        size: MatrixSize(call.rows, call.columns),
        refusesRepeatedEigenvalues: plan.refusesRepeatedEigenvalues)
      value = result.value
      for warning in result.warnings { warnings.append(plan.renamed(warning, call.origin)) }
    } catch {
      throw plan.renamed(error, call.origin)
    }
    let target = pointer(call.target)
    value.withUnsafeValues { entries in
      for position in 0..<entries.count { target[position] = entries[position] }
    }
  }
}
