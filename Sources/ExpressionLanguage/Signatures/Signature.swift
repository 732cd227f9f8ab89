import ExpressionCore

/// What a function takes, and which rule gives the shape of its value.
struct Signature: Sendable {
  enum Argument: Sendable {
    case value
    /// A dimension, such as those of `ones(m,n)`.
    case size
    /// A place counted from 1.
    case position
    /// 1 or 2.
    case axis
    /// An integer of at least zero, such as the order of `polygamma`.
    case order
    /// Optional, 1 where left out.
    case stride
    /// Optional, 0 where left out.
    case padding

    var isOptional: Bool {
      switch self {
      case .axis, .stride, .padding: true
      case .value, .size, .position, .order: false
      }
    }

    /// What stands for an argument that is left out.
    var standard: Dim? {
      switch self {
      case .stride: 1
      case .padding: 0
      case .value, .size, .position, .axis, .order: nil
      }
    }
  }

  let arguments: [Argument]
  let rule: ShapeRule
  /// The names of the arguments, as the language's description writes them.
  let labels: [String]

  init(_ arguments: [Argument], _ rule: ShapeRule, _ labels: String) {
    self.arguments = arguments
    self.rule = rule
    self.labels = labels.split(separator: ",").map(String.init)
  }

  var requiredCount: Int { arguments.count { !$0.isOptional } }

  func accepts(_ count: Int) -> Bool { requiredCount <= count && count <= arguments.count }

  /// `sum(X) or sum(X,axis)`.
  func usage(of name: String) -> String {
    (requiredCount...max(requiredCount, arguments.count)).map { count in
      "\(name)(\(labels.prefix(count).joined(separator: ",")))"
    }.joined(separator: " or ")
  }
}

/// The rules of shape, each shared by all primitives that follow it.
enum ShapeRule: Sendable {
  // MARK: Operators
  case spread, product, quotient, leftQuotient, power, transpose, blocks, same
  // MARK: Reductions
  case reduction, toScalar, normWithExponent, dotProduct, squareToScalar, softmax
  // MARK: Structure
  case diagonal, column, row, entry, unit, stack, reshape, kronecker, khatriRao, halfStack
  case square, identity, constant, contextVector, contextMatrix, commutation, duplication
  // MARK: Linear algebra
  case transposed, thinLeft, thinSquare, thinRight, thinValues, squareToColumn, betweenValues
  case solve, sylvester, lyapunov, cross
  // MARK: Convolution
  case patches, fromPatches, convolution1, convolution2
}
