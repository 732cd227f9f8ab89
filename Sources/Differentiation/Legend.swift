import ExpressionCore

extension Primitive {
  /// What a helper function that answers are written in stands for; nil for all that an author
  /// knows.
  fileprivate var legend: String? {
    switch self {
    case .stril: "stril(M) is what is below the diagonal of M"
    case .halftril: "halftril(M), on paper Φ(M), is the lower triangle of M with half its diagonal"
    case .gapinv: "gapinv(l), on paper F, has the entries 1/(l_j - l_i), and 0 on its diagonal"
    case .suminv: "suminv(l) has the entries 1/(l_i + l_j)"
    case .divdiff:
      "divdiff(l,f,d) has the entries (f_i - f_j)/(l_i - l_j), and d_i where l_i = l_j"
    case .dexpm: Self.legend(of: "expm")
    case .dlogm: Self.legend(of: "logm")
    case .dsinm: Self.legend(of: "sinm")
    case .dcosm: Self.legend(of: "cosm")
    default: nil
    }
  }

  private static func legend(of function: String) -> String {
    "d\(function)(X,E) is the Fréchet derivative of \(function) at X in the direction E"
  }
}

extension Graph {
  /// What the helper functions in an answer stand for, but for those that the author used.
  func legend(of answer: Expr, besides input: Expr) -> [String] {
    var known: Set<Primitive> = []
    for e in reachable(from: [input]) {
      if case .apply(let primitive, _, _) = node(e) { known.insert(primitive) }
    }
    var legend: [String] = []
    for e in reachable(from: [answer]) {
      guard case .apply(let primitive, _, _) = node(e), known.insert(primitive).inserted,
        let text = primitive.legend
      else { continue }
      legend.append(text)
    }
    return legend
  }
}
