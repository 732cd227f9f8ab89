import ExpressionCore
import Testing

@Suite struct NumberTests {
  private static let samples: [Number] = [
    .zero, .one, .minusOne, .half, .two, Number(3, over: 7), Number(-5, over: 6), Number(12),
    .real(0.375), .real(-2.5),
  ]

  @Test func rationalsAreInLowestTerms() {
    #expect(Number(6, over: -4) == .rational(-3, 2))
    #expect(Number(0, over: -7) == .zero)
    #expect(Number(3, over: 0).double == .infinity)
    #expect(!Number(.min, over: 3).isExact)
  }

  @Test(arguments: samples, samples)
  func arithmeticIsThatOfReals(a: Number, b: Number) {
    func close(_ n: Number, _ x: Double) -> Bool { abs(n.double - x) <= 1e-14 * max(1, abs(x)) }
    #expect(close(a + b, a.double + b.double))
    #expect(close(a - b, a.double - b.double))
    #expect(close(a * b, a.double * b.double))
    #expect(a + b == b + a && a * b == b * a)
    if !b.isZero { #expect(close(a / b, a.double / b.double)) }
    #expect((a + b).isExact == (a.isExact && b.isExact))
    #expect((a < b) == (a.double < b.double))
    #expect(a - b == -(b - a))
  }

  @Test func whatDoesNotFitBecomesReal() {
    let large = Number(.max)
    #expect(!(large + .one).isExact && !(large * .two).isExact)
    #expect((large * .two).double == 2 * Double(Int.max))
    #expect(large - large == .zero)
    #expect((Number(1, over: .max) * Number(1, over: 2)).isExact == false)
    #expect((-Number(.min)).double == -Double(Int.min))
  }

  static let powers: [(Number, Number, Number)] = [
    (Number(4, over: 9), Number.half, Number(2, over: 3)),
    (Number(8), Number(2, over: 3), Number(4)),
    (Number(2), Number(-3), Number(1, over: 8)), (Number(-3), Number(3), Number(-27)),
    (Number.zero, Number.two, Number.zero), (Number.one, Number(99), Number.one),
  ]

  @Test(arguments: powers.indices)
  func exactPowers(index: Int) {
    let (base, exponent, expected) = Self.powers[index]
    #expect(base.exactPower(exponent) == expected)
  }

  @Test func powersThatAreNotRational() {
    #expect(Number.two.exactPower(.half) == nil)
    #expect(Number.minusOne.exactPower(.half) == nil)
    #expect(Number.zero.exactPower(.minusOne) == nil)
    #expect(Number(10).exactPower(Number(40)) == nil)
    #expect(Number.real(4).exactPower(.half) == nil)
  }

  @Test func divisors() {
    #expect(Number.greatestCommonDivisor(12, -18) == 6)
    #expect(Number.greatestCommonDivisor(0, 0) == 1)
    #expect(Number(3).isEvenInteger == false && Number(-4).isEvenInteger)
  }
}
