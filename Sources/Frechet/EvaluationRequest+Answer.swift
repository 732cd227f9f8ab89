import Differentiation
import Evaluation
import ExpressionCore
import ExpressionLanguage

extension EvaluationRequest {
  /// Evaluates the input, and its derivatives by their formulas.
  ///
  /// What it can it computes by one program. The evaluator computes the rest, and everything where
  /// something is to be said about the numbers: which expression has no value, or is not finite.
  ///
  /// Throws where the input is wrong, where a derivative or a value does not exist, where the data
  /// do not fit, where a result would be too large, or where the time is over.
  public func answer() throws(FrechetError) -> EvaluationReport {
    var rounded = self
    rounded.data = data.mapValues { $0.rounded(to: precision) }
    rounded.quantities = quantities.map { $0.rounded(to: precision) }
    let request = rounded
    return try limited(to: timeLimit) { deadline throws(FrechetError) in
      try request.answer(deadline)
    }
  }

  private func answer(_ deadline: Deadline?) throws(FrechetError) -> EvaluationReport {
    let typed = try Parts.read(input, declarations: declarations)
    let derivation = try OperatorDerivation(typed, data, arrays: arrays, limit: memoryLimit)
    try requireRoom(typed, derivation)
    let notes =
      typed.notes + typed.structureNotes(data)
      + arrays.keys.sorted().map { "\($0): read from its file where it is used" }
    if let report = try compiled(typed, derivation, notes, deadline) { return report }
    guard arrays.isEmpty else { throw needsMemory(typed, "the value") }
    return try evaluated(typed, derivation, notes, deadline)
  }

  /// Everything by the evaluator.
  private func evaluated(
    _ typed: TypedInput, _ derivation: OperatorDerivation, _ notes: [String], _ deadline: Deadline?
  ) throws(FrechetError) -> EvaluationReport {
    let value = try Parts.evaluate(typed, data, limit: memoryLimit)
    try requireAssumptions(typed, value.sizes)
    var notes = notes
    notes.appendNew(value.warnings.map(\.description))
    var entries: [EvaluationReport.Entry] = []
    for quantity in distinctQuantities {
      try deadline?.check()
      let formula = try formula(of: quantity, of: typed, value.result.size, derivation)
      let (matrix, warnings) = try evaluate(quantity, formula, derivation)
      entries.append(EvaluationReport.Entry(quantity: quantity, matrix: matrix))
      notes.appendNew(warnings)
    }
    return EvaluationReport(
      input: input, sizes: value.sizes, value: value.result, entries: entries, notes: notes,
      precision: precision)
  }

  /// The value, and all that a program computes with it; nil where the evaluator has more to say.
  private func compiled(
    _ typed: TypedInput, _ derivation: OperatorDerivation, _ notes: [String], _ deadline: Deadline?
  ) throws(FrechetError) -> EvaluationReport? {
    guard typed.variables.allSatisfy({ data[$0.name] != nil || arrays[$0.name] != nil }),
      typed.structureNotes(data).isEmpty
    else { return nil }
    try requirePlain(typed)
    try requireAssumptions(typed, derivation.sizes)
    let result = try derivation.resultSize()
    var program = QuantityProgram(
      typed, data, arrays, sizes: derivation.sizes, memoryLimit: memoryLimit,
      precision: precision)
    var formulas: [QuantityFormula?] = []
    for quantity in distinctQuantities {
      try deadline?.check()
      let formula = try formula(of: quantity, of: typed, result, derivation)
      formulas.append(formula)
      guard arrays.isEmpty || formula?.isCompilable == true else {
        throw needsMemory(typed, "--\(quantity.name) \(quantity.variable)")
      }
      if let formula, formula.isCompilable { program.add(formula) }
    }
    guard var computed = try program.run() else { return nil }
    var notes = notes
    notes.appendNew(computed.warnings.map(\.description))
    let value = computed.matrices.removeFirst()
    var entries: [EvaluationReport.Entry] = []
    for (quantity, formula) in zip(distinctQuantities, formulas) {
      try deadline?.check()
      var matrix: Matrix
      if let formula, formula.isCompilable {
        matrix = computed.matrices.removeFirst()
      } else {
        let warnings: [String]
        (matrix, warnings) = try evaluate(quantity, formula, derivation)
        notes.appendNew(warnings)
      }
      if case .jacobian(let x) = quantity {
        let size = try derivation.jacobianSize(x)
        matrix = Matrix(rows: size.rows, columns: size.columns, values: matrix.values) ?? matrix
      }
      entries.append(EvaluationReport.Entry(quantity: quantity, matrix: matrix))
    }
    return EvaluationReport(
      input: input, sizes: derivation.sizes, value: value, entries: entries, notes: notes,
      precision: precision)
  }

  /// What is asked for twice is answered once.
  private var distinctQuantities: [Quantity] {
    var seen: Set<Quantity> = []
    return quantities.filter { seen.insert($0).inserted }
  }

