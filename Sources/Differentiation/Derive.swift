import ExpressionCore
import ExpressionLanguage
import Rewriting

/// Why a derivative could not be formed.
public enum DerivativeError: Error, Hashable, Sendable, CustomStringConvertible {
  case unknownVariable(String, known: [String])
  /// No derivative rule for the operation.
  case undefined(Primitive)
  case limit(GraphError)
  /// A second derivative of something that is not 1×1.
  case notScalar(Shape)
  case order(Int, allowed: ClosedRange<Int>)

  public var description: String {
    switch self {
    case .unknownVariable(let name, let known):
      "--wrt \(name): no such variable in the input; it has \(known.joined(separator: ", "))."
    case .undefined(let primitive):
      "\(primitive.rawValue): its derivative is not known; expressions without it can be derived."
    case .limit(let error): "\(error)"
    case .notScalar(let shape):
      "order 2: the input is \(shape), not 1×1; --form operator gives D²f, bilinear in two directions, and "
        + "one entry is a scalar."
    case .order(let order, let allowed):
      "order \(order): only orders from \(allowed.lowerBound) to \(allowed.upperBound) can be derived."
    }
  }
}

/// Derives an input with respect to each of some variables, in their order; with order 2 each
/// block of the Hessian, row by row.
public func derive(
  _ input: TypedInput, wrt names: [String], options: DerivativeOptions
) throws(DerivativeError) -> [Derivative] {
  // Of a higher order see `higherDerivative`.
  guard (1...2).contains(options.order) else { throw .order(options.order, allowed: 1...2) }
  var indices: [Int] = []
  for name in names { indices.append(try input.index(of: name)) }
  var results: [Derivative] = []
  for i in indices {
    if options.order == 1 {
      results.append(try Derivation(input, wrt: i, options).first())
    } else {
      for j in indices { results.append(try Derivation(input, wrt: i, options).second(wrt: j)) }
    }
  }
  return results
}

/// Derives one block of the Hessian of a scalar input: rows by one variable, columns by another or
/// the same.
public func deriveBlock(
  _ input: TypedInput, rows: String, columns: String, options: DerivativeOptions
) throws(DerivativeError) -> Derivative {
  var options = options
  options.order = 2
  return try Derivation(input, wrt: try input.index(of: rows), options)
    .second(wrt: try input.index(of: columns))
}

extension TypedInput {
  fileprivate func index(of name: String) throws(DerivativeError) -> Int {
    guard let index = variables.firstIndex(where: { $0.name == name }) else {
      throw .unknownVariable(name, known: variables.map(\.name))
    }
    return index
  }
}

/// One derivation: the input in a graph of its own.
struct Derivation {
  let input: TypedInput
  let options: DerivativeOptions
  let index: Int
  let graph = Graph()
  let lowering: Lowering
  /// Plain stand-ins for structured variables and the variables themselves.
  let structured: [Expr: Expr]
  private let programSearches: ProgramSearches

  init(_ input: TypedInput, wrt index: Int, _ options: DerivativeOptions) {
    self.input = input
    self.options = options
    self.index = index
    let plain = options.order == 1 ? [index] : Set(input.variables.indices)
    let hidden = plain.filter { input.variables[$0].isStructured }
    lowering = Lowering(input, into: graph, plain: Set(hidden))
    var structured: [Expr: Expr] = [:]
    for i in hidden { structured[lowering.variables[i]] = graph.makeSymbol(input.variables[i]) }
    self.structured = structured
    // Of second order factoring again would take most of the time.
    programSearches = ProgramSearches(graph, refactors: options.order == 1)
  }

  /// What the operator form is linear in.
  var direction: String { DirectionNames.single(in: input) }
  var variable: Variable { input.variables[index] }
  var x: Expr { lowering.variables[index] }

  /// The expression with the variables' structure known again, and inverses as small as the
  /// assumed sizes allow.
  func revealed(_ e: Expr) -> Expr {
    graph.withSmallInverses(structured.isEmpty ? e : graph.replacing(structured, in: e))
  }

