import Frechet

@testable import Differentiation
@testable import Frechet

extension DerivativeReport {
  /// The gradient of `x'*A*x`.
  static func example(
    wrt: String = "x", derivative: Syntax? = nil, definitions: [String] = [],
    domain: [String] = ["x ≠ 0"],
    verification: VerificationReport = VerificationReport(
      passed: true, points: 3, maxRelativeError: 3.1e-12, failure: nil)
  ) -> DerivativeReport {
    let variables = [
      Variable(name: wrt, shape: Shape("n", 1), type: .vector),
      Variable(name: "A", shape: Shape("n", "n"), type: .matrix),
    ]
    let A = Syntax.name("A")
    let x = Syntax.name("x")
    let result = derivative ?? .product(.sum(A, .transpose(A)), x)
    let spelled = Derivative(
      wrt: wrt, secondWrt: nil, kind: .gradient, options: DerivativeOptions(), form: .matrix,
      value: Spelling(shape: .scalar, body: .product(.product(.transpose(x), A), x)),
      result: Spelling(
        shape: Shape("n", 1),
        definitions: definitions.map { .init(name: $0, value: .product(A, x)) }, body: result),
      differential: nil, direction: "V", domain: domain, notes: [], vectorDependence: .none)
    let input = TypedInput(
      source: "x'*A*x", variables: variables, nodes: [], definitions: [], result: 0,
      dimensions: ["n"], notes: [])
    let rendered = RenderedDerivative(spelled, of: input, text: Parts.text)
    return DerivativeReport(
      input: input.source, wrt: wrt, secondWrt: nil, kind: .gradient, options: spelled.options,
      variables: variables.sorted { $0.name < $1.name }, value: Formula(rendered.value),
      derivative: Formula(rendered.result), form: .matrix, directions: [],
      size: spelled.result.size,
      differential: nil, latexLeftHandSide: rendered.latexLeftHandSide, domain: domain, notes: [],
      curvature: nil, verification: verification)
  }
}

extension Syntax {
  static func name(_ name: String) -> Syntax { Syntax(.name(name)) }
  static func transpose(_ x: Syntax) -> Syntax { Syntax(.transpose(x)) }

  static func product(_ a: Syntax, _ b: Syntax) -> Syntax {
    if case .product(let first, let rest) = a.kind {
      return Syntax(.product(first, rest + [(.times, b)]))
    }
    return Syntax(.product(a, [(.times, b)]))
  }

  static func sum(_ a: Syntax, _ b: Syntax) -> Syntax { Syntax(.sum(a, [(false, b)])) }
}
