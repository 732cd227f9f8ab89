import ExpressionCore

/// The shapes of the operators, and of the functions that spread like them.
extension ShapeSolver {
  /// A 1×1, 1×n or m×1 operand spreads over an m×n one.
  mutating func spread(
    _ node: Int, _ primitive: Primitive, forced: Bool
  ) throws(ShapeError) -> ExtentShape? {
    var result = operandShape(node, 0)
    for position in 1..<drafts[node].operands.count {
      let next = operandShape(node, position)
      guard let combined = try spread(result, next, node, position, primitive, forced: forced)
      else { return nil }
      result = combined
    }
    if primitive == .add || primitive == .subtract { noteSpreading(node) }
    return result
  }

  private mutating func spread(
    _ a: ExtentShape, _ b: ExtentShape, _ node: Int, _ position: Int, _ primitive: Primitive,
    forced: Bool
  ) throws(ShapeError) -> ExtentShape? {
    let (scalarA, scalarB) = (isScalar(a), isScalar(b))
    if scalarA == true { return b }
    if scalarB == true { return a }
    let isNotScalar = scalarA == false || scalarB == false
    if isColumnWithRow(a, b) || isColumnWithRow(b, a) {
      guard forced || isCertain(a) && isCertain(b) else { return nil }
      throw ShapeError(
        .columnWithRow(text(of: node), operation: primitive, left: shown(a), right: shown(b)),
        outerProduct(a, node, position))
    }
    guard let rows = spread(a.rows, b.rows, node, forced: forced),
      let columns = spread(a.columns, b.columns, node, forced: forced)
    else { return nil }
    guard let rows, let columns else {
      throw ShapeError(
        .cannotCombine(text(of: node), operation: primitive, left: shown(a), right: shown(b)),
        transposeHint(a, b, node, position))
    }
    return ExtentShape(rows: rows, columns: columns, isNotScalar: isNotScalar)
  }

  /// One dimension of two operands: nil where it is open whether one of them is 1, `.some(nil)`
  /// where they disagree.
  private mutating func spread(
    _ a: Extent, _ b: Extent, _ node: Int, forced: Bool
  ) -> Extent?? {
    let (a, b) = (unifier.resolve(a), unifier.resolve(b))
    if a == b || b.isOne { return a }
    if a.isOne { return b }
    guard forced || (unifier.isNotOne(a) && unifier.isNotOne(b)) else { return nil }
    return .some(agree(a, b, at: node) ? a : nil)
  }

  private mutating func isColumnWithRow(_ a: ExtentShape, _ b: ExtentShape) -> Bool {
    isOne(a.columns) && isOne(b.rows) && !isOne(a.rows) && !isOne(b.columns)
  }

  private mutating func isCertain(_ shape: ExtentShape) -> Bool {
    unifier.isNotOne(shape.rows) || unifier.isNotOne(shape.columns)
  }

  private mutating func outerProduct(_ a: ExtentShape, _ node: Int, _ position: Int) -> String {
    let (left, right) = (factorText(node, position - 1), factorText(node, position))
    let product = isOne(a.columns) ? "\(left)*\(right)" : "\(right)*\(left)"
    return "The outer product is \(product)."
  }

  private mutating func transposeHint(
    _ a: ExtentShape, _ b: ExtentShape, _ node: Int, _ position: Int
  ) -> String? {
    let (l, r) = (shown(a), shown(b))
    guard l == r.transposed else { return nil }
    return "\(transposedText(node, position)) has the shape \(r.transposed)."
  }

  private mutating func noteSpreading(_ node: Int) {
    let operands = drafts[node].operands
    for (scalar, other) in [(operands[0], operands[1]), (operands[1], operands[0])] {
      guard case .variable(let variable) = drafts[scalar].operation,
        variables[variable].origin == .undeclared, variables[variable].type == .scalar,
        isScalar(drafts[other].shape) != true
      else { continue }
      spreadings.append(Spreading(variable: variable, over: other))
    }
  }

  // MARK: Products

  mutating func product(_ node: Int, forced: Bool) throws(ShapeError) -> ExtentShape? {
    let (a, b) = (operandShape(node, 0), operandShape(node, 1))
    let (scalarA, scalarB) = (isScalar(a), isScalar(b))
    if scalarA == true { return b }
    if scalarB == true { return a }
    guard forced || (scalarA == false && scalarB == false) else { return nil }
    guard agree(a.columns, b.rows, at: node) else {
      let (l, r) = (shown(a), shown(b))
      throw ShapeError(
        .cannotMultiply(text(of: node), left: l, right: r), productHint(node, l, r))
    }
    return ExtentShape(rows: a.rows, columns: b.columns)
  }

  private func productHint(_ node: Int, _ l: Shape, _ r: Shape) -> String? {
    let (left, right) = (factorText(node, 0), factorText(node, 1))
    if l.isVector && r.isVector {
      let inner = "\(transposedText(node, 0))*\(right)"
      let outer = "\(left)*\(transposedText(node, 1))"
      return "The inner product is \(inner), the outer product \(outer), "
        + "the elementwise product \(left).*\(right)."
    }
    if l == r, !l.isSquare { return "The elementwise product is \(left).*\(right)." }
    if l.rows == r.rows {
      return "\(transposedText(node, 0))*\(right) has the shape \(Shape(l.columns, r.columns))."
    }
    if l.columns == r.columns {
      return "\(left)*\(transposedText(node, 1)) has the shape \(Shape(l.rows, r.rows))."
    }
    if l.rows == r.columns {
      return "\(right)*\(left) has the shape \(Shape(r.rows, l.columns))."
    }
    return nil
  }

