import ExpressionCore
import Planning

/// C++ with Eigen 3.4: a header of one function.
struct Eigen: ExpressionWriter {
  let target = TargetName.eigen

  func namesOperands(of primitive: Primitive) -> Bool {
    switch primitive {
    // Products have no entries of their own until they are evaluated.
    case .entry, .vec, .reshape, .sym, .skew, .gelu, .silu: true
    default: false
    }
  }

  func decomposition(
    _ kind: Decomposition, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression? {
    let helper: Helper =
      switch kind {
      case .svd: .eigenSVD
      case .symmetricEigen: .eigenEigen
      case .qr: .eigenQR
      case .lu: .eigenLU
      }
    let matrix = kind == .symmetricEigen ? symmetric(node) : node.operands[0]
    return call(helper, [matrix.text], &needs)
  }

  func expression(
    _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    let x = node.operands
    switch node.operation.operation {
    case .variable: return CodeExpression("")
    case .number(let value): return Self.number(value)
    case .pi: return .call("Scalar", ["EIGEN_PI"])
    case .dimension(let dim): return .call("Scalar", [size(dim)])
    case .primitive(let primitive): return try expression(primitive, node, &needs)
    case .factor(let kind): return .call(Self.type(kind), x[0])
    case .solve(.lu, transposed: true):
      // Eigen evaluates this solve only into a matrix, not inside an expression.
      return .call(Self.type(node.shape), x[0].then(".transpose().solve(\(x[1].text))"))
    case .solve: return x[0].then(".solve(\(x[1].text))")
    case .logdet(.cholesky):
      return .times(
        CodeExpression("2"), "*", x[0].then(".matrixLLT().diagonal().array().log().sum()"))
    case .logOfDeterminant:
      return call(.eigenLogOfDeterminant, [x[0].text], &needs)
    case .logdet(.lu): return x[0].then(".matrixLU().diagonal().array().abs().log().sum()")
    }
  }

  /// A number of the type that matrices have, so that nothing is divided as integers.
  private static func number(_ value: Number) -> CodeExpression {
    if value.isNegative { return -number(value.magnitude) }
    if let whole = value.integer { return .call("Scalar", ["\(whole)"]) }
    if case .rational(let p, let q) = value, "\(value.double)".count > 8 {
      return .times(.call("Scalar", ["\(p)"]), "/", CodeExpression("\(q)"))
    }
    return .call("Scalar", ["\(value.double)"])
  }

  /// One of two operands: a whole number beside one that has a type needs none of its own.
  func term(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    guard node.operands.count == 2, node.numbers[1 - index] == nil,
      let whole = node.numbers[index]?.integer, Int32(exactly: whole) != nil
    else { return node.operands[index] }
    return CodeExpression("\(whole)", whole < 0 ? .unary : .postfix)
  }

  func size(_ dim: Dim) -> String { SizeNotation.slash.expression(dim).text }

  func position(_ dim: Dim) -> String { size(dim - 1) }

  static func type(_ factorization: Listing.Factorization) -> String {
    switch factorization {
    case .cholesky: "Eigen::LLT<MatrixX<Scalar>>"
    case .lu: "Eigen::PartialPivLU<MatrixX<Scalar>>"
    }
  }

  static func type(_ shape: Shape) -> String {
    shape.isScalar
      ? "Scalar"
      : shape.isVector
        ? "VectorX<Scalar>" : shape.isRow ? "RowVectorX<Scalar>" : "MatrixX<Scalar>"
  }

  /// A constant of a shape: `VectorX<Scalar>::Ones(n)`.
  func made(_ function: String, _ shape: Shape, _ further: [String] = [])
    -> CodeExpression
  {
    let sizes =
      shape.isMatrix ? [size(shape.rows), size(shape.columns)] : [size(shape.count)]
    return .call("\(Self.type(shape))::\(function)", sizes + further)
  }
}
