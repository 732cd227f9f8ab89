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
    /// The workspace itself, then the inputs and the outputs.
    let spaces: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>
    let slots: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>
    let pivots: UnsafeMutablePointer<Int32>
    let scratch: UnsafeMutablePointer<Double>
    private let arena: UnsafeMutableRawPointer
    private let scratchMemory: UnsafeMutableRawPointer
    /// The first sample of the block that a sweep is at, and its number of samples.
    var sample = 0
    var block = 0
    /// The samples of the sweep.
    var samples = 0
    /// What made a number of the last call less certain than it looks.
    public internal(set) var warnings: [EvaluationWarning] = []

    init(_ program: Program) {
      self.program = program
      plan = program.plan
      let spaceCount = 1 + plan.inputCount + plan.outputCount
      spaces = .allocate(capacity: spaceCount)
      spaces.initialize(repeating: nil, count: spaceCount)
      slots = .allocate(capacity: max(plan.slotLimit, 1))
      slots.initialize(repeating: nil, count: max(plan.slotLimit, 1))
      pivots = .allocate(capacity: max(plan.pivotCount, 1))
      pivots.initialize(repeating: 0, count: max(plan.pivotCount, 1))
      arena = .allocate(byteCount: 8 * max(plan.arenaSize, 1), alignment: 64)
      scratchMemory = .allocate(byteCount: 8 * max(plan.scratchSize, 1), alignment: 64)
      let values = arena.bindMemory(to: Double.self, capacity: max(plan.arenaSize, 1))
      scratch = scratchMemory.bindMemory(to: Double.self, capacity: max(plan.scratchSize, 1))
      for constant in plan.constants {
        fk_fill(constant.value, values + constant.offset, Int64(constant.count))
      }
      spaces[0] = values
    }

    deinit {
      spaces.deallocate()
      slots.deallocate()
      pivots.deallocate()
      arena.deallocate()
      scratchMemory.deallocate()
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

  /// The entries, which are of this type.
  @inline(__always)
  func numbers<Number>(_ address: Address, _ type: Number.Type) -> UnsafeMutablePointer<Number> {
    UnsafeMutableRawPointer(pointer(address)).assumingMemoryBound(to: type)
  }

  @inline(__always)
  func floats(_ address: Address) -> UnsafeMutablePointer<Float> { numbers(address, Float.self) }

  @inline(__always)
  func count(_ extent: Extent) -> Int { extent.count < 0 ? block : extent.count }

  @inline(__always)
  func leading(_ place: Place2D) -> Int { distance(place.leading) }

  @inline(__always)
  func distance(_ entries: Int) -> Int { entries < 0 ? block : entries }
}
