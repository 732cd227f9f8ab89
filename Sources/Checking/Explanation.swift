import Evaluation
import ExpressionCore
import ExpressionLanguage

/// Looks for the first mistake that explains a wrong claim, in the order of `Diagnosis`.
struct Explanation {
  let input: TypedInput
  let samples: Samples
  let claim: Claim
  let expected: Claim
  /// The claim's values at the points.
  let values: [Matrix?]
  let shorter: (Syntax) -> Syntax?

  /// How many changed expressions are tried for one kind of mistake.
  private static let mostVariants = 400

  var finding: Finding {
    transposition ?? shape ?? factor ?? assumedSymmetry ?? order ?? sign ?? missingTerm
      ?? factorOfATerm ?? unknown
  }

  // MARK: Of the whole

  private var transposition: Finding? {
    let transposed = values.map { $0?.transposed }
    guard samples.agree(transposed, samples.expected) else { return nil }
    return Finding(
      .transposed,
      "The claim is the transpose of the derivative: \(claim.shape) in the place of "
        + "\(expected.shape).")
  }

  private var shape: Finding? {
    let differs = zip(values, samples.expected).contains { $0.map(\.size) ?? $1.size != $1.size }
    guard differs else { return nil }
    var detail = "The claim is \(claim.shape), the derivative \(expected.shape)."
    let stacked = values.map { $0.map { Matrix(column: $0.values) } }
    if samples.agree(stacked, samples.expected.map { Matrix(column: $0.values) }) {
      detail += " The entries are right; reshape them."
    }
    return Finding(.shape, detail)
  }

  private var factor: Finding? {
    let search = FactorSearch(samples, input)
    guard let factor = search.factor(from: values, to: samples.expected), factor != "-1" else {
      return nil
    }
    return Finding(.factor, "The derivative is \(factor) times the claim.")
  }

  private var assumedSymmetry: Finding? {
    guard let names = symmetry.names() else { return nil }
    let list = names.joined(separator: " and ")
    return Finding(
      .assumedSymmetric,
      "The claim is right where \(list) \(names.count == 1 ? "is" : "are") symmetric, which "
        + "nothing here says; `\(names[0]): symmetric` would declare it.")
  }

  // MARK: Of a part

  private var order: Finding? {
    guard let tree = claim.tree,
      let variant = right(OrderSearch.variants(of: tree, limit: Self.mostVariants))
    else { return nil }
    return Finding(.order, "The factors stand in the wrong order: \(variant.change).")
  }

  private var sign: Finding? {
    if samples.agree(values.map { $0?.scaled(by: -1) }, samples.expected) {
      return Finding(.sign, "The derivative is the negative of the claim.")
    }
    if let tree = claim.tree,
      let variant = right(SumSearch.signs(of: tree, limit: Self.mostVariants))
    {
      return Finding(.sign, "In the claim, \(variant.change).")
    }
    if let tree = expected.tree,
      let variant = claimed(SumSearch.signs(of: tree, limit: Self.mostVariants))
    {
      return Finding(.sign, "Beside the derivative, \(variant.change).")
    }
    return nil
  }

  private var missingTerm: Finding? {
    if let tree = expected.tree {
      let variants = SumSearch.omissions(of: tree, limit: Self.mostVariants)
      if let variant = claimed(variants), let remainder = variant.remainder {
        return Finding(
          .missingTerm, "The term \(text(remainder)) is missing.")
      }
    }
    if let tree = claim.tree {
      let variants = SumSearch.omissions(of: tree, limit: Self.mostVariants)
      if let variant = right(variants), let remainder = variant.remainder {
        return Finding(
          .missingTerm,
          "The term \(text(remainder)) does not belong there: "
            + "\(text(variant.tree)) is right.")
      }
    }
    return nil
  }

  /// One term of the derivative, multiplied by something, gives the claim.
  private var factorOfATerm: Finding? {
    guard let tree = expected.tree else { return nil }
    let search = FactorSearch(samples, input)
    for variant in SumSearch.omissions(of: tree, limit: Self.mostVariants / 4) {
      guard let remainder = variant.remainder, let rest = claim.reader.read(variant.tree) else {
        continue
      }
      let without = samples.values(of: rest)
      let term = difference(samples.expected, without)
      guard let factor = search.factor(from: difference(values, without), to: term) else {
        continue
      }
      return Finding(
        factor == "-1" ? .sign : .factor,
        "The term \(text(remainder)) is \(factor) times what the claim has in "
          + "its place.")
    }
    return nil
  }

  private var unknown: Finding {
    let detail = "No single mistake that is looked for explains the claim"
    return Finding(.unknown, detail + (pairOfMistakes.map { "; two do: \($0)." } ?? "."))
  }

  /// A factor, and with it a transposition or an assumed symmetry.
  private var pairOfMistakes: String? {
    let transposed = values.map { $0?.transposed }
    if let factor = FactorSearch(samples, input).factor(from: transposed, to: samples.expected) {
      return "the derivative is \(factor) times the transpose of the claim"
    }
    guard let (names, factor) = symmetry.namesAndFactor() else { return nil }
    return "the derivative is \(factor) times the claim where "
      + "\(names.joined(separator: " and ")) \(names.count == 1 ? "is" : "are") symmetric"
  }

  // MARK: Parts

  private func text(_ tree: Syntax) -> String {
    let short = shorter(tree).flatMap { $0.size < tree.size ? $0 : nil }
    return SyntaxPrinter.text(of: short ?? tree)
  }

  private var symmetry: SymmetrySearch {
    SymmetrySearch(samples: samples, input: input, expected: expected.typed, claim: claim.typed)
  }

  /// The first variant of the claim that has the right values.
  private func right(_ variants: [Variant]) -> Variant? {
    variants.first { claim.reader.read($0.tree).map(samples.agree) ?? false }
  }

  /// The first variant of the derivative that has the claim's values.
  private func claimed(_ variants: [Variant]) -> Variant? {
    variants.first { variant in
      expected.reader.read(variant.tree).map { samples.agree($0, with: values) } ?? false
    }
  }

  private func difference(_ a: [Matrix?], _ b: [Matrix?]) -> [Matrix?] {
    zip(a, b).map { left, right in
      guard let left, let right, left.size == right.size else { return nil }
      return left.subtracting(right)
    }
  }
}
