import CKernels
import Evaluation
import ExpressionCore
import Planning
import Testing

@testable import Compilation

/// How far a program of floats may be from one of doubles: what is stored as floats is rounded, and
/// the sums of products in single precision have the error of their length; both are carried through
/// the values of the program to the first order.
///
/// Products: |fl(αAB + βC) - (αAB + βC)| ≤ (k + 3)u(|α||A||B| + |β||C|), u = 2⁻²⁴, in any order of
/// summation; Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, section 3.5, with
/// the rounding of α and β, the scalings and the last sum. Of other operations the change is taken at
/// operands that are as far away as their bounds.
struct ErrorBound {
  struct Uncertain {
    var value: Matrix
    var error: Matrix
    var isExact: Bool { error.maxMagnitude == 0 }
  }

  static let unit = 0x1p-24

  private let values: [Value]
  private let isNarrow: [Bool]
  private let spelling: Spelling
  private var results: [Uncertain] = []

  /// The outputs in double precision and the bounds of their errors.
  static func outputs(
    _ values: ProgramValues, _ inputs: [String: Matrix]
  ) throws -> [Uncertain] {
    var bound = ErrorBound(values)
    for index in bound.values.indices {
      bound.results.append(try bound.result(index, values, inputs))
    }
    return values.narrowing.outputs.map { bound.results[$0] }
  }

  private init(_ values: ProgramValues) {
    self.values = values.narrowing.builder.values
    isNarrow = values.narrowing.isNarrow
    spelling = values.spelling
  }

  private func result(
    _ index: Int, _ program: ProgramValues, _ inputs: [String: Matrix]
  ) throws -> Uncertain {
    let value = values[index]
    var result: Uncertain
    switch value.operation {
    case .input(let variable):
      let input = program.inputs[variable]
      let matrix = try #require(inputs[input.name])
      return Uncertain(
        value: matrix.rows == value.rows ? matrix : matrix.transposed,
        error: .zeros(value.rows, value.columns))
    case .factor:
      // Pivots are no values: what uses the factors factors again.
      return results[value.operands[0]]
    default:
      let operands = value.operands.map { results[$0] }
      let operation = try Operation(value, values, spelling)
      result = Uncertain(
        value: try operation(operands.map(\.value)), error: .zeros(value.rows, value.columns))
      if !operands.allSatisfy(\.isExact) {
        result.error = try carried(value, operation, operands, result.value)
      }
    }
    guard isNarrow[index] else { return result }
    if case .product(let form) = value.operation {
      result.error = result.error.adding(rounding(value, form))
    } else {
      result.error = result.error.combined(with: result.value) {
        $0 + Self.unit * ($0 + $1.magnitude) + 0x1p-150
      }
    }
    return result
  }

  // MARK: Products

  private func magnitudes(_ index: Int) -> Matrix {
    results[index].value.combined(with: results[index].error) { $0.magnitude + $1 }
  }

  private func rounding(_ value: Value, _ form: Value.ProductForm) -> Matrix {
    let inner = value.multiplications(form, values) / value.count
    var sizes = Self.product(
      form, magnitudes(value.operands[0]), magnitudes(value.operands[1])
    ).scaled(by: form.alpha.magnitude)
    if form.beta != 0 {
      sizes = sizes.adding(magnitudes(value.operands[2]), times: form.beta.magnitude)
    }
    return sizes.map { Double(inner + 3) * Self.unit * $0 + Double(inner) * 0x1p-149 }
  }

  /// op(A)*op(B).
  private static func product(_ form: Value.ProductForm, _ a: Matrix, _ b: Matrix) -> Matrix {
    let (left, right) = (
      form.transposesLeft ? a.transposed : a, form.transposesRight ? b.transposed : b
    )
    return left.times(right)
  }

  // MARK: Errors of operands

