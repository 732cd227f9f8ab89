import Checking
import Differentiation
import ExpressionCore
import ExpressionLanguage

/// Goes through a derivation line by line.
struct DerivationCheck {
  private let statements: [DerivationStatement]
  private let wrt: [String]
  private let deadline: Deadline?
  private var scope: DerivationScope
  /// The last line about each subject.
  private var latest: [DerivationSubject: Stated] = [:]

  /// An expression that a line states.
  private struct Stated {
    let line: Int
    /// With the definitions that it uses.
    let source: String
    let isCorrect: Bool
  }

  init(
    _ typed: TypedInput, _ variables: [Variable], _ options: DerivativeOptions,
    _ statements: [DerivationStatement], until deadline: Deadline?
  ) {
    self.statements = statements
    self.deadline = deadline
    wrt = variables.map(\.name)
    let taken = Set(
      typed.variables.map(\.name) + typed.definitions.map(\.name)
        + statements.compactMap { $0.left?.trimmed })
    // `dL` is the differential of the function if L is nothing else.
    var aliases: Set<String> = ["f", "F"]
    for left in statements.compactMap(\.left) {
      switch DerivationSubject(left, isFunction: { $0.count == 1 || $0 == "loss" }) {
      case .differential(let name), .secondDifferential(let name),
        .derivative(of: let name?, by: _), .hessian(of: let name?, by: _):
        aliases.insert(name)
      case .value, .derivative, .hessian, .expression: break
      }
    }
    scope = DerivationScope(
      typed, variables, options,
      aliases: aliases.subtracting(typed.variables.map(\.name))
        .subtracting(typed.definitions.map(\.name)).subtracting(taken.subtracting(["f", "F"])))
    // A definition by the function's own value is one more name for it.
    for statement in statements {
      guard let name = statement.left?.trimmed, taken.contains(name), !scope.isVariable(name),
        case .value = DerivationSubject(name, isFunction: { _ in false }),
        let own = try? scope.source(statement.right), let value = try? scope.value(of: "f")
      else { continue }
      if comparison(with: value).agrees(with: own) ?? false { scope.addAlias(name) }
    }
  }

  /// The derivatives that are right, of the function.
  func answer() throws(FrechetError) -> [DerivationReport.Answer] {
    var request = DerivativeRequest(scope.typed.source, wrt: wrt)
    request.options = scope.options
    request.options.form = .kronecker
    do {
      return try request.reports(of: scope.typed, until: deadline).map {
        DerivationReport.Answer(wrt: $0.wrt, formula: $0.derivative)
      }
    } catch {
      switch error {
      case .derivative: return []
      case .input, .unsupported, .evaluation, .implementation, .callLimit, .timeLimit,
        .sizeLimit:
        throw error
      }
    }
  }

  // MARK: Lines

  mutating func lines() throws(FrechetError) -> [DerivationReport.Line] {
    var lines: [DerivationReport.Line] = []
    var subject = DerivationSubject.expression
    for statement in statements {
      try deadline?.check()
      var before: Stated?
      if let left = statement.left {
        subject = self.subject(of: left)
        if subject == .expression {
          before = try located(statement.line) { scope throws(FrechetError) in
            Stated(line: statement.line, source: try scope.source(left), isCorrect: true)
          }
          latest[subject] = before
        }
      }
      before = latest[subject] ?? before
      lines.append(try line(statement, subject, after: before))
    }
    return lines
  }

  private func subject(of left: String) -> DerivationSubject {
    let subject = DerivationSubject(left) { name in
      scope.aliases.contains(name) || scope.isDefined(name) || scope.isVariable(name)
    }
    switch subject {
    // Without names: of the function, by the variable.
    case .derivative(let function, let variable):
      return .derivative(of: function ?? "f", by: variable ?? wrt[0])
    case .hessian(let function, let variable):
      return .hessian(of: function ?? "f", by: variable ?? wrt[0])
    case .value, .differential, .secondDifferential, .expression: return subject
    }
  }

  private mutating func line(
    _ statement: DerivationStatement, _ subject: DerivationSubject, after before: Stated?
  ) throws(FrechetError) -> DerivationReport.Line {
    let right = statement.right
    let source = try located(statement.line) { scope throws(FrechetError) in
      try scope.source(right)
    }
    let truth = try truth(of: subject)
    var line = DerivationReport.Line(
      number: statement.line, text: statement.text, subject: subject.name, isCorrect: nil,
      follows: nil, isAfter: before?.line, verdict: nil)
    let expected = try expected(subject, before, truth)
    if let expected {
      let (isTruth, deadline) = (expected == truth && before == nil, deadline)
      let verdict = try located(statement.line) { scope throws(FrechetError) in
        try Self.verdict(on: source, against: expected, isTruth: isTruth, scope, deadline)
      }
      line.follows = verdict.isCorrect
      line.verdict = verdict
    }
    // What follows from what is true is true.
    let isFromTruth = before?.isCorrect ?? (expected == truth)
    if line.follows == true, isFromTruth {
      line.isCorrect = true
    } else if let truth {
      line.isCorrect = comparison(with: truth).agrees(with: source)
    } else if line.follows != nil {
      line.isCorrect = false
    }
    try state(statement, subject, source, line)
    return line
  }

