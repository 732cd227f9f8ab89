import Evaluation
import ExpressionCore
import ExpressionLanguage

/// The factor between two quantities.
struct FoundFactor {
  let text: String
  /// Whether it does not depend on the variables of differentiation.
  let isConstant: Bool

  /// The mistake of leaving it out.
  var diagnosis: Diagnosis { text == "-1" ? .sign : .factor }

  /// What a factor that is no constant teaches.
  var lesson: String { isConstant ? diagnosis.lesson : Diagnosis.missingFactor.lesson }
}

/// Finds the factor between two quantities: a constant times powers of the input's scalars and
/// sizes.
struct FactorSearch {
  private let samples: Samples
  private let scalars: [ScalarQuantity]
  /// Scalars that the input computes on the way.
  private let computed: [ScalarQuantity]

  /// - Parameter varying: the variables of differentiation.
  init(_ samples: Samples, _ input: TypedInput, varying: Set<String>) {
    self.samples = samples
    scalars = Array(ScalarQuantity.given(in: input, samples, varying: varying).prefix(8))
    computed = Array(ScalarQuantity.computed(in: input, samples, varying: varying).prefix(12))
  }

  /// What `from` has to be multiplied by to give `to`; nil where nothing simple does.
  func factor(from: [Matrix?], to: [Matrix?]) -> FoundFactor? {
    guard let ratios = ratios(from: from, to: to) else { return nil }
    if let constant = constant(of: ratios.map(\.ratio)) {
      let text = Factor(constant, []).text
      return FoundFactor(
        text: named(constant).map { "\(text) (\($0))" } ?? text, isConstant: true)
    }
    for powers in candidates {
      let rest = ratios.map { point, ratio in
        powers.reduce(ratio) { $0 / power($1.quantity.values[point], $1.exponent) }
      }
      if let constant = constant(of: rest) {
        return FoundFactor(
          text: Factor(constant, powers.map { ($0.quantity.text, $0.exponent) }).text,
          isConstant: powers.allSatisfy(\.quantity.isConstant))
      }
    }
    return nil
  }

  /// A number that is, but for a power of 2, a size or scalar that is the same at all points.
  private func named(_ number: Double) -> String? {
    let simple = [1, -1, 2, -2, 0.5, -0.5]
    func isSimple(_ number: Double) -> Double? { simple.first { abs(number - $0) < 1e-6 } }
    guard isSimple(number) == nil else { return nil }
    for scalar in scalars {
      guard let value = scalar.values.first, scalar.values.allSatisfy({ $0 == value }),
        abs(value) > 2
      else { continue }
      for exponent in [-1.0, 1] {
        guard let rest = isSimple(number / power(value, exponent)) else { continue }
        let factor = Factor(rest, [(scalar.text, exponent)]).text
        return "\(factor) with \(scalar.text) = \(value.text)"
      }
    }
    return nil
  }

  /// The ratio at each point where the two are proportional and not zero.
  private func ratios(from: [Matrix?], to: [Matrix?]) -> [(point: Int, ratio: Double)]? {
    var ratios: [(point: Int, ratio: Double)] = []
    var scaled = [Matrix?](repeating: nil, count: from.count)
    for index in from.indices {
      guard let a = from[index], let b = to[index] else { continue }
      guard a.size == b.size else { return nil }
      let square = a.inner(a)
      guard square > 0 else { continue }
      let ratio = a.inner(b) / square
      guard ratio.isFinite, ratio != 0 else { return nil }
      ratios.append((index, ratio))
      scaled[index] = a.scaled(by: ratio)
    }
    return ratios.count >= min(2, from.count) && samples.agree(scaled, to) ? ratios : nil
  }

  private func constant(of values: [Double]) -> Double? {
    guard let first = values.first, first.isFinite else { return nil }
    return values.allSatisfy { abs($0 - first) <= 10 * samples.tolerance * abs(first) }
      ? first : nil
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    let magnitude =
      abs(exponent) == 0.5 ? base.squareRoot() : abs(exponent) == 2 ? base * base : base
    return exponent < 0 ? 1 / magnitude : magnitude
  }

  private typealias Power = (quantity: ScalarQuantity, exponent: Double)

  /// One given scalar, then two, then one that the input computes.
  private var candidates: [[Power]] {
    let exponents: [Double] = [1, -1, 2, -2, 0.5, -0.5]
    var result: [[Power]] = scalars.flatMap { scalar in exponents.map { [(scalar, $0)] } }
    for (i, first) in scalars.enumerated() {
      for second in scalars[(i + 1)...] {
        for a in exponents.prefix(4) {
          for b in exponents.prefix(4) { result.append([(first, a), (second, b)]) }
        }
      }
    }
    return result + computed.flatMap { scalar in exponents.map { [(scalar, $0)] } }
  }
}

extension Double {
  /// `7` rather than `7.0`.
  fileprivate var text: String { Int(exactly: self).map { "\($0)" } ?? "\(self)" }
}
