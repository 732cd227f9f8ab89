import Differentiation
import Evaluation
import ExpressionCore
import ExpressionLanguage

extension EvaluationRequest {
  /// Evaluates the input, and its derivatives by their formulas.
  ///
  /// Throws where the input is wrong, where a derivative or a value does not exist, where the data
  /// do not fit, or where the time is over.
  public func answer() throws(FrechetError) -> EvaluationReport {
    try limited(to: timeLimit) { deadline throws(FrechetError) in
      let typed = try Parts.read(input, declarations: declarations)
      let value = try Parts.evaluate(typed, data)
      for relation in typed.sizeOrder.relations
      where relation.holds({ value.sizes[$0] }) == false {
        let names = relation.smaller.names + relation.larger.names
        let sizes = names.map { "\($0) is \(value.sizes[$0] ?? 0)" }.joined(separator: " and ")
        throw .evaluation("\(relation): assumed, but \(sizes) in the data. Leave it out")
      }
      var notes = typed.notes + value.warnings.map(\.description)
      var entries: [EvaluationReport.Entry] = []
      for quantity in quantities {
        try deadline?.check()
        let (matrix, warnings) = try evaluate(quantity, of: typed)
        entries.append(EvaluationReport.Entry(quantity: quantity, matrix: matrix))
        notes += warnings.map(\.description).filter { !notes.contains($0) }
      }
      return EvaluationReport(
        input: input, sizes: value.sizes, value: value.result, entries: entries, notes: notes)
    }
  }

  private func evaluate(
    _ quantity: Quantity, of typed: TypedInput
  ) throws(FrechetError) -> (Matrix, [EvaluationWarning]) {
    switch quantity {
    case .gradient(let x):
      try requireScalar(typed, quantity)
      return try evaluate(derivative(of: typed, x), of: typed)
    case .jacobian(let x):
      return try jacobian(of: typed, x)
    case .hessian(let x):
      try requireScalar(typed, quantity)
      return try evaluate(derivative(of: typed, x, order: 2), of: typed)
    case .jvp(let x, let direction):
      let derivative = try derivative(of: typed, x, form: .differential, unstructured: true)
      return try evaluate(derivative, of: typed, along: direction)
    case .vjp(let x, let cotangent):
      return try vjp(of: typed, x, cotangent)
    case .hvp(let x, let direction):
      try requireScalar(typed, quantity)
      let derivative = try derivative(of: typed, x, order: 2, form: .operator)
      return try evaluate(derivative, of: typed, along: direction)
    }
  }

  /// Always of `vec` by `vec`: a gradient is a row of it, a derivative by a scalar a column.
  private func jacobian(
    of typed: TypedInput, _ x: String
  ) throws(FrechetError) -> (Matrix, [EvaluationWarning]) {
    let derivative = try derivative(of: typed, x, unstructured: true)
    let (matrix, warnings) = try evaluate(derivative, of: typed)
    switch derivative.kind {
    case .jacobian, .hessian: return (matrix, warnings)
    case .gradient: return (Matrix(row: matrix.values), warnings)
    case .derivative: return (Matrix(column: matrix.values), warnings)
    }
  }

  private func vjp(
    of typed: TypedInput, _ x: String, _ cotangent: Matrix
  ) throws(FrechetError) -> (Matrix, [EvaluationWarning]) {
    let (paired, name) = typed.pairedWithCotangent()
    var request = self
    request.data[name] = cotangent
    let derivative = try request.derivative(of: paired, x, unstructured: true)
    return try request.evaluate(derivative, of: paired)
  }

  private func derivative(
    of typed: TypedInput, _ x: String, order: Int = 1, form: Form = .auto,
    unstructured: Bool = false
  ) throws(FrechetError) -> Derivative {
    var options = DerivativeOptions()
    options.order = order
    options.form = form
    options.unstructured = unstructured
    guard let first = try Parts.derive(typed, wrt: [x], options: options).first else {
      throw .derivative("\(x): there is no derivative with respect to it")
    }
    return first
  }

  private func evaluate(
    _ derivative: Derivative, of typed: TypedInput, along direction: Matrix? = nil
  ) throws(FrechetError) -> (Matrix, [EvaluationWarning]) {
    var data = data
    if let direction, let name = derivative.direction?.name { data[name] = direction }
    let formula = try Parts.read(derivative.result, of: derivative, in: typed)
    let evaluation = try Parts.evaluate(formula, of: derivative, data)
    return (evaluation.result, evaluation.warnings)
  }

  private func requireScalar(
    _ typed: TypedInput, _ quantity: Quantity
  ) throws(FrechetError) {
    let shape = typed.nodes[typed.result].shape
    guard !shape.isScalar else { return }
    throw .derivative(
      "--\(quantity.name) \(quantity.variable): the input is no scalar; it has the shape \(shape). "
        + "--jacobian would do.")
  }
}

extension TypedInput {
  /// The inner product with a new variable of the result's shape, and that variable's name.
  fileprivate func pairedWithCotangent() -> (TypedInput, String) {
    let taken = Set(variables.map(\.name) + definitions.map(\.name) + dimensions)
    let name =
      (0...taken.count).lazy.map { $0 == 0 ? "U" : "U\($0)" }
      .first { !taken.contains($0) } ?? "U"
    var paired = self
    let shape = nodes[result].shape
    paired.variables.append(Variable(name: name, shape: shape, type: .matrix))
    paired.nodes.append(Node(.variable(variables.count), shape: shape))
    paired.nodes.append(
      Node(.primitive(.hadamard), [nodes.count, result], shape: shape))
    paired.nodes.append(Node(.primitive(.sum), [nodes.count + 1], shape: .scalar))
    paired.result = nodes.count + 2
    return (paired, name)
  }
}
