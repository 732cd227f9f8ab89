import Differentiation
import ExpressionCore
import ExpressionLanguage

/// A derivation in the making: every line is one rule applied to the one before.
final class Script {
  let workbook: Workbook
  private(set) var lines: [DerivationLine] = []
  private let expansion: Expansion
  /// Whether the lines that follow are left out of the short form.
  var isDetail = false
  /// Longer lines help nobody.
  private static let sizeLimit = 400
  static let lineLimit = 600

  /// No rule is known here, or the lines grow too long to be read.
  struct Stuck: Error {}

  init(_ workbook: Workbook) {
    self.workbook = workbook
    expansion = Expansion(workbook: workbook)
  }

  // MARK: Lines

  func add(_ left: DerivationLine.Left, _ term: Term, _ rules: [Rule]) throws(Stuck) {
    guard term.size <= Self.sizeLimit, lines.count < Self.lineLimit else { throw Stuck() }
    var rules = rules
    if workbook.usedSymmetry, rules.contains(.scalarTranspose) || rules.contains(.traceTranspose) {
      rules.append(.symmetry)
    }
    workbook.usedSymmetry = false
    if let last = lines.last, last.left == left, last.value.definitions.isEmpty,
      SyntaxPrinter.text(of: last.value.body) == term.text
    {
      return
    }
    let spelling = Spelling(shape: term.shape, body: term.syntax)
    lines.append(
      DerivationLine(
        left, spelling, rules, checked: closed(term)?.syntax, isDetail: isDetail))
  }

  /// The answer itself.
  func finish(_ left: DerivationLine.Left, _ spelling: Spelling, _ rules: [Rule]) {
    isDetail = false
    if let last = lines.last, last.left == left, spelling.definitions.isEmpty,
      last.value.body.looseText == spelling.body.looseText
    {
      lines[lines.count - 1] = DerivationLine(left, spelling, last.rules, checked: spelling.body)
      return
    }
    lines.append(DerivationLine(left, spelling, rules, checked: spelling.body))
  }

  /// The term with each `d(…)` worked out by the engine.
  private func closed(_ term: Term) -> Term? { workbook.closed(term) }

  // MARK: Differentials

  /// Works out all differentials of a term.
  func expanded(
    _ start: Term, as left: DerivationLine.Left, writing show: (Term) -> Term = { $0 }
  ) throws(Stuck) -> Term {
    var current = start
    for _ in 0..<Self.lineLimit {
      let open = expansion.open(in: current)
      if open.isEmpty { return current }
      var moves: [(Term, Expansion.Move)] = []
      for x in open {
        guard let move = expansion.move(x) else { throw Stuck() }
        moves.append((x, move))
      }
      let bookkeeping = moves.filter(\.1.rule.isBookkeeping)
      var chosen = bookkeeping
      if bookkeeping.isEmpty, let first = moves.first {
        chosen = moves.filter { $0.1.rule == first.1.rule }
      }
      var replacements: [ObjectIdentifier: Term] = [:]
      for (x, move) in chosen { replacements[ObjectIdentifier(x)] = move.term }
      current = expansion.replaced(current, replacements)
      var rules: [Rule] = []
      for (_, move) in chosen where !rules.contains(move.rule) { rules.append(move.rule) }
      // A name becomes its differential without a word.
      let isSilent = chosen.allSatisfy { $0.0.name != nil }
      try add(left, show(current), isSilent ? [.constantFactor] : rules)
    }
    throw Stuck()
  }

  // MARK: Balance

