import ExpressionCore
import Testing

@testable import Curvature

/// Interval arithmetic holds what the operations give.
@Suite struct EntryRangeTests {
  /// Intervals with points that lie in them.
  static let samples: [(range: EntryRange, points: [Double])] = [
    (.anything, [-3, -1, -0.5, 0, 0.25, 1, 7]),
    (.positive, [1e-9, 0.5, 1, 40]),
    (.nonnegative, [0, 0.5, 1, 40]),
    (.negative, [-1e-9, -0.5, -3]),
    (EntryRange(nil, .zero), [0, -0.5, -3]),
    (.unit, [0, 0.3, 1]),
    (.openUnit, [1e-9, 0.3, 0.999]),
    (.symmetric(.two), [-2, -1, 0, 1.5, 2]),
    (.zero, [0]),
    (.point(Number(1, over: 3)), [1.0 / 3]),
    (EntryRange(Bound(.one), nil), [1, 2, 1e6]),
    (EntryRange(Bound(.real(0.1)), Bound(.real(0.3), isOpen: true)), [0.1, 0.2, 0.29]),
    (EntryRange(Bound(Number(-4)), Bound(.minusOne)), [-4, -2, -1]),
  ]

  private func holds(_ range: EntryRange, _ value: Double) -> Bool {
    let slack = 1e-15 * max(abs(value), 1)
    let above = range.lower.map { value >= $0.value.double - slack } ?? true
    let below = range.upper.map { value <= $0.value.double + slack } ?? true
    return above && below
  }

  @Test(arguments: samples.indices)
  func sumsAndProductsAreHeld(_ i: Int) {
    let (a, points) = Self.samples[i]
    for (b, others) in Self.samples {
      for x in points {
        for y in others {
          #expect(holds(a + b, x + y))
          #expect(holds(a * b, x * y))
          #expect(holds(a.joined(b), x) && holds(a.joined(b), y))
          if a + b == .positive { #expect(x + y > 0) }
          if (a * b).isPositive { #expect(x * y > 0) }
        }
      }
    }
  }

  @Test(arguments: samples.indices, [2, 3, 4, -1, -2, -3])
  func wholePowersAreHeld(_ i: Int, _ exponent: Int) {
    let (a, points) = Self.samples[i]
    let range = a.power(Number(exponent))
    for x in points where exponent > 0 || x != 0 {
      let magnitude = (0..<abs(exponent)).reduce(1.0) { product, _ in product * x }
      let value = exponent < 0 ? 1 / magnitude : magnitude
      #expect(holds(range, value))
      if range.isPositive { #expect(value > 0) }
    }
  }

  @Test(arguments: samples.indices)
  func rootsAreHeld(_ i: Int) {
    let (a, points) = Self.samples[i]
    for x in points where x >= 0 {
      #expect(holds(a.power(.half), x.squareRoot()))
      if x > 0 { #expect(holds(a.power(-.half), 1 / x.squareRoot())) }
    }
  }

  @Test func signsAreRead() {
    #expect(EntryRange.positive.isPositive && EntryRange.positive.isNonnegative)
    #expect(!EntryRange.nonnegative.isPositive)
    #expect(EntryRange.negative.isNegative && EntryRange.negative.isNonpositive)
    #expect((EntryRange.point(.one) + EntryRange.openUnit.negated) == .openUnit)
    #expect(EntryRange.zero.isZero && !EntryRange.anything.isKnown)
  }
}
