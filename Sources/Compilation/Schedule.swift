import CKernels

/// The order in which values are computed, elementwise ones together in passes.
struct Schedule {
  /// What is computed at once.
  struct Unit {
    var members: [Int]
    /// Whether it is a fused pass.
    var isPass: Bool
    /// Whether it is done for each block of a sweep, and of which.
    var sweep: Int?
    /// Beside which others it is done.
    var branch: Branch?
  }

  /// The phase whose units are done side by side, and the one of these that comes after another.
  struct Branch: Equatable {
    var phase: Int
    var lane: Int
  }

  let values: [Value]
  let blocking: Blocking
  private(set) var units: [Unit] = []
  /// The unit of each value; nil where nothing is computed.
  private(set) var unitOf: [Int?]

  /// More operands than this make a second pass.
  private static let passLimit = 20

  init(_ values: [Value], outputs: [Int], blocking: Blocking) {
    self.values = values
    self.blocking = blocking
    unitOf = [Int?](repeating: nil, count: values.count)
    var needed = [Bool](repeating: false, count: values.count)
    for output in outputs { needed[output] = true }
    for index in values.indices.reversed() where needed[index] {
      for operand in values[index].operands { needed[operand] = true }
    }
    let computed = values.indices.filter { needed[$0] && !isStored($0) }
    makeUnits(computed, stages(computed))
  }

  /// The same units in another order that is possible, or side by side.
  func reordered(_ units: [Unit]) -> Schedule {
    var copy = self
    copy.units = units
    for (position, unit) in units.enumerated() {
      for member in unit.members { copy.unitOf[member] = position }
    }
    return copy
  }

  // MARK: Values

  /// The value whose entries these are.
  func base(_ index: Int) -> Int {
    values[index].operation == .reshape ? values[index].operands[0] : index
  }

  /// Whether a value takes no computation.
  func isStored(_ index: Int) -> Bool {
    switch values[index].operation {
    case .input, .constant, .reshape: true
    default: false
    }
  }

  /// The rows and columns that a pass for an elementwise value or a reduction runs over; those of
  /// a row vector as those of a column.
  func domain(_ index: Int) -> [Int] {
    let value = values[index].isReduction ? values[values[index].operands[0]] : values[index]
    return value.rows == 1 ? [value.columns, 1] : [value.rows, value.columns]
  }

  private func isPassMember(_ index: Int) -> Bool {
    values[index].isElementwise || values[index].isReduction
  }

  // MARK: Stages

  /// 1 where an operand must be finished before its use begins, 0 where both go in one pass.
  private func distance(_ operand: Int, _ user: Int) -> Int {
    let source = base(operand)
    guard isPassMember(user), values[source].isElementwise, domain(source) == domain(user),
      source == operand || domain(source)[1] == 1, sameSweep(source, user)
    else { return 1 }
    return 0
  }

  private func sameSweep(_ a: Int, _ b: Int) -> Bool {
    blocking.levels[a] == blocking.levels[b] && isSwept(a) == isSwept(b)
  }

  private func isSwept(_ index: Int) -> Bool { blocking.kinds[index] != .whole }

  private func stages(_ computed: [Int]) -> [Int] {
    var stage = [Int](repeating: 0, count: values.count)
    for index in computed {
      for operand in values[index].operands where !isStored(base(operand)) {
        stage[index] = max(stage[index], stage[base(operand)] + distance(operand, index))
      }
    }
    // Elementwise values are computed where they are used first.
    var latest = [Int](repeating: .max, count: values.count)
    for index in computed.reversed() {
      if isPassMember(index), latest[index] != .max { stage[index] = latest[index] }
      for operand in values[index].operands where sameSweep(base(operand), index) {
        let source = base(operand)
        latest[source] = min(latest[source], stage[index] - distance(operand, index))
      }
    }
    return stage
  }

  // MARK: Units

  private mutating func makeUnits(_ computed: [Int], _ stage: [Int]) {
    func key(_ index: Int) -> [Int] {
      let group = isPassMember(index) ? [0] + domain(index) : [1, index, 0]
      return [blocking.levels[index], isSwept(index) ? 1 : 0, stage[index]] + group
    }
    let keyed = computed.map { (key: key($0), index: $0) }
      .sorted {
        $0.key == $1.key ? $0.index < $1.index : $0.key.lexicographicallyPrecedes($1.key)
      }
    var last: [Int] = []
    var operands: Set<Int> = []
    for (key, index) in keyed {
      let isPass = isPassMember(index)
      let own = Set(values[index].operands.map(base) + [index])
      if isPass, key == last, operands.union(own).count <= Self.passLimit {
        units[units.count - 1].members.append(index)
        operands.formUnion(own)
      } else {
        units.append(
          Unit(
            members: [index], isPass: isPass,
            sweep: isSwept(index) ? blocking.levels[index] : nil))
        operands = own
        last = isPass ? key : []
      }
      unitOf[index] = units.count - 1
    }
  }
}
