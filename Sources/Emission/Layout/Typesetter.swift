import ExpressionCore
import ExpressionLanguage

/// What LaTeX and Unicode lay out in the same way: signs, sums, products, parentheses.
protocol Typesetter: Sendable {
  var scope: NameScope { get }
  var minus: String { get }

  /// A tree; `depth` counts the fractions and scripts around it.
  func piece(_ syntax: Syntax, depth: Int) -> Piece
  /// What stands between two factors side by side.
  func glue(_ left: Piece, _ right: Piece) -> String
  /// In parentheses, sign included.
  func parenthesized(_ piece: Piece) -> Piece
  /// With a script above; in parentheses where the text cannot take one.
  func raised(_ piece: Piece, to script: String) -> Piece
  /// The product divided by a scalar.
  func quotient(_ chain: Chain, by divisor: Piece, depth: Int) -> Chain
  func fraction(_ numerator: Piece, _ denominator: Piece) -> Piece
  /// The symbol of an operator.
  func symbol(_ primitive: Primitive) -> String
  /// The script of an inverse.
  var inverseScript: String { get }
  /// The script of an inverse of a transpose.
  var inverseTransposeScript: String { get }
}

extension Typesetter {
  func signed(_ piece: Piece) -> String { piece.negative ? minus + piece.text : piece.text }

  /// Fit to stand beside other factors.
  func factor(_ piece: Piece) -> Piece {
    piece.level < .chain || piece.negative ? parenthesized(piece) : piece
  }

  func negated(_ piece: Piece) -> Piece {
    var result = piece.level == .sum ? parenthesized(piece) : piece
    result.negative.toggle()
    return result
  }

  func sum(_ first: Syntax, _ rest: [(negative: Bool, term: Syntax)], depth: Int) -> Piece {
    let head = piece(first, depth: depth)
    var result = Piece(signed(head), .sum, head.extent, tall: head.tall)
    for (negative, syntax) in rest {
      var term = piece(syntax, depth: depth)
      if term.level == .sum { term = parenthesized(term) }
      let sign = negative == term.negative ? "+" : minus
      result.text += " \(sign) \(term.text)"
      result.extent = result.extent.spread(over: term.extent)
      result.tall = result.tall || term.tall
    }
    return result
  }

  // MARK: Inverses

  /// X, of `inv(X')`.
  func inverseOfTranspose(_ primitive: Primitive?, _ arguments: [Syntax]) -> Syntax? {
    guard primitive == .inv, arguments.count == 1,
      case .transpose(let inner) = arguments[0].asOperator.kind
    else { return nil }
    return inner
  }

  /// The inverse of the transpose, in one script.
  func inverseTransposed(_ piece: Piece) -> Piece {
    var result = raised(piece, to: inverseTransposeScript)
    result.extent = piece.extent.transposed
    return result
  }

  // MARK: Products

  /// A run of multiplicative operators, left to right.
  func product(
    _ first: Syntax, _ rest: [(operation: Syntax.Multiplication, factor: Syntax)], depth: Int
  ) -> Piece {
    let dividesLater = rest.contains {
      $0.operation == .divide || $0.operation == .elementwiseDivide
    }
    var chain = Chain(piece(first, depth: dividesLater ? depth + 1 : depth))
    for (operation, syntax) in rest {
      switch operation {
      case .times:
        chain = times(chain, piece(syntax, depth: depth))
      case .divide, .elementwiseDivide:
        let divisor = piece(syntax, depth: depth + 1)
        if divisor.extent.isScalar {
          chain = quotient(chain, by: divisor, depth: depth)
        } else if operation == .divide {
          chain = times(chain, raised(divisor, to: inverseScript))
        } else {
          chain = Chain(loose(finish(chain), .elementwiseDivide, divisor))
        }
      case .leftDivide:
        let right = piece(syntax, depth: depth)
        let left = finish(chain)
        chain =
          left.extent.isScalar
          ? quotient(Chain(right), by: left, depth: depth)
          : times(Chain(raised(left, to: inverseScript)), right)
      case .hadamard, .kronecker:
        let right = piece(syntax, depth: depth)
        chain =
          chain.extent.isScalar || right.extent.isScalar
          ? times(chain, right)
          : Chain(loose(finish(chain), operation == .hadamard ? .hadamard : .kron, right))
      }
    }
    return finish(chain)
  }

  /// One more factor. Parentheses appear only where the product is not associative: an inner
  /// product that scales a matrix.
  func times(_ left: Chain, _ right: Piece) -> Chain {
    var chain = left
    if chain.extent.isScalar, chain.hasArrays, !right.extent.oneRow {
      chain = Chain(parenthesized(finish(chain)))
    }
    let extent = chain.extent.times(right.extent)
    let scalesInside =
      right.extent.isScalar && !chain.extent.oneColumn && (right.chain?.hasArrays ?? false)
    if let inner = right.chain, !right.negative, !scalesInside, inner.denominator.isEmpty {
      chain.body += inner.numerator + inner.body
    } else {
      chain.body.append(scalesInside || right.negative ? parenthesized(right) : factor(right))
    }
    chain.extent = extent
    return chain
  }

  /// Two operands around a loose operator. A matrix product beside `⊙` is put in parentheses,
  /// since readers do not agree on which binds tighter; beside `⊗` they do.
  func loose(_ left: Piece, _ primitive: Primitive, _ right: Piece) -> Piece {
    let operation = symbol(primitive)
    func operand(_ piece: Piece, first: Bool) -> Piece {
      if first, piece.operation == operation, primitive != .elementwiseDivide { return piece }
      if piece.negative, !first { return parenthesized(piece) }
      if piece.level < .chain { return parenthesized(piece) }
      let isProduct = (piece.chain?.arrayCount ?? 0) > 1
      return isProduct && primitive != .kron ? parenthesized(piece) : piece
    }
    var head = operand(left, first: true)
    let negative = head.negative
    head.negative = false
    let tail = operand(right, first: false)
    var result = Piece(
      "\(head.text) \(operation) \(tail.text)", .loose, left.extent.spread(over: right.extent),
      tall: head.tall || tail.tall)
    result.negative = negative
    result.operation = operation
    return result
  }

  /// The product as one piece.
  func finish(_ chain: Chain) -> Piece {
    var factors = chain.body
    if !chain.denominator.isEmpty {
      let one = Piece("1", .atom, .scalar, edge: .digit)
      let above = chain.numerator.isEmpty ? one : joined(chain.numerator)
      factors.insert(fraction(above, joined(chain.denominator)), at: 0)
    } else {
      factors = chain.numerator + factors
    }
    var result = joined(factors)
    result.negative = result.negative != chain.negative
    result.extent = chain.extent
    if factors.count > 1 || !chain.denominator.isEmpty {
      result.level = .chain
      result.chain = chain
    }
    return result
  }

  func joined(_ pieces: [Piece]) -> Piece {
    guard let first = pieces.first else { return Piece("1", .atom, .scalar, edge: .digit) }
    guard pieces.count > 1 else { return first }
    var previous = factor(first)
    var result = previous
    result.level = .chain
    result.raisable = false
    for piece in pieces.dropFirst() {
      let next = factor(piece)
      result.text += glue(previous, next) + next.text
      result.tall = result.tall || next.tall
      previous = next
    }
    result.ends = previous.ends
    return result
  }
}
