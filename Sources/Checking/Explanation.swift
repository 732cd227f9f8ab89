import Evaluation
import ExpressionCore
import ExpressionLanguage
import Verification

/// Looks for the first mistake that explains what is wrong, in the order of `Diagnosis`.
struct Explanation {
  let input: TypedInput
  /// The variables of differentiation.
  let varying: Set<String>
  let samples: Samples
  let candidate: Candidate
  let expected: Claim
  /// The candidate's values at the points.
  let values: [Matrix?]
  let wording: Wording
  /// The derivative under other conventions.
  let conventions: () -> [Convention]
  let shorter: (Syntax) -> Syntax?
  /// Whether the time for the search is over.
  let isOver: () -> Bool

  /// How many changed expressions are tried for one kind of mistake.
  private static let mostVariants = 400

  var finding: Finding {
    let hypotheses: [() -> Finding?] = [
      { transposition }, { shape }, { factor }, { assumption([.symmetric]) }, { order },
      { assumption([.commuting]) }, { convention }, { sign }, { missingTerm }, { factorOfATerm },
      { assumption(Assumption.normalizations) }, { missingFactor }, { assumption([.positive]) },
    ]
    for hypothesis in hypotheses {
      if isOver() { return Finding(.unknown, "The time was over before a mistake was found.") }
      if let finding = hypothesis() { return finding }
    }
    return unknown
  }

  // MARK: Of the whole

  private var transposition: Finding? {
    let transposed = values.map { $0?.transposed }
    guard samples.agree(transposed, samples.expected) else { return nil }
    let isSquare = zip(values, samples.expected).allSatisfy { value, right in
      value.map { $0.size == right.size } ?? true
    }
    return found(
      .transposed,
      "\(wording.claim) is the transpose of \(wording.derivative)"
        + (isSquare ? "." : ": \(shapes)."))
  }

  private var shape: Finding? {
    let differs = zip(values, samples.expected).contains { $0.map(\.size) ?? $1.size != $1.size }
    guard differs else { return nil }
    var detail = "\(wording.claim) is \(shapes)."
    let stacked = values.map { $0.map { Matrix(column: $0.values) } }
    if samples.agree(stacked, samples.expected.map { Matrix(column: $0.values) }) {
      detail += " The entries are right; reshape them."
    }
    return found(.shape, detail)
  }

  /// `n×m in the place of m×n`
  private var shapes: String {
    if let shape = candidate.shape { return "\(shape) in the place of \(expected.shape)" }
    let sizes = zip(values, samples.expected).compactMap { value, right in
      value.map { "\($0.size) in the place of \(right.size)" }
    }
    return sizes.first ?? "not \(expected.shape)"
  }

  private var factor: Finding? {
    let search = FactorSearch(samples, input, varying: varying)
    guard let factor = search.factor(from: values, to: samples.expected),
      factor.diagnosis != .sign
    else { return nil }
    return found(
      .factor, "\(wording.derivative) is \(factor.text) times \(wording.claim).",
      lesson: factor.lesson)
  }

  private var convention: Finding? {
    guard let convention = conventions().first(where: { agrees($0.text) }) else { return nil }
    return found(.convention, "\(wording.claim) is \(convention.description).")
  }

  private func assumption(_ assumptions: [Assumption]) -> Finding? {
    for assumption in assumptions {
      guard !isOver() else { return nil }
      guard let names = search.names(assumption) else { continue }
      let sentence = "\(wording.claim) is right where \(assumption.sentence(of: names))"
      let declaration = input.variables.first { $0.name == names[0] }
        .flatMap { assumption.declaredType(of: $0) }
        .map { "; `\(names[0]): \($0)` would declare it." }
      if assumption == .commuting {
        return found(assumption.diagnosis, "\(sentence), which matrices in general do not.")
      }
      return found(
        assumption.diagnosis, "\(sentence), which nothing here says\(declaration ?? ".")")
    }
    return nil
  }

  // MARK: Of a part

  private var order: Finding? {
    if let tree = candidate.tree {
      let variants = OrderSearch.variants(of: tree, limit: Self.mostVariants)
      guard let variant = right(variants) else { return nil }
      return found(.order, "the factors stand in the wrong order: \(variant.change).")
    }
    guard let tree = expected.tree,
      let variant = claimed(OrderSearch.variants(of: tree, limit: Self.mostVariants))
    else { return nil }
    return found(
      .order,
      "the factors stand in the wrong order, as if in \(wording.derivative) "
        + "\(variant.change).")
  }

  private var sign: Finding? {
    if samples.agree(values.map { $0?.scaled(by: -1) }, samples.expected) {
      return found(.sign, "\(wording.derivative) is the negative of \(wording.claim).")
    }
    if let tree = candidate.tree,
      let variant = right(SumSearch.signs(of: tree, limit: Self.mostVariants))
    {
      return found(.sign, "in \(wording.claim), \(variant.change).")
    }
    if let tree = expected.tree,
      let variant = claimed(SumSearch.signs(of: tree, limit: Self.mostVariants))
    {
      return found(.sign, "beside \(wording.derivative), \(variant.change).")
    }
    return nil
  }