  func checked<T>(_ body: () throws(UndefinedDerivative) -> T) throws(DerivativeError) -> T {
    let result: T
    do {
      result = try body()
    } catch {
      throw .undefined(error.primitive)
    }
    if let failure = graph.failure { throw .limit(failure) }
    return result
  }

  // MARK: Order 1

  func first() throws(DerivativeError) -> Derivative {
    let f = lowering.result
    let shape = graph.shape(f)
    let kind: Derivative.Kind =
      shape.isScalar ? .gradient : variable.shape.isScalar ? .derivative : .jacobian
    if options.form == .operator || (options.form == .index && kind == .jacobian) {
      return try operatorForm(kind)
    }
    switch kind {
    case .gradient: return try gradient()
    case .derivative: return try derivativeByScalar()
    case .jacobian, .hessian: return try jacobian()
    }
  }

  private func gradient() throws(DerivativeError) -> Derivative {
    let plain = try plainGradient()
    let search = makeSearch(.scaling)
    let g = search.simplify(revealed(plain))
    var result = g
    if !options.unstructured, variable.isStructured {
      let projected = graph.structuredGradient(g, structured[x] ?? x, variable.type, options)
      result =
        [.symmetric, .spd, .psd].contains(variable.type)
        ? simplified(symmetric: projected, search) : search.simplify(projected)
    }
    if options.layout == .numerator { result = search.simplify(graph.transpose(result)) }
    let differential = needsDifferential ? search.simplify(graph.inner(g, makeTangent())) : nil
    return try finish(.gradient, result, differential, search)
  }

  func plainGradient() throws(DerivativeError) -> Expr {
    let f = lowering.result
    return try checked { () throws(UndefinedDerivative) in
      try graph.pullback(of: f, cotangent: graph.one, to: [x])[x] ?? graph.zero(variable.shape)
    }
  }

  private func derivativeByScalar() throws(DerivativeError) -> Derivative {
    let d = try pushforward(graph.one)
    let search = makeSearch(.scaling)
    let result = search.simplify(revealed(d))
    let differential =
      needsDifferential
      ? search.simplify(graph.product([result, makeDirection("d" + variable.name)])) : nil
    return try finish(.derivative, result, differential, search)
  }

  private func jacobian() throws(DerivativeError) -> Derivative {
    let dx = makeDirection("d" + variable.name)
    let search = makeSearch(.matrix)
    let plain = try pushforward(dx)
    // With a budget of its own: the Jacobian's is not spent on it.
    let differential =
      needsDifferential
      ? makeSearch(.matrix).simplify(revealed(graph.replacing([dx: makeTangent()], in: plain)))
      : nil
    if let differential, options.form == .differential {
      return try finish(.jacobian, differential, differential, search)
    }
    // What has no matrix form is written as the linear map that it is.
    guard let result = try? graph.jacobian(of: plain, by: dx) else {
      return try operatorForm(.jacobian)
    }
    var j = search.simplify(revealed(result))
    if options.layout == .jacobianTransposed { j = search.simplify(graph.transpose(j)) }
    let matrix = try finish(.jacobian, j, differential, search)
    return try moreReadable(matrix) { () throws(DerivativeError) in try operatorForm(.jacobian) }
  }

  /// Whether an answer shows the differential too: a program has no use for it.
  private var needsDifferential: Bool {
    options.purpose == .reading || options.form == .differential
  }

  /// Of a long Kronecker form and the linear map, where the form is left open: the map if it is less
  /// than half as long. A program forms the matrix, however long that is to write.
  func moreReadable(
    _ matrix: Derivative, _ map: () throws(DerivativeError) -> Derivative
  ) throws(DerivativeError) -> Derivative {
    guard options.purpose == .reading, options.form == .auto, matrix.form == .kronecker,
      matrix.result.size > 60
    else {
      return matrix
    }
    let map = try map()
    return 2 * map.result.size < matrix.result.size ? map : matrix
  }

