import Differentiation
import Evaluation
import ExpressionCore
import ExpressionLanguage
import LinearOperators

/// Derives Hessians and Jacobians of an input and reads them as operators at given data.
struct OperatorDerivation {
  private let input: TypedInput
  private let data: [String: Matrix]
  private let shapes: [String: MatrixSize]
  private let limit: MemoryLimit
  /// The names of dimensions that the data fix.
  let sizes: [String: Int]

  /// Throws where the data do not fit the input.
  ///
  /// - Parameter arrays: Data that stay in their files, of which only the sizes are read.
  init(
    _ input: TypedInput, _ data: [String: Matrix], arrays: [String: MappedArray] = [:],
    limit: MemoryLimit = .standard
  ) throws(FrechetError) {
    self.input = input
    self.data = data
    shapes = data.mapValues(\.size).merging(arrays.mapValues(\.size)) { own, _ in own }
    self.limit = limit
    do {
      sizes = try Evaluator(input).sizes(of: shapes)
    } catch {
      throw FrechetError(error)
    }
  }

  // MARK: Sizes

  /// Of the Hessian by `vec(x)`.
  func hessianSize(_ x: String) throws(FrechetError) -> MatrixSize {
    let size = try size(of: x)
    return MatrixSize(size.count, size.count)
  }

  func jacobianSize(_ x: String) throws(FrechetError) -> MatrixSize {
    MatrixSize(try size(of: resultShape).count, try size(of: x).count)
  }

  func resultSize() throws(FrechetError) -> MatrixSize { try size(of: resultShape) }

  private var resultShape: Shape { input.nodes[input.result].shape }

  func size(of x: String) throws(FrechetError) -> MatrixSize {
    guard let variable = input.variables.first(where: { $0.name == x }) else {
      throw FrechetError(
        DerivativeError.unknownVariable(x, known: input.variables.map(\.name)), in: input)
    }
    if let size = shapes[x] { return size }
    return try size(of: variable.shape)
  }

  private func size(of shape: Shape) throws(FrechetError) -> MatrixSize {
    guard let rows = shape.rows.value({ sizes[$0] }),
      let columns = shape.columns.value({ sizes[$0] })
    else {
      let missing = input.variables.first { variable in
        shapes[variable.name] == nil
      }
      throw FrechetError(
        .missingVariable(
          name: missing?.name ?? "the result", expected: missing?.shape ?? shape))
    }
    return MatrixSize(rows, columns)
  }

  // MARK: Operators

  /// The block of the Hessian with rows by `x` and columns by `y`.
  func hessian(_ x: String, _ y: String) throws(FrechetError) -> DerivativeOperator {
    let (rows, columns) = (try size(of: x), try size(of: y))
    let derivative = try block(x, y, .kronecker)
    if derivative.form != .operator, let read = try read(derivative, rows, columns) { return read }
    // The transpose of a block is the block of the variables exchanged.
    let forward = try block(x, y, .operator)
    let adjoint = x == y ? forward : try block(y, x, .operator)
    return try map(
      forward, tape(forward, in: input, of: columns), tape(adjoint, in: input, of: rows), rows,
      columns)
  }

  private func block(
    _ x: String, _ y: String, _ form: Form
  ) throws(FrechetError) -> Derivative {
    var options = DerivativeOptions()
    options.form = form
    options.unstructured = true
    return try Parts.deriveBlock(input, rows: x, columns: y, options: options)
  }

