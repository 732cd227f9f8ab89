import Foundation
import Testing

@testable import Frechet

@Suite struct DocumentReportTests {
  @Test func latexIsOneAlignedDisplay() {
    #expect(
      LaTeXReport([.example()]).text == #"""
        % A: matrix(n,n), x: vector(n)
        % denominator layout
        \begin{aligned}
        f &= \mathbf{x}^{\top} \mathbf{A} \mathbf{x} \\
        \nabla_{\mathbf{x}}\, f &= (\mathbf{A} + \mathbf{A}^{\top}) \mathbf{x}
        \end{aligned}

        """#)
  }

  @Test func markdownHoldsTheDisplayTheFactsAndTheText() {
    let text = MarkdownReport([.example()]).text
    #expect(text.hasPrefix("$$\n\\begin{aligned}"))
    #expect(
      text.contains("Gradient with respect to `x` (n×1, denominator layout): `(A + A')*x`"))
    #expect(text.contains("`A: matrix(n,n)`"))
    #expect(text.contains("verified at 3 random points"))
  }

  @Test func jsonHasTheDocumentedKeysInTheirOrder() {
    guard case .object(let members) = DerivativeReport.example(definitions: ["s"]).json else {
      Issue.record("no object")
      return
    }
    #expect(
      members.map(\.key) == [
        "input", "wrt", "order", "layout", "kind", "variables", "value", "derivative",
        "differential", "steps", "domain", "notes", "verified",
      ])
    let text = JSON.object(members).text(width: 1000)
    #expect(text.contains(#""variables": {"A": {"type": "matrix", "shape": ["n", "n"]}"#))
    #expect(text.contains(#""derivative": {"shape": ["n", 1], "text": "(A + A')*x""#))
    #expect(text.contains(#""where": [{"name": "s", "text": "A*x""#))
    #expect(text.contains(#""form": "matrix"}"#))
    #expect(
      text.contains(#""verified": {"passed": true, "points": 3, "maxRelativeError": 3.1e-12}"#))
  }
}
