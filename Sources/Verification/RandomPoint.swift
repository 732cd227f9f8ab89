import Evaluation
import ExpressionCore
import ExpressionLanguage

/// Values of variables at which tapes are compared.
public struct RandomPoint: Sendable {
  public let sizes: [String: Int]
  public var values: [String: Matrix]
  /// How the entries of each variable were drawn.
  public var strategies: [String: Strategy]

  public init(
    sizes: [String: Int], values: [String: Matrix], strategies: [String: Strategy] = [:]
  ) {
    self.sizes = sizes
    self.values = values
    self.strategies = strategies
  }

  /// The value of a tape here: of its variables only those that it has are passed on.
  public func value(
    of input: TypedInput, options: EvaluationOptions = EvaluationOptions()
  ) throws(EvaluationError) -> Evaluation {
    let evaluator = Evaluator(input, options: options)
    let known = input.variables.count { values[$0.name] != nil }
    if known == values.count { return try evaluator.evaluate(values, sizes: sizes) }
    var own: [String: Matrix] = [:]
    for variable in input.variables { own[variable.name] = values[variable.name] }
    return try evaluator.evaluate(own, sizes: sizes)
  }

  /// The value where it is finite and well-conditioned, otherwise nil.
  func finiteValue(of input: TypedInput) -> Matrix? {
    guard let evaluation = try? value(of: input) else { return nil }
    return RandomPoints.isSound(evaluation) ? evaluation.result : nil
  }
}

/// Finds random points at which an input has a finite value.
public struct RandomPoints: Sendable {
  private let inputs: [TypedInput]
  private let variables: [Variable]
  private let assignment: SizeAssignment
  private var generator: SplitMix64
  private var attempt = 0
  /// The way of drawing that worked last.
  private var preferred: Strategy?
  public private(set) var lastError: EvaluationError?

  /// Points for the first input; the others only add their variables and dimensions.
  ///
  /// - Parameter sizes: Of dimensions whose sizes are not left to chance.
  public init(
    _ inputs: [TypedInput], excluding names: Set<String> = [], sizes: [String: Int] = [:],
    seed: UInt64
  ) {
    self.inputs = inputs
    var variables: [Variable] = []
    var seen = names
    for variable in inputs.flatMap(\.variables) where seen.insert(variable.name).inserted {
      variables.append(variable)
    }
    self.variables = variables
    assignment = SizeAssignment(inputs, given: sizes)
    generator = SplitMix64(seed: seed)
  }

  /// The next point where the first input's value is finite; nil where none was found in
  /// `attempts`.
  public mutating func next(attempts: Int = 120) -> RandomPoint? {
    for _ in 0..<attempts {
      guard let (point, strategy) = draw() else { return nil }
      guard let input = inputs.first else { return point }
      do throws(EvaluationError) {
        let evaluation = try point.value(of: input)
        if Self.isSound(evaluation) {
          preferred = strategy
          return point
        }
      } catch {
        lastError = error
      }
      preferred = nil
    }
    return nil
  }

  /// A point whatever the values are there; nil where no sizes were found.
  private mutating func draw() -> (RandomPoint, Strategy?)? {
    defer { attempt += 1 }
    let prefersTall = attempt % 4 != 3
    guard let sizes = assignment.random(prefersTall: prefersTall, using: &generator) else {
      return nil
    }
    let all = Strategy.allCases
    // Each way for all variables, then a way for each variable.
    let round = attempt % (2 * all.count)
    let common = preferred ?? (round < all.count ? all[round] : nil)
    var values: [String: Matrix] = [:]
    var strategies: [String: Strategy] = [:]
    for variable in variables {
      let rows = variable.shape.rows.value { sizes[$0] } ?? 1
      let columns = variable.shape.columns.value { sizes[$0] } ?? 1
      let strategy = common ?? all[Int(generator.next() % UInt64(all.count))]
      strategies[variable.name] = strategy
      values[variable.name] = Sampling.value(
        of: variable, rows, columns, strategy, using: &generator)
    }
    return (RandomPoint(sizes: sizes, values: values, strategies: strategies), common)
  }

  /// Whether a value is finite, of moderate size and not from a nearly singular matrix.
  static func isSound(_ evaluation: Evaluation) -> Bool {
    evaluation.warnings.isEmpty && evaluation.result.allFinite
      && evaluation.result.maxMagnitude < 1e8
  }

  /// Random bits for directions.
  mutating func withGenerator<Value>(_ body: (inout SplitMix64) -> Value) -> Value {
    body(&generator)
  }
}