  /// The blocks of the Hessian by several variables, those on and above the diagonal derived and
  /// the others their transposes; what the formulas share is evaluated once.
  func jointHessian(_ names: [String]) throws(FrechetError) -> JointHessian {
    var sizes: [MatrixSize] = []
    for name in names { sizes.append(try size(of: name)) }
    var formulas: [BlockFormula] = []
    for i in names.indices {
      for j in i..<names.count {
        let derivative = try block(names[i], names[j], .kronecker)
        guard derivative.form != .operator else { continue }
        let input = try Parts.read(derivative.result, of: derivative, in: input)
        formulas.append(BlockFormula(row: i, column: j, derivative: derivative, input: input))
      }
    }
    let read = try blocks(formulas)
    var notes: [String] = []
    var grid = [[DerivativeOperator?]](
      repeating: Array(repeating: nil, count: names.count), count: names.count)
    for i in names.indices {
      for j in i..<names.count {
        let place = formulas.firstIndex { $0.row == i && $0.column == j }
        if let place, let evaluated = read[place] {
          let derivative = formulas[place].derivative
          grid[i][j] = named(derivative.result, derivative, evaluated, sizes[i], sizes[j])
          if i != j {
            grid[j][i] = named(
              derivative.result.transposed, derivative, evaluated.transposed, sizes[j], sizes[i])
          }
        } else {
          grid[i][j] = try hessian(names[i], names[j])
          if i != j { grid[j][i] = try hessian(names[j], names[i]) }
        }
        for note in grid[i][j]?.notes ?? [] where !notes.contains(note) { notes.append(note) }
      }
    }
    return try JointHessian(names, sizes, grid.map { $0.compactMap { $0 } }, notes: notes)
  }

  private func named(
    _ formula: Spelling, _ derivative: Derivative, _ evaluated: EvaluatedOperator,
    _ rows: MatrixSize, _ columns: MatrixSize
  ) -> DerivativeOperator {
    DerivativeOperator(
      text: Formula.inputText(formula), form: derivative.form, rowSize: rows, columnSize: columns,
      linearOperator: evaluated.operator, notes: evaluated.warnings.map(\.description))
  }

  private struct BlockFormula {
    let row: Int
    let column: Int
    let derivative: Derivative
    let input: TypedInput
  }

  /// The formulas as operators, evaluated together; where a part of one is too large to be formed,
  /// each on its own, and nil for that one.
  private func blocks(
    _ formulas: [BlockFormula]
  ) throws(FrechetError) -> [EvaluatedOperator?] {
    guard
      let strictest = formulas.map(\.derivative).max(by: { a, b in
        a.vectorDependence.rank < b.vectorDependence.rank
      })
    else { return [] }
    let (joined, results) = TypedInput.joining(formulas.map(\.input))
    var options = options(of: strictest)
    for formula in formulas {
      options.differentiated.formUnion([formula.derivative.wrt])
    }
    do {
      return try EvaluatedOperator.all(
        results, of: joined, at: own(data, of: joined), options: options)
    } catch {
      guard error.isOfSize else { throw FrechetError(error) }
    }
    var read: [EvaluatedOperator?] = []
    for formula in formulas {
      do {
        read.append(
          try EvaluatedOperator(
            formula.input, at: own(data, of: formula.input),
            options: self.options(of: formula.derivative)))
      } catch {
        guard error.isOfSize else { throw FrechetError(error) }
        read.append(nil)
      }
    }
    return read
  }

  /// Always of `vec` by `vec`: a gradient is a row of it, a derivative by a scalar a column.
  func jacobian(_ x: String) throws(FrechetError) -> DerivativeOperator {
    let (rows, columns) = (try size(of: resultShape), try size(of: x))
    let derivative = try first(of: input, x, .kronecker)
    switch derivative.kind {
    case .gradient, .derivative:
      let formula = try Parts.read(derivative.result, of: derivative, in: input)
      let evaluation = try Parts.evaluate(formula, of: derivative, data)
      let values = evaluation.result.values
      let isRow = derivative.kind == .gradient
      return DerivativeOperator(
        text: Formula.inputText(derivative.result), form: derivative.form, rowSize: rows,
        columnSize: columns,
        linearOperator: .dense(isRow ? Matrix(row: values) : Matrix(column: values)),
        notes: evaluation.warnings.map(\.description))
    case .jacobian, .hessian: break
    }
    if derivative.form != .operator, let read = try read(derivative, rows, columns) { return read }
    let forward = try first(of: input, x, .operator)
    let (paired, cotangent) = input.pairedWithCotangent()
    let gradient = try first(of: paired, x, .kronecker)
    let adjoint = try directional(
      try Parts.read(gradient.result, of: gradient, in: paired), of: gradient, in: cotangent,
      rows)
    return try map(forward, tape(forward, in: input, of: columns), adjoint, rows, columns)
  }

