#if canImport(_Differentiation)
  import Evaluation
  import _Differentiation

  /// A direction in which a matrix moves; that without a matrix is zero, of any size.
  public struct MatrixTangent: AdditiveArithmetic, Differentiable, Sendable {
    public typealias TangentVector = MatrixTangent

    public var matrix: Matrix?

    public init(_ matrix: Matrix?) { self.matrix = matrix }

    public static var zero: MatrixTangent { MatrixTangent(nil) }

    public static func + (a: MatrixTangent, b: MatrixTangent) -> MatrixTangent {
      guard let x = a.matrix, let y = b.matrix else { return MatrixTangent(a.matrix ?? b.matrix) }
      return MatrixTangent(try? x + y)
    }

    public static func - (a: MatrixTangent, b: MatrixTangent) -> MatrixTangent {
      a + MatrixTangent(b.matrix.map { -$0 })
    }
  }

  extension Matrix: Differentiable {
    public typealias TangentVector = MatrixTangent

    /// A direction of another size moves nothing.
    public mutating func move(by direction: MatrixTangent) {
      if let step = direction.matrix, let moved = try? self + step, moved.size == size {
        self = moved
      }
    }
  }
#endif
