import Evaluation
import ExpressionCore
import ExpressionLanguage
import Verification

/// Finds the smallest set of variables of which an assumption would make a candidate right.
struct AssumptionSearch {
  let samples: Samples
  let input: TypedInput
  /// The variables of differentiation.
  let varying: Set<String>
  let directions: [Direction]
  let expected: TypedInput
  let candidate: Candidate

  func names(_ assumption: Assumption) -> [String]? {
    subsets(assumption).first { names in
      guard let samples = moved(assumption, names) else { return false }
      return samples.agree(candidate)
    }
  }

  /// The same up to a factor, and the factor.
  func namesAndFactor(_ assumption: Assumption) -> (names: [String], factor: String)? {
    for names in subsets(assumption) {
      guard let samples = moved(assumption, names) else { continue }
      let search = FactorSearch(samples, input, varying: varying)
      let values = candidate.values(at: samples.points)
      if let factor = search.factor(from: values, to: samples.expected) {
        return (names, factor.text)
      }
    }
    return nil
  }

  /// Nil where too few points have the property.
  private func moved(_ assumption: Assumption, _ names: [String]) -> Samples? {
    let moved = samples.moved(expected) { assumption.imposed(on: names, at: $0) }
    return moved.points.count >= min(2, samples.points.count) ? moved : nil
  }

  /// The smallest first; of many names only single ones, pairs and all, or not even pairs.
  private func subsets(_ assumption: Assumption) -> [[String]] {
    // A direction does not have the structure of what moves, but may commute with it.
    let others = assumption == .commuting ? directions.map(\.asVariable) : []
    let names = (input.variables + others).filter(assumption.applies).map(\.name)
    var result = names.map { [$0] }
    if !assumption.isOfSeveral {
      if names.count > 1 { result.append(names) }
    } else if names.count <= 5 {
      let masks = (1..<(1 << names.count)).filter { $0.nonzeroBitCount >= 2 }
      result += masks.sorted { ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1) }.map { mask in
        names.indices.filter { mask >> $0 & 1 == 1 }.map { names[$0] }
      }
    } else {
      for i in names.indices { result += names[(i + 1)...].map { [names[i], $0] } }
      result.append(names)
    }
    return result.filter { $0.count >= assumption.fewest }
  }
}
