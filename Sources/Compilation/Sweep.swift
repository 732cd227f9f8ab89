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
    _ reduction: FKReduction, _ source: Address, _ target: Address, _ count: Int
  ) {
    for index in 0..<plan.parts {
      let own = part(index)
      if target.isNarrow {
        // Products alone are floats, which are added up.
        fk_narrow_combine(
          Int64(count), 1, own.floats(source), index == 0 ? 0 : 1, floats(target))
      } else if index == 0 {
        pointer(target).update(from: own.pointer(source), count: count)
      } else {
        fk_combine(reduction, Int64(count), own.pointer(source), pointer(target))
      }
    }
  }

  /// Sums that each part has relative to the maximum of its samples, relative to that of all.
  func combine(
    _ source: Address, relativeTo state: Address, _ target: Address, _ count: Int
  ) {
    var largest = pointer(state)[1]
    for index in 1..<plan.parts {
      let maximum = part(index).pointer(state)[1]
      // Not a number stays that.
      if !(maximum <= largest), largest == largest { largest = maximum }
    }
    for index in 0..<plan.parts {
      let (own, maximum) = (part(index), part(index).pointer(state)[1])
      var factor = maximum == largest ? 0 : maximum - largest
      withUnsafeMutablePointer(to: &factor) { fk_unary(FKUnaryExp)($0, $0, 1) }
      let kept = index == 0 ? 0.0 : 1
      if target.isNarrow {
        fk_narrow_combine(Int64(count), factor, own.floats(source), kept, floats(target))
      } else {
        fk_copy(1, Int64(count), factor, own.pointer(source), 1, 1, kept, pointer(target), 1, 1)
      }
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
