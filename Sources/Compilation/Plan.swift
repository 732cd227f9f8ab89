import CKernels
import Planning

/// The instructions of a program and the tables that they point into, which never change.
final class Plan: @unchecked Sendable {
  let instructions: UnsafeMutableBufferPointer<Instruction>
  let passes: UnsafeMutableBufferPointer<FKPass>
  let slots: UnsafeMutableBufferPointer<Address>
  /// The number of slots of each pass.
  let slotCounts: UnsafeMutableBufferPointer<Int>
  let terms: [KroneckerTerm]
  /// The loops of contractions.
  let axes: UnsafeMutableBufferPointer<FKAxis>
  let references: [ReferenceCall]
  /// Where branches begin.
  let branchStarts: [Int]
  /// The workspaces of a call: for the parts of sweeps, and for branches.
  let workspaceCount: Int
  let constants: [(offset: Int, count: Int, value: Double)]
  let inputCount: Int
  let outputCount: Int
  /// The workspace, the inputs, the outputs, and what a part of a sweep has for itself.
  var spaceCount: Int { inputCount + outputCount + 2 }
  let arenaSize: Int
  /// Into how many parts sweeps are divided, and the entries of what each has for itself.
  let parts: Int
  let partSize: Int
  let scratchSize: Int
  /// What a pass on one thread needs of it.
  let tileScratchSize: Int
  /// Of large passes and products with vectors.
  let threads: Int32
  let slotLimit: Int
  let hasBranches: Bool
  let pivotCount: Int
  let spelling: Spelling
  let refusesRepeatedEigenvalues: Bool
  let estimatesEveryCondition: Bool
  /// nil where own kernels do everything.
  let library: DenseLibrary?

  init(
    _ planner: Planner, inputCount: Int, outputCount: Int, spelling: Spelling,
    library: DenseLibrary?, options: Program.Options
  ) {
    self.spelling = spelling
    self.library = library
    refusesRepeatedEigenvalues = options.refusesRepeatedEigenvalues
    estimatesEveryCondition = options.estimatesEveryCondition
    instructions = Self.copy(planner.instructions)
    slots = Self.copy(planner.slots)
    slotCounts = Self.copy(planner.passes.map(\.slots.count))
    passes = Self.copy(
      planner.passes.map { pass in
        FKPass(
          operands: UnsafePointer(Self.copy(pass.operands).baseAddress),
          operandCount: Int32(pass.operands.count),
          steps: UnsafePointer(Self.copy(pass.steps).baseAddress),
          stepCount: Int32(pass.steps.count), tileLength: Int32(pass.tileLength),
          tileCount: Int32(pass.tileCount))
      })
    terms = planner.terms
    axes = Self.copy(planner.axes)
    references = planner.references
    branchStarts = planner.branchStarts
    workspaceCount = max(planner.division.parts, planner.width)
    hasBranches = planner.width > 1
    constants = planner.storage.constants
    self.inputCount = inputCount
    self.outputCount = outputCount
    arenaSize = planner.storage.size
    parts = planner.division.parts
    partSize = planner.storage.partSize
    tileScratchSize = planner.passes.map { $0.tileCount * $0.tileLength }.max() ?? 0
    let work =
      planner.instructions.map { $0.scratch(threads: options.ownThreads) }.max() ?? 0
    threads = Int32(options.ownThreads)
    scratchSize = max(tileScratchSize * options.ownThreads, work)
    slotLimit = planner.passes.map(\.slots.count).max() ?? 0
    pivotCount = planner.pivotCount
  }

  /// What another workspace than the first needs of scratch memory.
  var otherScratchSize: Int { hasBranches ? scratchSize : tileScratchSize }

  private static func copy<Element>(_ elements: [Element]) -> UnsafeMutableBufferPointer<Element> {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = buffer.initialize(from: elements)
    return buffer
  }

  deinit {
    for pass in passes {
      pass.operands?.deallocate()
      pass.steps?.deallocate()
    }
    passes.deallocate()
    instructions.deallocate()
    slots.deallocate()
    slotCounts.deallocate()
    axes.deallocate()
  }
}

extension Instruction {
  /// The entries of scratch memory that it needs.
  func scratch(threads: Int) -> Int {
    switch self {
    case .gemvPair(let form): form.n * threads
    case .solve(let form): 64 * form.factor.order
    case .factor(let form): 5 * form.order
    case .triangular(let form): 3 * form.order
    case .kronecker(let form): 6 * form.count
    case .contract(let form): form.count
    default: 0
    }
  }
}
