import CodeGeneration
import Differentiation
import ExpressionCore
import ExpressionLanguage
import Planning

// What the target's own differentiation is taught: the plain derivatives, whatever conventions the
// asked ones follow.
extension CodeRequest {
  func rules(
    of typed: TypedInput, _ value: Listing.Formula, _ deadline: Deadline?
  ) throws(FrechetError) -> DifferentiationRules? {
    guard let kind = target.ruleKind, options.form != .operator else { return nil }
    var plain = DerivativeOptions()
    plain.unstructured = options.unstructured
    if typed.nodes[typed.result].shape.isScalar {
      let second = secondOrder(of: typed, along: wrt, plain, deadline)
      var asked = options
      asked.form = .auto
      if asked == plain { return .gradients(nil, second) }
      return .gradients(Listing(try [value] + formulas(plain, of: typed)), second)
    }
    switch kind {
    case .none: return nil
    case .pushforward:
      plain.form = .operator
      var listings: [(String, Listing)] = []
      for variable in wrt {
        listings.append((variable, Listing(try formulas(plain, of: typed, wrt: [variable]))))
      }
      return .pushforwards(value: Listing([value]), listings)
    case .pullback:
      plain.unstructured = true
      let (paired, cotangent) = typed.pairedWithCotangent()
      let pullback = Listing(try formulas(plain, of: paired))
      let second = secondOrder(of: paired, along: wrt, by: [cotangent], plain, deadline)
      return .pullback(value: Listing([value]), pullback, second)
    }
  }

  /// The derivatives of the gradients of a scalar along a direction of each variable.
  ///
  /// - Parameter others: further variables that the gradients depend on.
  private func secondOrder(
    of typed: TypedInput, along variables: [String], by others: [String] = [],
    _ plain: DerivativeOptions, _ deadline: Deadline?
  ) -> SecondOrderRules {
    guard target.learnsSecondOrder else { return .none(because: "it is not asked for") }
    for variable in typed.variables where variables.contains(variable.name) {
      if variable.type == .orthogonal || variable.type == .stiefel {
        return .none(because: "the gradient by \(variable.name) is that of a manifold")
      }
    }
    var second = plain
    second.order = 2
    second.form = .operator
    let options = second
    do throws(FrechetError) {
      // What is not found in half of the time that is left is left to the target.
      let rules = try limited(to: deadline.map { $0.remaining / 2 }) {
        limit throws(FrechetError) -> [SecondOrderRules.Direction] in
        try directions(of: typed, variables, others, options, limit)
      }
      return .along(rules)
    } catch {
      if case .timeLimit = error { return .none(because: "none was found in time") }
      return .none(because: "there is none in matrix notation")
    }
  }

  private func directions(
    of typed: TypedInput, _ variables: [String], _ others: [String],
    _ options: DerivativeOptions, _ deadline: Deadline?
  ) throws(FrechetError) -> [SecondOrderRules.Direction] {
    let derivatives = try Parts.derive(typed, wrt: variables + others, options: options)
    var directions: [SecondOrderRules.Direction] = []
    for variable in typed.variables where variables.contains(variable.name) {
      var formulas: [Listing.Formula] = []
      for derivative in derivatives where derivative.argument?.like == variable.name {
        try deadline?.check()
        let formula = try formula(derivative, of: typed)
        formulas.append(formula.projectingDirection(like: variable))
      }
      guard case .product(_, let direction)? = formulas.first?.role else { continue }
      directions.append(
        SecondOrderRules.Direction(
          variable: variable.name, direction: direction, listing: Listing(formulas)))
    }
    return directions
  }
}

extension Listing.Formula {
  /// The formula of any direction, made one of the linear space of the variable first.
  fileprivate func projectingDirection(like variable: Variable) -> Listing.Formula {
    guard case .product(_, let name) = role, let projection = variable.type.projection,
      let place = input.variables.firstIndex(where: { $0.name == name })
    else { return self }
    var own = input
    own.nodes = []
    var moved: [Int] = []
    for node in input.nodes {
      own.nodes.append(
        TypedInput.Node(
          node.operation, node.operands.map { moved[$0] }, parameters: node.parameters,
          shape: node.shape, range: node.range))
      if node.operation == .variable(place) {
        for (primitive, isColumn) in projection {
          let shape = isColumn ? Shape(node.shape.rows, 1) : node.shape
          own.nodes.append(
            TypedInput.Node(.primitive(primitive), [own.nodes.count - 1], shape: shape))
        }
      }
      moved.append(own.nodes.count - 1)
    }
    own.result = moved[input.result]
    own.definitions = input.definitions.map {
      TypedInput.Definition(name: $0.name, node: moved[$0.node])
    }
    return Listing.Formula(role: role, input: own, text: text)
  }
}

extension StructureType {
  /// The orthogonal projection onto the linear space of a structure: operations one after the
  /// other, and whether a column comes between them; nil for the space of all matrices.
  fileprivate var projection: [(Primitive, isColumn: Bool)]? {
    switch self {
    case .symmetric, .spd, .psd: [(.sym, false)]
    case .skew: [(.skew, false)]
    case .diagonal: [(.diagonal, true), (.diag, false)]
    case .lower: [(.tril, false)]
    case .upper: [(.triu, false)]
    case .scalar, .vector, .row, .matrix, .orthogonal, .stiefel, .simplex, .stochastic: nil
    }
  }
}
