import Foundation
import Frechet
import Testing

/// Worked derivations, line by line.
@Suite struct CheckedDerivationTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let input: String
    let declare: [String]
    let wrt: [String]
    let lines: [String]
    /// The first wrong line and its diagnosis; nil of a right derivation.
    let wrong: (line: Int, diagnosis: Diagnosis)?

    init(
      _ name: String, _ input: String, by wrt: String..., declare: [String] = [],
      lines: [String], wrong: (Int, Diagnosis)? = nil
    ) {
      self.name = name
      self.input = input
      self.declare = declare
      self.wrt = wrt
      self.lines = lines
      self.wrong = wrong
    }

    var testDescription: String { name }

    func answered() throws -> DerivationReport {
      try DerivationRequest(
        input, wrt: wrt, derivation: lines.joined(separator: "\n"), declarations: declare,
        timeLimit: 60
      ).answer()
    }
  }

  static let rows = [
    Row(
      "least squares", "norm2(A*x - b)^2", by: "x", declare: ["b: vector(m)"],
      lines: [
        "# r is the residual", "r = A*x - b", "dr = A*dx", "f = r'*r", "df = 2*r'*dr",
        "   = 2*r'*A*dx", "gradient = 2*A'*r",
      ]),
    Row(
      "the residual's differential is supplied", "norm2(A*x - b)^2", by: "x",
      declare: ["b: vector(m)"], lines: ["r = A*x - b", "df = 2*r'*dr", "= 2*r'*A*dx"]),
    Row(
      "symmetry that is not declared", "x'*A*x", by: "x",
      lines: ["df = dx'*A*x + x'*A*dx", "= x'*A'*dx + x'*A*dx", "= 2*x'*A*dx", "∇f = 2*A'*x"],
      wrong: (3, .assumedSymmetric)),
    Row(
      "a chain on one line", "x'*A*x", by: "x",
      lines: ["df = dx'*A*x + x'*A*dx = x'*(A + A')*dx; gradient = (A + A')*x"]),
    Row(
      "identified without the transpose", "logdet(X)", by: "X",
      lines: ["d(f) = tr(inv(X)*dX)", "df/dX = inv(X)"], wrong: (2, .transposed)),
    Row(
      "identified with it", "logdet(X)", by: "X",
      lines: ["df := tr(X\\dX),", "⇒ ∂f/∂X = inv(X)'."]),
    Row(
      "an inverse, in vec", "inv(X)", by: "X",
      lines: [
        "dF = -inv(X)*dX*inv(X)", "vec(dF) = -kron(inv(X)', inv(X))*vec(dX)",
        "jacobian = -kron(inv(X)', inv(X))",
      ]),
    Row(
      "an inverse, factors exchanged", "inv(X)", by: "X",
      lines: ["X*inv(X) = eye(n)", "dF = -inv(X)*inv(X)*dX"], wrong: (2, .order)),
    Row(
      "a second differential", "x'*A*x", by: "x",
      lines: [
        "L = x'*A*x", "dL = dx'*A*x + x'*A*dx", "d2L = dx'*A*dx + dx'*A*dx", "= 2*dx'*A*dx",
        "hessian = A + A'",
      ]),
    Row(
      "a Hessian that is not symmetric", "x'*A*x", by: "x",
      lines: ["d^2f = 2*dx'*A*dx", "∇²f = 2*A"], wrong: (2, .assumedSymmetric)),
    Row(
      "two variables", "tr(A*B)", by: "A", "B",
      lines: ["df = tr(dA*B) + tr(A*dB)", "df/dA = B'", "df/dB = A'"]),
    Row(
      "two variables, one forgotten", "tr(A*B)", by: "A", "B",
      lines: ["df = tr(dA*B)"], wrong: (1, .missingTerm)),
    Row(
      "a network layer", "-sum(Y.*logsoftmax(X*W + b,2))", by: "W",
      declare: ["b: row(k)", "Y: stochastic(m,k)"],
      lines: [
        "Z = X*W + b", "P = softmax(Z,2)", "dZ = X*dW", "df = tr((P - Y)'*dZ)",
        "= tr((P - Y)'*X*dW)", "gradient = X'*(P - Y)",
      ]),
    Row(
      "a network layer, targets of any sum", "-sum(Y.*logsoftmax(X*W + b,2))", by: "W",
      declare: ["b: row(k)"],
      lines: ["Z = X*W + b", "P = softmax(Z,2)", "df = tr((P - Y)'*dZ)", "gradient = X'*(P - Y)"],
      wrong: (3, .domain)),
    Row(
      "a likelihood", "logdet(S) + tr(inv(S)*A)", by: "S",
      declare: ["S: spd(n)", "A: symmetric(n)"],
      lines: [
        "df = tr(inv(S)*dS) - tr(inv(S)*dS*inv(S)*A)", "= tr((inv(S) - inv(S)*A*inv(S))*dS)",
        "gradient = inv(S) - inv(S)*A*inv(S)",
      ]),
    Row(
      "a likelihood, the sign of the inverse", "logdet(S) + tr(inv(S)*A)", by: "S",
      declare: ["S: spd(n)", "A: symmetric(n)"],
      lines: ["df = tr(inv(S)*dS) + tr(inv(S)*dS*inv(S)*A)"], wrong: (1, .sign)),
    Row(
      "a name that begins with d", "x'*A*x", by: "x",
      lines: ["delta = A*x", "df = delta'*dx + x'*A*dx", "grad f = delta", "  + A'*x"]),
    Row(
      "an ill-shaped line", "norm2(A*x - b)^2", by: "x", declare: ["b: vector(m)"],
      lines: ["r = A*x - b", "dr = A'*dx", "df = 2*r'*dr", "gradient = 2*A'*r"],
      wrong: (2, .shape)),
    Row(
      "another function", "x'*A*x", by: "x", lines: ["f = x'*A'*A*x"], wrong: (1, .missingFactor)),
    Row(
      "a constant does not move", "x'*A*x", by: "x",
      lines: ["dA = zeros(n,n)", "df = dx'*A*x + x'*A*dx"]),
  ]

  @Test(arguments: rows) func theFirstWrongLineIsFound(row: Row) throws {
    let report = try row.answered()
    let text = report.text(in: .ascii)
    #expect(report.isCorrect == (row.wrong == nil), "\(text)")
    #expect(report.firstWrong?.number == row.wrong?.line, "\(text)")
    #expect(report.firstWrong?.verdict?.finding?.diagnosis == row.wrong?.diagnosis, "\(text)")
  }

  /// What follows from a wrong line is told from what is wrong itself.
  @Test func whatFollowsFromAWrongLineIsSaid() throws {
    let report = try Self.rows[2].answered()
    #expect(report.lines.map(\.follows) == [true, true, false, true])
    #expect(report.lines.map(\.isCorrect) == [true, true, false, false])
    let text = report.text(in: .unicode)
    #expect(text.hasPrefix("The derivation is wrong: line 3 does not follow from line 2.\n"))
    #expect(text.contains("\n  4  ∇f = 2*A'*x                follows, but from what is wrong\n"))
  }

  @Test(arguments: [
    ("df = dx'*A'*A*y", "line 1 of the derivation: y: no such name"),
    ("df = dx'*A*y", "y: no such name"),
    ("# a\n\ndf = dx'*A*", "line 3 of the derivation: expected an expression"),
    ("x = 3", "line 1 of the derivation: x: a variable of the input cannot be defined anew"),
    ("r = A'*x*x", "line 1 of the derivation: A'*x: cannot multiply"),
    ("# nothing", "--derivation: there is no line"),
  ])
  func aLineThatCannotBeReadIsAnError(lines: String, message: String) throws {
    let request = DerivationRequest(
      "norm2(A*x)^2", wrt: ["x"], derivation: lines, declarations: ["A: matrix(m,n)"])
    let error = #expect(throws: FrechetError.self) { try request.answer() }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func theReportIsJSON() throws {
    let report = try Self.rows[2].answered()
    let json = try JSONSerialization.jsonObject(with: Data(report.json.text().utf8))
    let members = try #require(json as? [String: Any])
    #expect(members["firstWrongLine"] as? Int == 3)
    let lines = try #require(members["lines"] as? [[String: Any]])
    #expect(lines.count == 4)
    #expect(lines[2]["diagnosis"] as? String == "assumed-symmetric")
  }
}
