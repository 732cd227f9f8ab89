import Frechet
import Testing

/// The order of the operands does not matter.
@Suite struct ConfluenceTests {
  /// An operator and operands that it may be given in any order.
  static let cases: [(String, [String])] = [
    (" + ", ["A*B", "2*A", "B'", "a*eye(n)", "x*y'", "-A", "(A + B)*C"]),
    (" + ", ["x'*y", "a", "3", "n", "tr(A*B)", "norm2(x)", "-x'*x"]),
    (" + ", ["X", "ones(m,1)*r", "u*ones(1,n)", "a", "X*A", "2"]),
    ("*", ["a", "b^2", "norm2(x)", "2", "1/b", "tr(A)", "x'*A*y", "exp(a)", "pi"]),
    (".*", ["x", "y", "exp(x)", "sigmoid(y)", "y.^2", "1./x", "sqrt(abs(y))", "x.^3"]),
    (".*", ["X", "(u*r)", "exp(X)", "sum(X,1)", "X.^2", "a", "step(X)"]),
    (".*", ["A", "eye(n)", "(x*y')", "B'", "2", "(A*B)"]),
  ]

  @Test(arguments: cases)
  func shuffledOperandsGiveOneNode(sign: String, operands: [String]) throws {
    var generator = SplitMix(seed: 42)
    let orders = (0..<12).map { _ in operands.shuffled(using: &generator) }
    let definitions = orders.enumerated().map {
      "s\($0.offset) = " + $0.element.joined(separator: sign)
    }
    let input = try Language.elaborate(
      definitions.joined(separator: "; ") + "; s0",
      declarations: [
        "A: matrix(n,n)", "B: matrix(n,n)", "C: matrix(n,n)", "X: matrix(m,n)", "x: vector(n)",
        "y: vector(n)", "u: vector(m)", "r: row(n)", "a: scalar", "b: scalar",
      ])
    let graph = Graph()
    let lowering = Lowering(input, into: graph)
    let distinct = Set(lowering.definitions)
    #expect(distinct.count == 1, "\(distinct.map { graph.node($0) })")
  }
}

/// A generator of known output.
private struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
