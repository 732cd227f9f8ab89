import CKernels
import Evaluation

/// Several workspaces of a call at once, each on a thread; the first is the call's own.
extension Workspace {
  func part(_ part: Int) -> Workspace { part == 0 ? self : others[part - 1] }

  /// Does a body for each part, and throws what the first of them that failed did. Within, operations
  /// have one thread each.
  func runAtOnce(_ count: Int, _ body: FKPart) throws(EvaluationError) {
    let common = plan.spaceCount - 1
    // By index: a loop over the elements would allocate.
    for index in 0..<(count - 1) { others[index].spaces.update(from: spaces, count: common) }
    for index in 0..<count { part(index).failure = nil }
    let threads = self.threads
    self.threads = 1
    fk_parallel(Int32(count), body, Unmanaged.passUnretained(self).toOpaque())
    self.threads = threads
    for index in 0..<(count - 1) where !others[index].warnings.isEmpty {
      warnings += others[index].warnings
      others[index].warnings.removeAll(keepingCapacity: true)
    }
    for index in 0..<count {
      if let failure = part(index).failure { throw failure }
    }
  }

  /// Branches that need nothing of one another.
  func runBranches(_ first: Int, _ count: Int, _ end: Int) throws(EvaluationError) {
    branches = (first, count, end)
    try runAtOnce(count) { context, part in
      guard let context else { return }
      let whole = Unmanaged<Workspace>.fromOpaque(context).takeUnretainedValue()
      whole.runBranch(Int(part))
    }
  }

  private func runBranch(_ lane: Int) {
    guard let (first, count, end) = branches else { return }
    let start = plan.branchStarts[first + lane]
    let stop = lane + 1 < count ? plan.branchStarts[first + lane + 1] : end
    let own = part(lane)
    do throws(EvaluationError) {
      for position in start..<stop {
        try own.execute(plan.instructions[position], starts: true)
      }
    } catch {
      own.failure = error
    }
  }
}
