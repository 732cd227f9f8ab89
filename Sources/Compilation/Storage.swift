/// Where every value of a schedule lies: in the caller's memory, or in a workspace whose parts are
/// used again as soon as what they hold is not needed any more.
struct Storage {
  private let schedule: Schedule
  private let values: [Value]
  /// The output that a value is computed into.
  private(set) var output: [Int?]
  /// The offset in the workspace, or for values of a block in that of a part, by value.
  private var offset: [Int?]
  /// The offset of what a part of a divided sweep adds up, by value.
  private var partOffset: [Int?]
  /// For a value that goes on from another one's memory: that one.
  private(set) var continues: [Int?]
  /// Whether a value exists for one block of samples at a time.
  private(set) var isBlockLocal: [Bool]
  /// Whether a value is in memory, not only in a tile of a pass.
  private(set) var isInMemory: [Bool]
  /// The entries of the workspace, and of what each part of a divided sweep has for itself.
  private(set) var size: Int
  private(set) var partSize = 0
  /// Numbers in the workspace that never change, by value: the first is 1.
  private(set) var constants: [(offset: Int, count: Int, value: Double)] = []
  private var constantOffset: [Int?]

  /// The last unit that uses each value; the number of units for outputs.
  private(set) var lastUse: [Int]
  private(set) var uses: [Int]
  /// The unit that computes each value: of pairs, that of the first.
  private var firstUnit: [Int]

  /// Whether the caller's memory holds floats.
  let isNarrow: Bool

  /// Whether sweeps run in parts, which have memory of their own for a block and for totals.
  let isDivided: Bool
  /// The space of a part's own memory: after the workspace, the inputs and the outputs.
  private let partSpace: Int32
  private let inputs: Int

  static let alignment = 8

  /// - Parameters:
  ///   - inputs: How many there are.
  ///   - pairs: the unit that is done together with an earlier one, by unit.
  init(
    _ schedule: Schedule, inputs: Int, outputs: [Int], pairs: [Int: Int], isNarrow: Bool,
    isDivided: Bool
  ) {
    self.isNarrow = isNarrow
    self.isDivided = isDivided
    self.inputs = inputs
    partSpace = Int32(1 + inputs + outputs.count)
    self.schedule = schedule
    values = schedule.values
    let count = values.count
    output = [Int?](repeating: nil, count: count)
    offset = [Int?](repeating: nil, count: count)
    partOffset = offset
    continues = [Int?](repeating: nil, count: count)
    isBlockLocal = [Bool](repeating: false, count: count)
    isInMemory = [Bool](repeating: false, count: count)
    constantOffset = [Int?](repeating: nil, count: count)
    lastUse = [Int](repeating: -1, count: count)
    uses = [Int](repeating: 0, count: count)
    firstUnit = schedule.unitOf.map { $0.map { pairs[$0] ?? $0 } ?? -1 }
    size = Self.alignment
    constants.append((0, 1, 1))
    collectUses(outputs)
    findBlockLocals(outputs)
    placeConstants()
    assignOutputs(outputs)
    findContinuations()
    allocate()
  }

  // MARK: Uses

  private mutating func collectUses(_ outputs: [Int]) {
    for (unit, members) in schedule.units.map(\.members).enumerated() {
      for member in members {
        for operand in values[member].operands {
          let base = schedule.base(operand)
          uses[base] += 1
          lastUse[base] = max(lastUse[base], unit)
          if schedule.unitOf[base] != unit { isInMemory[base] = true }
        }
        if !schedule.units[unit].isPass || values[member].isReduction { isInMemory[member] = true }
      }
    }
    for value in outputs {
      let base = schedule.base(value)
      uses[base] += 1
      isInMemory[base] = true
      lastUse[base] = schedule.units.count
    }
  }

  private mutating func findBlockLocals(_ outputs: [Int]) {
    var local = values.indices.map { index in
      schedule.blocking.kinds[index] == .samples && schedule.unitOf[index] != nil
    }
    for output in outputs { local[schedule.base(output)] = false }
    for unit in schedule.units {
      for member in unit.members {
        for operand in values[member].operands.map(schedule.base) where local[operand] {
          let own = schedule.unitOf[operand].flatMap { schedule.units[$0].sweep }
          if unit.sweep == nil || unit.sweep != own { local[operand] = false }
        }
      }
    }
    isBlockLocal = local
  }

