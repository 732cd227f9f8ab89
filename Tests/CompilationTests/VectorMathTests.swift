import CKernels
import Testing

/// Kernels are chosen for the whole process, so that these tests run one after the other.
@Suite("Vector mathematics", .serialized)
struct VectorMathTests {
  static let sets = [
    FKInstructionSetPortable, FKInstructionSetAVX2, FKInstructionSetAVX512,
  ]

  @Test("at most 4 units in the last place from mpmath", arguments: sets.indices)
  func accuracy(index: Int) {
    guard fk_use_instruction_set(Self.sets[index]) == Self.sets[index] else { return }
    defer { fk_use_instruction_set(FKInstructionSetAVX512) }
    for (function, rows) in vectorMathTable {
      let arguments = rows.map(\.0)
      // A second copy meets every argument in another lane, and in whole vectors.
      var values = [Double](repeating: 0, count: 2 * rows.count + 3)
      fk_unary(function)(&values, arguments + [0.5, 0.25, 0.75] + arguments, values.count)
      for (position, row) in rows.enumerated() {
        for value in [values[position], values[rows.count + 3 + position]] {
          let name = String(cString: fk_unary_name(function))
          #expect(
            unitsApart(value, row.1) <= 4, "\(name)(\(row.0)) = \(value) instead of \(row.1)")
        }
      }
    }
  }

  @Test("powers, their special cases and signs of zero included", arguments: sets.indices)
  func powers(index: Int) {
    guard fk_use_instruction_set(Self.sets[index]) == Self.sets[index] else { return }
    defer { fk_use_instruction_set(FKInstructionSetAVX512) }
    // A second copy meets every pair in another lane.
    let bases = powerTable.map(\.0) + [0.5, 0.25, 0.75] + powerTable.map(\.0)
    let exponents = powerTable.map(\.1) + [2, 3, 4] + powerTable.map(\.1)
    var values = [Double](repeating: 0, count: bases.count)
    fk_binary(FKBinaryPower)(&values, bases, exponents, bases.count)
    for (position, row) in powerTable.enumerated() {
      for value in [values[position], values[powerTable.count + 3 + position]] {
        let isClose = unitsApart(value, row.2) <= 4 && (row.2 != 0 || value.sign == row.2.sign)
        #expect(isClose, "\(row.0)^\(row.1) = \(value) instead of \(row.2)")
      }
    }
  }

  /// The distance in units in the last place of the second number.
  private func unitsApart(_ a: Double, _ b: Double) -> Double {
    if a == b || a.isNaN && b.isNaN { return 0 }
    guard a.isFinite, b.isFinite else { return .infinity }
    return (a - b).magnitude / max(b.ulp, .leastNonzeroMagnitude)
  }

  @Test("every set does the arithmetic of the portable one", arguments: sets.indices)
  func arithmetic(index: Int) {
    guard fk_use_instruction_set(Self.sets[index]) == Self.sets[index] else { return }
    defer { fk_use_instruction_set(FKInstructionSetAVX512) }
    let a = (0..<37).map { Double($0 % 7) - 2.5 }
    let b = (0..<37).map { Double($0 % 5) - 1.75 }
    let expected: [(FKBinary, (Double, Double) -> Double)] = [
      (FKBinaryAdd, { $0 + $1 }), (FKBinarySubtract, { $0 - $1 }),
      (FKBinaryMultiply, { $0 * $1 }), (FKBinaryDivide, { $0 / $1 }),
      (FKBinaryMax, { $0 > $1 ? $0 : $1 }), (FKBinaryMin, { $0 < $1 ? $0 : $1 }),
      (FKBinaryLeakyRelu, { $0 > 0 ? $0 : $0 * $1 }),
    ]
    for (operation, function) in expected {
      var values = [Double](repeating: 0, count: 37)
      fk_binary(operation)(&values, a, b, 37)
      #expect(values == zip(a, b).map(function))
    }
  }

  @Test("products with a vector and their pair agree with sums", arguments: sets.indices)
  func matrixTimesVector(index: Int) {
    guard fk_use_instruction_set(Self.sets[index]) == Self.sets[index] else { return }
    defer { fk_use_instruction_set(FKInstructionSetAVX512) }
    for (m, n) in [(1, 1), (3, 9), (17, 8), (1030, 11)] {
      let a = (0..<(m * n)).map { Double($0 * 7 % 11) - 5 }
      let (x, u) = ((0..<n).map { Double($0 % 3) - 0.5 }, (0..<m).map { Double($0 % 4) - 1.25 })
      let product = (0..<m).map { i in (0..<n).reduce(0.0) { $0 + a[i + $1 * m] * x[$1] } }
      let adjoint = (0..<n).map { j in (0..<m).reduce(0.0) { $0 + a[$1 + j * m] * u[$1] } }
      var y = [Double](repeating: 1, count: m)
      fk_gemv(Int64(m), Int64(n), 2, a, Int64(m), x, -1, &y)
      #expect(y == product.map { 2 * $0 - 1 })
      var z = [Double](repeating: 1, count: n)
      fk_gemv_transposed(Int64(m), Int64(n), 2, a, Int64(m), u, -1, &z)
      #expect(z == adjoint.map { 2 * $0 - 1 })
      fk_gemv_pair(Int64(m), Int64(n), a, Int64(m), 1, x, &y, 3, u, &z)
      #expect(y == product && z == adjoint.map { 3 * $0 })
      // All of these are floats, and their sums are exact.
      let floats = a.map { Float($0) }
      fk_narrow_gemv(Int64(m), Int64(n), 2, floats, Int64(m), x, -1, &y)
      #expect(y == product)
      fk_narrow_gemv_transposed(Int64(m), Int64(n), 2, floats, Int64(m), u, 0, &z)
      #expect(z == adjoint.map { 2 * $0 })
      fk_narrow_gemv_pair(Int64(m), Int64(n), floats, Int64(m), 1, x, &y, 3, u, &z)
      #expect(y == product && z == adjoint.map { 3 * $0 })
    }
  }
}
