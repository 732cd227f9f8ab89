import ExpressionCore

extension Shape {
  /// `n×1`, or `n x 1` where only ASCII is wanted.
  func text(in style: ReportStyle) -> String {
    switch style {
    case .unicode: "\(rows)×\(columns)"
    case .ascii: "\(rows) x \(columns)"
    }
  }
}

/// The type of a variable as one declares it: `positive vector(n)`.
func declaredType(of variable: Variable) -> String {
  let sign = variable.sign == .any ? "" : variable.sign.rawValue + " "
  let arguments: [Dim] =
    switch variable.type {
    case .scalar: []
    case .vector, .simplex: [variable.shape.rows]
    case .row: [variable.shape.columns]
    case .matrix, .stiefel, .stochastic: [variable.shape.rows, variable.shape.columns]
    case .symmetric, .skew, .diagonal, .lower, .upper, .spd, .psd, .orthogonal:
      [variable.shape.rows]
    }
  let list = arguments.map(\.description).joined(separator: ",")
  return sign + variable.type.rawValue + (arguments.isEmpty ? "" : "(\(list))")
}
