import ExpressionCore

extension Elaborator {
  /// An expression that is a size: integers and names of dimensions with `+ - * /` and `^`.
  mutating func size(_ syntax: Syntax) throws(SizeError) -> Dim {
    guard syntax.depth <= 32, syntax.size <= 256 else { throw SizeError(range: syntax.range) }
    let dim = try sizePart(syntax)
    guard dim.asPolynomial.terms.count <= 64 else { throw SizeError(range: syntax.range) }
    return dim
  }

  private mutating func sizePart(_ syntax: Syntax) throws(SizeError) -> Dim {
    let error = SizeError(range: syntax.range)
    switch syntax.kind {
    case .number(let number):
      guard let integer = number.integer, abs(integer) < 1 << 40 else { throw error }
      return .literal(integer)
    case .name(let name): return try sizeName(name, error)
    case .negate(let operand): return .literal(0) - (try sizePart(operand))
    case .sum(let first, let rest):
      var total = try sizePart(first)
      for (negative, term) in rest {
        let part = try sizePart(term)
        total = negative ? total - part : total + part
      }
      return total
    case .product(let first, let rest):
      var total = try sizePart(first)
      for (operation, factor) in rest {
        let part = try sizePart(factor)
        switch operation {
        case .times, .hadamard:
          if let a = total.literal, let b = part.literal,
            a.multipliedReportingOverflow(by: b).overflow
          {
            throw error
          }
          guard Self.weight(total) * Self.weight(part) <= 64 else { throw error }
          total = total * part
        case .divide, .elementwiseDivide:
          guard part != .literal(0), let quotient = total.divided(by: part) else { throw error }
          total = quotient
        case .leftDivide, .kronecker: throw error
        }
      }
      return total
    case .power(let base, let exponent):
      let value = try sizePart(base)
      guard case .number(let number) = exponent.kind, let count = number.integer,
        (0...8).contains(count), Self.weight(value) == 1, (value.literal ?? 2) < 1 << 7
      else { throw error }
      return (0..<count).reduce(.literal(1)) { result, _ in result * value }
    case .transpose, .elementwisePower, .call, .blocks: throw error
    }
  }

  private static func weight(_ dim: Dim) -> Int {
    guard case .polynomial(let p) = dim else { return 1 }
    let degree = p.terms.map { $0.factors.reduce(0) { $0 + $1.exponent } }.max() ?? 1
    return p.terms.count * max(degree, 1)
  }

  private mutating func sizeName(_ name: String, _ error: SizeError) throws(SizeError) -> Dim {
    if let size = scope.definitions[name]?.size { return size }
    if scope.dimensions.contains(name) { return .name(name) }
    throw error
  }
}

/// What is no size, and where it stands.
struct SizeError: Error {
  let range: Range<Int>?
}
