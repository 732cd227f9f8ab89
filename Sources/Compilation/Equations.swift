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
    guard let library = DenseLibrary.shared else { return }
    let n = form.order
    let (source, factors) = (pointer(form.source), pointer(form.factors))
    var order = Int32(n)
    var info: Int32 = 0
    // A string literal as a pointer would be allocated.
    var lower = CChar(bitPattern: UInt8(ascii: "L"))
    // The largest entry of each column, the sum of its sizes at most.
    var norm = 0.0
    for j in 0..<n {
      let column = source + j * n
      var (largest, total) = (0.0, 0.0)
      for i in 0..<n {
        largest = max(largest, column[i].magnitude)
        total += column[i].magnitude
      }
      guard total.isFinite else { throw plan.error(form.origin, .notFinite) }
      norm = max(norm, total)
      scratch[j] = largest
    }
    fk_copy(Int64(n * n), 1, 1, source, 1, 0, 0, factors, 1, 0)
    if form.isCholesky {
      library.potrf(&lower, &order, factors, &order, &info, 1)
      guard info == 0 else {
        let pivot = Int(info)
        let value = factors[(pivot - 1) * (n + 1)]
        throw plan.error(form.origin, .notPositiveDefinite(pivot: pivot, value: value))
      }
      return
    }
    let own = pivots + form.pivots
    library.getrf(&order, &order, factors, &order, own, &info)
    guard form.divides else { return }
    let tolerance = 2 * Double.ulpOfOne * Double(n).squareRoot()
    var (smallest, largest) = (Double.infinity, 0.0)
    for k in 0..<n {
      let pivot = factors[k * (n + 1)]
      guard pivot.magnitude > tolerance * scratch[k] else {
        throw plan.error(form.origin, .singular(pivot: k + 1, value: pivot))
      }
      smallest = min(smallest, pivot.magnitude)
      largest = max(largest, pivot.magnitude)
    }
    guard smallest < Self.suspiciousRatio * largest else { return }
    var condition = 0.0
    var oneNorm = CChar(bitPattern: UInt8(ascii: "1"))
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: n) { integers in
      guard let base = integers.baseAddress else { return }
      library.gecon(&oneNorm, &order, factors, &order, &norm, &condition, scratch, base, &info, 1)
    }
    if condition < Self.conditionWarning { warnings.append((form.origin, condition)) }
  }

  func logdet(
    _ form: Instruction.FactorForm, _ result: UnsafeMutablePointer<Double>
  ) throws(EvaluationError) {
    let (n, factors) = (form.order, pointer(form.factors))
    var total = 0.0
    for k in 0..<n {
      let pivot = factors[k * (n + 1)]
      guard pivot != 0 else {
        throw plan.error(form.origin, .singular(pivot: k + 1, value: pivot))
      }
      total += log(pivot.magnitude)
    }
    result[0] = form.isCholesky ? 2 * total : total
  }

  func solve(_ form: Instruction.SolveForm) {
    guard let library = DenseLibrary.shared else { return }
    let n = form.factor.order
    let (factors, target) = (pointer(form.factor.factors), pointer(form.target))
    let own = pivots + form.factor.pivots
    var order = Int32(n)
    var columns = Int32(form.columns)
    var info: Int32 = 0
    var lower = CChar(bitPattern: UInt8(ascii: "L"))
    var side = CChar(bitPattern: form.transposes ? UInt8(ascii: "T") : UInt8(ascii: "N"))
    if let right = form.right {
      fk_copy(Int64(n * form.columns), 1, 1, pointer(right), 1, 0, 0, target, 1, 0)
      if form.factor.isCholesky {
        library.potrs(&lower, &order, &columns, factors, &order, target, &order, &info, 1)
      } else {
        library.getrs(
          &side, &order, &columns, factors, &order, own, target, &order,
          &info, 1)
      }
      return
    }
    fk_copy(Int64(n * n), 1, 1, factors, 1, 0, 0, target, 1, 0)
    if form.factor.isCholesky {
      library.potri(&lower, &order, target, &order, &info, 1)
      fk_mirror_lower(Int64(n), target, Int64(n))
    } else {
      var length = Int32(64 * n)
      library.getri(&order, target, &order, own, scratch, &length, &info)
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
      value = try Evaluator.apply(
        call.primitive, to: operands, parameters: call.parameters,
        size: MatrixSize(call.rows, call.columns),
        refusesRepeatedEigenvalues: plan.refusesRepeatedEigenvalues)
    } catch {
      throw plan.renamed(error, call.origin)
    }
    let target = pointer(call.target)
    value.withUnsafeValues { entries in
      for position in 0..<entries.count { target[position] = entries[position] }
    }
  }
}
