import ExpressionCore
import ExpressionLanguage

extension IndexBuilder {
  /// An entry of the node's value as a whole: `inv(X)[i,j]`.
  func opaque(_ node: TypedInput.Node) -> Template {
    let tree = self.tree(of: node)
    let latex = LaTeXPrinter(scope: scope)
    let indices = Self.indices(node.shape)
    var (plain, formula) = (text(tree), latex.print(tree))
    if !indices.isEmpty {
      if case .call = tree.kind {} else { plain = "(\(plain))" }
      formula = "(\(formula))"
    }
    return Template(entry: IndexEntry([.entry(text: plain, latex: formula, indices)]))
  }

  /// The node in the language, from its operands' trees.
  func tree(of node: TypedInput.Node) -> Syntax {
    let operands = node.operands.map { trees[$0] }
    switch node.operation {
    case .variable(let place):
      return Syntax(
        .name(input.variables.indices.contains(place) ? input.variables[place].name : "?"))
    case .number(let number):
      return Syntax(.number(number))
    case .pi:
      return Syntax(.name("pi"))
    case .dimension(let dimension):
      return Syntax(size: dimension)
    case .primitive(let primitive):
      return tree(primitive, operands, node)
    }
  }

  private func tree(
    _ primitive: Primitive, _ operands: [Syntax], _ node: TypedInput.Node
  ) -> Syntax {
    let sizes = node.parameters.map { Syntax(size: $0) }
    guard let first = operands.first else {
      let shape = [Syntax(size: node.shape.rows), Syntax(size: node.shape.columns)]
      switch primitive {
      case .eye: return Syntax(.call("eye", [shape[0]]))
      case .ones, .zeros: return Syntax(.call(primitive.rawValue, shape))
      case _: return Syntax(.call(primitive.rawValue, sizes))
      }
    }
    let second = operands.count > 1 ? operands[1] : first
    switch primitive {
    case .add: return Self.sum(first, false, second)
    case .subtract: return Self.sum(first, true, second)
    case .negate: return Syntax(.negate(first))
    case .multiply: return Self.product(first, .times, second)
    case .divide: return Self.product(first, .divide, second)
    case .leftDivide: return Self.product(first, .leftDivide, second)
    case .hadamard: return Self.product(first, .hadamard, second)
    case .elementwiseDivide: return Self.product(first, .elementwiseDivide, second)
    case .kron: return Self.product(first, .kronecker, second)
    case .power: return Syntax(.power(first, second))
    case .elementwisePower: return Syntax(.elementwisePower(first, second))
    case .transpose: return Syntax(.transpose(first))
    case .blocks: return Self.blocks(operands, node.parameters)
    case .maximum: return Syntax(.call("max", operands + sizes))
    case .minimum: return Syntax(.call("min", operands + sizes))
    case .diagonal: return Syntax(.call("diag", operands))
    case .polygamma: return Syntax(.call("polygamma", sizes + operands))
    case _: return Syntax(.call(primitive.rawValue, operands + sizes))
    }
  }

  private static func sum(_ first: Syntax, _ negative: Bool, _ term: Syntax) -> Syntax {
    if case .sum(let head, let rest) = first.kind, rest.count < 64 {
      return Syntax(.sum(head, rest + [(negative, term)]))
    }
    return Syntax(.sum(first, [(negative, term)]))
  }

  private static func product(
    _ first: Syntax, _ operation: Syntax.Multiplication, _ factor: Syntax
  ) -> Syntax {
    if case .product(let head, let rest) = first.kind, rest.count < 64 {
      return Syntax(.product(head, rest + [(operation, factor)]))
    }
    return Syntax(.product(first, [(operation, factor)]))
  }

  private static func blocks(_ operands: [Syntax], _ parameters: [Dim]) -> Syntax {
    var rest = operands[...]
    var rows: [[Syntax]] = []
    for count in parameters.dropFirst() {
      let row = rest.prefix(count.literal ?? rest.count)
      rows.append(Array(row))
      rest.removeFirst(row.count)
    }
    return Syntax(.blocks(rows.isEmpty ? [operands] : rows))
  }
}

extension Syntax {
  /// A size as the language writes it.
  convenience init(size dimension: Dim) {
    switch dimension {
    case .literal(let n): self.init(.number(Number(n)))
    case .name(let name): self.init(.name(name))
    case .polynomial(let polynomial):
      let terms = polynomial.terms.map { term -> (negative: Bool, term: Syntax) in
        let names = term.factors.flatMap {
          Array(repeating: Syntax(.name($0.name)), count: $0.exponent)
        }
        let magnitude = term.coefficient.magnitude
        let all = (magnitude.isOne && !names.isEmpty ? [] : [Syntax(.number(magnitude))]) + names
        let rest = all.dropFirst().map { (operation: Multiplication.times, factor: $0) }
        return (
          term.coefficient.isNegative,
          rest.isEmpty ? all[0] : Syntax(.product(all[0], rest))
        )
      }
      guard let first = terms.first else {
        self.init(.number(.zero))
        return
      }
      let head = first.negative ? Syntax(.negate(first.term)) : first.term
      self.init(terms.count == 1 ? head.kind : .sum(head, Array(terms.dropFirst())))
    }
  }
}
