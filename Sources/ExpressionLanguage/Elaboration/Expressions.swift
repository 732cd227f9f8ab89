import ExpressionCore

/// Expressions, over a stack of its own: operands first, then the operation.
extension Elaborator {
  private enum Task {
    case visit(Syntax)
    case operate(Primitive, count: Int, parameters: [Dim], range: Range<Int>?)
    /// A value that could not be made; what depends on it is not looked at.
    case wrong(Range<Int>?)
  }

  /// The node of an expression. After an error it is poisoned.
  mutating func elaborate(_ root: Syntax) -> Int {
    var tasks = [Task.visit(root)]
    var values: [Int] = []
    while let task = tasks.popLast() {
      guard solver.errors.count < Self.mostErrors else { return poisoned(root.range) }
      switch task {
      case .visit(let syntax): visit(syntax, &tasks, &values)
      case .wrong(let range): values.append(poisoned(range))
      case .operate(let primitive, let count, let parameters, let range):
        let operands = Array(values.suffix(count))
        values.removeLast(min(count, values.count))
        values.append(solver.apply(primitive, operands, parameters: parameters, range: range))
      }
    }
    return values.last ?? poisoned(root.range)
  }

  private mutating func poisoned(_ range: Range<Int>?) -> Int {
    let node = solver.append(.number(.zero), shape: .scalar, range: range)
    solver.poison(node)
    return node
  }

  private mutating func visit(_ syntax: Syntax, _ tasks: inout [Task], _ values: inout [Int]) {
    let range = syntax.range
    switch syntax.kind {
    case .number(let number):
      values.append(solver.append(.number(number), shape: .scalar, range: range))
    case .name(let name): values.append(self.name(name, at: range) ?? poisoned(range))
    case .negate(let x): operate(.negate, [x], range, &tasks)
    case .transpose(let x): operate(.transpose, [x], range, &tasks)
    case .power(let x, let y): operate(.power, [x, y], range, &tasks)
    case .elementwisePower(let x, let y): operate(.elementwisePower, [x, y], range, &tasks)
    case .sum(let first, let rest):
      run(first, rest.map { ($0.negative ? .subtract : .add, $0.term) }, &tasks)
    case .product(let first, let rest):
      run(first, rest.map { (Self.primitive($0.operation), $0.factor) }, &tasks)
    case .blocks(let rows):
      let counts = [Dim.literal(rows.count)] + rows.map { .literal($0.count) }
      let blocks = rows.flatMap { $0 }
      tasks.append(.operate(.blocks, count: blocks.count, parameters: counts, range: range))
      tasks += blocks.reversed().map { .visit($0) }
    case .call(let name, let arguments): call(name, arguments, range, &tasks)
    }
  }

  private func operate(
    _ primitive: Primitive, _ operands: [Syntax], _ range: Range<Int>?, _ tasks: inout [Task]
  ) {
    tasks.append(.operate(primitive, count: operands.count, parameters: [], range: range))
    tasks += operands.reversed().map { .visit($0) }
  }

  /// A run of operators of one precedence, from left to right.
  private func run(_ first: Syntax, _ rest: [(Primitive, Syntax)], _ tasks: inout [Task]) {
    let start = first.range?.lowerBound
    for (primitive, operand) in rest.reversed() {
      let range = start.flatMap { start in operand.range.map { start..<max(start, $0.upperBound) } }
      tasks.append(.operate(primitive, count: 2, parameters: [], range: range))
      tasks.append(.visit(operand))
    }
    tasks.append(.visit(first))
  }

  private static func primitive(_ operation: Syntax.Multiplication) -> Primitive {
    switch operation {
    case .times: .multiply
    case .divide: .divide
    case .leftDivide: .leftDivide
    case .hadamard: .hadamard
    case .elementwiseDivide: .elementwiseDivide
    case .kronecker: .kron
    }
  }

  // MARK: Calls

