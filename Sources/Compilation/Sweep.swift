import CKernels
import Evaluation

/// Instructions that are repeated over blocks of samples.
struct Sweep {
  var instructions: Range<Int>
  var samples: Range<Int>
  /// The samples of a block.
  var block: Int

  /// One of equal parts of the samples, at whole vectors.
  func part(_ part: Int, of count: Int) -> Sweep {
    func bound(_ part: Int) -> Int {
      part == count ? samples.upperBound : samples.count * part / count / 8 * 8
    }
    var sweep = self
    sweep.samples = bound(part)..<bound(part + 1)
    return sweep
  }
}

/// A divided sweep: a thread and a workspace for each part. The results depend on the number of
/// parts by rounding alone, and not on when they run.
extension Workspace {
  func runInParts(_ sweep: Sweep) throws(EvaluationError) {
    divided = sweep
    try runAtOnce(plan.parts) { context, part in
      guard let context else { return }
      let whole = Unmanaged<Workspace>.fromOpaque(context).takeUnretainedValue()
      whole.runPart(Int(part))
    }
  }

  private func runPart(_ index: Int) {
    guard let sweep = divided?.part(index, of: plan.parts) else { return }
    let own = part(index)
    do throws(EvaluationError) {
      try own.run(sweep)
    } catch {
      own.failure = error
    }
  }

  func combine(
    _ reduction: FKReduction, _ source: Address, _ target: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    target.update(from: pointer(source), count: count)
    for index in 1..<plan.parts {
      fk_combine(reduction, Int64(count), part(index).pointer(source), target)
    }
  }

  /// Sums that each part has relative to the maximum of its samples, relative to that of all.
  func combine(
    _ source: Address, relativeTo state: Address, _ target: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    var largest = pointer(state)[1]
    for index in 1..<plan.parts {
      let maximum = part(index).pointer(state)[1]
      // Not a number stays that.
      if !(maximum <= largest), largest == largest { largest = maximum }
    }
    for index in 0..<plan.parts {
      let (own, maximum) = (part(index).pointer(source), part(index).pointer(state)[1])
      var factor = maximum == largest ? 0 : maximum - largest
      withUnsafeMutablePointer(to: &factor) { fk_unary(FKUnaryExp)($0, $0, 1) }
      fk_copy(1, Int64(count), factor, own, 1, 1, index == 0 ? 0 : 1, target, 1, 1)
    }
  }

  /// Nothing at all is -infinity's exponential, so that what was added up relative to it is 0.
  func follow(_ maximum: Double, _ state: UnsafeMutablePointer<Double>, _ starts: Bool) {
    state[2] = starts || maximum == state[1] ? 0 : state[1] - maximum
    fk_unary(FKUnaryExp)(state + 2, state + 2, 1)
    state[1] = maximum
    state[0] = maximum.isInfinite ? 0 : maximum
  }
}
