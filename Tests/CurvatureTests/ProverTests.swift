import Differentiation
import Evaluation
import ExpressionCore
import ExpressionLanguage
import Testing
import Verification

@testable import Curvature

/// The rules of the prover: what they give, what they must not, and that values agree.
@Suite struct ProverTests {
  private static let declarations = [
    "A: matrix(m,n)", "D: matrix(n,n)", "S: spd(n)", "T: spd(n)", "P: psd(n)", "Q: psd(n)",
    "W: nonnegative symmetric(n)", "H: symmetric(n)", "R: stochastic(n,n)", "c: positive scalar",
    "a: scalar", "x: vector(n)", "y: vector(m)", "p: simplex(n)", "h: positive vector(n)",
    "k: nonnegative vector(n)", "O: orthogonal(n)",
  ]

  struct Lowered {
    let input: TypedInput
    let graph: Graph
    let result: Expr

    init(_ text: String) throws {
      input = try Language.elaborate(text, declarations: declarations)
      graph = Graph()
      result = Lowering(input, into: graph).result
      #expect(graph.failure == nil)
    }

    /// Values at random points.
    func values() -> [Matrix] {
      var points = RandomPoints([input], seed: 11)
      return (0..<6).compactMap { _ in points.next() }
        .compactMap { try? $0.value(of: input).result }
    }
  }

  // MARK: Matrices

  static let definite = [
    "S", "inv(S)", "S + P", "eye(n)", "c*eye(n) + A'*A", "diag(h)", "diag(exp(x))", "S⊗T",
    "S.*T", "expm(H)", "inv(S + x*x')", "D'*D + eye(n)", "diag(1./h)", "O'*S*O", "S + c*x*x'",
    "inv(inv(S) + inv(T))", "sqrtm(S)", "[2, 1; 1, 2]", "diag(x.^2 + 1)",
    "eye(n) - x*x'/(1 + x'*x)", "S/c",
  ]
  static let semidefinite = [
    "A'*A", "A'*diag(y.^2)*A", "x*x'", "P", "P + Q", "P.*Q", "P⊗Q", "diag(k)", "A'*A + P",
    "A'*(y*y')*A", "diag(p) - p*p'", "diag(softmax(x)) - softmax(x)*softmax(x)'",
    "diag(h) - h*h'/sum(h)", "eye(n) - x*x'/(x'*x)", "S - S*x*x'*S/(x'*S*x)",
    "diag(W*ones(n,1)) - W", "D*P*D'", "H*H", "[1, 1; 1, 1]", "[1, 2; 2, 4]",
    "A'*A/norm2(A*x) - A'*A*x*x'*A'*A/norm2(A*x)^3", "zeros(n,n)", "kron(A'*A, P)",
    "A'*diag(y.^2)*A + x*x'", "D'*(S + P)*D",
  ]
  /// Some are semidefinite at some points, and none is everywhere.
  static let indefinite = [
    "H", "D", "D + D'", "S - T", "P - x*x'", "diag(x)", "-S", "S*T", "a*S", "A'*diag(y)*A",
    "eye(n) - x*x'", "diag(p) - 2*p*p'", "diag(h) - h*h'", "eye(n) - 2*x*x'/(x'*x)", "W", "H.*S",
    "S⊗H", "[1, 2; 2, 1]", "[0, 1; 1, 0]", "W - diag(W*ones(n,1))", "commutation(n,n)",
    "expm(D)", "x*h' + h*x'", "R", "S - c*eye(n)",
  ]

  private func leastEigenvalue(_ m: Matrix) throws -> Double {
    try SymmetricEigen(m).values.min() ?? 0
  }