  private func carried(
    _ value: Value, _ operation: Operation, _ operands: [Uncertain], _ result: Matrix
  ) throws -> Matrix {
    switch value.operation {
    case .product(let form):
      let (a, b) = (operands[0], operands[1])
      let (sizeA, sizeB) = (magnitudes(value.operands[0]), b.value.map(\.magnitude))
      var error = Self.product(form, sizeA, b.error).adding(Self.product(form, a.error, sizeB))
        .scaled(by: form.alpha.magnitude)
      if form.beta != 0 { error = error.adding(operands[2].error, times: form.beta.magnitude) }
      return error
    case .reshape, .transpose, .block, .blocks, .diagonalOf, .diagonalMatrix, .plusDiagonal,
      .triangle, .reduction(FKReductionSum, _):
      return try operation(operands.map(\.error))
    case .reduction(FKReductionMax, let axis), .reduction(FKReductionMin, let axis):
      // No extreme moves further than the entry that moves furthest.
      let largest = Value(
        operation: .reduction(FKReductionMax, axis), operands: value.operands, rows: value.rows,
        columns: value.columns, shape: value.shape)
      return try Operation(largest, values, spelling)(operands.map(\.error))
    case .reduction(FKReductionDot, let axis):
      let sum = try Operation(
        Value(
          operation: .reduction(FKReductionSum, axis), operands: [value.operands[0]],
          rows: value.rows, columns: value.columns, shape: value.shape), values, spelling)
      let (a, b) = (operands[0], operands[operands.count - 1])
      let other = try (Self.shaped(b.value, like: a.value), Self.shaped(b.error, like: a.value))
      let first = a.value.combined(with: other.1) { $0.magnitude * $1 }
      let second = a.error.combined(with: other.0) { $0 * $1.magnitude }
      let both = a.error.combined(with: other.1, *)
      return try sum([first.adding(second).adding(both)])
    case .unary, .binary:
      // Entries are independent of each other: all are moved at once, to every corner.
      var error = Matrix.zeros(value.rows, value.columns)
      for corner in 0..<(1 << operands.count) {
        let moved = operands.enumerated().map { position, operand in
          operand.value.adding(operand.error, times: corner >> position & 1 == 0 ? 1 : -1)
        }
        error = error.combined(with: try operation(moved).subtracting(result)) {
          max($0, $1.magnitude)
        }
      }
      return error
    case .solve(let kind, let transposed):
      // A(X + δX) = B + δB - δA*X, to the first order; section 7.1.
      let inverse = try self.inverse(of: value.operands[0], kind)
      let size = result.map(\.magnitude)
      let (sizeA, own) = (operands[0].error, transposed ? inverse.transposed : inverse)
      return own.times(
        (transposed ? sizeA.transposed : sizeA).times(size).adding(operands[1].error))
    case .inverse(let kind):
      let inverse = try self.inverse(of: value.operands[0], kind)
      return inverse.times(operands[0].error).times(inverse)
    case .logdet(let kind, _):
      // d log|A| = tr(inv(A)*dA).
      let inverse = try self.inverse(of: value.operands[0], kind)
      return Matrix(inverse.transposed.inner(operands[0].error))
    case .contraction(let form):
      let sum = operands.dropFirst(2).map { Matrix.zeros($0.value.rows, $0.value.columns) }
      let first = try operation([magnitudes(value.operands[0]), operands[1].error] + sum)
      let second = try operation([operands[0].error, operands[1].value.map(\.magnitude)] + sum)
      let both = first.combined(with: second) { $0.magnitude + $1.magnitude }
      return operands.dropFirst(2).reduce(both) { $0.adding($1.error, times: form.beta.magnitude) }
    default: return try movedOneByOne(operation, operands, result)
    }
  }

  /// |inv(A)| of a factorization.
  private func inverse(of factor: Int, _ kind: Listing.Factorization) throws -> Matrix {
    var value = values[factor]
    value.operation = .inverse(kind)
    value.operands = [factor]
    let operation = try Operation(value, values, spelling)
    return try operation([results[factor].value]).map(\.magnitude)
  }

  /// A row as a column, or back.
  private static func shaped(_ x: Matrix, like y: Matrix) throws -> Matrix {
    try #require(Matrix(rows: y.rows, columns: y.columns, values: x.values))
  }

  /// The sum of the changes that each entry of an operand makes.
  private func movedOneByOne(
    _ operation: Operation, _ operands: [Uncertain], _ result: Matrix
  ) throws -> Matrix {
    var total = Matrix.zeros(result.rows, result.columns)
    for position in operands.indices {
      for entry in 0..<operands[position].error.count
      where operands[position].error[entry] > 0 {
        var largest = Matrix.zeros(result.rows, result.columns)
        for sign in [1.0, -1] {
          var moved = operands.map(\.value)
          let step = sign * operands[position].error[entry]
          moved[position].withUnsafeMutableValues { $0[entry] += step }
          largest = largest.combined(with: try operation(moved).subtracting(result)) {
            max($0, $1.magnitude)
          }
        }
        total = total.adding(largest)
      }
    }
    return total
  }

  // MARK: One operation

  /// A program of doubles for one value, and for the factorizations that it uses.
  private struct Operation {
    let program: Program

    init(_ value: Value, _ values: [Value], _ spelling: Spelling) throws {
      var builder = ValueBuilder()
      var single = value
      single.operands = value.operands.enumerated().map { position, operand in
        var input = values[operand]
        let kind = input.operation
        input.operation = .input(position)
        input.operands = []
        let added = builder.add(input)
        guard case .factor = kind else { return added }
        input.operation = kind
        input.operands = [added]
        return builder.add(input)
      }
      let options = Program.Options()
      let inputs = value.operands.enumerated().map { position, operand in
        Program.Argument(
          name: "\(position)", rows: values[operand].rows, columns: values[operand].columns)
      }
      let output = Program.Argument(name: "value", rows: value.rows, columns: value.columns)
      let result = builder.add(single)
      program = try Program(
        ProgramValues(
          variables: inputs.map(\.name), inputs: inputs, outputs: [output],
          narrowing: Narrowing(
            builder, outputs: [result], inputs: [], options: options,
            hasLibrary: DenseLibrary.shared != nil),
          library: .shared, spelling: spelling),
        options: options)
    }

    func callAsFunction(_ operands: [Matrix]) throws -> Matrix {
      var inputs: [String: Matrix] = [:]
      for (position, matrix) in operands.enumerated() { inputs["\(position)"] = matrix }
      return try program(inputs)[0]
    }
  }
}
