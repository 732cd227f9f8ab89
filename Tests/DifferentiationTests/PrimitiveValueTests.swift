import Frechet
import Testing

/// What the graph makes of each primitive's value: its facts, its transpose, how it is written.
@Suite struct PrimitiveValueTests {
  /// Values with a structure, whose facts must hold.
  static let structured = [
    "S: spd(n); A: matrix(m,n) | A*S*A'", "S: spd(n) | inv(S)", "S: psd(n); T: spd(n) | S + T",
    "Q: orthogonal(n); R: orthogonal(n) | Q*R", "Q: stiefel(n,p) | Q'*Q", "Q: stiefel(n,p) | Q*Q'",
    "L: lower(n); M: lower(n) | L*M + M", "L: lower(n) | inv(L)'", "L: lower(n) | L*L'",
    "D: diagonal(n); L: lower(n) | D*L - 2*L", "K: skew(n) | K*K", "K: skew(n) | inv(K*K)",
    "X: stochastic(m,n); Y: stochastic(n,p) | X*Y", "x: simplex(n); X: stochastic(m,n) | X*x",
    "x: positive vector(n) | diag(x)", "x: positive vector(n); y: vector(n) | x.*y.^2 + exp(y)",
    "S: spd(n); T: spd(m) | kron(S,T)", "x: vector(n) | softmax(x)*x'", "x: vector(n) | x*x'",
    "S: symmetric(n) | S*S - 3*S", "S: spd(n); D: diagonal(n) | D*S*D", "S: spd(n) | det(S)",
    "A: matrix(m,n) | sqrt(sum(A.^2,1)) + 1", "x: nonnegative vector(n) | abs(x) + relu(x)",
    "Q: orthogonal(n); x: vector(n) | kron(Q,Q)", "X: matrix(m,n) | softmax(X,1)' + 0*X'",
  ].map { Sample(.multiply, $0) }

  static let all = Primitive.samples + structured

  @Test(arguments: all)
  func factsHold(sample: Sample) throws {
    let input = try sample.typed()
    let graph = Graph()
    let lowering = Lowering(input, into: graph)
    var points = RandomPoints([input], seed: 11)
    for _ in 0..<2 {
      let next = points.next()
      let point = try #require(next, "no random point")
      let roots = Array(input.nodes.indices)
      let values = try Evaluator(input).evaluate(point.values, sizes: point.sizes, roots: roots)
      for (i, e) in lowering.nodes.enumerated() {
        guard let e, let value = values.values[i] else { continue }
        let claims = FactCheck(graph, e, value).falseClaims
        #expect(claims.isEmpty, "node \(i) of \(sample.text): \(claims) of \(value)")
      }
    }
  }

  /// The canonical value, its shortest form and its transpose are written, read back and equal.
  @Test(arguments: all)
  func isWrittenAndReadBack(sample: Sample) throws {
    let input = try sample.typed()
    let graph = Graph()
    let e = Lowering(input, into: graph).result
    let transposed = try Language.elaborate("(\(sample.text))'", declarations: sample.declarations)
    for style in [Speller.DiagonalStyle.matrix, .scaling] {
      let search = Search(graph, diagonals: style)
      try expectEqual(search.speller.spell(e), input)
      try expectEqual(search.speller.spell(search.simplify(e)), input)
      try expectEqual(search.speller.spell(graph.transpose(e)), transposed)
    }
    #expect(graph.transpose(graph.transpose(e)) == e)
    #expect(graph.failure == nil)
  }

  private func expectEqual(_ syntax: Syntax, _ input: TypedInput) throws {
    let text = SyntaxPrinter.text(of: syntax)
    #expect(!LaTeXPrinter().print(syntax).isEmpty && !UnicodePrinter().print(syntax).isEmpty)
    let read = try Language.elaborate(text, in: input)
    #expect(!IndexNotation(read, text: { UnicodePrinter().print($0) }).text.isEmpty)
    let report = verifyEqual(input, read, points: 2)
    #expect(report.passed, "\(text): \(String(describing: report.failure))")
  }
}
