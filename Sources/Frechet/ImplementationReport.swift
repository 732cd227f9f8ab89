import Checking
import Differentiation
import Evaluation
import Verification

/// What was found of a program that computes a derivative.
public struct ImplementationReport: Sendable {
  /// One of the points at which it was run.
  public struct Point: Sendable {
    public let sizes: [String: Int]
    /// Of the result against the derivative; infinite where the shapes differ.
    public let relativeError: Double
  }

  /// The Taylor remainders at the first point, along one curve.
  public struct Remainders: Sendable {
    /// With the program's result; nil where its shape is wrong or it is not finite.
    public let implementation: TaylorRemainder?
    /// With the right derivative.
    public let derivative: TaylorRemainder
  }

  public let wrt: String
  public let options: DerivativeOptions
  /// The right derivative.
  public let expected: DerivativeReport
  public let points: [Point]
  public let isSinglePrecision: Bool
  public let tolerance: Double
  public let verdict: ClaimVerdict
  /// Nil where there are no values near the first point.
  public let remainder: Remainders?
  public let notes: [String]

  public var isCorrect: Bool { verdict.isCorrect }

  /// The largest of all points.
  public var relativeError: Double { points.map(\.relativeError).max() ?? .infinity }
}

extension ImplementationReport {
  /// The report as JSON.
  public var json: JSON {
    let finding = verdict.finding
    return .object([
      ("correct", .bool(isCorrect)),
      ("diagnosis", finding.map { .string($0.diagnosis.published.rawValue) } ?? .null),
      ("mistake", finding.map { .string($0.diagnosis.rawValue) } ?? .null),
      ("detail", finding.map { .string($0.detail) } ?? .null),
      ("lesson", finding.map { .string($0.lesson) } ?? .null),
      ("expected", expected.derivative.json(form: expected.form)),
      ("maxRelativeError", .number(relativeError)), ("tolerance", .number(tolerance)),
      ("precision", .string(isSinglePrecision ? "float32" : "float64")),
      (
        "points",
        .array(
          points.map { point in
            .object([
              ("sizes", .object(point.sortedSizes.map { ($0.key, .integer($0.value)) })),
              ("relativeError", .number(point.relativeError)),
            ])
          })
      ),
      ("remainder", remainder?.json ?? .null),
      ("input", .string(expected.input)), ("wrt", .string(wrt)),
      ("order", .integer(options.order)), ("layout", .string(options.layout.rawValue)),
      ("notes", .strings(notes)),
    ])
  }
}

extension ImplementationReport.Point {
  var sortedSizes: [(key: String, value: Int)] { sizes.sorted { $0.key < $1.key } }
}

extension ImplementationReport.Remainders {
  fileprivate var json: JSON {
    .object([
      ("idealOrder", .number(TaylorRemainder.idealOrder)),
      ("implementation", implementation?.json ?? .null), ("derivative", derivative.json),
    ])
  }
}

extension TaylorRemainder {
  fileprivate var json: JSON {
    .object([
      ("order", order.map { .number($0) } ?? .null),
      ("steps", .array(rows.map { .number($0.step) })),
      ("remainders", .array(rows.map { .number($0.remainder) })),
      ("orders", .array(rows.map { $0.order.map { .number($0) } ?? .null })),
    ])
  }
}
