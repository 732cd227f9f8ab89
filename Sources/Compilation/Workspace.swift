import CKernels
import Evaluation

typealias Workspace = Program.Workspace

extension Program {
  /// The memory that a call of a program works in: made once, used by one call at a time.
  ///
  /// A program may run from several tasks at once, each with a workspace of its own.
  public final class Workspace {
    let plan: Plan
    let program: Program
    /// The workspace itself, then the inputs, the outputs, and what a part of a sweep has for itself.
    let spaces: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>
    let slots: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>
    let pivots: UnsafeMutablePointer<Int32>
    let scratch: UnsafeMutablePointer<Double>
    /// What this allocated, to be given back.
    private let memory: [UnsafeMutableRawPointer]
    /// Those of the other parts of divided sweeps, and of other branches.
    let others: [Workspace]
    /// Of passes and products with vectors: one in a part of a divided sweep.
    var threads: Int32
    /// The sweep that is divided, or the branches that are done.
    var divided: Sweep?
    var branches: (first: Int, count: Int, end: Int)?
    /// Why a part of a sweep or a branch ended.
    var failure: EvaluationError?
    /// The first sample of the block that a sweep is at, and its number of samples.
    var sample = 0
    var block = 0
    /// The samples of the sweep.
    var samples = 0
    /// What made a number of the last call less certain than it looks.
    public internal(set) var warnings: [EvaluationWarning] = []

    convenience init(_ program: Program) {
      let plan = program.plan
      let arena = Self.allocate(plan.arenaSize)
      let pivots = UnsafeMutablePointer<Int32>.allocate(capacity: max(plan.pivotCount, 1))
      pivots.initialize(repeating: 0, count: max(plan.pivotCount, 1))
      for constant in plan.constants {
        fk_fill(constant.value, arena + constant.offset, Int64(constant.count))
      }
      self.init(
        program, arena: arena, pivots: pivots, owns: true, scratch: plan.scratchSize,
        threads: plan.threads,
        others: (1..<plan.workspaceCount).map { _ in
          Workspace(
            program, arena: arena, pivots: pivots, owns: false, scratch: plan.otherScratchSize,
            threads: 1, others: [])
        })
    }

    /// - Parameters:
    ///   - arena, pivots: The memory that all parts share.
    ///   - owns: Whether that is given back with this workspace.
    private init(
      _ program: Program, arena: UnsafeMutablePointer<Double>,
      pivots: UnsafeMutablePointer<Int32>, owns: Bool, scratch size: Int, threads: Int32,
      others: [Workspace]
    ) {
      self.program = program
      self.threads = threads
      self.others = others
      plan = program.plan
      spaces = .allocate(capacity: plan.spaceCount)
      spaces.initialize(repeating: nil, count: plan.spaceCount)
      slots = .allocate(capacity: max(plan.slotLimit, 1))
      slots.initialize(repeating: nil, count: max(plan.slotLimit, 1))
      self.pivots = pivots
      scratch = Self.allocate(size)
      let own = Self.allocate(plan.partSize)
      spaces[0] = arena
      spaces[plan.spaceCount - 1] = own
      memory =
        [UnsafeMutableRawPointer(scratch), UnsafeMutableRawPointer(own)]
        + (owns ? [UnsafeMutableRawPointer(arena), UnsafeMutableRawPointer(pivots)] : [])
    }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Double> {
      UnsafeMutableRawPointer.allocate(byteCount: 8 * max(count, 1), alignment: 64)
        .bindMemory(to: Double.self, capacity: max(count, 1))
    }

    deinit {
      spaces.deallocate()
      slots.deallocate()
      for block in memory { block.deallocate() }
    }
  }
}

extension Workspace {
  /// Where the entries begin, which may be floats.
  @inline(__always)
  func pointer(_ address: Address) -> UnsafeMutablePointer<Double> {
    // Every space is set before a call begins.
    let offset = address.offset + address.stride * sample
    let space = spaces[Int(address.space)].unsafelyUnwrapped
    guard address.isNarrow else { return space + offset }
    return (UnsafeMutableRawPointer(space) + 4 * offset).assumingMemoryBound(to: Double.self)
  }

  @inline(__always)
  func floats(_ address: Address) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(pointer(address)).assumingMemoryBound(to: Float.self)
  }

  @inline(__always)
  func count(_ extent: Extent) -> Int { extent.count < 0 ? block : extent.count }

  @inline(__always)
  func leading(_ place: Place2D) -> Int { distance(place.leading) }

  @inline(__always)
  func distance(_ entries: Int) -> Int { entries < 0 ? block : entries }
}
