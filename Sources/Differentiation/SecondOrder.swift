import ExpressionCore
import Rewriting

extension Derivation {
  /// The block of the Hessian with rows by the variable of differentiation and columns by another,
  /// perhaps the same.
  func second(wrt other: Int) throws(DerivativeError) -> Derivative {
    let isScalar = graph.shape(lowering.result).isScalar
    switch options.form {
    case .differential: return try secondDifferential(wrt: other)
    case .operator, .auto, .matrix, .kronecker, .index: break
    }
    guard isScalar else { throw .notScalar(graph.shape(lowering.result)) }
    switch options.form {
    case .operator: return try hessianProduct(wrt: other)
    case .index: return try hessianProduct(wrt: other, isPlain: true)
    case .auto, .matrix, .kronecker, .differential: break
    }
    guard let matrix = try matrixForm(of: try simplifiedGradient(), wrt: other) else {
      return try hessianProduct(wrt: other, isPlain: true)
    }
    return try moreReadable(matrix) { () throws(DerivativeError) in
      try hessianProduct(wrt: other, isPlain: true)
    }
  }

  /// The Hessian from a gradient, simplified; nil where it has no matrix form.
  private func matrixForm(
    of gradient: Expr, wrt other: Int
  ) throws(DerivativeError) -> Derivative? {
    guard let h = try hessian(of: gradient, wrt: other) else { return nil }
    let name = input.variables[other].name
    let search = makeSearch(
      .matrix, budget: options.purpose == .reading ? Self.budget : Self.budget / 2)
    let matrix = try finish(
      .hessian, simplified(h, wrt: other, search), nil, search, second: name)
    // Too much to put in order: begin with the linear map, simplified, which has fewer terms.
    guard options.purpose == .reading, search.isExhausted,
      let h = try hessian(of: gradient, wrt: other, shortened: true)
    else {
      return matrix
    }
    let again = makeSearch(.matrix, budget: Self.budget)
    let second = try finish(.hessian, simplified(h, wrt: other, again), nil, again, second: name)
    return second.result.size < matrix.result.size ? second : matrix
  }

  /// Of the matrix form, which is long before it is short.
  private static let budget = 5_000

  private func simplified(_ h: Expr, wrt other: Int, _ search: Search) -> Expr {
    other == index ? simplified(symmetric: revealed(h), search) : search.simplify(revealed(h))
  }

  private func simplifiedGradient() throws(DerivativeError) -> Expr {
    makeSearch(.scaling).simplify(try plainGradient())
  }

  /// What an expression changes by along a direction of a variable.
  private func change(
    of e: Expr, along direction: Expr, of other: Int
  ) throws(DerivativeError) -> Expr {
    let y = lowering.variables[other]
    return try checked { () throws(UndefinedDerivative) in
      try graph.differential(of: e, given: [y: direction]) ?? graph.zero(graph.shape(e))
    }
  }

  /// The Hessian of the plain variables; nil where it has no matrix form.
  private func hessian(
    of gradient: Expr, wrt other: Int, shortened: Bool = false
  ) throws(DerivativeError) -> Expr? {
    let second = input.variables[other]
    if second.shape.isScalar {
      return graph.vec(try change(of: gradient, along: graph.one, of: other))
    }
    let dy = makeDirection("d" + second.name, of: other)
    var d = try change(of: gradient, along: dy, of: other)
    if shortened { d = makeSearch(.scaling, budget: Self.budget).simplify(d) }
    return try? graph.jacobian(of: d, by: dy)
  }

  // MARK: Operators

  /// The Hessian as the linear map V ↦ D∇f[V].
  ///
  /// Of structured variables it is the Riemannian Hessian of the metric that was asked for, for V
  /// in the tangent space (`Graph.structuredHessian`).
  ///
  /// - Parameter isPlain: ignores the structure.
  private func hessianProduct(
    wrt other: Int, isPlain: Bool = false
  ) throws(DerivativeError) -> Derivative {
    let second = input.variables[other]
    let followsStructure = !isPlain && !options.unstructured
    let gradient = try simplifiedGradient()
    let dy = makeDirection("d" + second.name, of: other)
    let d = try change(of: gradient, along: dy, of: other)
    let v =
      followsStructure ? makeTangent(direction, of: other) : makeDirection(direction, of: other)
    var result = revealed(graph.replacing([dy: v], in: d))
    let search = makeSearch(.scaling)
    if followsStructure, variable.isStructured {
      let point = structured[x] ?? x
      var space = DerivativeOptions()
      space.metric = options.metric
      let simple = search.simplify(result)
      result =
        other == index
        ? graph.structuredHessian(
          simple, along: v, gradient: revealed(gradient), point, variable.type, space)
        : graph.structuredGradient(simple, point, variable.type, space)
    }
    return try finish(
      .hessian, search.simplify(result), nil, search, second: second.name, form: .operator)
  }

  // MARK: The second differential

  /// d²f, quadratic in dX; of a mixed block bilinear in dX and dY.
  private func secondDifferential(wrt other: Int) throws(DerivativeError) -> Derivative {
    let search = makeSearch(.scaling)
    let dx = makeTangent()
    let dy = other == index ? dx : makeTangent("d" + input.variables[other].name, of: other)
    let isScalar = graph.shape(lowering.result).isScalar
    let gradient = isScalar ? try simplifiedGradient() : nil
    let first: Expr
    if let gradient {
      first = graph.inner(gradient, dx)
    } else {
      first = try pushforward(dx)
    }
    let d = revealed(try change(of: first, along: dy, of: other))
    let name = input.variables[other].name
    let direct = try finish(
      .hessian, search.simplify(d), nil, search, second: name, form: .differential)
    guard let gradient, variable.shape.isVector, input.variables[other].shape.isVector,
      let h = try hessian(of: gradient, wrt: other)
    else { return direct }
    // The quadratic form of the Hessian shows the symmetry, which may cost a little.
    let matrixSearch = makeSearch(.matrix, budget: Self.budget)
    let form = graph.product([graph.transpose(dx), simplified(h, wrt: other, matrixSearch), dy])
    let quadratic = try finish(
      .hessian, form, nil, matrixSearch, second: name, form: .differential)
    let allowance = other == index ? 4 : 0
    return quadratic.result.size <= direct.result.size + allowance ? quadratic : direct
  }
}