  /// An operand as a factor of a product.
  private func factorText(_ node: Int, _ position: Int) -> String {
    let text = operandText(node, position)
    return isFactor(drafts[node].operands[position]) ? text : "(\(text))"
  }

  private func transposedText(_ node: Int, _ position: Int) -> String {
    let operand = drafts[node].operands[position]
    let text = text(of: operand)
    if case .primitive(.transpose) = drafts[operand].operation, text.hasSuffix("'") {
      return String(text.dropLast())
    }
    return isFactor(operand) ? text + "'" : "(\(text))'"
  }

  /// Whether the text of a node needs no parentheses within a product.
  private func isFactor(_ node: Int) -> Bool {
    let text = text(of: node)
    if text.hasPrefix("("), text.hasSuffix(")"),
      text.dropFirst().firstIndex(of: ")") == text.lastIndex(of: ")")
    {
      return true
    }
    switch drafts[node].operation {
    case .variable, .number, .pi, .dimension: return true
    case .primitive(let primitive):
      switch primitive.signature.rule {
      case .product, .quotient, .leftQuotient, .power: return false
      case .spread, .same, .kronecker:
        return text.hasSuffix(")") && text.first?.isLetter == true
          && !text.contains(where: { "+-*/".contains($0) })
      case .transpose, .blocks, .reduction, .toScalar, .normWithExponent, .dotProduct,
        .squareToScalar, .softmax, .diagonal, .column, .row, .entry, .unit, .stack, .reshape,
        .khatriRao, .halfStack, .square, .identity, .constant, .contextVector, .contextMatrix,
        .commutation, .duplication, .transposed, .thinLeft, .thinSquare, .thinRight, .thinValues,
        .squareToColumn, .betweenValues, .solve, .sylvester, .lyapunov, .cross, .patches,
        .fromPatches,
        .convolution1, .convolution2:
        return true
      }
    }
  }

  // MARK: Quotients and powers

  mutating func quotient(_ node: Int, forced: Bool) throws(ShapeError) -> ExtentShape? {
    let (a, b) = (operandShape(node, 0), operandShape(node, 1))
    let scalarB = isScalar(b)
    if scalarB == true { return a }
    guard forced || scalarB == false else { return nil }
    let scalarA = isScalar(a)
    if scalarA == true || !agree(b.rows, b.columns, at: node) {
      let (l, r) = (factorText(node, 0), factorText(node, 1))
      let elementwise = "The elementwise quotient is \(l)./\(r)."
      let isMatrix = !isOne(b.rows) && !isOne(b.columns)
      throw ShapeError(
        .cannotDivide(text(of: node), left: shown(a), right: shown(b)),
        isMatrix && scalarA == true
          ? "The inverse is inv(\(operandText(node, 1))). \(elementwise)" : elementwise)
    }
    guard agree(a.columns, b.rows, at: node) else {
      throw ShapeError(
        .cannotMultiply(text(of: node), left: shown(a), right: shown(b)))
    }
    return ExtentShape(rows: a.rows, columns: b.columns)
  }

  mutating func leftQuotient(_ node: Int, forced: Bool) throws(ShapeError) -> ExtentShape? {
    let (a, b) = (operandShape(node, 0), operandShape(node, 1))
    let scalarA = isScalar(a)
    if scalarA == true { return b }
    guard forced || scalarA == false else { return nil }
    try requireSquare(node)
    guard agree(a.columns, b.rows, at: node) else {
      throw ShapeError(.cannotMultiply(text(of: node), left: shown(a), right: shown(b)))
    }
    return ExtentShape(rows: a.columns, columns: b.columns)
  }

  mutating func power(_ node: Int, forced: Bool) throws(ShapeError) -> ExtentShape? {
    let (base, exponent) = (operandShape(node, 0), operandShape(node, 1))
    let scalarBase = isScalar(base)
    switch isScalar(exponent) {
    case true?: break
    case false?: throw matrixExponent(node)
    case nil:
      guard forced else { return nil }
      throw matrixExponent(node)
    }
    if scalarBase == true { return .scalar }
    guard forced || scalarBase == false else { return nil }
    let isVector = isOne(base.rows) || isOne(base.columns)
    guard !isVector, agree(base.rows, base.columns, at: node) else {
      let (b, e) = (factorText(node, 0), operandText(node, 1))
      throw ShapeError(
        .vectorPower(text(of: node), base: operandText(node, 0), shape: shown(base)),
        "The elementwise power is \(b).^\(e).")
    }
    return base
  }

  private mutating func matrixExponent(_ node: Int) -> ShapeError {
    let exponent = operandText(node, 1)
    let hint =
      exponent == "T" || exponent == "t" || exponent == "H"
      ? "The transpose is \(factorText(node, 0))'."
      : "Entry by entry, write \(factorText(node, 0)).^\(exponent)."
    return ShapeError(.matrixExponent(text(of: node), shape: shown(operandShape(node, 1))), hint)
  }
}
