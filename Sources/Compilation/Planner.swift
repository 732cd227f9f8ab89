import CKernels
import ExpressionCore

/// Writes a schedule as instructions.
struct Planner {
  let schedule: Schedule
  let storage: Storage
  let values: [Value]
  private let inputs: Int
  let origins: [Int]
  private let outputs: [Int]
  private let hasNarrowOutputs: Bool

  var instructions: [Instruction] = []
  private(set) var passes: [PassWriter] = []
  private(set) var slots: [Address] = []
  var terms: [KroneckerTerm] = []
  var axes: [FKAxis] = []
  private(set) var references: [ReferenceCall] = []
  /// The entries of the list of pivots.
  var pivotCount = 0
  var pivots: [Int: Int] = [:]
  private let pairs: [Int: Int]
  /// The factorizations that something is divided by.
  var divisors: Set<Int> = []
  /// The sweep that is written; nil between sweeps.
  private var sweep: Int?
  var inSweep: Bool { sweep != nil }
  /// How sweeps are divided among threads.
  let division: Division
  /// How many branches are done side by side at most.
  let width: Int
  /// Where each branch begins.
  private(set) var branchStarts: [Int] = []

  init(_ narrowing: Narrowing, inputs: Int, options: Program.Options) {
    values = narrowing.builder.values
    origins = narrowing.builder.origins
    outputs = narrowing.outputs
    hasNarrowOutputs = options.precision == .float
    self.inputs = inputs
    var schedule = Schedule(
      values, outputs: outputs,
      blocking: Blocking(
        values, outputs: outputs, blockBytes: options.isBlocked ? options.blockBytes : nil))
    division = Division(schedule, threads: options.ownThreads)
    if options.isBlocked, options.ownThreads > 1, division.parts == 1 {
      // All threads work on one block.
      schedule = Schedule(
        values, outputs: outputs,
        blocking: Blocking(
          values, outputs: outputs, blockBytes: options.blockBytes * options.ownThreads))
    }
    let branches = Branches.find(
      schedule, threads: options.ownThreads, isAlone: division.multiplies)
    if let branches { schedule = schedule.reordered(branches.units) }
    width = branches?.width ?? 1
    self.schedule = schedule
    pairs = ProductPairs(schedule).pairs
    storage = Storage(
      schedule, inputs: inputs, outputs: outputs, pairs: pairs,
      isNarrow: narrowing.isNarrow, isDivided: division.parts > 1)
    for value in values {
      switch value.operation {
      case .solve, .halfSolve, .inverse: divisors.insert(value.operands[0])
      default: break
      }
    }
    write()
  }

  private mutating func write() {
    var position = 0
    while position < schedule.units.count {
      if let branch = schedule.units[position].branch {
        position = writeBranches(position, phase: branch.phase)
        continue
      }
      guard let level = schedule.units[position].sweep else {
        write(position)
        position += 1
        continue
      }
      let start = instructions.count
      instructions.append(.fill(value: 0, target: Address(), count: 0))
      sweep = level
      let first = position
      while position < schedule.units.count, schedule.units[position].sweep == level {
        write(position)
        position += 1
      }
      sweep = nil
      instructions[start] = .loop(
        end: instructions.count, samples: schedule.blocking.count ?? 0,
        block: schedule.blocking.block)
      writeTotals(first..<position, level)
    }
    writeCopies()
  }

  /// Writes the branches of a phase, one after another; the position after it.
  private mutating func writeBranches(_ start: Int, phase: Int) -> Int {
    let fork = instructions.count
    instructions.append(.fill(value: 0, target: Address(), count: 0))
    let first = branchStarts.count
    var position = start
    var lane: Int?
    while position < schedule.units.count, let branch = schedule.units[position].branch,
      branch.phase == phase
    {
      if branch.lane != lane {
        branchStarts.append(instructions.count)
        lane = branch.lane
      }
      write(position)
      position += 1
    }
    instructions[fork] = .branches(
      first: first, count: branchStarts.count - first, end: instructions.count)
    return position
  }

  /// Combines what the parts of a divided sweep have added up.
  private mutating func writeTotals(_ units: Range<Int>, _ level: Int) {
    for member in units.flatMap({ schedule.units[$0].members }) where storage.isTotalOfPart(member)
    {
      var reduction = FKReductionSum
      if case .reduction(let own, _) = values[member].operation { reduction = own }
      let maximum = schedule.blocking.relativeTo[member]
      instructions.append(
        .combine(
          reduction, source: storage.address(of: member, sweep: level), target: address(member),
          count: values[member].count,
          state: maximum.map { storage.address(of: $0, sweep: level) }))
    }
  }

