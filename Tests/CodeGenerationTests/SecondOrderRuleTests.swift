import Frechet
import Testing

/// What JAX and PyTorch are taught of second derivatives: formulas, or openly nothing.
@Suite struct SecondOrderRuleTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let declarations: [String]
    let wrt: [String]
    let input: String
    /// Words of the two programs.
    let torch: [String]
    let jax: [String]

    var testDescription: String { input }
  }

  static let cases = [
    Case(
      declarations: ["S: spd(n)", "mu: vector(n)"], wrt: ["S", "x"],
      input: "logdet(S) + (x - mu)'*inv(S)*(x - mu)",
      torch: ["class _Gradients", "_along_S(", "_along_x(", "(V + V.T) / 2", "def jvp("],
      jax: ["value_and_grad.defjvp", "_along_S(", "_along_x("]),
    Case(
      declarations: ["w: vector(n)"], wrt: ["w"], input: "X*w./norm2(w)",
      torch: ["class _Pullback", "along_w, along_U ="],
      jax: ["derivatives of higher order are JAX's"]),
    Case(
      declarations: ["Q: stiefel(m,n)", "A: symmetric(m)"], wrt: ["Q"], input: "tr(Q'*A*Q)",
      torch: ["Autograd differentiates these operation by operation"],
      jax: ["Their own derivatives are JAX's: the gradient by Q is that of a manifold."]),
  ]

  @Test(arguments: cases) func areWritten(_ item: Case) throws {
    for (target, words) in [(TargetName.torch, item.torch), (.jax, item.jax)] {
      var request = CodeRequest(
        item.input, wrt: item.wrt, target: target, declarations: item.declarations,
        timeLimit: 300)
      request.verify = false
      let program = try request.answer()
      for word in words { #expect(program.contains(word), "\(target): \(word)\n\(program)") }
    }
  }
}

/// Rules of Julia and Swift, and how an input of several lines is quoted.
@Suite struct DifferentiationRuleTests {
  @Test func areWritten() throws {
    var second = DerivativeOptions()
    second.order = 2
    let rows: [(TargetName, String, DerivativeOptions, [String])] = [
      (
        .julia, "X*w./norm2(w)", DerivativeOptions(),
        ["function pull_back(X, w, U)", "rrule(::typeof(objective), X, w)"]
      ),
      (
        .julia, "norm2(X*w)^2", second,
        ["function value_and_grad(X, w)", "value, gradient = value_and_grad(X, w)"]
      ),
      (
        .swift, "norm2(X*w)^2", second,
        ["@derivative(of: value, wrt: w)", "try? valueAndGrad(X: X, w: w)"]
      ),
    ]
    for (target, input, options, words) in rows {
      var request = CodeRequest(
        input, wrt: ["w"], target: target, options: options, timeLimit: 300)
      request.verify = false
      let program = try request.answer()
      for word in words { #expect(program.contains(word), "\(target): \(word)\n\(program)") }
    }
  }

  @Test(arguments: TargetName.allCases) func linesAreQuoted(_ target: TargetName) throws {
    var request = CodeRequest(
      "Z = X*w - y # residuals\n[1, 2; 3, 4]*[sum(Z.^2); 0]", wrt: ["w"], target: target,
      declarations: ["y: vector(m)"], timeLimit: 300)
    request.sizes = ["m": 4, "n": 3]
    request.verify = false
    let lines = try request.answer().split(separator: "\n")
    let quoted = lines.filter { $0.contains("[sum(Z.^2); 0]") && $0.contains("f = ") }
    #expect(!quoted.isEmpty, "\(lines)")
    #expect(!lines.contains { $0.contains("residuals") }, "\(lines)")
  }
}