  /// The derivative as the linear map V ↦ ….
  private func operatorForm(_ kind: Derivative.Kind) throws(DerivativeError) -> Derivative {
    let v = makeDirection(direction)
    let search = makeSearch(.scaling)
    let d = search.simplify(revealed(try pushforward(v)))
    return try finish(kind, d, nil, search, form: .operator)
  }

  func pushforward(_ direction: Expr) throws(DerivativeError) -> Expr {
    let f = lowering.result
    return try checked { () throws(UndefinedDerivative) in
      try graph.differential(of: f, given: [x: direction]) ?? graph.zero(graph.shape(f))
    }
  }

  func makeDirection(_ name: String, of other: Int? = nil) -> Expr {
    let variable = input.variables[other ?? index]
    return graph.makeSymbol(
      Variable(name: name, shape: variable.shape, type: variable.withoutStructure.type))
  }

  /// The differential of the variable, or another direction, with the structure of the tangent space.
  func makeTangent(_ name: String? = nil, of other: Int? = nil) -> Expr {
    let variable = input.variables[other ?? index]
    var type = variable.withoutStructure.type
    if !options.unstructured {
      switch variable.type {
      case .symmetric, .spd, .psd: type = .symmetric
      case .skew, .diagonal, .lower, .upper: type = variable.type
      case .scalar, .vector, .row, .matrix, .orthogonal, .stiefel, .simplex, .stochastic: break
      }
    }
    return graph.makeSymbol(
      Variable(name: name ?? "d" + variable.name, shape: variable.shape, type: type))
  }

  // MARK: Spelling

  func finish(
    _ kind: Derivative.Kind, _ result: Expr, _ differential: Expr?, _ search: Search,
    second: String? = nil, form: Form? = nil
  ) throws(DerivativeError) -> Derivative {
    if let failure = graph.failure { throw .limit(failure) }
    let value = graph.replacing(structured, in: lowering.result)
    let shown = options.form == .differential ? differential ?? result : result
    let vectors = VectorUse(graph, shown)
    let spelledResult = spelling(result, search.speller)
    let usesKronecker = mentionsKronecker(result)
    var notes = input.notes + conventionNotes
    if options.form == .matrix, form == nil, usesKronecker {
      notes.append(
        "there is no matrix notation without vec or Kronecker products; --form operator has none")
    }
    let derivative = Derivative(
      wrt: variable.name, secondWrt: second, kind: kind, options: options,
      form: form
        ?? (options.form == .differential
          ? .differential : usesKronecker ? .kronecker : .matrix),
      value: Spelling(shape: graph.shape(value), body: search.speller.spell(value)),
      result: options.form == .differential
        ? differential.map { spelling($0, search.speller) } ?? spelledResult : spelledResult,
      differential: differential.map { spelling($0, search.speller) },
      direction: direction, domain: Domain(input, vectors: vectors).conditions,
      notes: notes + graph.legend(of: shown, besides: value),
      vectorDependence: vectors.dependence)
    if let failure = graph.failure { throw .limit(failure) }
    return derivative
  }

  func makeSearch(_ diagonals: Speller.DiagonalStyle, budget: Int = 10_000) -> Search {
    switch options.purpose {
    case .reading: Search(graph, diagonals: diagonals, budget: budget)
    case .computing: programSearches.search(diagonals, budget: budget / 10)
    }
  }

  func simplified(symmetric e: Expr, _ search: Search) -> Expr {
    // That its symmetry shows matters to readers alone.
    guard options.purpose == .reading else { return search.simplify(e) }
    return search.simplify(symmetric: e) { spelling($0, search.speller).size }
  }

  private func spelling(_ e: Expr, _ speller: Speller) -> Spelling {
    Spelling(
      e, speller, graph, lowering, of: input, hiding: structured, taken: [direction],
      for: options.purpose)
  }

  private func mentionsKronecker(_ e: Expr) -> Bool {
    graph.reachable(from: [e]).contains { part in
      if case .apply(let primitive, _, _) = graph.node(part) {
        return [.kron, .khatrirao, .commutation, .vec].contains(primitive)
      }
      return false
    }
  }
}
