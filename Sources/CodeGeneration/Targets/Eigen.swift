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

  func expression(
    _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    let x = node.operands
    switch node.operation.operation {
    case .variable: return CodeExpression("")
    case .number(let value): return Self.number(value)
    case .pi: return CodeExpression("EIGEN_PI")
    case .dimension(let dim): return .call("double", [size(dim)])
    case .primitive(let primitive): return try expression(primitive, node, &needs)
    case .factor(.cholesky): return x[0].then(".llt()")
    case .factor(.lu): return x[0].then(".partialPivLu()")
    case .solve(.lu, transposed: true):
      // Eigen evaluates this solve only into a matrix, not inside an expression.
      return .call(Self.type(node.shape), x[0].then(".transpose().solve(\(x[1].text))"))
    case .solve: return x[0].then(".solve(\(x[1].text))")
    case .logdet(.cholesky):
      return .times(
        CodeExpression("2.0"), "*", x[0].then(".matrixLLT().diagonal().array().log().sum()"))
    case .logOfDeterminant:
      needs.use(.eigenLogOfDeterminant)
      return .call("detail::log_determinant", x[0])
    case .logdet(.lu): return x[0].then(".matrixLU().diagonal().array().abs().log().sum()")
    }
  }

  /// Always with a point, so that nothing is divided as integers.
  private static func number(_ value: Number) -> CodeExpression {
    if value.isNegative { return -number(value.magnitude) }
    if case .rational(let p, let q) = value, q != 1, "\(value.double)".count > 8 {
      return .times(CodeExpression("\(p).0"), "/", CodeExpression("\(q).0"))
    }
    return CodeExpression("\(value.double)")
  }

  func size(_ dim: Dim) -> String { SizeNotation.slash.expression(dim).text }

  func position(_ dim: Dim) -> String { size(dim - 1) }

  static func type(_ shape: Shape) -> String {
    shape.isScalar
      ? "double"
      : shape.isVector
        ? "Eigen::VectorXd" : shape.isRow ? "Eigen::RowVectorXd" : "Eigen::MatrixXd"
  }

  /// A constant of a shape: `Eigen::VectorXd::Ones(n)`.
  func made(_ function: String, _ shape: Shape, _ further: [String] = [])
    -> CodeExpression
  {
    let sizes =
      shape.isMatrix ? [size(shape.rows), size(shape.columns)] : [size(shape.count)]
    return .call("\(Self.type(shape))::\(function)", sizes + further)
  }
}