  private mutating func placeConstants() {
    for index in values.indices {
      guard let value = values[index].constant, isInMemory[index] else { continue }
      let isUsedOutsidePasses = schedule.units.contains { unit in
        !unit.isPass && unit.members.contains { values[$0].operands.contains(index) }
      }
      guard isUsedOutsidePasses else { continue }
      let count = values[index].count
      constantOffset[index] = size
      constants.append((size, count, value))
      size += Self.rounded(count)
    }
  }

  private mutating func assignOutputs(_ outputs: [Int]) {
    for (position, value) in outputs.enumerated() {
      let base = schedule.base(value)
      if schedule.unitOf[base] != nil, output[base] == nil { output[base] = position }
    }
  }

  /// The operand that a product, a sum of Kronecker products or a diagonal is added to.
  static func accumulated(_ value: Value) -> Int? {
    switch value.operation {
    case .product(let form) where form.beta != 0: value.operands.last
    case .kronecker(_, let beta) where beta != 0: value.operands.last
    case .contraction(let form) where form.beta != 0: value.operands.last
    case .plusDiagonal: value.operands.first
    default: nil
    }
  }

  private mutating func findContinuations() {
    for index in values.indices {
      guard let unit = schedule.unitOf[index], let operand = Self.accumulated(values[index])
      else { continue }
      let base = schedule.base(operand)
      guard schedule.unitOf[base] != nil, lastUse[base] == unit, output[base] == nil,
        values[index].operands.filter({ schedule.base($0) == base }).count == 1,
        isBlockLocal[base] == isBlockLocal[index]
      else { continue }
      // What a sweep has added up may go on after it.
      let sweep = schedule.units[unit].sweep
      guard sweep == nil || sweep == schedule.unitOf[base].flatMap({ schedule.units[$0].sweep })
      else { continue }
      // Another branch may read it at the same time.
      guard !isRead(base, beside: schedule.units[unit].branch) else { continue }
      continues[index] = base
    }
  }

  private func isRead(_ value: Int, beside branch: Schedule.Branch?) -> Bool {
    guard let branch else { return false }
    return schedule.units.contains { unit in
      unit.branch?.phase == branch.phase && unit.branch != branch
        && unit.members.contains { member in
          values[member].operands.contains { schedule.base($0) == value }
        }
    }
  }

  // MARK: Allocation

  static func rounded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

  /// The value whose memory a value has.
  private func owner(_ index: Int) -> Int {
    var index = index
    while let earlier = continues[index] { index = earlier }
    return index
  }

  private mutating func allocate() {
    let sweeps = spans { $0.sweep }
    let phases = spans { $0.branch?.phase }
    var births = [[Int]](repeating: [], count: schedule.units.count)
    var deaths = [Int](repeating: -1, count: values.count)
    var target = output
    for index in values.indices where schedule.unitOf[index] != nil && isInMemory[index] {
      let owner = owner(index)
      if let position = output[index] { target[owner] = position }
      var last = max(lastUse[index], firstUnit[index])
      var first = firstUnit[index]
      if !isBlockLocal[index] {
        // What outlives a block is alive during the whole sweep.
        if let range = sweeps[first] ?? phases[first] { first = range.lowerBound }
        if last < schedule.units.count, let range = sweeps[last] ?? phases[last] {
          last = range.upperBound - 1
        }
      }
      deaths[owner] = max(deaths[owner], last)
      if owner == index { births[first].append(index) }
    }
    output = target
    let first = Self.rounded(constants.map { $0.offset + $0.count }.max() ?? 0)
    var (arena, part) = (Arena(first: first), Arena(first: 0))
    for unit in schedule.units.indices {
      arena.release(before: unit)
      part.release(before: unit)
      for index in births[unit] {
        if let sweep = sweeps[unit], isTotalOfPart(index) {
          partOffset[index] = part.place(entries(index), until: sweep.upperBound - 1)
        }
        guard output[index] == nil else { continue }
        if isOfPart(index) {
          offset[index] = part.place(entries(index), until: deaths[index])
        } else {
          offset[index] = arena.place(entries(index), until: deaths[index])
        }
      }
    }
    size = max(size, arena.size)
    partSize = part.size
  }

