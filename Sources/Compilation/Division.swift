/// Into how many parts the samples of every sweep are divided, each of which a thread works through
/// block by block by itself, with totals of its own that are combined afterwards.
struct Division {
  /// 1 where threads do better inside each operation.
  let parts: Int
  /// Whether the parts call BLAS, which then must not start threads itself.
  let multiplies: Bool

  /// The fewest samples that repay a part.
  private static let leastSamples = 256

  init(_ schedule: Schedule, threads: Int) {
    let (values, blocking) = (schedule.values, schedule.blocking)
    let parts = Swift.min(threads, (blocking.count ?? 0) / Self.leastSamples)
    var (within, outside) = (0.0, 0.0)
    var (totals, samples) = (0, 0)
    for index in values.indices {
      guard schedule.unitOf[index] != nil else {
        if blocking.kinds[index] == .samples { samples += values[index].count }
        continue
      }
      let flops = values[index].libraryOperations(values)
      if case .patches = values[index].operation, blocking.kinds[index] == .samples {
        samples += values[index].count
      }
      switch blocking.kinds[index] {
      case .whole: outside += flops
      case .samples, .running: within += flops
      case .total:
        within += flops
        totals += values[index].count
      }
    }
    // BLAS divides large products by itself, but not while several threads call it.
    let isRepaid = within == 0 || within >= outside
    // Combining must cost little beside reading the data and multiplying.
    let combinesCheaply = Double(totals * threads) <= Double(samples) + within / 64
    self.parts = parts > 1 && isRepaid && combinesCheaply ? parts : 1
    multiplies = self.parts > 1 && within > 0
  }
}

extension Value {
  /// The number of additions and multiplications, about, if BLAS or LAPACK do them.
  func libraryOperations(_ values: [Value]) -> Double {
    let order = Double(rows)
    switch operation {
    case .product(let form):
      guard ProductPairs.matrixTimesVector(self, form, values) == nil else { return 0 }
      let left = values[operands[0]]
      return 2 * Double(count) * Double(form.transposesLeft ? left.rows : left.columns)
    case .factor, .triangularInverse: return order * order * order
    case .inverse: return 2 * order * order * order
    case .halfSolve: return order * Double(count)
    case .solve, .triangularSolve: return 2 * order * Double(count)
    case .contraction(let contraction): return 2 * Double(contraction.count)
    default: return 0
    }
  }
}
