import Curvature
import Differentiation
import ExpressionCore
import ExpressionLanguage

/// What follows for a Hessian from its form: semidefinite, definite, zero.
public struct HessianSign: Sendable {
  /// `positive semidefinite`, and where: `within the symmetric matrices`.
  public let verdict: String
  /// What has to hold besides the declarations.
  public let conditions: [ConvexityReport.Statement]
  /// In one line.
  public let reason: ConvexityReport.Statement

  /// Longer inputs are asked by `frechet convexity`, which may take its time.
  private static let longestInput = 400

  /// Nil where nothing is derived, or where values contradict it.
  init?(of typed: TypedInput, wrt name: String, verify: Bool) {
    guard typed.nodes.count <= Self.longestInput else { return nil }
    var limits = ProofLimits()
    limits.steps = 20_000
    guard let derived = try? deriveCurvature(of: typed, wrt: [name], limits: limits),
      let words = derived.curvature.hessianWords
    else { return nil }
    let samples = verify ? derived.sampled(points: 2) : nil
    let report = ConvexityReport(
      input: typed.source, typed: typed, derived: derived, samples: samples)
    guard !report.isContradicted, let reason = report.reason else { return nil }
    let type = typed.variables.first { $0.name == name }?.type
    verdict = words + (type.flatMap { Self.space(of: $0) }.map { " within \($0)" } ?? "")
    conditions = report.conditions
    self.reason = reason
  }

  /// The directions that a structured variable may take; nil where it takes all.
  private static func space(of type: StructureType) -> String? {
    switch type {
    case .scalar, .vector, .row, .matrix: nil
    case .symmetric, .spd, .psd: "the symmetric matrices"
    case .skew: "the skew matrices"
    case .diagonal: "the diagonal matrices"
    case .lower, .upper: "the triangular matrices"
    case .simplex, .stochastic: "the probabilities"
    case .orthogonal, .stiefel: nil
    }
  }

}

extension HessianSign {
  /// `positive semidefinite because 0 < s < 1`
  func text(in style: ReportStyle) -> String {
    func write(_ statement: ConvexityReport.Statement) -> String {
      switch style {
      case .ascii: statement.text
      case .unicode: statement.unicode
      }
    }
    let domain = conditions.isEmpty ? "" : " where " + conditions.map(write).joined(separator: ", ")
    return "\(verdict)\(domain) because \(write(reason))"
  }

  var json: JSON {
    .object([
      ("verdict", .string(verdict)), ("where", .strings(conditions.map(\.text))),
      ("reason", .string(reason.text)),
    ])
  }
}

extension Curvature {
  /// What it says of the Hessian; nil where it says nothing.
  fileprivate var hessianWords: String? {
    switch self {
    case .affine: "zero"
    case .convex: "positive semidefinite"
    case .strictlyConvex, .stronglyConvex: "positive definite"
    case .concave: "negative semidefinite"
    case .strictlyConcave, .stronglyConcave: "negative definite"
    case .neither, .unknown: nil
    }
  }
}
