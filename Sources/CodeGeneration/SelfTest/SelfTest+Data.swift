import ExpressionCore
import ExpressionLanguage
import Planning

/// Where the pieces of a test come from.
struct TestBuilder {
  let request: ProgramRequest
  let arguments: Arguments
  let conventions: ProgramSample
  let original: (String) -> String
  /// The variable that an argument is a direction of.
  let directions: [String: String]

  /// Random arguments as they were declared.
  var sample: [SelfTest.Step] {
    var steps: [SelfTest.Step] = []
    for variable in arguments.variables {
      guard let like = directions[variable.name], let base = argument(like) else {
        steps += draw(variable)
        continue
      }
      steps += direction(variable.name, of: base)
    }
    return steps
  }

  func argument(_ name: String) -> Variable? {
    arguments.variables.first { $0.name == name }
  }

  /// A name that no argument, size or output has.
  func unused(_ wanted: String) -> String {
    let taken = Set(
      arguments.variables.map(\.name) + request.listing.dimensionNames + request.outputNames)
    var name = wanted
    while taken.contains(name) { name += "_" }
    return name
  }

  private func draw(_ variable: Variable) -> [SelfTest.Step] {
    let draw = conventions.draws[original(variable.name)] ?? .normal
    let (name, shape) = (variable.name, variable.shape)
    // Drawn under another name where it is not yet what was declared.
    let raw = unused("Z_" + name)
    let z = TestFormula.name(raw, shape)
    func made(_ distribution: SelfTest.Distribution, _ formula: TestFormula) -> [SelfTest.Step] {
      [.draw(raw, shape, distribution), .assign(name, formula)]
    }
    let distribution = draw.distribution(isSigned: variable.sign != .any)
    let n = TestFormula.size(shape.rows)
    switch variable.type {
    case .spd, .psd:
      let half = TestFormula.number(.half)
      let identity = TestFormula.applied(.eye, [], shape)
      return made(distribution, z * z.transposed / n + half * identity)
    case .orthogonal, .stiefel: return made(distribution, z.mapped(.qrq))
    case .simplex: return made(.uniform(0.2, 1.2), z / z.sum)
    case .stochastic:
      let sums = TestFormula.applied(.sum, [z], Shape(shape.rows, 1), .literal(2))
      return made(.uniform(0.2, 1.2), z / sums)
    case .scalar, .vector, .row, .matrix, .symmetric, .skew, .diagonal, .lower, .upper:
      let isDominant = draw == .dominant || draw == .dominantSmall
      guard isDominant, shape.isSquare, shape.isMatrix else {
        let formula = projected(z, variable)
        return formula.isName ? [.draw(name, shape, distribution)] : made(distribution, formula)
      }
      let column = Shape(shape.rows, 1)
      let entries = unused("d_" + name)
      let diagonal = TestFormula.applied(.diag, [.name(entries, column)], shape)
      let two = TestFormula.number(.two)
      return [.draw(entries, column, .uniform(2, 3))]
        + made(distribution, projected(z / (two * n) + diagonal, variable))
    }
  }

  /// A matrix made one of a linear structure.
  private func projected(_ z: TestFormula, _ variable: Variable) -> TestFormula {
    switch variable.type {
    case .symmetric, .spd, .psd: z.mapped(.sym)
    case .skew: z.mapped(.skew)
    case .diagonal: z.diagonalPart
    case .lower: z.mapped(.tril)
    case .upper: z.mapped(.triu)
    case .scalar, .vector, .row, .matrix, .orthogonal, .stiefel, .simplex, .stochastic: z
    }
  }

  /// A random direction in which a variable may move.
  func direction(_ name: String, of variable: Variable) -> [SelfTest.Step] {
    let raw = unused("Z_" + name)
    let z = TestFormula.name(raw, variable.shape)
    var formula = projected(z, variable)
    if variable.isOnManifold {
      let q = TestFormula.name(variable.name, variable.shape)
      let inner = TestFormula.applied(
        .multiply, [q.transposed, z], Shape(variable.shape.columns, variable.shape.columns))
      formula = z - q * inner.mapped(.sym)
    }
    let normal = SelfTest.Distribution.normal(scale: 1)
    guard !formula.isName else { return [.draw(name, variable.shape, normal)] }
    return [.draw(raw, variable.shape, normal), .assign(name, formula)]
  }
}

extension ProgramSample.Draw {
  fileprivate func distribution(isSigned: Bool) -> SelfTest.Distribution {
    switch self {
    case .normal: isSigned ? .uniform(0.2, 2) : .normal(scale: 1)
    case .positive, .dominant: .uniform(0.3, 2)
    case .unitInterval: .uniform(0.1, 0.9)
    case .small, .dominantSmall: isSigned ? .uniform(0.02, 0.2) : .normal(scale: 0.1)
    }
  }
}

extension Variable {
  /// Whether its values bend as they move.
  var isOnManifold: Bool { type == .orthogonal || type == .stiefel }
}

extension TestFormula {
  fileprivate var isName: Bool { if case .name = self { true } else { false } }
}
