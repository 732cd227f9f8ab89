import ExpressionCore
import ExpressionLanguage

/// Finds the smallest set of matrices whose symmetry would make a claim right.
struct SymmetrySearch {
  let samples: Samples
  let input: TypedInput
  let expected: TypedInput
  let claim: TypedInput

  func names() -> [String]? {
    let candidates = input.variables.filter(isCandidate).map(\.name)
    return subsets(of: candidates).first { names in
      samples.symmetric(Set(names), expected).agree(claim)
    }
  }

  /// The same up to a factor, and the factor.
  func namesAndFactor() -> (names: [String], factor: String)? {
    let candidates = input.variables.filter(isCandidate).map(\.name)
    for names in subsets(of: candidates) {
      let samples = samples.symmetric(Set(names), expected)
      let search = FactorSearch(samples, input)
      if let factor = search.factor(from: samples.values(of: claim), to: samples.expected) {
        return (names, factor)
      }
    }
    return nil
  }

  private func isCandidate(_ variable: Variable) -> Bool {
    guard variable.shape.rows == variable.shape.columns, !variable.shape.isScalar else {
      return false
    }
    switch variable.type {
    case .matrix, .stochastic: return true
    case .scalar, .vector, .row, .symmetric, .skew, .diagonal, .lower, .upper, .spd, .psd,
      .orthogonal, .stiefel, .simplex:
      return false
    }
  }

  /// The smallest first; of many names only single ones, pairs and all.
  private func subsets(of names: [String]) -> [[String]] {
    var result = names.map { [$0] }
    if names.count <= 6 {
      let masks = (1..<(1 << names.count)).filter { $0.nonzeroBitCount >= 2 }
      result += masks.sorted { ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1) }.map { mask in
        names.indices.filter { mask >> $0 & 1 == 1 }.map { names[$0] }
      }
    } else {
      for i in names.indices { result += names[(i + 1)...].map { [names[i], $0] } }
      result.append(names)
    }
    return result
  }
}
