/// A moment after which work is given up.
public struct Deadline: Sendable {
  /// What the caller allowed, in seconds.
  public let seconds: Double
  private let end: ContinuousClock.Instant

  public init(seconds: Double) {
    self.seconds = seconds
    end = ContinuousClock.now.advanced(by: .seconds(min(max(seconds, 0), 1e9)))
  }

  public var isOver: Bool { ContinuousClock.now >= end }

  /// What is left, in seconds; never negative.
  public var remaining: Double {
    let left = ContinuousClock.now.duration(to: end).components
    return max(0, Double(left.seconds) + Double(left.attoseconds) * 1e-18)
  }
}
