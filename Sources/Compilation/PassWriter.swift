import CKernels

/// Writes the elementwise values and reductions of one unit as a fused pass.
struct PassWriter {
  let schedule: Schedule
  let storage: Storage
  private let unit: Schedule.Unit
  private let domain: [Int]
  private(set) var operands: [FKOperand] = []
  private(set) var steps: [FKStep] = []
  private(set) var slots: [Address] = []
  /// The operand of each value that has one.
  private var operandOf: [Int: Int32] = [:]
  private var tiles = 0
  private var freeTiles: [Int] = []
  private var lastStep: [Int: Int] = [:]
  /// Products that a sum takes in.
  private var absorbed: Set<Int> = []

  init(_ unit: Schedule.Unit, _ schedule: Schedule, _ storage: Storage) {
    self.unit = unit
    self.schedule = schedule
    self.storage = storage
    domain = schedule.domain(unit.members[0])
    findAbsorbed()
    for (step, member) in unit.members.enumerated() {
      for operand in schedule.values[member].operands { lastStep[schedule.base(operand)] = step }
    }
    for product in absorbed {
      guard let user = unit.members.firstIndex(where: { uses(product, $0) }) else { continue }
      for operand in schedule.values[product].operands {
        let base = schedule.base(operand)
        lastStep[base] = max(lastStep[base] ?? 0, user)
      }
    }
    for (step, member) in unit.members.enumerated() where !absorbed.contains(member) {
      write(member)
      release(after: step)
    }
  }

  var tileCount: Int { tiles }
  /// As long as all tiles together stay in the first-level cache.
  var tileLength: Int { min(max(4096 / max(tiles, 1) / 8 * 8, 128), 1024) }
  var rows: Extent { runsOverSamples(.rows) ? .block : Extent(count: domain[0]) }
  var columns: Extent { runsOverSamples(.columns) ? .block : Extent(count: domain[1]) }

  private func runsOverSamples(_ side: Blocking.Side) -> Bool {
    guard unit.sweep != nil else { return false }
    let member = schedule.values[unit.members[0]]
    let value = member.isReduction ? schedule.values[member.operands[0]] : member
    return schedule.blocking.side(value) == side
  }

  // MARK: Multiply and add

  private func uses(_ value: Int, _ member: Int) -> Bool {
    schedule.values[member].operands.contains { schedule.base($0) == value }
  }

  private func isWithin(_ base: Int) -> Bool {
    guard let own = schedule.unitOf[base] else { return false }
    return own == schedule.unitOf[unit.members[0]] && !schedule.values[base].isReduction
  }

  private mutating func findAbsorbed() {
    for member in unit.members {
      let value = schedule.values[member]
      guard value.operation == .binary(FKBinaryAdd), value.operands[0] != value.operands[1] else {
        continue
      }
      let product = value.operands.first { operand in
        schedule.values[operand].operation == .binary(FKBinaryMultiply) && isWithin(operand)
          && storage.uses[operand] == 1 && !storage.isInMemory[operand]
      }
      if let product { absorbed.insert(product) }
    }
  }

  // MARK: Steps

  private mutating func write(_ member: Int) {
    let value = schedule.values[member]
    switch value.operation {
    case .unary(let function):
      let a = operand(value.operands[0])
      append(FKStepUnary, Int32(function.rawValue), result(member), [a])
    case .binary(let function):
      if let product = value.operands.first(where: { absorbed.contains($0) }) {
        let factors = schedule.values[product].operands.map { operand($0) }
        let other = value.operands[0] == product ? value.operands[1] : value.operands[0]
        let addend = operand(other)
        append(FKStepMultiplyAdd, 0, result(member), factors + [addend])
      } else {
        let both = value.operands.map { operand($0) }
        append(FKStepBinary, Int32(function.rawValue), result(member), both)
      }
    case .reduction(let reduction, let axis):
      let both = value.operands.map { operand($0) }
      let kind: FKOperandKind =
        switch axis {
        case .all: FKOperandScalar
        case .rows: FKOperandRow
        case .columns: FKOperandColumn
        }
      let target = add(
        FKOperand(
          kind: kind, tile: -1, slot: slot(member), precision: FKPrecisionDouble, leading: 1,
          constant: 0, restarts: schedule.blocking.kinds[member] == .total ? 0 : 1))
      append(FKStepReduction, Int32(reduction.rawValue), target, both)
    default: break
    }
  }

