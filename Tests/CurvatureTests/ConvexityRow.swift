import Foundation
import Frechet
import Testing

/// A row of `convexity.jsonl`. Tests/Fixtures/README.md explains the fields.
struct ConvexityRow: Decodable, Sendable, CustomTestStringConvertible {
  let id: String
  let declare: [String]
  let input: String
  let wrt: [String]
  let joint: Bool
  let truth: String

  var testDescription: String { id }

  var request: ConvexityRequest {
    ConvexityRequest(input, wrt: wrt, declarations: declare, jointly: joint)
  }

  static let all: [ConvexityRow] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/convexity.jsonl")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(ConvexityRow.self, from: Data($0.utf8))
    }
  }()

  /// Whether the row has a curvature to be derived.
  var hasCurvature: Bool { truth != "neither" && truth != "depends" }

  /// Whether a verdict that claims something claims no more than what is true.
  func allows(_ curvature: Curvature) -> Bool {
    switch curvature {
    case .unknown: true
    case .neither: truth == "neither"
    case .affine: truth == "affine"
    case .convex: truth == "affine" || truth.hasSuffix("convex")
    case .concave: truth == "affine" || truth.hasSuffix("concave")
    case .strictlyConvex, .stronglyConvex: truth == "strictly convex"
    case .strictlyConcave, .stronglyConcave: truth == "strictly concave"
    }
  }
}
