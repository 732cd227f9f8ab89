import ExpressionCore
import Planning

extension Listing.Role {
  var phrase: String {
    switch self {
    case .value: "value"
    case .gradient(let x): "gradient with respect to \(x)"
    case .derivative(let x): "derivative with respect to \(x)"
    case .jacobian(let x): "Jacobian with respect to \(x)"
    case .hessian(let x, let y):
      x == y ? "Hessian with respect to \(x)" : "second derivative by \(x) and \(y)"
    case .product(let x, let direction): "derivative by \(x) along \(direction)"
    }
  }
}

extension Listing.Role {
  /// The word for a result in a list of several.
  func name(amongSeveral: Bool) -> String {
    switch self {
    case .value: "value"
    case .gradient(let x): amongSeveral ? "grad_\(x)" : "gradient"
    case .derivative(let x): amongSeveral ? "derivative_\(x)" : "derivative"
    case .jacobian(let x): amongSeveral ? "jacobian_\(x)" : "jacobian"
    case .hessian(let x, let y): amongSeveral ? "hessian_\(x)_\(y)" : "hessian"
    case .product(let x, _): amongSeveral ? "product_\(x)" : "product"
    }
  }

  var short: String {
    switch self {
    case .value: "value"
    case .gradient: "grad"
    case .derivative: "derivative"
    case .jacobian: "jacobian"
    case .hessian: "hessian"
    case .product: "product"
    }
  }
}

extension Variable {
  /// What was declared of the values: `symmetric positive definite`.
  var structureWords: String {
    let kind: String =
      switch type {
      case .scalar, .vector, .row, .matrix: ""
      case .symmetric: "symmetric"
      case .skew: "skew-symmetric"
      case .diagonal: "diagonal"
      case .lower: "lower triangular"
      case .upper: "upper triangular"
      case .spd: "symmetric positive definite"
      case .psd: "symmetric positive semidefinite"
      case .orthogonal: "orthogonal"
      case .stiefel: "with orthonormal columns"
      case .simplex: "on the simplex"
      case .stochastic: "row-stochastic"
      }
    return sign == .any ? kind : sign.rawValue + (kind.isEmpty ? " entries" : ", " + kind)
  }
}

extension ProgramRequest {
  /// What the program computes, in one sentence.
  var summary: String {
    var words = "Value"
    let others = listing.outputs.dropFirst().map { $0.role.phrase }
    if let last = others.last {
      words += others.dropLast().map { ", " + $0 }.joined() + " and " + last
    }
    return words + " (\(layout) layout)."
  }
}
