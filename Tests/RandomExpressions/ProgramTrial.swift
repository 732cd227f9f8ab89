import Frechet
import Verification

extension RandomInput {
  /// Compiles the value and derivatives at random sizes and compares them with the evaluator.
  public func programOutcome(seed: UInt64, timeLimit: Double = 10) -> Outcome {
    ProgramTrial.outcome(
      of: text, declarations: declarationTexts, wrt: wrt, order: options.order, seed: seed,
      timeLimit: timeLimit)
  }
}

/// What is compiled of an input, and where it is compared with the evaluator.
public struct ProgramTrial {
  private let typed: TypedInput
  private let wrt: Variable
  private let tasks: [CompilationRequest.Task]
  private let options: Program.Options
  private var point: RandomPoint
  private var generator: SplitMix64

  /// The most entries of a matrix on the way.
  private static let largest = 1 << 17
  /// The most rows of a Jacobian or Hessian.
  private static let widest = 150

  /// Compiles the value and derivatives at random sizes and compares them with the evaluator.
  ///
  /// A scalar gets its gradient and a directional derivative, or of order 2 a Hessian-vector
  /// product and, where it is small, the Hessian; others get a directional derivative and, where it
  /// is small, the Jacobian.
  public static func outcome(
    of text: String, declarations: [String], wrt: String, order: Int, seed: UInt64,
    timeLimit: Double = 10
  ) -> Outcome {
    do throws(FrechetError) {
      let typed: TypedInput
      do {
        typed = try Language.elaborate(text, declarations: declarations)
      } catch {
        return .refused(error.description)
      }
      guard let trial = ProgramTrial(typed, wrt: wrt, order: order, seed: seed) else {
        return .noPoint("no sizes and data at which the value exists")
      }
      var request = CompilationRequest(
        text, tasks: trial.tasks, sizes: trial.point.sizes, declarations: declarations,
        timeLimit: timeLimit)
      request.options = trial.options
      return trial.outcome(of: try request.answer())
    } catch {
      switch error {
      case .sizeLimit, .timeLimit: return .limit(error.description)
      case .derivative: return .noPoint(error.description)
      default: return .cannot(error.description)
      }
    }
  }

  private init?(_ typed: TypedInput, wrt name: String, order: Int, seed: UInt64) {
    guard let wrt = typed.variables.first(where: { $0.name == name }) else { return nil }
    self.typed = typed
    self.wrt = wrt
    generator = SplitMix64(seed: seed)
    guard let point = Self.point(typed, seed, &generator) else { return nil }
    self.point = point
    func count(_ shape: Shape) -> Int {
      let rows = shape.rows.value { point.sizes[$0] } ?? 1
      return rows * (shape.columns.value { point.sizes[$0] } ?? 1)
    }
    let result = typed.nodes[typed.result].shape
    let isSmall = count(wrt.shape) <= Self.widest && count(result) <= Self.widest
    if !result.isScalar {
      tasks = [.value, .jvp(name)] + (isSmall ? [.jacobian(name)] : [])
    } else if order == 2 {
      tasks =
        [.value, .gradient(name), .hvp(name)] + (isSmall ? [.hessian(name)] : [])
    } else {
      tasks = [.value, .gradient(name), .jvp(name)]
    }
    var options = Program.Options()
    options.isBlocked = generator.uniform() < 0.8
    // So small that blocks of rows are met.
    options.blockBytes = generator.uniform() < 0.5 ? 1 << 10 : 1 << 14
    self.options = options
  }

  // MARK: The point

  /// Sizes of one, of several tiles, and of several blocks among small ones.
  private static func point(
    _ typed: TypedInput, _ seed: UInt64, _ generator: inout SplitMix64
  ) -> RandomPoint? {
    let names = Set(
      typed.dimensions
        + typed.variables.flatMap { $0.shape.rows.names + $0.shape.columns.names }
    ).sorted()
    var choices: [[String: Int]] = [[:]]
    if !names.isEmpty, generator.uniform() < 0.7 {
      var order = [1, 70, 1100]
      order.shuffle(using: &generator)
      let chosen = names.shuffled(using: &generator)
      choices = order.map { [chosen[0]: $0] } + choices
      if chosen.count > 1 { choices.insert([chosen[0]: order[0], chosen[1]: 1], at: 0) }
    }
    for sizes in choices where isModerate(typed, sizes) {
      var points = RandomPoints([typed], sizes: sizes, seed: seed)
      if let point = points.next(attempts: 24) { return point }
    }
    return nil
  }