  /// Memory that is used again after the last use of what it holds.
  private struct Arena {
    /// The first entry that is free at all.
    let first: Int
    private(set) var size = 0
    private var live: [(offset: Int, size: Int, death: Int)] = []

    init(first: Int) { self.first = first }

    mutating func release(before unit: Int) { live.removeAll { $0.death < unit } }

    mutating func place(_ count: Int, until death: Int) -> Int {
      let needed = Storage.rounded(count)
      var start = first
      var position = live.count
      for (i, block) in live.enumerated() {
        if block.offset - start >= needed {
          position = i
          break
        }
        start = max(start, block.offset + block.size)
      }
      live.insert((start, needed, death), at: position)
      size = max(size, start + needed)
      return start
    }
  }

  /// Whether each part of a divided sweep has its own.
  private func isOfPart(_ index: Int) -> Bool {
    isDivided && (isBlockLocal[index] || schedule.blocking.kinds[index] == .running)
  }

  /// Whether each part of a divided sweep adds up its own, to be combined afterwards.
  func isTotalOfPart(_ index: Int) -> Bool {
    isDivided && schedule.blocking.kinds[index] == .total && schedule.unitOf[index] != nil
  }

  /// The bytes of a matrix that leaves no cache to anything else.
  private static let streamedBytes = 1 << 23

  /// Whether a value is a large output that nothing reads again, but for its diagonal.
  func isStreamed(_ index: Int) -> Bool {
    guard 8 * values[index].count >= Self.streamedBytes, output[owner(index)] != nil else {
      return false
    }
    return schedule.units.allSatisfy { unit in
      unit.members.allSatisfy { member in
        !values[member].operands.contains { schedule.base($0) == index }
          || values[member].operation == .plusDiagonal && continues[member] == index
      }
    }
  }

  private func entries(_ index: Int) -> Int {
    if values[index].operation == .running { return Instruction.runningState }
    guard isBlockLocal[index] else { return values[index].count }
    return schedule.blocking.block * schedule.blocking.width(values[index])
  }

  /// For each unit of a sweep, or of a phase of branches, the units of it.
  private func spans(_ key: (Schedule.Unit) -> Int?) -> [Range<Int>?] {
    var result = [Range<Int>?](repeating: nil, count: schedule.units.count)
    var start = 0
    while start < schedule.units.count {
      guard let own = key(schedule.units[start]) else {
        start += 1
        continue
      }
      var end = start
      while end < schedule.units.count, key(schedule.units[end]) == own { end += 1 }
      for unit in start..<end { result[unit] = start..<end }
      start = end
    }
    return result
  }

  // MARK: Addresses

  /// Where a value begins; in a sweep, from the sample that it is at.
  ///
  /// - Parameter sweep: nil outside of sweeps.
  func address(of index: Int, sweep: Int?) -> Address {
    let base = schedule.base(index)
    var stride = 0
    if sweep != nil, !isBlockLocal[base], let side = schedule.blocking.side(values[base]) {
      stride = side == .columns ? values[base].rows : 1
    }
    if case .input(let variable) = values[base].operation {
      return Address(
        space: Int32(1 + variable), offset: 0, stride: stride, isNarrow: isNarrow)
    }
    if let offset = constantOffset[base] { return Address(offset: offset) }
    if let sweep, let offset = partOffset[base], schedule.blocking.levels[base] == sweep {
      return Address(space: partSpace, offset: offset)
    }
    let owner = owner(base)
    if let output = output[owner] {
      return Address(
        space: Int32(1 + inputs + output), offset: 0, stride: stride, isNarrow: isNarrow)
    }
    return Address(
      space: isOfPart(base) ? partSpace : 0, offset: offset[owner] ?? 0,
      stride: stride)
  }

  /// The distance of columns; negative for that of the block.
  func leading(of index: Int) -> Int {
    let base = schedule.base(index)
    if isBlockLocal[base], schedule.blocking.side(values[base]) == .rows { return -1 }
    return values[index].rows
  }
}