  @Test(arguments: definite)
  func definiteMatrices(_ text: String) throws {
    let lowered = try Lowered(text)
    let proof = Prover(lowered.graph).semidefinite(lowered.result)
    #expect(proof?.isStrict == true)
    let values = lowered.values()
    #expect(!values.isEmpty)
    for m in values { #expect(try leastEigenvalue(m) > 0) }
  }

  @Test(arguments: semidefinite)
  func semidefiniteMatrices(_ text: String) throws {
    let lowered = try Lowered(text)
    let proof = Prover(lowered.graph).semidefinite(lowered.result)
    #expect(proof != nil && proof?.isStrict == false)
    for m in lowered.values() {
      #expect(try leastEigenvalue(m) > -1e-9 * max(1, m.maxMagnitude))
    }
  }

  @Test(arguments: indefinite)
  func nothingIsClaimedOfOthers(_ text: String) throws {
    let lowered = try Lowered(text)
    #expect(Prover(lowered.graph).semidefinite(lowered.result) == nil)
  }

  // MARK: Entries

  static let positive = [
    "exp(x)", "h + x.^2", "sigmoid(x).*(1 - sigmoid(x))", "1 - tanh(x).^2", "cosh(x)", "1./h",
    "sqrt(h)", "softmax(x)", "normcdf(x)", "1 - normcdf(x)", "normpdf(x)", "softplus(x)",
    "logdet(S)*0 + 1", "det(S)", "tr(S)", "x'*x + 1", "1/(1 + x'*x)", "log(1 + h)",
    "1 - x'*x/(1 + x'*x)", "diag(S)", "trigamma(h)", "R*h", "sum(exp(x))", "2 - cos(x)",
  ]
  static let nonnegative = [
    "x.^2", "abs(x)", "relu(x)", "x'*P*x", "tr(P)", "tr(P*Q)", "tr(A'*A)", "k", "x'*x",
    "1 - sin(x)", "1 - p", "tr(inv(S)*D*inv(S)*D')", "max(0*x, x)", "x.^2.*h", "norm2(x)",
    "1 - step(x)", "exp(h) - 1", "tanh(k)", "acos(x)", "svdvals(A)", "log(cosh(x))",
  ]
  static let unsigned = [
    "x", "x.^3", "tanh(x)", "1 - x.^2", "x'*D*x", "x'*H*x", "log(h)", "exp(x) - 1", "h - p",
    "1 - 2*sigmoid(x)", "tr(D*D)", "sum(x)", "a*h", "tr(S*H)", "digamma(h)", "1 - cosh(x)",
    "x.*exp(x)", "cos(x)", "1 - abs(x)", "logsumexp(x)",
  ]

  @Test(arguments: positive)
  func positiveEntries(_ text: String) throws {
    let lowered = try Lowered(text)
    #expect(Prover(lowered.graph).range(lowered.result).isPositive)
    for m in lowered.values() { #expect(m.values.allSatisfy { $0 > 0 }) }
  }

  @Test(arguments: nonnegative)
  func nonnegativeEntries(_ text: String) throws {
    let lowered = try Lowered(text)
    #expect(Prover(lowered.graph).range(lowered.result).isNonnegative)
    for m in lowered.values() { #expect(m.values.allSatisfy { $0 > -1e-12 }) }
  }

  @Test(arguments: unsigned)
  func nothingIsClaimedOfOtherEntries(_ text: String) throws {
    let lowered = try Lowered(text)
    let range = Prover(lowered.graph).range(lowered.result)
    #expect(!range.isNonnegative && !(text == "1 - cosh(x)" ? false : range.isNonpositive))
  }

  // MARK: Limits

  @Test func theSearchEndsAtItsLimits() throws {
    let lowered = try Lowered("A'*diag(y.^2)*A + x*x' + S + P")
    var limits = ProofLimits()
    limits.steps = 3
    let few = Prover(lowered.graph, limits: limits)
    #expect(few.semidefinite(lowered.result) == nil)
    #expect(few.limit == .steps(3))
    limits = ProofLimits()
    limits.depth = 2
    let shallow = Prover(lowered.graph, limits: limits)
    #expect(shallow.semidefinite(lowered.result) == nil)
    #expect(shallow.limit == .depth(2))
  }
}