  /// Brings a scalar to sums of ⟨G, dX⟩, like ones collected.
  func balanced(_ start: Term, _ others: [Summand] = []) throws(Stuck) -> [Summand] {
    let balancing = Balancing(workbook: workbook)
    var summands = [Summand(start)] + others
    workbook.usedSymmetry = false
    try add(.differential, Summand.sum(summands), [.scalarsCommute])
    for round in 0...Self.lineLimit {
      guard round < Self.lineLimit else { throw Stuck() }
      let moves = summands.map { balancing.move($0) }
      guard
        let first = moves.compactMap({ $0 }).min(by: {
          !$0.rule.isBookkeeping ? false : $1.rule.isBookkeeping ? false : true
        })
      else { break }
      var next: [Summand] = []
      for (summand, move) in zip(summands, moves) {
        if let move, move.rule == first.rule { next += move.summands } else { next.append(summand) }
      }
      summands = next
      guard summands.count <= 40 else { throw Stuck() }
      try add(.differential, Summand.sum(summands), [first.rule])
    }
    guard summands.allSatisfy({ $0.target.map(workbook.isTarget) ?? false }) else { throw Stuck() }
    let collected = Summand.collected(summands)
    if collected.count < summands.count {
      try add(.differential, Summand.sum(collected), [.collect])
    }
    return collected
  }
}

extension Workbook {
  /// The term with each `d(…)` replaced by what the engine has for it.
  func closed(_ term: Term) -> Term? {
    guard term.isOpen else { return term }
    if case .differential(let x) = term.kind {
      if !x.depends { return .zero(x.shape) }
      if let name = x.name { return .name("d" + name, x.shape, moves: true) }
      guard let d = differential(of: x, varying: x.varyingNames, simplified: false) else {
        return nil
      }
      return closed(d)
    }
    var failed = false
    let result = term.mapOperands { operand in
      if let closed = closed(operand) { return closed }
      failed = true
      return operand
    }
    return failed ? nil : result
  }
}

extension Term {
  /// The names in it that depend on the variable, each once.
  var varyingNames: [Term] {
    var found: [Term] = []
    var pending = [self]
    while let term = pending.popLast() {
      guard term.depends else { continue }
      if let name = term.name {
        if !found.contains(where: { $0.name == name }) { found.append(term) }
      } else {
        pending += term.operands.reversed()
      }
    }
    return found
  }
}

extension Syntax {
  /// What differs in the order of terms or in parentheses alone is nothing that a reader would call
  /// a step; whether the values are equal is another matter, which is checked.
  fileprivate var looseText: String { orderFreeText.filter { $0 != "(" && $0 != ")" } }

  /// The text with the terms of sums and elementwise factors in one order, so that what differs in
  /// nothing else is the same.
  fileprivate var orderFreeText: String {
    switch kind {
    case .number, .name: SyntaxPrinter.text(of: self)
    case .negate(let x): "-(" + x.orderFreeText + ")"
    case .transpose(let x): "(" + x.orderFreeText + ")'"
    case .sum(let first, let rest):
      "("
        + ([(negative: false, term: first)] + rest).map { signed in
          if case .negate(let x) = signed.term.kind {
            return (signed.negative ? "+" : "-") + x.orderFreeText
          }
          return (signed.negative ? "-" : "+") + signed.term.orderFreeText
        }.sorted().joined() + ")"
    case .product(let first, let rest):
      if rest.allSatisfy({ $0.operation == .hadamard }) {
        "(" + ([first] + rest.map(\.factor)).map(\.orderFreeText).sorted().joined(separator: ".*")
          + ")"
      } else {
        "("
          + rest.reduce(first.orderFreeText) {
            $0 + $1.operation.rawValue + $1.factor.orderFreeText
          } + ")"
      }
    case .power(let x, let y): "(\(x.orderFreeText))^(\(y.orderFreeText))"
    case .elementwisePower(let x, let y): "(\(x.orderFreeText)).^(\(y.orderFreeText))"
    case .call(let name, let x): name + "(" + x.map(\.orderFreeText).joined(separator: ",") + ")"
    case .blocks(let rows):
      "[" + rows.map { $0.map(\.orderFreeText).joined(separator: ",") }.joined(separator: ";") + "]"
    }
  }
}
