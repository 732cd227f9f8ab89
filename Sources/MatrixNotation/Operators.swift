@_exported import Evaluation
import ExpressionCore

infix operator .* : MultiplicationPrecedence
infix operator ./ : MultiplicationPrecedence

// The operators of the language on matrices. Each throws where its operands do not fit; 1×1, 1×n
// and m×1 operands spread as in the language.
extension Matrix {
  public static func + (a: Matrix, b: Matrix) throws -> Matrix { try Primitive.add.value([a, b]) }

  public static func - (a: Matrix, b: Matrix) throws -> Matrix {
    try Primitive.subtract.value([a, b])
  }

  public static prefix func - (a: Matrix) -> Matrix { a.scaled(by: -1) }

  /// The matrix product; a 1×1 factor scales.
  public static func * (a: Matrix, b: Matrix) throws -> Matrix {
    try Primitive.multiply.value([a, b])
  }

  /// Division by a 1×1 matrix.
  public static func / (a: Matrix, b: Matrix) throws -> Matrix {
    try Primitive.divide.value([a, b])
  }

  public static func .* (a: Matrix, b: Matrix) throws -> Matrix {
    try Primitive.hadamard.value([a, b])
  }

  public static func ./ (a: Matrix, b: Matrix) throws -> Matrix {
    try Primitive.elementwiseDivide.value([a, b])
  }
}

extension Matrix: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(floatLiteral value: Double) { self.init(value) }
  public init(integerLiteral value: Int) { self.init(Double(value)) }
}
