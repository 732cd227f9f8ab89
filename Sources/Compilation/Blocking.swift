import CKernels
import ExpressionCore

/// Which values are computed block of rows by block of rows, so that data with many rows is read
/// once for all that is made of it.
///
/// With samples in rows, most of an objective and its gradient works on each row by itself
/// (`f(X*w)`), or adds up over rows (`X'*r`, `sum(r)`). Values of the first kind exist for one
/// block at a time. Where a row needs a total, another sweep follows: each has a level.
struct Blocking {
  enum Kind {
    /// Neither: computed once, between the sweeps.
    case whole
    /// Row by row.
    case rows
    /// Added up over the blocks.
    case total
  }

  /// By value.
  private(set) var kinds: [Kind]
  /// The sweep that computes a value, or before which it is computed.
  private(set) var levels: [Int]
  /// The number of rows; nil where nothing is blocked.
  private(set) var rows: Int?
  private(set) var block = 0
  private var dimension: Dim?

  /// The bytes of a block that a second-level cache keeps.
  static let cacheSize = 1 << 19
  private let cacheSize: Int

  /// - Parameter blockBytes: nil where nothing is blocked.
  init(_ values: [Value], outputs: [Int], blockBytes: Int?) {
    cacheSize = blockBytes ?? 0
    kinds = [Kind](repeating: .whole, count: values.count)
    levels = [Int](repeating: 0, count: values.count)
    guard blockBytes != nil else { return }
    var best: (dimension: Dim, bytes: Int)?
    for dimension in Self.candidates(values) {
      let bytes = Self.data(values, dimension).reduce(0) { $0 + 8 * values[$1].count }
      if bytes > best?.bytes ?? (cacheSize / 2) { best = (dimension, bytes) }
    }
    guard let dimension = best?.dimension,
      let count = values.first(where: { $0.shape.rows == dimension })?.rows
    else { return }
    classify(values, dimension)
    sink(values, outputs)
    guard let block = blockSize(values, count), repays(values) else {
      kinds = [Kind](repeating: .whole, count: values.count)
      levels = kinds.map { _ in 0 }
      return
    }
    rows = count
    self.block = block
    self.dimension = dimension
  }

  /// Whether a value has the rows that the sweeps run over.
  func hasRows(_ value: Value) -> Bool {
    dimension.map { Self.hasRows(value, $0) } ?? false
  }

  // MARK: The dimension

  private static func candidates(_ values: [Value]) -> [Dim] {
    var result: [Dim] = []
    for value in values {
      if case .input = value.operation, !value.isVector, !result.contains(value.shape.rows) {
        result.append(value.shape.rows)
      }
    }
    return result
  }

  /// The matrices of data whose rows the dimension counts.
  private static func data(_ values: [Value], _ dimension: Dim) -> [Int] {
    values.indices.filter {
      if case .input = values[$0].operation {
        return !values[$0].isVector && hasRows(values[$0], dimension)
      }
      return false
    }
  }

  /// Whether the dimension counts the rows, or the entries of a row vector.
  private static func hasRows(_ value: Value, _ dimension: Dim) -> Bool {
    let (rows, columns) = (value.shape.rows, value.shape.columns)
    return rows == dimension && columns != dimension || value.rows == 1 && columns == dimension
  }

  // MARK: Classes

  private mutating func classify(_ values: [Value], _ dimension: Dim) {
    for (index, value) in values.enumerated() {
      let byRows = Self.hasRows(value, dimension)
      func isBlocked(_ operand: Int) -> Bool { Self.hasRows(values[operand], dimension) }
      let kind: Kind
      switch value.operation {
      case .input: kind = byRows ? .rows : .whole
      case .reshape:
        // A column as a row, or back.
        let operand = value.operands[0]
        kind = byRows && isBlocked(operand) && values[operand].isVector ? .rows : .whole
      case .unary, .binary: kind = byRows && value.constant == nil ? .rows : .whole
      case .reduction(_, .columns): kind = byRows ? .rows : .whole
      case .reduction: kind = value.operands.allSatisfy(isBlocked) ? .total : .whole
      case .product(let form) where form.beta == 0:
        let (a, b) = (value.operands[0], value.operands[1])
        if form.transposesLeft {
          kind = !form.transposesRight && isBlocked(a) && isBlocked(b) ? .total : .whole
        } else {
          kind = isBlocked(a) && !isBlocked(b) && byRows ? .rows : .whole
        }
      default: kind = .whole
      }
      // What holds no row at all has nothing to sweep over.
      kinds[index] = kind
      levels[index] =
        value.operands.map { operand in
          let finished = kinds[operand] != .whole && !isData(values, operand)
          switch kind {
          case .whole: return levels[operand] + (finished ? 1 : 0)
          case .rows, .total: return levels[operand] + (kinds[operand] == .total ? 1 : 0)
          }
        }.max() ?? 0
    }
  }

  private func isData(_ values: [Value], _ index: Int) -> Bool {
    if case .input = values[index].operation { return true }
    return false
  }

  /// Computes rows in the sweep that uses them, where that is a later one.
  private mutating func sink(_ values: [Value], _ outputs: [Int]) {
    var latest = [Int](repeating: .max, count: values.count)
    for output in outputs { latest[output] = 0 }
    for index in values.indices.reversed() {
      if kinds[index] == .rows, latest[index] != .max, latest[index] > levels[index] {
        levels[index] = latest[index]
      }
      for operand in values[index].operands {
        latest[operand] = min(
          latest[operand], kinds[index] == .whole ? levels[index] - 1 : levels[index])
      }
    }
  }

  // MARK: Whether and how

  private func blockSize(_ values: [Value], _ count: Int) -> Int? {
    let total = values.indices.reduce(0) {
      $0 + (kinds[$1] == .rows && values[$1].operation != .reshape ? width(values[$1]) : 0)
    }
    guard total > 0 else { return nil }
    let fitting = cacheSize / (8 * total) / 8 * 8
    let block = Swift.min(Swift.max(fitting, largestInner(values) > 64 ? 256 : 64), 8192)
    return block < count ? block : nil
  }

  private func width(_ value: Value) -> Int { value.rows == 1 ? 1 : value.columns }

  /// The smaller size of the largest product of matrices among the rows.
  private func largestInner(_ values: [Value]) -> Int {
    values.indices.reduce(0) { largest, index in
      guard case .product = values[index].operation, kinds[index] != .whole else { return largest }
      return Swift.max(
        largest, Swift.min(width(values[values[index].operands[0]]), values[index].columns))
    }
  }

  /// Whether some data is used twice, or large values between need not be stored.
  private func repays(_ values: [Value]) -> Bool {
    var uses: [Int: Int] = [:]
    var between = 0
    for index in values.indices where kinds[index] != .whole {
      if kinds[index] == .rows, !isData(values, index) { between += width(values[index]) }
      for operand in values[index].operands where isData(values, operand) {
        if !values[operand].isVector { uses[operand, default: 0] += 1 }
      }
    }
    return uses.values.contains { $0 > 1 } || between > 8
  }
}
