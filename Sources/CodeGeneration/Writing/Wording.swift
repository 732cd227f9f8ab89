import ExpressionCore
import Planning

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
  /// `Value and gradients with respect to U and V (denominator layout).`
  var summary: String {
    var groups: [(word: String, variables: [String])] = []
    for output in listing.outputs {
      let (word, variables) = output.role.parts
      if let last = groups.indices.last, groups[last].word == word {
        groups[last].variables += variables
      } else {
        groups.append((word, variables))
      }
    }
    let phrases = groups.map { word, variables in
      variables.isEmpty
        ? word : (variables.count > 1 ? word + "s" : word) + " with respect to " + variables.inWords
    }
    let text = phrases.inWords
    let ending = groups.count > 1 ? " (\(layout) layout)." : "."
    return text.prefix(1).uppercased() + text.dropFirst() + ending
  }
}

extension ProgramRequest {
  /// The input as its author wrote it, a definition a line, then `f = …`.
  var sourceLines: [String] {
    var parts: [String] = []
    for line in source.split(whereSeparator: \.isNewline) {
      var part = ""
      var depth = 0
      for character in line.prefix(while: { $0 != "#" }) {
        if "([".contains(character) { depth += 1 }
        if ")]".contains(character) { depth -= 1 }
        if character == ";", depth == 0 {
          parts.append(part)
          part = ""
        } else {
          part.append(character)
        }
      }
      parts.append(part)
    }
    parts = parts.map { $0.trimmingSpaces }.filter { !$0.isEmpty }
    guard let last = parts.popLast() else { return [] }
    return parts + ["f = " + last]
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}

extension [String] {
  /// `a, b and c`.
  var inWords: String {
    guard count > 1, let last else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}

extension Listing.Role {
  /// The word for the result and the variables behind it.
  fileprivate var parts: (word: String, variables: [String]) {
    switch self {
    case .value: ("value", [])
    case .gradient(let x): ("gradient", [x])
    case .derivative(let x): ("derivative", [x])
    case .jacobian(let x): ("Jacobian", [x])
    case .hessian(let x, let y): x == y ? ("Hessian", [x]) : ("Hessian", ["\(x) and \(y)"])
    case .product(let x, let direction): ("derivative", ["\(x) along \(direction)"])
    }
  }
}