  /// Outputs that are inputs, numbers, or the same as another output.
  private mutating func writeCopies() {
    for (position, value) in outputs.enumerated() {
      let base = schedule.base(value)
      if storage.output[base] == position, schedule.unitOf[base] != nil { continue }
      let target = Address(space: Int32(1 + inputs + position), isNarrow: hasNarrowOutputs)
      let count = values[value].count
      if let constant = values[value].constant {
        instructions.append(.fill(value: constant, target: target, count: count))
      } else {
        copy(count, 1, address(value), 1, count, target, 1, count)
      }
    }
  }

  func address(_ value: Int) -> Address {
    storage.address(of: value, sweep: sweep)
  }

  // MARK: Units

  private mutating func write(_ position: Int) {
    let unit = schedule.units[position]
    for member in unit.members {
      guard let maximum = schedule.blocking.relativeTo[member] else { continue }
      instructions.append(
        .rescale(target: address(member), count: values[member].count, state: address(maximum)))
    }
    if unit.isPass {
      let pass = PassWriter(unit, schedule, storage)
      instructions.append(
        .pass(index: passes.count, slots: slots.count, rows: pass.rows, columns: pass.columns))
      slots += pass.slots
      passes.append(pass)
      return
    }
    if pairs[position] != nil { return }
    if let second = pairs.first(where: { $0.value == position })?.key {
      writePair(unit.members[0], schedule.units[second].members[0])
      return
    }
    write(value: unit.members[0])
  }

  private mutating func write(value index: Int) {
    let value = values[index]
    let target = address(index)
    let (m, n) = (value.rows, value.columns)
    switch value.operation {
    case .product(let form): product(index, value, form)
    case .norm:
      let x = value.operands[0]
      instructions.append(.norm(x: address(x), count: values[x].count, result: target))
    case .kronecker(let factors, let beta): kronecker(index, value, factors, beta)
    case .contraction(let form): contraction(index, value, form)
    case .transpose:
      let source = place(value.operands[0])
      let (rows, columns) = extents(index, false)
      instructions.append(
        .copy(
          Instruction.Copy(
            rows: rows, columns: columns, source: source.address, sourceRow: source.leading,
            sourceColumn: 1, target: target, targetRow: 1, targetColumn: place(index).leading)))
    case .identity:
      instructions.append(.fill(value: 0, target: target, count: m * n))
      copy(n, 1, Address(), 0, 0, target, n + 1, 0)
    case .unit(let row):
      instructions.append(.fill(value: 0, target: target, count: m))
      copy(1, 1, Address(), 0, 0, target.advanced(by: row), 1, 1)
    case .diagonalMatrix:
      instructions.append(.fill(value: 0, target: target, count: m * n))
      let entries = value.operands[0]
      copy(n, 1, address(entries), values[entries].isScalar ? 0 : 1, 0, target, n + 1, 0)
    case .plusDiagonal:
      begin(index, value)
      let entries = value.operands[1]
      instructions.append(
        .addDiagonal(
          order: n, entries: address(entries), stride: values[entries].isScalar ? 0 : 1,
          target: target))
    case .diagonalOf:
      copy(m, 1, address(value.operands[0]), m + 1, 0, target, 1, m)
    case .block(let row, let column):
      let leading = values[value.operands[0]].rows
      let source = address(value.operands[0]).advanced(by: row + column * leading)
      copy(m, n, source, 1, leading, target, 1, m)
    case .blocks(let counts): blocks(value, counts, target)
    case .triangle(let lower):
      instructions.append(
        .triangle(
          lower: lower, rows: m, columns: n, source: address(value.operands[0]), target: target))
    case .patches(let form), .fromPatches(let form):
      let isAdjoint = value.operation == .fromPatches(form)
      let matrix = isAdjoint ? value.operands[0] : index
      instructions.append(
        .patches(
          Instruction.PatchesForm(
            form: form, isAdjoint: isAdjoint, rows: extents(matrix, false).rows,
            leading: storage.leading(of: matrix), source: address(value.operands[0]), target: target
          )))
    case .factor: factor(index, value)
    case .solve(let kind, let transposed):
      let form = factorForm(value.operands[0], isCholesky: kind == .cholesky)
      instructions.append(
        .solve(
          Instruction.SolveForm(
            factor: form, transposes: transposed, right: address(value.operands[1]), columns: n,
            target: target)))
    case .halfSolve:
      instructions.append(
        .solve(
          Instruction.SolveForm(
            factor: factorForm(value.operands[0], isCholesky: true), transposes: false,
            isHalf: true, right: address(value.operands[1]), columns: n, target: target)))
    case .inverse(let kind):
      let form = factorForm(value.operands[0], isCholesky: kind == .cholesky)
      instructions.append(
        .solve(
          Instruction.SolveForm(
            factor: form, transposes: false, right: nil, columns: n, target: target)))
    case .logdet(let kind, let isOfDeterminant):
      let form = factorForm(value.operands[0], isCholesky: kind == .cholesky)
      instructions.append(
        .logdet(form, isOfDeterminant: isOfDeterminant, result: target))
    case .triangularSolve(let structure, let transposed):
      triangular(.solve, index, value, structure, transposed)
    case .triangularInverse(let structure): triangular(.inverse, index, value, structure, false)
    case .triangularLogdet: triangular(.logdet, index, value, .general, false)
    case .reference(let primitive, let parameters):
      references.append(
        ReferenceCall(
          primitive: primitive, parameters: parameters,
          operands: value.operands.map {
            ReferenceCall.Operand(
              address: address($0), rows: values[$0].rows, columns: values[$0].columns)
          },
          target: target, rows: m, columns: n, origin: origins[index]))
      instructions.append(.reference(references.count - 1))
    case .running:
      instructions.append(.follow(maximum: address(value.operands[0]), state: target))
    case .input, .constant, .reshape, .unary, .binary, .reduction: break
    }
  }

