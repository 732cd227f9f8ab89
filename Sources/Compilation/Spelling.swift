import Evaluation
import ExpressionCore
import Planning

/// The texts of a listing's nodes, for errors: as the author would write them.
struct Spelling: Sendable {
  private let listing: Listing

  private static let deepest = 4

  init(_ listing: Listing) { self.listing = listing }

  func text(_ node: Int) -> String { text(node, depth: 0) }

  /// No deeper than the limit.
  private func text(_ index: Int, depth: Int) -> String {
    guard listing.nodes.indices.contains(index) else { return "?" }
    if depth > 0, let name = listing.names[index] { return name }
    let node = listing.nodes[index]
    switch node.operation {
    case .variable(let variable): return listing.variables[variable].name
    case .number(let number): return "\(number.double)"
    case .pi: return "pi"
    case .dimension(let dimension): return "\(dimension)"
    case .factor: return text(node.operands[0], depth: depth)
    case .solve: return "solve" + arguments(node, depth)
    case .logdet: return "logdet" + arguments(node, depth)
    case .logOfDeterminant: return "log(det(\(text(node.operands[1], depth: depth + 1))))"
    case .primitive(let primitive):
      if depth >= Self.deepest { return "…" }
      let isOperator = primitive.rawValue.first.map { !$0.isLetter } ?? false
      if primitive == .transpose { return text(node.operands[0], depth: depth + 1) + "'" }
      if isOperator, node.operands.count == 2 {
        let both = node.operands.map { text($0, depth: depth + 1) }
        let whole = "\(both[0])\(primitive.rawValue)\(both[1])"
        return depth > 0 ? "(\(whole))" : whole
      }
      return primitive.rawValue + arguments(node, depth)
    }
  }

  private func arguments(_ node: Listing.Node, _ depth: Int) -> String {
    let operands = node.operands.map { text($0, depth: depth + 1) }
    let parameters = node.parameters.map(\.description)
    return "(" + (operands + parameters).joined(separator: ",") + ")"
  }
}

extension Plan {
  func error(_ origin: Int, _ error: LinearAlgebraError) -> EvaluationError {
    .linearAlgebra(Place(text: spelling.text(origin)), error)
  }

  /// The same warning, with the text of a node for the place.
  func renamed(_ warning: EvaluationWarning, _ origin: Int) -> EvaluationWarning {
    let place = Place(text: spelling.text(origin))
    switch warning {
    case .nearlySingular(_, let condition):
      return .nearlySingular(place, reciprocalCondition: condition)
    case .notFinite(_, let value, let row, let column, let isScalar):
      return .notFinite(place, value: value, row: row, column: column, isScalar: isScalar)
    }
  }

  /// The same error, with the text of a node for the place.
  func renamed(_ error: EvaluationError, _ origin: Int) -> EvaluationError {
    let place = Place(text: spelling.text(origin))
    switch error {
    case .linearAlgebra(_, let reason): return .linearAlgebra(place, reason)
    case .sizesDoNotFit(_, let sizes): return .sizesDoNotFit(place, sizes)
    case .invalidArgument(_, let what, let got, let allowed):
      return .invalidArgument(place, what: what, got: got, allowed: allowed)
    case .tooLarge(_, let size, let limit): return .tooLarge(place, size, limit: limit)
    case .malformed(_, let reason): return .malformed(place, reason: reason)
    case .missingVariable, .unknownVariable, .wrongShape, .inconsistentSize, .unknownSize,
      .invalidSize, .memoryLimit, .notANumber:
      return error
    }
  }
}
