/// Runs work on a large stack within a time limit.
func limited<T: Sendable>(
  to seconds: Double?,
  _ body: @escaping @Sendable (Deadline?) throws(FrechetError) -> T
) throws(FrechetError) -> T {
  let deadline = seconds.map { Deadline(seconds: $0) }
  let outcome = LargeStack.run(until: deadline) { () -> Result<T, FrechetError> in
    do throws(FrechetError) {
      return .success(try body(deadline))
    } catch {
      return .failure(error)
    }
  }
  guard let outcome else { throw .timeLimit(seconds: seconds ?? 0) }
  return try outcome.get()
}

extension Deadline {
  /// Between two stages of the work: throws where the time is over.
  func check() throws(FrechetError) {
    if isOver { throw .timeLimit(seconds: seconds) }
  }
}
