import Testing

@testable import Frechet

@Suite struct TextReportTests {
  @Test func saysWhatTheDerivativeIs() {
    #expect(
      TextReport([.example()], notation: .unicode).text == """
        f = xᵀAx          (1×1, A: matrix(n,n), x: vector(n))
        ∇f = (A + Aᵀ)x    (n×1, gradient, denominator layout)
        domain: x ≠ 0
        verified at 3 random points, relative error 3.1e-12

        """)
  }

  @Test func keepsToASCIIWhereAsked() {
    let text = TextReport([.example(domain: [])], notation: .ascii).text
    #expect(text.utf8.allSatisfy { $0 < 128 })
    #expect(text.contains("df/dx = (A + A')*x"))
    #expect(text.contains("n x 1, gradient, denominator layout"))
  }

  @Test func severalDerivativesNameTheirVariables() {
    let text = TextReport([.example(), .example(wrt: "A")], notation: .unicode).text
    #expect(text.contains("∂f/∂x = "))
    #expect(text.contains("∂f/∂A = "))
    #expect(text.components(separatedBy: "verified").count == 2)
  }

  @Test func aFailedVerificationIsLoud() {
    let report = DerivativeReport.example(
      verification: .init(passed: false, points: 3, maxRelativeError: 0.5))
    let text = TextReport([report], notation: .ascii).text
    #expect(text.contains("WRONG"))
    #expect(!text.contains("verified"))
  }

  @Test func definitionsComeFirst() {
    let text = TextReport([.example(definitions: ["s"])], notation: .ascii).text
    #expect(text.split(separator: "\n")[1] == "s = x'*x")
  }

  @Test func theFunctionNeverHasTheNameOfAVariable() {
    let text = TextReport([.example(wrt: "f")], notation: .ascii).text
    #expect(text.hasPrefix("F = "))
  }

  @Test func remarksGoBelowWhereLinesWouldBeLong() {
    let long = Array(repeating: "x", count: 60).joined(separator: " + ")
    let text = TextReport([.example(text: long)], notation: .ascii).text
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

extension DerivativeReport {
  /// The gradient of `x'*A*x`.
  static func example(
    wrt: String = "x", text: String = "(A + A')*x", definitions: [String] = [],
    domain: [String] = ["x ≠ 0"],
    verification: Verification = .init(passed: true, points: 3, maxRelativeError: 3.1e-12)
  ) -> DerivativeReport {
    let variables = [
      Variable(name: "A", shape: Shape("n", "n"), type: .matrix),
      Variable(name: wrt, shape: Shape("n", 1), type: .vector),
    ]
    let shared = definitions.map {
      Formula.Definition(name: $0, text: "x'*x", unicode: "xᵀx", latex: "x^\\top x", latexName: $0)
    }
    return DerivativeReport(
      input: "x'*A*x", wrt: wrt, secondWrt: nil, kind: .gradient, options: DerivativeOptions(),
      variables: variables,
      value: Formula(
        shape: .scalar, text: "x'*A*x", unicode: "xᵀAx", latex: "x^\\top A x", definitions: [],
        size: 6),
      derivative: Formula(
        shape: Shape("n", 1), text: text, unicode: text == "(A + A')*x" ? "(A + Aᵀ)x" : text,
        latex: "(A + A^\\top) x", definitions: shared, size: 6),
      form: .matrix, differential: nil, steps: [], domain: domain, notes: [],
      verification: verification)
  }
}
