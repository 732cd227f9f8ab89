import Frechet
import Testing

/// What holds of every graph.
@Suite struct GraphTests {
  static let inputs = [
    "x'*A*x + 3*tr(A)", "P = softmax(X*W,2); -sum(Y.*log(P))", "norm2(X*w - y)^2/2 + a*norm1(w)",
    "logdet(X'*X + eye(n)) - tr(inv(X'*X))", "sum((X - mean(X,1)).^2)", "kron(A,B)*vec(X)",
    "diag(x)*A*diag(y) + (A.*(x*y'))", "s = sigmoid(W*x + 1); (s.*(1 - s))'*s",
    "[A, B; B', A']*[x; y]", "prod(x)*exp(-x'*x)/norm2(x)", "relu(X*w).^2./(1 + abs(X*w))",
    "exp(z)/sum(exp(z)) - softmax(z)", "sqrt(x'*x)*(x'*x)^(3/2)*norm2(x)^-1",
  ]

  private func graph(_ text: String) throws -> (Graph, Expr) {
    let input = try Language.elaborate(text)
    let graph = Graph()
    let lowering = Lowering(input, into: graph)
    if graph.shape(lowering.result).isScalar {
      for x in lowering.variables {
        _ = try? graph.pullback(of: lowering.result, cotangent: graph.one, to: [x])
      }
    }
    return (graph, lowering.result)
  }

  @Test(arguments: inputs)
  func operandsPrecedeAndNodesAreCanonical(text: String) throws {
    let (graph, result) = try graph(text)
    let symbols = graph.reachable(from: [result])
    #expect(symbols.last == result)
    for e in symbols {
      #expect(graph.node(e).operands.allSatisfy { $0 < e })
      #expect(graph.remade(e) == e, "\(text): \(graph.node(e)), not \(graph.node(graph.remade(e)))")
      #expect(graph.transpose(graph.transpose(e)) == e)
      #expect(graph.shape(graph.transpose(e)) == graph.shape(e).transposed)
      #expect(graph.shape(graph.remade(e)) == graph.shape(e))
      #expect(graph.negate(graph.negate(e)) == e)
      #expect(graph.subtract(e, e) == graph.zero(graph.shape(e)))
    }
  }

  @Test func limitsAreReported() throws {
    let small = Graph(nodeLimit: 8)
    var e = small.makeSymbol(Variable(name: "x", shape: .scalar, type: .scalar))
    for _ in 0..<20 { e = small.elementwise(.sin, e) }
    #expect(small.failure == .tooManyNodes(limit: 8))
    let shallow = Graph(depthLimit: 10)
    var d = shallow.makeSymbol(Variable(name: "x", shape: .scalar, type: .scalar))
    for _ in 0..<20 { d = shallow.elementwise(.sin, d) }
    #expect(shallow.failure == .tooDeep(limit: 10))
    let zero = Graph()
    _ = zero.reciprocal(zero.number(0))
    #expect(zero.failure == .divisionByZero)
  }
}

extension Graph {
  /// The node made anew through its constructor.
  fileprivate func remade(_ e: Expr) -> Expr {
    switch node(e) {
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit: e
    case .sum(let terms): sum(terms, shape: shape(e))
    case .product(let p):
      product([Factor(number(p.coefficient))] + p.scalars, chain: p.chain)
    case .hadamard(let factors): hadamard(factors)
    case .apply(let primitive, let x, let parameters):
      primitive.rule.construct(self, x, parameters, shape(e))
    }
  }
}
