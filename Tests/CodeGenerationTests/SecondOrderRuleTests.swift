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