  mutating func copy(
    _ rows: Int, _ columns: Int, _ source: Address, _ sourceRow: Int, _ sourceColumn: Int,
    _ target: Address, _ targetRow: Int, _ targetColumn: Int
  ) {
    instructions.append(
      .copy(
        Instruction.Copy(
          rows: Extent(count: rows), columns: Extent(count: columns), source: source,
          sourceRow: sourceRow,
          sourceColumn: sourceColumn, target: target, targetRow: targetRow,
          targetColumn: targetColumn)))
  }

  private mutating func blocks(_ value: Value, _ counts: [Int], _ target: Address) {
    var (top, next) = (0, 0)
    for count in counts {
      var left = 0
      for operand in value.operands[next..<(next + count)] {
        let part = values[operand]
        copy(
          part.rows, part.columns, address(operand), 1, part.rows,
          target.advanced(by: top + left * value.rows), 1, value.rows)
        left += part.columns
      }
      top += values[value.operands[next]].rows
      next += count
    }
  }

  /// Copies what a value adds to, where it does not lie there already.
  mutating func begin(_ index: Int, _ value: Value) {
    guard let operand = Storage.accumulated(value), storage.continues[index] == nil else { return }
    guard inSweep else {
      return copy(value.count, 1, address(operand), 1, 0, address(index), 1, 0)
    }
    let (source, target) = (place(operand), place(index))
    let (rows, columns) = extents(index, false)
    instructions.append(
      .copy(
        Instruction.Copy(
          rows: rows, columns: columns, source: source.address, sourceRow: 1,
          sourceColumn: source.leading, target: target.address, targetRow: 1,
          targetColumn: target.leading)))
  }

  func place(_ index: Int) -> Place2D {
    Place2D(address: address(index), leading: storage.leading(of: index))
  }

  /// The size of a stored matrix, or of its block, or of its transpose.
  func extents(_ index: Int, _ isTransposed: Bool) -> (rows: Extent, columns: Extent) {
    let value = values[index]
    var (rows, columns) = (Extent(count: value.rows), Extent(count: value.columns))
    if inSweep, let side = schedule.blocking.side(values[schedule.base(index)]) {
      if side == .columns || value.rows == 1 { columns = .block } else { rows = .block }
    }
    return isTransposed ? (columns, rows) : (rows, columns)
  }
}

extension Address {
  func advanced(by entries: Int) -> Address {
    Address(space: space, offset: offset + entries, stride: stride, isNarrow: isNarrow)
  }
}

/// What the evaluator computes for a program.
struct ReferenceCall {
  struct Operand {
    var address: Address
    var rows: Int
    var columns: Int
  }

  var primitive: Primitive
  var parameters: [Int]
  var operands: [Operand]
  var target: Address
  var rows: Int
  var columns: Int
  /// The listing's node.
  var origin: Int
}
