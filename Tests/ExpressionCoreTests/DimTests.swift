import ExpressionCore
import Testing

@Suite struct DimTests {
  private static let samples: [Dim] = [
    .one, two, three, m, n, k, m * n, n + .one, m - k + .one, n * n - three,
  ]

  private func size(_ name: String) -> Int? { ["m": 7, "n": 5, "k": 3][name] }

  @Test(arguments: samples, samples)
  func arithmeticIsThatOfIntegers(a: Dim, b: Dim) throws {
    let (x, y) = (try #require(a.value(size)), try #require(b.value(size)))
    #expect((a + b).value(size) == x + y)
    #expect((a - b).value(size) == x - y)
    #expect((a * b).value(size) == x * y)
    #expect(a + b == b + a && a * b == b * a)
    #expect(a + b - b == a)
    if b.asPolynomial.terms.count == 1 { #expect((a * b).divided(by: b) == a) }
    #expect(a * (b + 1) == a * b + a)
  }

  private static let (m, n, k) = (Dim("m"), Dim("n"), Dim("k"))
  private static let (two, three) = (Dim.literal(2), Dim.literal(3))

  static let texts: [(String, Dim)] = [
    ("3", three), ("n", n), ("m*n", n * m), ("n*n", n * n), ("n+1", n + .one), ("n-1", n - .one),
    ("m-k+1", m - k + .one), ("k-m", k - m), ("2*n-3", n + n - three), ("-n", n - n - n),
    ("m*n+m+1", m * n + m + .one),
  ]

  static let fractions: [(String, Dim, Int)] = [
    ("n*(n+1)/2", n * (n + .one), 2), ("n*(n-1)/2", n * (n - .one), 2), ("m*n/2", m * n, 2),
    ("(m-k)/2", m - k, 2), ("(n+1)/3", n + .one, 3), ("n/2", n, 2), ("n*3/2", n * three, 2),
    ("n*(n+2)/4", n * (n + two), 4),
  ]

  @Test(arguments: texts)
  func isWritten(text: String, dim: Dim) { #expect(dim.description == text) }

  @Test(arguments: fractions.indices)
  func fractionsAreWrittenFactored(index: Int) throws {
    let (text, numerator, denominator) = Self.fractions[index]
    #expect(try #require(numerator.divided(by: .literal(denominator))).description == text)
  }

  @Test func onlyIntegersAreValues() {
    #expect(Dim("n").divided(by: 2)?.value { _ in 5 } == nil)
    #expect(Dim("n").divided(by: 2)?.value { _ in 6 } == 3)
    #expect((Dim("n") + "m").divided(by: "n") == nil)
    #expect(Dim("n").value { _ in nil } == nil)
  }

  @Test func substitution() {
    let dim = Dim("m") * "n" + 1
    #expect(dim.substituting { $0 == "m" ? 3 : nil } == Dim("n") * 3 + 1)
    #expect(dim.substituting { $0 == "m" ? Dim("n") : nil } == Dim("n") * "n" + 1)
    #expect(dim.substituting { _ in 2 } == 5)
  }

  /// What does not fit is no wrong number: it has no value.
  @Test func overflowIsNotWrapped() {
    let large = Dim.literal(.max)
    let dims: [Dim] = [
      large + .one, large * Self.two, Dim.literal(.min) - .one, large * large,
      large * Self.n * Self.two,
    ]
    for dim in dims {
      #expect(dim.literal == nil)
      #expect(dim.value { _ in 3 } == nil)
      #expect(!dim.isOne)
      #expect(!dim.description.isEmpty)
    }
  }
}