  private mutating func call(
    _ name: String, _ arguments: [Syntax], _ range: Range<Int>?, _ tasks: inout [Task]
  ) {
    guard var primitive = FunctionTable.primitive(named: name) else {
      reportUnknownFunction(name, arguments, range)
      tasks.append(.wrong(range))
      return
    }
    if let reduction = FunctionTable.reduction(sharingNameWith: primitive),
      arguments.count == 1 || (arguments.count == 2 && Self.isAxis(arguments[1]))
    {
      primitive = reduction
    }
    let signature = primitive.signature
    guard signature.accepts(arguments.count) else {
      report(
        .argumentCount(function: name, usage: signature.usage(of: name), got: arguments.count),
        at: range, Self.countHint(primitive, arguments.count))
      tasks.append(.wrong(range))
      return
    }
    var parameters: [Dim] = []
    var operands: [Syntax] = []
    for (position, kind) in signature.arguments.enumerated() {
      guard position < arguments.count else {
        if let standard = kind.standard { parameters.append(standard) }
        continue
      }
      let argument = arguments[position]
      if kind.isValue {
        operands.append(argument)
      } else if let dim = parameter(argument, kind, of: name) {
        parameters.append(dim)
      } else {
        tasks.append(.wrong(range))
        return
      }
    }
    tasks.append(
      .operate(primitive, count: operands.count, parameters: parameters, range: range))
    tasks += operands.reversed().map { .visit($0) }
  }

  private static func isAxis(_ syntax: Syntax) -> Bool {
    guard case .number(let number) = syntax.kind else { return false }
    return number == .one || number == .two
  }

  private static func countHint(_ primitive: Primitive, _ got: Int) -> String? {
    if got == 1, primitive == .ones || primitive == .zeros {
      let name = primitive.rawValue
      return "A vector is \(name)(n,1), a matrix \(name)(n,n)."
    }
    if got == 2, primitive == .eye { return "The identity is square: eye(n)." }
    return nil
  }

  /// An argument that is a size, a position or the like.
  private mutating func parameter(
    _ syntax: Syntax, _ kind: Signature.Argument, of function: String
  ) -> Dim? {
    let dim: Dim
    do {
      dim = try size(syntax)
    } catch {
      let argument = Excerpt.short(text(error.range ?? syntax.range))
      report(
        .notASize(function: function, argument: argument), at: error.range ?? syntax.range,
        "A size is made of integers and names of dimensions.")
      return nil
    }
    let requirement: String
    switch kind {
    case .value: return dim
    case .axis:
      if dim == 1 || dim == 2 { return dim }
      requirement = "the axis is 1 (down columns) or 2 (along rows)"
    case .size:
      if (dim.literal ?? 1) >= 1 { return dim }
      requirement = "a size is at least 1"
    case .position:
      if (dim.literal ?? 1) >= 1 { return dim }
      requirement = "positions count from 1"
    case .order, .padding:
      if (dim.literal ?? 1) >= 0 { return dim }
      requirement = "needs an integer of at least 0"
    case .stride:
      if (dim.literal ?? 1) >= 1 { return dim }
      requirement = "the stride is at least 1"
    }
    report(
      .badArgument(function: function, requirement: requirement, got: text(syntax.range)),
      at: syntax.range)
    return nil
  }

  func text(_ range: Range<Int>?) -> String {
    guard let range else { return "" }
    let bytes = input.source.utf8.dropFirst(range.lowerBound).prefix(range.count)
    return Excerpt.short(String(decoding: Array(bytes.prefix(8192)), as: UTF8.self))
  }

  private mutating func reportUnknownFunction(
    _ name: String, _ arguments: [Syntax], _ range: Range<Int>?
  ) {
    let place = range.map { $0.lowerBound..<min($0.upperBound, $0.lowerBound + name.utf8.count) }
    if scope.definitions[name] != nil || scope.declared[name] != nil
      || scope.variableIndex[name] != nil || scope.dimensions.contains(name)
      || (name.count == 1 && context == nil && FunctionTable.foreign[name] == nil)
    {
      let places = arguments.prefix(2).map { text($0.range) }.joined(separator: ",")
      let entry = arguments.count == 2 ? "entry(\(name),\(places))" : "entry(\(name),i,j)"
      report(
        .notAFunction(name), at: place,
        "Write a product as \(name)*(…), an entry as \(entry).")
      return
    }
    if let here = FunctionTable.foreign[name] {
      let isName = FunctionTable.contains(here)
      report(.unknownFunction(name), at: place, "Write \(here)\(isName ? "(…)" : "").")
      return
    }
    let near = NearestName.find(for: name, among: FunctionTable.names)
    report(.unknownFunction(name), at: place, near.map { "Did you mean \($0)?" })
  }
}
