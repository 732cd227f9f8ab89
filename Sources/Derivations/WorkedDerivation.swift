import Differentiation
import ExpressionCore
import ExpressionLanguage

/// A derivation line by line, from the differential to the answer.
public struct WorkedDerivation: Sendable {
  /// All lines, each checked against the one before.
  public let lines: [DerivationLine]
  /// The input with names for its layers, where the author gave none.
  public let input: TypedInput
  /// The values of the names in `input` that its author did not give.
  public let names: [Spelling.Definition]
  /// The shapes of the names that lines gave to derivatives on the way.
  public let shapes: [String: Shape]
  /// How many lines were compared with the one before, and how many had to be left out.
  public let compared: Int
  public let refuted: Int
  /// How many lines are shown although no random point told whether they follow.
  public let undecided: Int
  /// Whether single rules led to the answer.
  public let isComplete: Bool

  /// The derivation of an answer.
  ///
  /// Each line is compared with the one before by values at random points; one that differs is
  /// left out, so that the derivation is coarser there, and true.
  public init(of derivative: Derivative, in input: TypedInput) {
    let plan = Plan(derivative, input)
    self.input = plan.input
    names = plan.names
    let script = plan.script()
    isComplete = script.isComplete
    var kept: [DerivationLine] = []
    var before: LineCheck.Values?
    var (compared, refuted, undecided) = (0, 0, 0)
    let workbook = script.workbook
    shapes = Dictionary(workbook.gradients.map { ($0.name, $0.value.shape) }) { first, _ in first }
    let check = LineCheck(workbook, derivative)
    for line in script.lines {
      if line.isPremise(of: derivative) {
        kept.append(line)
        continue
      }
      guard let values = check.values(of: line) else {
        // What cannot be evaluated is not shown, but for the answer, which is verified by itself.
        if line.left == .derivative, line.value.body === derivative.result.body {
          kept.append(line)
          undecided += 1
        }
        continue
      }
      if let last = before, let agrees = check.agree(last, values) {
        compared += 1
        guard agrees else {
          refuted += 1
          continue
        }
      } else if before != nil {
        undecided += 1
      }
      kept.append(line)
      before = values
    }
    lines = kept
    self.compared = compared
    self.refuted = refuted
    self.undecided = undecided
  }
}

extension DerivationLine {
  /// What a line says of something else than the line before: the gradient by a layer, which the
  /// next differential uses, or the gradient that a Hessian begins with.
  public func isPremise(of derivative: Derivative) -> Bool {
    if case .name = left { return true }
    return left == .gradient && derivative.kind == .hessian
  }
}

/// Which script leads to an answer, and from which input.
private struct Plan {
  let derivative: Derivative
  let input: TypedInput
  let names: [Spelling.Definition]

  init(_ derivative: Derivative, _ original: TypedInput) {
    self.derivative = derivative
    var input = original
    if derivative.kind == .hessian, let first = Self.firstDerivative(derivative, original) {
      input = first
    }
    if derivative.kind == .gradient {
      let layered = LayerNames(of: input, wrt: derivative.wrt)
      input = layered.input
      names = layered.names
    } else {
      names = []
    }
    self.input = input
  }

  private func makeWorkbook() -> Workbook {
    let name = derivative.secondWrt ?? derivative.wrt
    let index = input.variables.firstIndex { $0.name == name } ?? 0
    return Workbook(
      input, wrt: index,
      keepsStructure: !derivative.options.unstructured
        && (derivative.kind == .gradient || derivative.form == .differential))
  }

  private static func firstDerivative(
    _ derivative: Derivative, _ input: TypedInput
  ) -> TypedInput? {
    var options = DerivativeOptions()
    options.unstructured = true
    // A Hessian is that of plain variables: what holds only within their structure may not be used
    // before the second derivative is taken.
    var plain = input
    let names = [derivative.wrt, derivative.secondWrt]
    plain.variables = input.variables.map { names.contains($0.name) ? $0.plain : $0 }
    guard let first = try? derive(plain, wrt: [derivative.wrt], options: options).first else {
      return nil
    }
    let definitions = first.result.definitions.map {
      "\($0.name) = \(SyntaxPrinter.text(of: $0.value))"
    }
    let text = (definitions + [SyntaxPrinter.text(of: first.result.body)]).joined(separator: "; ")
    return try? Language.elaborate(text, in: input)
  }

  func script() -> (lines: [DerivationLine], workbook: Workbook, isComplete: Bool) {
    do throws(Script.Stuck) {
      let script = Script(makeWorkbook())
      try write(script)
      return (script.lines, script.workbook, true)
    } catch {
      let coarse = Script(makeWorkbook())
      writeCoarsely(coarse)
      return (coarse.lines, coarse.workbook, false)
    }
  }

  private func write(_ script: Script) throws(Script.Stuck) {
    let workbook = script.workbook
    guard workbook.isReadable, !hasTakenNames else { throw Script.Stuck() }
    switch derivative.kind {
    case .gradient where derivative.form == .matrix || derivative.form == .kronecker:
      try script.deriveGradient(derivative)
    case .gradient, .derivative, .jacobian:
      try script.deriveJacobian(
        derivative, of: workbook.result, as: .differential, identify: .identifyJacobian)
    case .hessian:
      try script.add(.gradient, workbook.result, [.firstDerivative])
      try script.deriveJacobian(
        derivative, of: workbook.result, as: .gradientDifferential, identify: .identifyHessian)
    }
  }

  /// Whether a name such as dX means something else in the input.
  private var hasTakenNames: Bool {
    let varying = [derivative.secondWrt ?? derivative.wrt] + input.definitions.map(\.name)
    let taken = Set(
      input.variables.map(\.name) + input.dimensions + input.definitions.map(\.name))
    return varying.contains { taken.contains(Differential.name(of: $0)) }
  }

  /// The differential as the engine has it, and the answer.
  private func writeCoarsely(_ script: Script) {
    let workbook = script.workbook
    let isSecond = derivative.kind == .hessian
    let left: DerivationLine.Left = isSecond ? .gradientDifferential : .differential
    if hasTakenNames { return script.finish(.derivative, derivative.result, [.allRules]) }
    if workbook.isReadable {
      if isSecond { try? script.add(.gradient, workbook.result, [.firstDerivative]) }
      try? script.add(left, .differential(workbook.result), [.start])
    }
    if let differential = derivative.differential {
      script.finish(left, differential, [.allRules])
    }
    let rule: Rule =
      switch derivative.kind {
      case .gradient: .identifyGradient
      case .derivative: .identifyDerivative
      case .jacobian: .identifyJacobian
      case .hessian: .identifyHessian
      }
    if derivative.form != .differential {
      script.finish(
        .derivative, derivative.result, [derivative.form == .operator ? .directional : rule])
    }
  }
}
