import CKernels
import ExpressionCore

/// Which values are computed block of samples by block of samples, so that data with many samples,
/// in rows or in columns, are read once for all that is made of them.
///
/// Most of an objective and its gradient works on each sample by itself (`f(X*w)`), or adds up over
/// samples (`X'*r`, `sum(r)`). Values of the first kind exist for one block at a time. Where a
/// sample needs a total, another sweep follows: each has a level.
struct Blocking {
  enum Kind {
    /// Neither: computed once, between the sweeps.
    case whole
    /// Sample by sample.
    case samples
    /// Added up over the blocks.
    case total
    /// What a total is so far: a number that changes with the blocks.
    case running
  }

  /// Where the samples of a matrix lie; those of a vector are rows.
  enum Side {
    case rows
    case columns
  }

  /// By value.
  private(set) var kinds: [Kind]
  /// The sweep that computes a value, or before which it is computed.
  private(set) var levels: [Int]
  /// The maximum that a total is relative to while it is added up: by value, the one that follows it.
  private(set) var relativeTo: [Int?]
  /// Whether all maxima are followed that the values ask for.
  private(set) var followsMaxima = false
  /// The number of samples; nil where nothing is blocked.
  private(set) var count: Int?
  /// The samples of a block.
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
    relativeTo = [Int?](repeating: nil, count: values.count)
    guard blockBytes != nil else { return }
    for (dimension, count) in candidates(values) {
      self.dimension = dimension
      classify(values, dimension)
      sink(values, outputs)
      if let block = blockSize(values, count), repays(values) {
        self.count = count
        self.block = block
        followsMaxima = findRelatives(values)
        return
      }
    }
    dimension = nil
    kinds = kinds.map { _ in .whole }
    levels = kinds.map { _ in 0 }
  }

  /// Where the samples of a value lie, if it has them.
  func side(_ value: Value) -> Side? {
    dimension.flatMap { Self.side(value, $0) }
  }

  // MARK: The dimension

  /// The dimensions of data that are larger than the cache, those of the largest data first: what
  /// counts rows before what counts columns alone.
  private func candidates(_ values: [Value]) -> [(dimension: Dim, count: Int)] {
    var found: [(dimension: Dim, count: Int, bytes: Int)] = []
    let data = values.indices.filter { isLarge(values, $0) }.map { values[$0] }.filter {
      !$0.isVector && $0.shape.rows != $0.shape.columns
    }
    let sides = data.map { ($0.shape.rows, $0.rows) } + data.map { ($0.shape.columns, $0.columns) }
    for (dimension, count) in sides where !found.contains(where: { $0.dimension == dimension }) {
      let own = data.filter { Self.side($0, dimension) != nil }
      found.append((dimension, count, own.reduce(0) { $0 + 8 * $1.count }))
    }
    let rows = Set(data.map(\.shape.rows))
    return [true, false].flatMap { isRow in
      found.filter { rows.contains($0.dimension) == isRow && $0.bytes > cacheSize / 2 }
        .sorted { $0.bytes > $1.bytes }.map { ($0.dimension, $0.count) }
    }
  }

  /// Where the dimension counts something.
  private static func side(_ value: Value, _ dimension: Dim) -> Side? {
    let (rows, columns) = (value.shape.rows, value.shape.columns)
    guard rows == dimension || columns == dimension, rows != columns else { return nil }
    return rows == dimension || value.rows == 1 ? .rows : .columns
  }

  // MARK: Classes

  private mutating func classify(_ values: [Value], _ dimension: Dim) {
    for (index, value) in values.enumerated() {
      let side = Self.side(value, dimension)
      func sideOf(_ operand: Int) -> Side? { Self.side(values[operand], dimension) }
      let kind: Kind
      switch value.operation {
      case .input: kind = side != nil ? .samples : .whole
      case .reshape:
        // A column as a row, or back.
        let operand = value.operands[0]
        kind =
          side != nil && sideOf(operand) != nil && values[operand].isVector ? .samples : .whole
      case .transpose: kind = side != nil ? .samples : .whole
      case .patches: kind = side == .rows && sideOf(value.operands[0]) == nil ? .samples : .whole
      case .running: kind = kinds[value.operands[0]] == .total ? .running : .whole
      case .unary, .binary: kind = side != nil && value.constant == nil ? .samples : .whole
      case .reduction(_, let axis):
        let sides = Set(value.operands.map { sideOf($0) })
        let along = axis == .columns ? Side.rows : .columns
        if axis != .all, sides == [along] {
          kind = .samples
        } else {
          kind = sides.contains(nil) ? .whole : .total
        }
      case .product(let form):
        let product = productKind(value, form, side)
        let continues = form.beta == 0 || (product == .samples && sideOf(value.operands[2]) == side)
        kind = continues ? product : .whole
      default: kind = .whole
      }
      // What holds no sample at all has nothing to sweep over.
      kinds[index] = kind
      levels[index] =
        value.operands.map { operand in
          let finished = kinds[operand] != .whole && !isData(values, operand)
          switch kind {
          case .whole: return levels[operand] + (finished ? 1 : 0)
          case .samples, .total: return levels[operand] + (kinds[operand] == .total ? 1 : 0)
          case .running: return levels[operand]
          }
        }.max() ?? 0
    }

    func productKind(
      _ value: Value, _ form: Value.ProductForm, _ result: Side?
    ) -> Kind {
      func sideOf(_ operand: Int, _ isTransposed: Bool) -> Side? {
        guard let side = Self.side(values[operand], dimension) else { return nil }
        return (side == .rows) != isTransposed ? .rows : .columns
      }
      switch (
        sideOf(value.operands[0], form.transposesLeft),
        sideOf(value.operands[1], form.transposesRight)
      ) {
      case (.columns, .rows): return .total
      case (.rows, nil), (nil, .columns): return result != nil ? .samples : .whole
      default: return .whole
      }
    }
  }

  /// Finds what each total is relative to; false where something that is relative to a maximum so far
  /// outlives its block.
  private mutating func findRelatives(_ values: [Value]) -> Bool {
    var relative = [Int?](repeating: nil, count: values.count)
    for (index, value) in values.enumerated() {
      if value.operation == .running {
        guard kinds[index] == .running else { return false }
        relative[index] = index
        continue
      }
      let found = Set(value.operands.compactMap { kinds[$0] == .total ? nil : relative[$0] })
      guard let maximum = found.first else { continue }
      guard found.count == 1, kinds[index] == .samples || kinds[index] == .total,
        levels[index] == levels[maximum]
      else { return false }
      relative[index] = maximum
      if kinds[index] == .total { relativeTo[index] = maximum }
    }
    return true
  }

  /// What a sweep reads or would otherwise store: data, and the patches of an image.
  private func isLarge(_ values: [Value], _ index: Int) -> Bool {
    if case .patches = values[index].operation { return true }
    return isData(values, index)
  }

  private func isData(_ values: [Value], _ index: Int) -> Bool {
    if case .input = values[index].operation { return true }
    return false
  }

  /// Computes samples in the sweep that uses them, where that is a later one.
  private mutating func sink(_ values: [Value], _ outputs: [Int]) {
    var latest = [Int](repeating: .max, count: values.count)
    for output in outputs { latest[output] = 0 }
    for index in values.indices.reversed() {
      if kinds[index] == .samples, latest[index] != .max, latest[index] > levels[index] {
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
      $0 + (kinds[$1] == .samples && values[$1].operation != .reshape ? width(values[$1]) : 0)
    }
    guard total > 0 else { return nil }
    let fitting = cacheSize / (8 * total) / 8 * 8
    let isLarge = largestInner(values) > 64 || largestRepeated(values) > 1 << 14
    // Shorter pieces of columns are read slowly, if a cache of the second level has room for them.
    let least = isLarge ? 256 : Swift.max(64, Swift.min(256, 2 * fitting))
    let block = Swift.min(Swift.max(fitting, least), 8192)
    return block < count ? block : nil
  }

  /// The entries of a sample.
  func width(_ value: Value) -> Int {
    if value.isVector { return 1 }
    return value.shape.rows == dimension ? value.columns : value.rows
  }

  /// The smallest size of the largest product of matrices in a sweep.
  private func largestInner(_ values: [Value]) -> Int {
    values.indices.reduce(0) { largest, index in
      guard case .product(let form) = values[index].operation, kinds[index] != .whole else {
        return largest
      }
      let left = values[values[index].operands[0]]
      let inner = form.transposesLeft ? left.rows : left.columns
      return Swift.max(
        largest, Swift.min(values[index].rows, values[index].columns, inner))
    }
  }

  /// The entries of the largest whole matrix that samples are multiplied by: a product packs it again
  /// for every block.
  private func largestRepeated(_ values: [Value]) -> Int {
    values.indices.reduce(0) { largest, index in
      guard case .product = values[index].operation, kinds[index] == .samples else {
        return largest
      }
      let whole = values[index].operands.filter { side(values[$0]) == nil }
      return whole.reduce(largest) { Swift.max($0, values[$1].count) }
    }
  }

  /// Whether some data is used twice, or large values between need not be stored.
  private func repays(_ values: [Value]) -> Bool {
    var uses: [Int: Int] = [:]
    var between = 0
    for index in values.indices where kinds[index] != .whole {
      if kinds[index] == .samples, !isLarge(values, index) { between += width(values[index]) }
      for operand in values[index].operands where isLarge(values, operand) {
        if !values[operand].isVector { uses[operand, default: 0] += 1 }
      }
    }
    return uses.values.contains { $0 > 1 } || between > 8
  }
}
