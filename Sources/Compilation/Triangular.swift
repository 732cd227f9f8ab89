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

/// Triangular and diagonal matrices, which need no factorization.
extension Workspace {
  // CBLAS's words.
  private static var columnMajor: Int32 { 102 }
  private static var nonUnit: Int32 { 131 }
  private static func side(_ isLeft: Bool) -> Int32 { isLeft ? 141 : 142 }
  private static func triangle(_ isLower: Bool) -> Int32 { isLower ? 122 : 121 }
  private static func flag(_ transposes: Bool) -> Int32 { transposes ? 112 : 111 }

  func trmm(_ form: Instruction.TRMM) {
    guard let library = plan.library else { return multiply(form) }
    let (m, n) = (form.m, form.n)
    let (b, ldb) = (pointer(form.b.address), Int64(leading(form.b)))
    let c = pointer(form.c)
    fk_copy(
      Int64(m), Int64(n), 1, b, form.transposesB ? ldb : 1, form.transposesB ? 1 : ldb, 0, c, 1,
      Int64(m))
    library.trmm(
      Self.columnMajor, Self.side(form.isLeft), Self.triangle(form.isLower),
      Self.flag(form.transposesA), Self.nonUnit, Int32(m), Int32(n), form.alpha,
      pointer(form.a.address), Int32(leading(form.a)), c, Int32(m))
  }

  /// Without BLAS, zeros are multiplied too.
  private func multiply(_ form: Instruction.TRMM) {
    let (a, lda) = (pointer(form.a.address), Int64(leading(form.a)))
    let (b, ldb) = (pointer(form.b.address), Int64(leading(form.b)))
    let (m, n) = (Int64(form.m), Int64(form.n))
    let (aRow, aColumn) = form.transposesA ? (lda, 1) : (1, lda)
    let (bRow, bColumn) = form.transposesB ? (ldb, 1) : (1, ldb)
    if form.isLeft {
      fk_gemm(
        m, n, m, form.alpha, a, aRow, aColumn, b, bRow, bColumn, 0, pointer(form.c), m)
    } else {
      fk_gemm(
        m, n, n, form.alpha, b, bRow, bColumn, a, aRow, aColumn, 0, pointer(form.c), m)
    }
  }

  func triangular(_ form: Instruction.TriangularForm) throws(EvaluationError) {
    let (matrix, target) = (pointer(form.matrix), pointer(form.target))
    let n = form.order
    switch form.task {
    case .logdet:
      var total = 0.0
      for k in 0..<n {
        let entry = matrix[k * (n + 1)]
        guard entry != 0 else { throw singular(form, k, entry) }
        total += log(entry.magnitude)
      }
      target[0] = total
    case .solve:
      try requireRegular(form, matrix)
      let right = pointer(form.right)
      if form.structure == .diagonal {
        for j in 0..<form.columns {
          for i in 0..<n { target[i + j * n] = right[i + j * n] / matrix[i * (n + 1)] }
        }
        return
      }
      fk_copy(Int64(n * form.columns), 1, 1, right, 1, 0, 0, target, 1, 0)
      divide(form, form.columns, target)
    case .inverse:
      try requireRegular(form, matrix)
      fk_fill(0, target, Int64(n * n))
      if form.structure == .diagonal {
        for k in 0..<n { target[k * (n + 1)] = 1 / matrix[k * (n + 1)] }
        return
      }
      guard let library = plan.library else {
        for k in 0..<n { target[k * (n + 1)] = 1 }
        divide(form, n, target)
        return
      }
      let isLower = form.structure == .lower
      for j in 0..<n {
        let rows = isLower ? j..<n : 0..<(j + 1)
        for i in rows { target[i + j * n] = matrix[i + j * n] }
      }
      var order = Int32(n)
      var info: Int32 = 0
      var uplo = CChar(bitPattern: UInt8(ascii: isLower ? "L" : "U"))
      var diagonal = CChar(bitPattern: UInt8(ascii: "N"))
      library.trtri(&uplo, &diagonal, &order, target, &order, &info, 1, 1)
    }
  }

  /// X = inv(A)*X, or inv(A')*X.
  private func divide(
    _ form: Instruction.TriangularForm, _ columns: Int, _ x: UnsafeMutablePointer<Double>
  ) {
    let (matrix, n) = (pointer(form.matrix), form.order)
    let isLower = form.structure == .lower
    guard let library = plan.library else {
      fk_triangular_solve(
        isLower ? 1 : 0, form.transposes ? 1 : 0, Int64(n), Int64(columns), matrix, Int64(n), x,
        Int64(n))
      return
    }
    library.trsm(
      Self.columnMajor, Self.side(true), Self.triangle(isLower), Self.flag(form.transposes),
      Self.nonUnit, Int32(n), Int32(columns), 1, matrix, Int32(n), x, Int32(n))
  }

  /// X = inv(L)*X.
  func divide(
    byLower factor: UnsafeMutablePointer<Double>, _ n: Int, _ columns: Int,
    _ x: UnsafeMutablePointer<Double>
  ) {
    guard let library = plan.library else {
      return fk_triangular_solve(1, 0, Int64(n), Int64(columns), factor, Int64(n), x, Int64(n))
    }
    library.trsm(
      Self.columnMajor, Self.side(true), Self.triangle(true), Self.flag(false), Self.nonUnit,
      Int32(n), Int32(columns), 1, factor, Int32(n), x, Int32(n))
  }

  private func singular(
    _ form: Instruction.TriangularForm, _ k: Int, _ value: Double
  ) -> EvaluationError {
    plan.error(form.origin, .singular(pivot: k + 1, value: value))
  }

  /// Throws where an entry of the diagonal is zero to working precision, as a pivot would be.
  private func requireRegular(
    _ form: Instruction.TriangularForm, _ matrix: UnsafeMutablePointer<Double>
  ) throws(EvaluationError) {
    let n = form.order
    let tolerance = 2 * Double.ulpOfOne * Double(n).squareRoot()
    var (smallest, largest) = (Double.infinity, 0.0)
    for j in 0..<n {
      let rows =
        switch form.structure {
        case .lower: j..<n
        case .upper: 0..<(j + 1)
        case .general, .symmetric, .diagonal: j..<(j + 1)
        }
      var (greatest, total) = (0.0, 0.0)
      fk_magnitudes(
        matrix + j * n + rows.lowerBound, Int64(rows.count), &greatest, &total)
      guard total.isFinite else { throw plan.error(form.origin, .notFinite) }
      let entry = matrix[j * (n + 1)]
      guard entry.magnitude > tolerance * greatest else { throw singular(form, j, entry) }
      smallest = min(smallest, entry.magnitude)
      largest = max(largest, entry.magnitude)
    }
    guard smallest < Self.suspiciousRatio * largest else { return }
    var condition = smallest / largest
    if form.structure != .diagonal, let library = plan.library {
      var order = Int32(n)
      var info: Int32 = 0
      var norm = CChar(bitPattern: UInt8(ascii: "1"))
      var uplo = CChar(bitPattern: UInt8(ascii: form.structure == .lower ? "L" : "U"))
      var diagonal = CChar(bitPattern: UInt8(ascii: "N"))
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: n) { integers in
        guard let base = integers.baseAddress else { return }
        library.trcon(
          &norm, &uplo, &diagonal, &order, matrix, &order, &condition, scratch, base, &info, 1, 1,
          1)
      }
    }
    if condition < Self.conditionWarning {
      warnings.append(
        .nearlySingular(
          Place(text: plan.spelling.text(form.origin)), reciprocalCondition: condition))
    }
  }
}
