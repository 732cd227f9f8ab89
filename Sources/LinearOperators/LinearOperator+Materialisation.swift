import Evaluation

extension LinearOperator {
  /// The m×n matrix. Throws `tooLarge` before memory is taken.
  public func materialise(
    maximumEntries: Int = Workspace().maximumEntries
  ) throws(LinearOperatorError) -> Matrix {
    var workspace = Workspace(maximumEntries: maximumEntries)
    return try materialised(in: &workspace)
  }

  /// The same, counted and limited.
  public func materialised(in workspace: inout Workspace) throws(LinearOperatorError) -> Matrix {
    if case .dense(let matrix) = structure { return matrix }
    try workspace.reserve(rows, columns)
    var result = Matrix.zeros(rows, columns)
    try add(to: &result, times: 1, in: &workspace)
    return result
  }

  /// Adds a multiple of the operator to a matrix of its size, without a second one where the
  /// structure allows.
  private func add(
    to result: inout Matrix, times c: Double, in workspace: inout Workspace
  ) throws(LinearOperatorError) {
    switch structure {
    case .zero: return
    case .scaledIdentity(let d): for i in 0..<rows { result[i, i] += c * d }
    case .diagonal(let entries): for i in 0..<rows { result[i, i] += c * entries[i] }
    case .dense(let matrix): result.add(matrix, times: c)
    case .selection(let selection):
      for (row, place) in selection.places.enumerated() {
        result[selection.isTransposed ? place : row, selection.isTransposed ? row : place] += c
      }
    case .scaled(let d, let x): try x.add(to: &result, times: c * d, in: &workspace)
    case .sum(let terms): for term in terms { try term.add(to: &result, times: c, in: &workspace) }
    case .kronecker(let a, let b):
      let (a, b) = (try a.materialised(in: &workspace), try b.materialised(in: &workspace))
      workspace.count(a.count, b.count)
      result.addKronecker(a, b, times: c)
    case .product(let factors): result.add(try Self.multiplied(factors, &workspace), times: c)
    case .khatriRao, .blocks, .inverse, .map:
      result.add(try apply(to: Matrix.identity(columns), in: &workspace), times: c)
    }
  }

  /// The product as a matrix, from the end that keeps the intermediate ones small.
  private static func multiplied(
    _ factors: [LinearOperator], _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    guard let first = factors.first, let last = factors.last else { return Matrix(1) }
    if first.rows < last.columns {
      let turned = factors.reversed().map(\.transposed)
      return try multiplied(turned, &workspace).transposed
    }
    var result = try last.materialised(in: &workspace)
    for factor in factors.dropLast().reversed() {
      result = try factor.apply(to: result, in: &workspace)
    }
    return result
  }

  /// The entry in row i and column j, from 0, where the structure tells it at once.
  func entry(_ i: Int, _ j: Int) -> Double? {
    switch structure {
    case .zero: return 0
    case .scaledIdentity(let c): return i == j ? c : 0
    case .diagonal(let entries): return i == j ? entries[i] : 0
    case .dense(let matrix): return matrix[i, j]
    case .selection(let selection): return selection.entry(i, j)
    case .scaled(let c, let x): return x.entry(i, j).map { c * $0 }
    case .kronecker(let a, let b):
      guard let p = a.entry(i / b.rows, j / b.columns), let q = b.entry(i % b.rows, j % b.columns)
      else { return nil }
      return p * q
    case .khatriRao(let a, let b, let isTransposed):
      let (row, column) = isTransposed ? (j, i) : (i, j)
      guard let p = a.entry(row / b.rows, column), let q = b.entry(row % b.rows, column) else {
        return nil
      }
      return p * q
    case .sum(let terms):
      var total = 0.0
      for term in terms {
        guard let entry = term.entry(i, j) else { return nil }
        total += entry
      }
      return total
    case .product, .blocks, .inverse, .map: return nil
    }
  }
}

extension Matrix {
  /// Adds a multiple of a matrix of the same size in place.
  mutating func add(_ other: Matrix, times c: Double) {
    withUnsafeMutableValues { target in
      other.withUnsafeValues { source in
        for i in target.indices { target[i] += c * source[i] }
      }
    }
  }

  /// Adds `c*(A ⊗ B)` in place.
  mutating func addKronecker(_ a: Matrix, _ b: Matrix, times c: Double) {
    let height = rows
    withUnsafeMutableValues { target in
      a.withUnsafeValues { p in
        b.withUnsafeValues { q in
          for j in 0..<a.columns {
            for l in 0..<b.columns {
              let column = (j * b.columns + l) * height
              for i in 0..<a.rows {
                let factor = c * p[j * a.rows + i]
                if factor == 0 { continue }
                let start = column + i * b.rows
                for k in 0..<b.rows { target[start + k] += factor * q[l * b.rows + k] }
              }
            }
          }
        }
      }
    }
  }
}
