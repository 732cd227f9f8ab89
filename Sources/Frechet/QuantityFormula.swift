import Compilation
import Differentiation
import Evaluation
import ExpressionCore
import ExpressionLanguage
import Planning

/// What is asked of an evaluation, as a formula.
struct QuantityFormula {
  let quantity: EvaluationRequest.Quantity
  let derivative: Derivative
  let input: TypedInput
  /// The variable that the derivative is linear in, and its value.
  var direction: (name: String, matrix: Matrix)?

  init(
    _ quantity: EvaluationRequest.Quantity, of typed: TypedInput, wrt x: String, order: Int = 1,
    form: Form = .kronecker, unstructured: Bool = false, along matrix: Matrix? = nil
  ) throws(FrechetError) {
    var options = DerivativeOptions()
    options.order = order
    options.form = form
    options.unstructured = unstructured
    guard let first = try Parts.derive(typed, wrt: [x], options: options).first else {
      throw .derivative("\(x): there is no derivative with respect to it")
    }
    self.quantity = quantity
    derivative = first
    input = try Parts.read(first.result, of: first, in: typed)
    if let matrix, let name = first.argument?.name { direction = (name, matrix) }
  }

  /// nil where the derivative is written as a map instead.
  var inMatrixForm: QuantityFormula? { derivative.form == .operator ? nil : self }

  /// Whether a program has nothing to refuse: vectors that are not unique, and ranks that drop, are
  /// for the evaluator to find.
  var isCompilable: Bool {
    derivative.vectorDependence == .none
      && !input.nodes.contains { node in
        switch node.operation {
        case .primitive(.svdu), .primitive(.svdv), .primitive(.pinv): true
        case .primitive, .variable, .number, .pi, .dimension: false
        }
      }
  }
}

/// A value and quantities, compiled together for the sizes of their data.
struct QuantityProgram {
  private var formulas: [Listing.Formula]
  private var data: [String: Matrix]
  private let arrays: [String: MappedArray]
  private let sizes: [String: Int]
  private let memoryLimit: MemoryLimit
  private let precision: Precision

  init(
    _ value: TypedInput, _ data: [String: Matrix], _ arrays: [String: MappedArray],
    sizes: [String: Int], memoryLimit: MemoryLimit, precision: Precision
  ) {
    formulas = [Listing.Formula(role: .value, input: value, text: value.source)]
    self.data = data
    self.arrays = arrays
    self.sizes = sizes
    self.memoryLimit = memoryLimit
    self.precision = precision
  }

  mutating func add(_ formula: QuantityFormula) {
    var input = formula.input
    if let (name, matrix) = formula.direction {
      // No name of the language: each quantity has a direction of its own.
      let own = "\(formula.quantity.name) \(formula.quantity.variable) \(formulas.count)"
      input.variables = input.variables.map { variable in
        guard variable.name == name else { return variable }
        return Variable(
          name: own, shape: variable.shape, type: variable.type, sign: variable.sign)
      }
      data[own] = matrix
    }
    formulas.append(
      Listing.Formula(role: formula.derivative.role, input: input, text: input.source))
  }

  /// The value and the quantities; nil where there is more to say than numbers, unless data are in
  /// files: then there is nobody else to say it.
  func run() throws(FrechetError) -> (matrices: [Matrix], warnings: [EvaluationWarning])? {
    var options = Program.Options()
    options.memoryLimit = memoryLimit.bytes
    options.precision = precision
    options.layouts = arrays.mapValues(\.layout)
    options.estimatesEveryCondition = true
    options.opensLibraryWherePaid = true
    do throws(EvaluationError) {
      let program = try Program(Listing(formulas), sizes: sizes, options: options)
      let result = try program.evaluate(
        data.filter { program.variables.contains($0.key) },
        arrays: arrays.filter { program.variables.contains($0.key) },
        in: program.makeWorkspace())
      guard arrays.isEmpty else { return result }
      let isFinite = result.matrices.allSatisfy(\.allFinite)
      return isFinite && result.matrices.count == formulas.count ? result : nil
    } catch {
      if arrays.isEmpty { return nil }
      throw FrechetError(error)
    }
  }
}
