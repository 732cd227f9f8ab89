import Testing

@testable import Frechet

@Suite struct TextReportTests {
  @Test func saysWhatTheDerivativeIs() {
    #expect(
      TextReport([.example()], style: .unicode).text == """
        f = xᵀAx          (1×1, A: matrix(n,n), x: vector(n))
        ∇f = (A + Aᵀ)x    (n×1, gradient, denominator layout)
        domain: x ≠ 0
        verified at 3 random points, relative error 3.1e-12

        """)
  }

  @Test func keepsToASCIIWhereAsked() {
    let text = TextReport([.example()], style: .ascii).text
    #expect(text.utf8.allSatisfy { $0 < 128 })
    #expect(text.contains("df/dx = (A + A')*x"))
    #expect(text.contains("n x 1, gradient, denominator layout"))
  }

  @Test func severalDerivativesNameTheirVariables() {
    let text = TextReport([.example(), .example(wrt: "A")], style: .unicode).text
    #expect(text.contains("∂f/∂x = "))
    #expect(text.contains("∂f/∂A = "))
    #expect(text.components(separatedBy: "verified").count == 2)
  }

  @Test func aFailedVerificationIsLoud() {
    let report = DerivativeReport.example(
      verification: VerificationReport(
        passed: false, points: 3, maxRelativeError: 0.5, failure: .mismatch(relativeError: 0.5)))
    let text = TextReport([report], style: .ascii).text
    #expect(text.contains("WRONG"))
    #expect(!text.contains("verified"))
  }

  @Test func definitionsComeFirst() {
    let text = TextReport([.example(definitions: ["s"])], style: .ascii).text
    #expect(text.split(separator: "\n")[1] == "s = A*x")
  }

  @Test func theFunctionNeverHasTheNameOfAVariable() {
    let text = TextReport([.example(wrt: "f")], style: .ascii).text
    #expect(text.hasPrefix("F = "))
  }

  @Test func remarksGoBelowWhereLinesWouldBeLong() {
    let long = String(repeating: "x", count: 90)
    let text = TextReport([.example(derivative: .name(long))], style: .ascii).text
    #expect(text.contains(long + "\n    (n x 1, gradient, denominator layout)\n"))
  }

  @Test(arguments: [
    (0, "0"), (3.14e-12, "3.1e-12"), (3e-12, "3e-12"), (9.99, "1e1"), (0.5, "5e-1"), (1, "1"),
    (.infinity, "inf"), (.nan, "nan"),
  ])
  func errorsHaveTwoDigits(value: Double, text: String) {
    #expect(scientific(value) == text)
  }
}