  private mutating func append(
    _ kind: FKStepKind, _ operation: Int32, _ result: Int32, _ operands: [Int32]
  ) {
    let last = operands[operands.count - 1]
    steps.append(
      FKStep(
        kind: kind, operation: operation, result: result, a: operands[0],
        b: operands.count > 1 ? operands[1] : last, c: last))
  }

  // MARK: Operands

  private mutating func add(_ operand: FKOperand) -> Int32 {
    operands.append(operand)
    return Int32(operands.count - 1)
  }

  private mutating func slot(_ value: Int) -> Int32 {
    slots.append(storage.address(of: value, sweep: unit.sweep))
    return Int32(slots.count - 1)
  }

  private mutating func tile() -> Int32 {
    if let free = freeTiles.popLast() { return Int32(free) }
    tiles += 1
    return Int32(tiles - 1)
  }

  /// Where a member's entries go.
  private mutating func result(_ member: Int) -> Int32 {
    let operand =
      storage.isInMemory[member]
      ? add(written(member))
      : add(
        FKOperand(
          kind: FKOperandTile, tile: tile(), slot: -1, precision: FKPrecisionDouble, leading: 0,
          constant: 0, restarts: 0))
    operandOf[member] = operand
    return operand
  }

  private mutating func written(_ member: Int) -> FKOperand {
    var operand = full(member, slot(member), narrow: FKPrecisionFloatWritten)
    if operand.precision == FKPrecisionDouble, storage.isStreamed(member) {
      operand.precision = FKPrecisionDoubleStreamed
      operand.tile = newTile()
    }
    return operand
  }

  private mutating func full(
    _ value: Int, _ slot: Int32, narrow: FKPrecision = FKPrecisionFloatRead
  ) -> FKOperand {
    let leading = domain[1] == 1 ? -1 : storage.leading(of: value)
    let isNarrow = slots[Int(slot)].isNarrow
    return FKOperand(
      kind: FKOperandFull, tile: isNarrow ? newTile() : -1, slot: slot,
      precision: isNarrow ? narrow : FKPrecisionDouble, leading: Int64(leading), constant: 0,
      restarts: 0)
  }

  /// An operand that a pass reads and spreads.
  private mutating func spread(_ kind: FKOperandKind, _ value: Int, leading: Int64) -> FKOperand {
    let slot = slot(value)
    return FKOperand(
      kind: kind, tile: newTile(), slot: slot,
      precision: slots[Int(slot)].isNarrow ? FKPrecisionFloatRead : FKPrecisionDouble,
      leading: leading, constant: 0, restarts: 0)
  }

  private mutating func operand(_ index: Int) -> Int32 {
    let base = schedule.base(index)
    if isWithin(base), let known = operandOf[base] { return known }
    // A value may be a row in one place and a column in another.
    if let known = operandOf[-1 - index] { return known }
    let made = add(outside(index))
    operandOf[-1 - index] = made
    return made
  }

  private mutating func outside(_ index: Int) -> FKOperand {
    let value = schedule.values[index]
    if let constant = value.constant {
      return FKOperand(
        kind: FKOperandConstant, tile: newTile(), slot: -1, precision: FKPrecisionDouble,
        leading: 0,
        constant: constant, restarts: 0)
    }
    if value.isScalar, domain != [1, 1] {
      return spread(FKOperandScalar, index, leading: 0)
    }
    if domain[1] == 1 && value.count == domain[0]
      || value.rows == domain[0] && value.columns == domain[1]
    {
      return full(index, slot(index))
    }
    return spread(value.columns == 1 ? FKOperandColumn : FKOperandRow, index, leading: 1)
  }

  /// A tile that is filled once for the whole pass, so that no other value may have it.
  private mutating func newTile() -> Int32 {
    tiles += 1
    return Int32(tiles - 1)
  }

  /// Tiles of values that no later step uses are free again.
  private mutating func release(after step: Int) {
    for member in unit.members.prefix(step + 1) where lastStep[member] == step {
      guard let operand = operandOf[member] else { continue }
      let made = operands[Int(operand)]
      if made.kind == FKOperandTile { freeTiles.append(Int(made.tile)) }
      operandOf[member] = nil
    }
  }
}