  /// The formula of a quantity at data; nil of a derivative that has no matrix form.
  private func formula(
    of quantity: Quantity, of typed: TypedInput, _ result: MatrixSize,
    _ derivation: OperatorDerivation
  ) throws(FrechetError) -> QuantityFormula? {
    switch quantity {
    case .gradient(let x):
      try requireScalar(typed, quantity)
      return try QuantityFormula(quantity, of: typed, wrt: x)
    case .jacobian(let x):
      return try QuantityFormula(quantity, of: typed, wrt: x, unstructured: true).inMatrixForm
    case .hessian(let x):
      try requireScalar(typed, quantity)
      return try QuantityFormula(quantity, of: typed, wrt: x, order: 2, unstructured: true)
        .inMatrixForm
    case .jvp(let x, let direction):
      try require(direction.size, derivation.size(of: x), quantity, "that of \(x)")
      return try QuantityFormula(
        quantity, of: typed, wrt: x, form: .differential, unstructured: true, along: direction)
    case .vjp(let x, let cotangent):
      try require(cotangent.size, result, quantity, "that of the value")
      let (paired, name) = typed.pairedWithCotangent()
      var formula = try QuantityFormula(quantity, of: paired, wrt: x, unstructured: true)
      formula.direction = (name, cotangent)
      return formula
    case .hvp(let x, let direction):
      try requireScalar(typed, quantity)
      try require(direction.size, derivation.size(of: x), quantity, "that of \(x)")
      return try QuantityFormula(
        quantity, of: typed, wrt: x, order: 2, form: .operator, unstructured: true,
        along: direction)
    }
  }

  private func evaluate(
    _ quantity: Quantity, _ formula: QuantityFormula?, _ derivation: OperatorDerivation
  ) throws(FrechetError) -> (Matrix, [String]) {
    switch quantity {
    case .jacobian(let x): return try materialised(derivation.jacobian(x))
    case .hessian(let x): return try materialised(derivation.hessian(x, x))
    case .gradient, .jvp, .vjp, .hvp:
      guard let formula else {
        throw .derivative("\(quantity.variable): there is no derivative with respect to it")
      }
      var data = data
      if let (name, matrix) = formula.direction { data[name] = matrix }
      let evaluation = try Parts.evaluate(
        formula.input, of: formula.derivative, data, limit: memoryLimit)
      return (evaluation.result, evaluation.warnings.map(\.description))
    }
  }

  private func materialised(
    _ x: DerivativeOperator
  ) throws(FrechetError) -> (Matrix, [String]) {
    (try x.materialise(maximumEntries: memoryLimit.entries), x.notes)
  }
}

extension [String] {
  /// Appends those that are not there.
  fileprivate mutating func appendNew(_ notes: [String]) {
    for note in notes where !contains(note) { append(note) }
  }
}

// MARK: What is refused

extension EvaluationRequest {
  /// Whether the data have the order of sizes that is assumed.
  private func requireAssumptions(
    _ typed: TypedInput, _ known: [String: Int]
  ) throws(FrechetError) {
    for relation in typed.sizeOrder.relations where relation.holds({ known[$0] }) == false {
      let names = relation.smaller.names + relation.larger.names
      let sizes = names.map { "\($0) is \(known[$0] ?? 0)" }.joined(separator: " and ")
      throw .evaluation("\(relation): assumed, but \(sizes) in the data. Leave it out")
    }
  }

  /// Before anything is evaluated: whether all results together fit the memory.
  private func requireRoom(
    _ typed: TypedInput, _ derivation: OperatorDerivation
  ) throws(FrechetError) {
    var sizes: [MatrixSize] = []
    for quantity in distinctQuantities {
      let x = quantity.variable
      guard typed.variables.contains(where: { $0.name == x }) else {
        throw .derivative(unknownVariable(quantity, typed))
      }
      let size: MatrixSize
      let instead: String
      switch quantity {
      case .gradient, .jvp, .vjp, .hvp: continue
      case .hessian:
        size = try derivation.hessianSize(x)
        instead = "--hvp \(x)=V.npy gives its product with one matrix, at no such cost; "
      case .jacobian:
        size = try derivation.jacobianSize(x)
        instead =
          "--jvp \(x)=V.npy and --vjp \(x)=U.npy give its products with one matrix, at no such "
          + "cost; "
      }
      try memoryLimit.require([size], for: "--\(quantity.name) \(x)", instead: instead)
      sizes.append(size)
    }
    try memoryLimit.require(
      sizes, for: "Hessians and Jacobians", instead: "Fewer at a time would do; ")
  }

  /// Whether nothing needs to be known of the entries of what stays in a file.
  private func requirePlain(_ typed: TypedInput) throws(FrechetError) {
    let plain: Set<StructureType> = [.matrix, .vector, .row]
    for variable in typed.variables
    where arrays[variable.name] != nil && !plain.contains(variable.type) {
      throw .evaluation(
        "\(variable.name): declared \(variable.type), which is looked for in all of its entries, and "
          + "its file is too large to be held in memory. --memory-limit allows more.")
    }
  }

  private func needsMemory(_ typed: TypedInput, _ what: String) -> FrechetError {
    let names = arrays.keys.sorted().joined(separator: ", ")
    return .evaluation(
      "\(what): it is not computed by a program, and needs all of \(names) in memory. "
        + "--memory-limit allows more.")
  }

  private func unknownVariable(_ quantity: Quantity, _ typed: TypedInput) -> String {
    let known = typed.variables.map(\.name)
    let option = "--\(quantity.name) \(quantity.variable)"
    guard !known.isEmpty else { return "\(option): the input has no variables." }
    let nearest = NearestName.find(for: quantity.variable, among: known)
    return "\(option): no such variable; the input has \(known.joined(separator: ", "))."
      + (nearest.map { " --\(quantity.name) \($0) would do." } ?? "")
  }

  private func require(
    _ size: MatrixSize, _ expected: MatrixSize, _ quantity: Quantity, _ whose: String
  ) throws(FrechetError) {
    guard size != expected else { return }
    let isTransposed = size == MatrixSize(expected.columns, expected.rows)
    throw .evaluation(
      "--\(quantity.name) \(quantity.variable): the matrix is \(size), and \(expected) is expected, "
        + whose + (isTransposed ? "; its transpose would do" : ""))
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
  func pairedWithCotangent() -> (TypedInput, String) {
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
