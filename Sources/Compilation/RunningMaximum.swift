import CKernels
import ExpressionCore

/// Sums of exponentials that need no sweep of their own for the maximum that keeps them from
/// overflowing: exp(t - max(t)) is taken relative to the largest entry so far, and what was added up
/// until then is scaled whenever a larger one comes (Milakov & Gimelshein, Online normalizer
/// calculation for softmax, arXiv:1805.02867).
///
/// Totals that are linear in exp(t - c), c the maximum, are rewritten so that c is followed; numbers
/// that an entry is multiplied or divided by, which may be totals themselves, go to the total.
/// Everything else keeps the finished maximum. Whether it helps is known when samples are found.
struct RunningMaximum {
  /// coefficients * base, base linear in one exp(t - c).
  private struct Term {
    var base: Int
    /// Values that are numbers, and whether they divide.
    var coefficients: [(number: Int, divides: Bool)] = []
  }

  private let source: ValueBuilder
  private var builder = ValueBuilder()
  private var place: [Int] = []
  private var terms: [Term?] = []
  /// Whether a value must wait for a maximum over all entries.
  private var waits: [Bool] = []
  private var isUsed = false

  /// nil where no maximum can be followed.
  static func run(_ source: ValueBuilder, outputs: [Int]) -> (ValueBuilder, [Int])? {
    guard source.values.contains(where: { $0.operation == .unary(FKUnaryFiniteOrZero) }) else {
      return nil
    }
    var running = RunningMaximum(source)
    for index in source.values.indices {
      running.builder.origin = source.origins[index]
      running.append(source.values[index], index)
    }
    return running.isUsed ? (running.builder, outputs.map { running.place[$0] }) : nil
  }

  private init(_ source: ValueBuilder) { self.source = source }

  private mutating func append(_ value: Value, _ index: Int) {
    waits.append(
      value.operation == .reduction(FKReductionMax, .all) || value.operands.contains { waits[$0] })
    if let total = total(value) {
      isUsed = true
      place.append(total)
      terms.append(nil)
      return
    }
    var copy = value
    copy.operands = value.operands.map { place[$0] }
    place.append(builder.add(copy))
    terms.append(term(value))
  }

  // MARK: Terms

  private mutating func term(_ value: Value) -> Term? {
    switch value.operation {
    case .unary(FKUnaryExp): return exponential(value.operands[0], value)
    case .unary(FKUnaryNegate):
      guard var term = terms[value.operands[0]] else { return nil }
      term.base = builder.unary(FKUnaryNegate, term.base)
      return term
    case .reshape:
      guard var term = terms[value.operands[0]] else { return nil }
      term.base = builder.reshaped(term.base, value.shape, value.rows, value.columns)
      return term
    case .binary(FKBinaryMultiply): return product(value)
    case .binary(FKBinaryDivide):
      guard terms[value.operands[1]] == nil, var term = terms[value.operands[0]] else {
        return nil
      }
      let divisor = place[value.operands[1]]
      if builder.values[divisor].isScalar {
        term.coefficients.append((divisor, true))
      } else {
        guard !waits[value.operands[1]] else { return nil }
        term.base = builder.binary(
          FKBinaryDivide, term.base, divisor, value.shape, value.rows, value.columns)
      }
      return term
    default: return nil
    }
  }

  /// exp(t - c), c = max(t) or 0 where that is not finite.
  private mutating func exponential(_ exponent: Int, _ value: Value) -> Term? {
    let difference = source.values[exponent]
    guard difference.operation == .binary(FKBinarySubtract), !value.isScalar else { return nil }
    let shift = source.values[difference.operands[1]]
    guard shift.operation == .unary(FKUnaryFiniteOrZero), shift.isScalar,
      source.values[shift.operands[0]].operation == .reduction(FKReductionMax, .all)
    else { return nil }
    let running = builder.add(.running, [place[shift.operands[0]]], shift.shape, 1, 1)
    let relative = builder.binary(
      FKBinarySubtract, place[difference.operands[0]], running, value.shape, value.rows,
      value.columns)
    return Term(base: builder.unary(FKUnaryExp, relative))
  }

  private mutating func product(_ value: Value) -> Term? {
    let (a, b) = (value.operands[0], value.operands[1])
    guard (terms[a] == nil) != (terms[b] == nil), var term = terms[a] ?? terms[b] else {
      return nil
    }
    let factor = terms[a] == nil ? a : b
    let other = place[factor]
    if builder.values[other].isScalar {
      term.coefficients.append((other, false))
    } else {
      guard !waits[factor] else { return nil }
      term.base = builder.binary(
        FKBinaryMultiply, term.base, other, value.shape, value.rows, value.columns)
    }
    return term
  }

  // MARK: Totals

  private mutating func total(_ value: Value) -> Int? {
    switch value.operation {
    case .reduction(FKReductionSum, _), .reduction(FKReductionDot, _): break
    case .product(let form) where form.beta == 0: break
    default: return nil
    }
    let linear = value.operands.filter { terms[$0] != nil }
    // The square of such a term would be scaled twice.
    guard linear.count == 1, let term = terms[linear[0]],
      value.operands.allSatisfy({ $0 == linear[0] || !waits[$0] })
    else { return nil }
    var copy = value
    copy.operands = value.operands.map { $0 == linear[0] ? term.base : place[$0] }
    return term.coefficients.reduce(builder.add(copy)) { total, coefficient in
      builder.binary(
        coefficient.divides ? FKBinaryDivide : FKBinaryMultiply, total, coefficient.number,
        like: total)
    }
  }
}
