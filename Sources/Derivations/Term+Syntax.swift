import ExpressionCore
import ExpressionLanguage

extension Term {
  /// The term in the language; `d(…)` is a call.
  static func syntax(of kind: Kind, _ shape: Shape) -> Syntax {
    switch kind {
    case .leaf(let syntax): syntax
    case .negate(let x): Syntax(.negate(x.syntax))
    case .transpose(let x): Syntax(.transpose(x.syntax))
    case .differential(let x): Syntax(.call("d", [x.syntax]))
    case .sum(let terms): sum(terms)
    case .product(let x): run(x.map(\.syntax), .times)
    case .quotient(let x, let y): run([x.syntax, y.syntax], .divide)
    case .hadamard(let x): run(x.map(\.syntax), .hadamard)
    case .elementwiseQuotient(let x, let y): run([x.syntax, y.syntax], .elementwiseDivide)
    case .apply(let primitive, let x, let parameters):
      application(primitive, x.map(\.syntax), parameters, shape)
    }
  }

  private static func sum(_ terms: [Signed]) -> Syntax {
    guard let first = terms.first else { return Syntax(.number(.zero)) }
    let head = first.negative ? Syntax(.negate(first.term.syntax)) : first.term.syntax
    return Syntax(.sum(head, terms.dropFirst().map { ($0.negative, $0.term.syntax) }))
  }

  /// One operator between factors; a first factor that is itself such a run is continued.
  private static func run(_ factors: [Syntax], _ operation: Syntax.Multiplication) -> Syntax {
    guard let first = factors.first else { return Syntax(.number(.one)) }
    guard factors.count > 1 else { return first }
    let rest = factors.dropFirst().map { (operation: operation, factor: $0) }
    if case .product(let head, let tail) = first.kind,
      tail.allSatisfy({ $0.operation.continues(in: operation) })
    {
      return Syntax(.product(head, tail + rest))
    }
    return Syntax(.product(first, rest))
  }

  private static func application(
    _ primitive: Primitive, _ x: [Syntax], _ parameters: [Dim], _ shape: Shape
  ) -> Syntax {
    func call(_ name: String, _ arguments: [Syntax]) -> Syntax { Syntax(.call(name, arguments)) }
    let sizes = parameters.map { Syntax.size($0) }
    switch primitive {
    case .power: return Syntax(.power(x[0], x[1]))
    case .elementwisePower: return Syntax(.elementwisePower(x[0], x[1]))
    case .maximum: return call("max", x + sizes)
    case .minimum: return call("min", x + sizes)
    case .diagonal: return call("diag", x)
    case .softmax, .logsoftmax:
      return call(primitive.rawValue, shape.rows.isOne || shape.columns.isOne ? x : x + sizes)
    case .polygamma: return call(primitive.rawValue, sizes + x)
    case .eye: return call("eye", [.size(shape.rows)])
    case .ones, .zeros:
      return call(primitive.rawValue, [.size(shape.rows), .size(shape.columns)])
    // A stride of 1 and no padding go without saying.
    case .im2col, .col2im, .conv1d, .conv2d:
      var shown = sizes
      if parameters.last == 0 { shown.removeLast(parameters.dropLast().last == 1 ? 2 : 1) }
      return call(primitive.rawValue, x + shown)
    case .unit: return call("unit", [.size(shape.rows), sizes[sizes.count - 1]])
    case .blocks: return Syntax(.blocks(rows(x, parameters)))
    default: return call(primitive.rawValue, x + sizes)
    }
  }

  private static func rows(_ x: [Syntax], _ layout: [Dim]) -> [[Syntax]] {
    var rows: [[Syntax]] = []
    var start = 0
    for count in layout.dropFirst() {
      let end = min(x.count, start + (count.literal ?? 0))
      rows.append(Array(x[start..<end]))
      start = end
    }
    return rows
  }
}

extension Syntax.Multiplication {
  /// Whether a reader takes a run of this operation on into another one without parentheses.
  fileprivate func continues(in next: Syntax.Multiplication) -> Bool {
    switch next {
    case .times, .divide: self == .times || self == .divide
    case .hadamard, .elementwiseDivide: self == .hadamard
    case .leftDivide, .kronecker: false
    }
  }
}

extension Syntax {
  /// A dimension as it is typed.
  static func size(_ dim: Dim) -> Syntax {
    switch dim {
    case .literal(let n): Syntax(.number(Number(n)))
    case .name(let name): Syntax(.name(name))
    case .polynomial:
      (try? ParsedInput(dim.description))?.result ?? Syntax(.name(dim.description))
    }
  }
}