  /// What the next lines may use.
  private mutating func state(
    _ statement: DerivationStatement, _ subject: DerivationSubject, _ source: String,
    _ line: DerivationReport.Line
  ) throws(FrechetError) {
    latest[subject] = Stated(
      line: statement.line, source: source, isCorrect: line.isCorrect ?? true)
    // The first expression of a chain defines; the others say it in other words.
    guard statement.left != nil else { return }
    switch subject {
    case .value(let name) where !scope.isDefined(name):
      if scope.isVariable(name) {
        throw located(
          statement.line, "\(name): a variable of the input cannot be defined anew.")
      }
      if scope.aliases.contains(name) { return }
      let (typed, extra) = (scope.typed, scope.directions.map(\.asVariable))
      do {
        _ = try Language.elaborate(source, in: typed, extra: extra)
      } catch {
        throw located(statement.line, error.description)
      }
      scope.define(name, statement.right)
    case .differential(let name) where scope.isDefined(name) && !scope.aliases.contains(name):
      // Of a wrong one the next lines use the truth: each is judged by itself.
      if line.isCorrect ?? false { scope.define(Differential.name(of: name), statement.right) }
    case .value, .differential, .secondDifferential, .derivative, .hessian, .expression: break
    }
  }

  // MARK: Comparison

  /// What is true of a subject; nil of a new name, and of what cannot be derived.
  private func truth(of subject: DerivationSubject) throws(FrechetError) -> String? {
    var scope = scope
    switch subject {
    case .value(let name):
      return try scope.value(of: name).map { text throws(FrechetError) in try scope.source(text) }
    case .differential(let name):
      if wrt.contains(name) { return nil }
      // What is not differentiated by is constant.
      if scope.isVariable(name) { return "0*\(name)" }
      return try scope.differential(of: name)
    case .secondDifferential(let name): return try scope.secondDifferential(of: name)
    case .derivative(let function, let variable):
      return try scope.derivative(of: function ?? "f", by: variable ?? wrt[0], order: 1)
    case .hessian(let function, let variable):
      return try scope.derivative(of: function ?? "f", by: variable ?? wrt[0], order: 2)
    case .expression: return nil
    }
  }

  /// What a line must be equal to: the line before of its chain; of the first one what the last line
  /// on the differential implies; else the truth.
  private func expected(
    _ subject: DerivationSubject, _ before: Stated?, _ truth: String?
  ) throws(FrechetError) -> String? {
    if let before { return before.source }
    if case .derivative(let function, let variable) = subject,
      let differential = latest[.differential(function ?? "f")] ?? latestDifferential,
      !differential.isCorrect,
      let identified = try scope.derivative(
        identifiedFrom: differential.source, by: variable ?? wrt[0])
    {
      return identified
    }
    return truth
  }

  /// Of the function, by whatever name.
  private var latestDifferential: Stated? {
    latest.first { subject, _ in
      if case .differential(let name) = subject { scope.aliases.contains(name) } else { false }
    }?.value
  }

  private func comparison(with expected: String) -> ClaimCheck {
    ClaimCheck(
      scope.typed, expected: expected, wrt: wrt[0], kind: nil, directions: scope.directions)
  }

  private static func verdict(
    on source: String, against expected: String, isTruth: Bool, _ scope: DerivationScope,
    _ deadline: Deadline?
  ) throws(FrechetError) -> ClaimVerdict {
    let typed = scope.typed
    let directions = scope.directions
    var check = ClaimCheck(
      typed, expected: expected, wrt: scope.variables[0].name, kind: nil, directions: directions)
    check.wording = isTruth ? .truth : .line
    check.shorter = { Parts.shorter($0, in: typed, directions)?.body }
    check.isOver = { deadline.map { $0.remaining < 0.4 * $0.seconds } ?? false }
    do {
      return try check.verdict(on: source)
    } catch {
      throw .input(error.description)
    }
  }

  // MARK: Errors

  /// Errors of a line say which.
  private mutating func located<Value>(
    _ line: Int, _ body: (inout DerivationScope) throws(FrechetError) -> Value
  ) throws(FrechetError) -> Value {
    do {
      return try body(&scope)
    } catch {
      guard case .input(let text) = error else { throw error }
      throw located(line, text)
    }
  }

  private func located(_ line: Int, _ text: String) -> FrechetError {
    let message = text.hasPrefix("error: ") ? String(text.dropFirst(7)) : text
    return .input("line \(line) of the derivation: \(message)")
  }
}

extension DerivationSubject {
  /// The word for it.
  fileprivate var name: String {
    switch self {
    case .value: "value"
    case .differential: "differential"
    case .secondDifferential: "second differential"
    case .derivative: "derivative"
    case .hessian: "Hessian"
    case .expression: "expression"
    }
  }
}
