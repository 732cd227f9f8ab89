import ExpressionCore
import Planning

/// Numbers and sizes in Python's syntax.
enum PythonNumbers {
  static func expression(_ value: Number) -> CodeExpression {
    if value.isNegative { return -expression(value.magnitude) }
    switch value {
    case .rational(let p, 1): return CodeExpression(String(p))
    case .rational(let p, let q):
      if let decimal = shortDecimal(value.double) { return CodeExpression(decimal) }
      return .times(CodeExpression(String(p)), "/", CodeExpression(String(q)))
    case .real(let x): return CodeExpression(text(x))
    }
  }

  private static func text(_ x: Double) -> String {
    x.isFinite ? "\(x)" : x.isNaN ? "float(\"nan\")" : "float(\"inf\")"
  }

  private static func shortDecimal(_ value: Double) -> String? {
    let text = "\(value)"
    return text.count <= 8 ? text : nil
  }

  static func expression(_ dim: Dim) -> CodeExpression {
    SizeNotation.doubleSlash.expression(dim)
  }

  /// A power, without spaces where both sides are names or numbers, as Black writes it.
  static func power(_ base: CodeExpression, _ exponent: CodeExpression) -> CodeExpression {
    let (a, b) = (base.text(.postfix), exponent.text(.unary))
    let isSimple = isSimple(a) && isSimple(b)
    return CodeExpression(
      isSimple ? "\(a)**\(b)" : "\(a) ** \(b)", .power,
      isConstant: base.isConstant && exponent.isConstant)
  }

  private static func isSimple(_ text: String) -> Bool {
    let text = text.hasPrefix("-") ? text.dropFirst() : text[...]
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
  }

  /// A function of numbers: of the language itself, so that the type of arrays is kept.
  ///
  /// Nil where Python's `math` has none.
  static func expression(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression? {
    let x = node.operands
    switch primitive {
    case .exp, .expm1, .log, .log1p, .log2, .log10, .sqrt, .sin, .cos, .tan, .asin, .acos, .atan,
      .sinh, .cosh, .tanh, .erf, .erfc, .lgamma:
      needs.use("import math")
      return CodeExpression("math.\(primitive.rawValue)(\(x[0].text))", isConstant: true)
    case .power, .elementwisePower:
      guard node.shape.isScalar else { return nil }
      if node.numbers[1] == .half {
        needs.use("import math")
        return CodeExpression("math.sqrt(\(x[0].text))", isConstant: true)
      }
      return power(x[0], x[1])
    case .abs: return CodeExpression("abs(\(x[0].text))", isConstant: true)
    case .square: return power(x[0], CodeExpression("2", isConstant: true))
    default: return nil
    }
  }
}

extension CodeExpression {
  /// The same as a number of the language.
  var constant: CodeExpression { CodeExpression(text, precedence, isConstant: true) }
}

extension Primitive {
  /// Operations that are written as operators of the language, or fill an array with a number.
  var takesNumbers: Bool {
    switch self {
    case .add, .subtract, .negate, .multiply, .divide, .leftDivide, .hadamard, .elementwiseDivide,
      .constantVector, .constantMatrix, .transpose:
      true
    default: false
    }
  }
}