  private func first(
    of input: TypedInput, _ x: String, _ form: Form
  ) throws(FrechetError) -> Derivative {
    var options = DerivativeOptions()
    options.unstructured = true
    options.form = form
    guard let first = try Parts.derive(input, wrt: [x], options: options).first else {
      throw .derivative("\(x): there is no derivative with respect to it")
    }
    return first
  }

  // MARK: Readings

  /// The matrix form as an operator; nil where a part of it is too large to be formed.
  private func read(
    _ derivative: Derivative, _ rows: MatrixSize, _ columns: MatrixSize
  ) throws(FrechetError) -> DerivativeOperator? {
    let formula = try Parts.read(derivative.result, of: derivative, in: input)
    do {
      let evaluated = try EvaluatedOperator(
        formula, at: own(data, of: formula), options: options(of: derivative))
      return named(derivative.result, derivative, evaluated, rows, columns)
    } catch {
      guard error.isOfSize else { throw FrechetError(error) }
      return nil
    }
  }

  /// The derivative as a map that is known by products only.
  private func map(
    _ derivative: Derivative, _ forward: DirectionalTape, _ adjoint: DirectionalTape,
    _ rows: MatrixSize, _ columns: MatrixSize
  ) throws(FrechetError) -> DerivativeOperator {
    DerivativeOperator(
      text: Formula.inputText(derivative.result), form: .operator, rowSize: rows,
      columnSize: columns, linearOperator: LinearOperator(LinearMap(forward, adjoint: adjoint)),
      notes: [])
  }

  private func tape(
    _ derivative: Derivative, in input: TypedInput, of size: MatrixSize
  ) throws(FrechetError) -> DirectionalTape {
    try directional(
      try Parts.read(derivative.result, of: derivative, in: input), of: derivative,
      in: derivative.direction, size)
  }

  private func directional(
    _ formula: TypedInput, of derivative: Derivative, in name: String, _ size: MatrixSize
  ) throws(FrechetError) -> DirectionalTape {
    do {
      return try DirectionalTape(
        formula, in: name, of: size, own(data, of: formula), options: options(of: derivative))
    } catch {
      throw FrechetError(error)
    }
  }

  private func options(of derivative: Derivative) -> EvaluationOptions {
    var options = EvaluationOptions(of: derivative)
    options.maximumEntries = limit.entries
    options.tracksFiniteness = true
    return options
  }

  /// The data that a formula may use.
  private func own(_ data: [String: Matrix], of formula: TypedInput) -> [String: Matrix] {
    data.filter { name, _ in formula.variables.contains { $0.name == name } }
  }
}

extension LinearOperatorError {
  /// Whether a part is too large to be formed, so that products may do.
  fileprivate var isOfSize: Bool {
    switch self {
    case .tooLarge, .noStructure, .evaluation(.tooLarge): true
    case .sizesDiffer, .notSquare, .singular, .notPositiveDefinite, .noConvergence, .notFinite,
      .linearAlgebra, .evaluation:
      false
    }
  }
}

extension VectorDependence {
  fileprivate var rank: Int {
    switch self {
    case .none: 0
    case .onColumns: 1
    case .onAll: 2
    }
  }
}

extension Spelling {
  fileprivate var transposed: Spelling {
    Spelling(
      shape: shape.transposed, definitions: definitions, body: Syntax(.transpose(body)))
  }
}

extension MatrixSize {
  /// The number of entries.
  var count: Int { rows * columns }
}