  private var missingTerm: Finding? {
    if let tree = expected.tree {
      let variants = SumSearch.omissions(of: tree, limit: Self.mostVariants)
      if let variant = claimed(variants), let remainder = variant.remainder {
        // Without `- s` the factor `1 - s` is a 1: it is the factor that is missing.
        if variant.leavesNumber, let factor = missingFactor {
          return Finding(.missingTerm, factor.detail, lesson: factor.lesson)
        }
        return found(.missingTerm, "the term \(text(remainder)) is missing.")
      }
    }
    if let tree = candidate.tree {
      let variants = SumSearch.omissions(of: tree, limit: Self.mostVariants)
      if let variant = right(variants), let remainder = variant.remainder {
        return found(
          .missingTerm,
          "the term \(text(remainder)) does not belong there: \(text(variant.tree)) is right.")
      }
    }
    return nil
  }

  /// One term of the derivative, multiplied by something, gives the claim.
  private var factorOfATerm: Finding? {
    guard let tree = expected.tree else { return nil }
    let search = FactorSearch(samples, input, varying: varying)
    for variant in SumSearch.omissions(of: tree, limit: Self.mostVariants / 4) {
      guard let remainder = variant.remainder, let rest = expected.reader.read(variant.tree) else {
        continue
      }
      let without = samples.values(of: rest)
      let term = difference(samples.expected, without)
      guard let factor = search.factor(from: difference(values, without), to: term) else {
        continue
      }
      return found(
        factor.diagnosis,
        "the term \(text(remainder)) is \(factor.text) times what \(wording.claim) has in its "
          + "place.", lesson: factor.lesson)
    }
    return nil
  }

  /// A factor of a product is left out, perhaps with a constant one, or stands where none belongs.
  private var missingFactor: Finding? {
    if let tree = expected.tree {
      let search = FactorSearch(samples, input, varying: varying)
      for variant in ProductSearch.omissions(of: tree, limit: Self.mostVariants / 4) {
        guard !isOver(), let rest = expected.reader.read(variant.tree),
          let factor = search.factor(from: values, to: samples.values(of: rest))
        else { continue }
        let also = factor.text == "1" ? "" : ", and \(factor.text) with it"
        return found(.missingFactor, "the factor \(variant.change) is missing\(also).")
      }
      let powers = ProductSearch.exponents(of: tree, limit: Self.mostVariants / 4)
      if let variant = claimed(powers) {
        return found(
          .missingFactor, "an exponent is wrong: \(wording.claim) has \(variant.change).")
      }
    }
    if let tree = candidate.tree {
      let variants = ProductSearch.omissions(of: tree, limit: Self.mostVariants / 4)
      if let variant = right(variants) {
        return found(
          .missingFactor,
          "the factor \(variant.change) does not belong there: \(text(variant.tree)) is right.")
      }
    }
    return nil
  }

  private var unknown: Finding {
    let detail = "No single mistake that is looked for explains \(wording.claim)"
    return Finding(.unknown, detail + (pairOfMistakes.map { "; two do: \($0)." } ?? "."))
  }

  /// A factor, and with it a transposition or an assumption.
  private var pairOfMistakes: String? {
    let transposed = values.map { $0?.transposed }
    if let factor = FactorSearch(samples, input, varying: varying).factor(
      from: transposed, to: samples.expected)
    {
      return "\(wording.derivative) is \(factor.text) times the transpose of \(wording.claim)"
    }
    for assumption in [Assumption.symmetric] + Assumption.normalizations where !isOver() {
      guard let (names, factor) = search.namesAndFactor(assumption) else { continue }
      return "\(wording.derivative) is \(factor) times \(wording.claim) where "
        + assumption.sentence(of: names)
    }
    return nil
  }

  // MARK: Parts

  private func found(
    _ diagnosis: Diagnosis, _ detail: String, lesson: String? = nil
  ) -> Finding {
    Finding(diagnosis, Wording.sentence(detail), lesson: lesson)
  }

  private func text(_ tree: Syntax) -> String {
    let short = shorter(tree).flatMap { $0.size < tree.size ? $0 : nil }
    return SyntaxPrinter.text(of: short ?? tree)
  }

  private var search: AssumptionSearch {
    AssumptionSearch(
      samples: samples, input: input, varying: varying, directions: expected.reader.directions,
      expected: expected.typed, candidate: candidate)
  }

  /// Whether an expression has the candidate's values.
  private func agrees(_ text: String) -> Bool {
    guard let other = try? expected.reader.read(text) else { return false }
    return samples.agree(other, with: values)
  }

  /// The first variant of the claim that has the right values.
  private func right(_ variants: [Variant]) -> Variant? {
    variants.first { !isOver() && expected.reader.read($0.tree).map(samples.agree) ?? false }
  }

  /// The first variant of the derivative that has the candidate's values.
  private func claimed(_ variants: [Variant]) -> Variant? {
    variants.first { variant in
      !isOver()
        && expected.reader.read(variant.tree).map { samples.agree($0, with: values) } ?? false
    }
  }

  private func difference(_ a: [Matrix?], _ b: [Matrix?]) -> [Matrix?] {
    zip(a, b).map { left, right in
      guard let left, let right, left.size == right.size else { return nil }
      return left.subtracting(right)
    }
  }
}