  /// Whether all matrices on the way are small enough for the evaluator.
  private static func isModerate(_ typed: TypedInput, _ sizes: [String: Int]) -> Bool {
    typed.nodes.allSatisfy { node in
      let rows = node.shape.rows.value { sizes[$0] ?? 8 } ?? 1
      let columns = node.shape.columns.value { sizes[$0] ?? 8 } ?? 1
      return rows > 0 && columns > 0 && rows.multipliedFullWidth(by: columns).high == 0
        && rows * columns <= largest
    }
  }

  // MARK: The comparison

  private func outcome(of compiled: CompiledProgram) -> Outcome {
    var trial = self
    var extra: [Variable] = []
    if let name = compiled.direction {
      extra.append(
        Variable(name: name, shape: wrt.shape, type: Differential.type(of: wrt.type)))
      let size = point.values[wrt.name]?.size ?? MatrixSize(1, 1)
      trial.point.values[name] = Matrix(rows: size.rows, columns: size.columns) { _, _ in
        trial.generator.normal()
      }
    }
    var expected: [Matrix] = []
    var largest = 0.0
    for text in compiled.formulas {
      do {
        let formula = try Language.elaborate(text, in: typed, extra: extra)
        let evaluation = try trial.value(of: formula)
        guard evaluation.warnings.isEmpty, evaluation.result.allFinite,
          evaluation.largestMagnitude < 1e8
        else { return .noPoint("the formula has no sound value") }
        expected.append(evaluation.result)
        largest = max(largest, evaluation.largestMagnitude)
      } catch {
        return .noPoint("\(error)")
      }
    }
    let program = compiled.program
    let own = trial.point.values.filter { name, _ in
      program.inputs.contains { $0.name == name }
    }
    let results: [Matrix]
    do {
      results = try program(own)
    } catch {
      return .wrong("\(trial.place(compiled))\nthe program: \(error)")
    }
    for (index, (result, formula)) in zip(results, compiled.formulas).enumerated() {
      let distance = result.largestDifference(expected[index])
      let tolerance = 1e-9 * max(expected[index].maxMagnitude, 1e-3) + 1e-13 * largest
      if distance <= tolerance { continue }
      let change = trial.sensitivity(formula, extra, expected[index])
      if distance <= change { continue }
      return .wrong(
        "\(trial.place(compiled))\n\(program.outputs[index].name): \(formula)\n"
          + "off by \(distance) of \(expected[index].maxMagnitude); "
          + "data off by 1e-11 change it by \(change)")
    }
    return .verified(.matrix, size: 0)
  }

  private func place(_ compiled: CompiledProgram) -> String {
    let sizes = point.sizes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return "at \(sizes.joined(separator: " ")), blocked \(options.isBlocked), "
      + "\(options.blockBytes) bytes\n\(compiled.program.planText)"
  }

  private func value(
    of formula: TypedInput, at values: [String: Matrix]? = nil
  ) throws -> Evaluation {
    var options = EvaluationOptions()
    options.maximumEntries = 1 << 20
    options.tracksMagnitude = true
    options.refusedRepetitions = .all
    // Rounding is raised by the condition number, and must stay below the tolerance.
    options.conditionWarning = 1e-6
    var place = point
    if let values { place.values = values }
    return try place.value(of: formula, options: options)
  }

  /// How far the evaluator's own result moves where the data change in their eleventh digit: what
  /// is sensitive to rounding, or jumps, cannot be compared.
  private mutating func sensitivity(
    _ text: String, _ extra: [Variable], _ expected: Matrix
  ) -> Double {
    var change = 0.0
    for _ in 0..<4 {
      let values = point.values.mapValues { matrix in
        matrix.map { $0 * (1 + 1e-11 * generator.normal()) + 1e-13 * generator.normal() }
      }
      guard let formula = try? Language.elaborate(text, in: typed, extra: extra),
        let moved = try? value(of: formula, at: values).result, moved.allFinite
      else { return .infinity }
      change = max(change, moved.largestDifference(expected))
    }
    return change
  }
}

extension Matrix {
  /// The largest difference of two entries; infinite where they are not both numbers.
  fileprivate func largestDifference(_ other: Matrix) -> Double {
    guard rows == other.rows, columns == other.columns else { return .infinity }
    var largest = 0.0
    for (a, b) in zip(values, other.values) where a != b {
      let difference = (a - b).magnitude
      largest = difference.isFinite ? max(largest, difference) : .infinity
    }
    return largest
  }
}
