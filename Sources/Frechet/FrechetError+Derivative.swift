import Differentiation
import ExpressionCore
import ExpressionLanguage

extension FrechetError {
  /// Why an input has no derivative, with the place where there is one.
  init(_ error: DerivativeError, in input: TypedInput) {
    switch error {
    case .unknownVariable(let name, let known):
      self = .derivative(Self.unknown(name, known))
    case .undefined(let primitive):
      let node = input.nodes.firstIndex { $0.operation == .primitive(primitive) }
      let text = input.excerpt(node) ?? primitive.rawValue
      self = .derivative(input.diagnostic(.noDerivative(text), at: node))
    case .limit(.divisionByZero):
      let node = input.nodeThatDividesByZero
      self = .input(
        input.diagnostic(.divisionByZero(input.excerpt(node) ?? input.source), at: node))
    case .limit(.tooManyNodes(let limit)):
      self = .sizeLimit(
        "derive: needs more than \(limit) expressions; an input of fewer operations would do.")
    case .limit(.tooDeep(let limit)):
      self = .sizeLimit(
        "derive: nested more than \(limit) operations deep; definitions make an input flatter.")
    case .order(let order, let allowed):
      let orders = "orders from \(allowed.lowerBound) to \(allowed.upperBound)"
      self =
        order > HigherDerivative.orders.upperBound
        ? .sizeLimit("--order \(order): only \(orders) are derived; the number of terms explodes.")
        : .derivative("--order \(order): only \(orders) are possible here.")
    case .notScalar(let shape):
      self = .derivative(
        "--order 2: the Hessian is that of a scalar, and the input is \(shape). "
          + "--order 1 gives its Jacobian, --form operator the map V1, V2 -> D²f[V1, V2]; u'*(…) or "
          + "entry(…,1,1) would be a scalar.")
    }
  }

  /// The variable of differentiation is missing.
  static func variableMissing(in known: [String]) -> FrechetError {
    guard let first = known.first else {
      return .derivative("--wrt: the input has no variable to differentiate with respect to.")
    }
    return .derivative(
      "--wrt: the variable of differentiation is missing; the input has "
        + "\(known.joined(separator: ", ")). --wrt \(first) would do.")
  }

  private static func unknown(_ name: String, _ known: [String]) -> String {
    guard !known.isEmpty else { return "--wrt \(name): the input has no variables." }
    let has = "the input has \(known.joined(separator: ", "))"
    let nearest = NearestName.find(for: name, among: known) ?? (known.count == 1 ? known[0] : nil)
    return "--wrt \(name): no such variable; \(has)."
      + (nearest.map { " --wrt \($0) would do." } ?? "")
  }
}

extension TypedInput {
  /// The author's text of a node.
  fileprivate func excerpt(_ node: Int?) -> String? {
    guard let node, let range = nodes[node].range else { return nil }
    let bytes = Array(source.utf8)
    guard range.lowerBound >= 0, range.upperBound <= bytes.count, range.count <= 60 else {
      return nil
    }
    return String(validating: bytes[range], as: UTF8.self)
  }

  /// The message with the place marked.
  fileprivate func diagnostic(
    _ problem: Problem, at node: Int?, suggestion: String? = nil
  ) -> String {
    let range = node.flatMap { nodes[$0].range } ?? 0..<source.utf8.count
    return Diagnostic(problem, in: source, at: range, suggestion: suggestion).rendered
  }

  /// The first node that divides by zero; nil where only the derivative does.
  ///
  /// What is once wrong in a graph stays so, which makes the place a matter of bisection.
  fileprivate var nodeThatDividesByZero: Int? {
    func fails(through last: Int) -> Bool {
      var start = self
      start.nodes = Array(nodes[...last])
      start.definitions = definitions.filter { $0.node <= last }
      start.result = last
      return Lowering(start, into: Graph()).graph.failure == .divisionByZero
    }
    var (low, high) = (0, nodes.count - 1)
    guard fails(through: high) else { return nil }
    while low < high {
      let middle = (low + high) / 2
      if fails(through: middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
