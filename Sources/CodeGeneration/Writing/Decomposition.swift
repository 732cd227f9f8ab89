import ExpressionCore
import Planning

/// A decomposition of a matrix, whose parts the languages' libraries compute together.
enum Decomposition: Hashable {
  case svd, symmetricEigen, qr, lu

  /// In the order of the names that they are given.
  var parts: [Primitive] {
    switch self {
    case .svd: [.svdu, .svdvals, .svdv]
    case .symmetricEigen: [.eigvals, .eigvecs]
    case .qr: [.qrq, .qrr]
    case .lu: [.lul, .luu]
    }
  }

  /// Whether a part is had without the others, for less.
  private static func isCheapAlone(_ part: Primitive) -> Bool {
    part == .svdvals || part == .eigvals
  }

  /// The decomposition that an operation takes a part of, that part, and what it does to it.
  private static func use(
    _ primitive: Primitive
  ) -> (kind: Decomposition, part: Primitive, reduction: Primitive?)? {
    switch primitive {
    case .svdu, .svdvals, .svdv: (.svd, primitive, nil)
    case .nucnorm: (.svd, .svdvals, .sum)
    case .specnorm: (.svd, .svdvals, .maximum)
    case .eigvals, .eigvecs: (.symmetricEigen, primitive, nil)
    case .lambdamax: (.symmetricEigen, .eigvals, .maximum)
    case .lambdamin: (.symmetricEigen, .eigvals, .minimum)
    case .qrq, .qrr: (.qr, primitive, nil)
    case .lul, .luu: (.lu, primitive, nil)
    default: nil
    }
  }

  /// Of one matrix.
  struct Key: Hashable {
    let kind: Decomposition
    let matrix: Int
  }

  /// What a node takes of a decomposition that another one takes a part of too.
  struct Share {
    let key: Key
    let part: Primitive
    let reduction: Primitive?
  }

  /// The shares of the nodes of a listing.
  static func shares(in listing: Listing) -> [Int: Share] {
    var shares: [Int: Share] = [:]
    for (index, node) in listing.nodes.enumerated() {
      guard case .primitive(let primitive) = node.operation, let use = use(primitive),
        let matrix = node.operands.first, listing.nodes[matrix].shape.isMatrix
      else { continue }
      let key = Key(kind: use.kind, matrix: matrix)
      shares[index] = Share(key: key, part: use.part, reduction: use.reduction)
    }
    let groups = Dictionary(grouping: shares.values, by: \.key)
    return shares.filter { _, share in
      let parts = Set(groups[share.key, default: []].map(\.part))
      return parts.count > 1 && !parts.allSatisfy(isCheapAlone)
    }
  }
}

extension Decomposition.Share {
  /// The operation on the part that has a name.
  func node(of name: CodeExpression, like node: WrittenNode) -> WrittenNode? {
    guard let reduction else { return nil }
    let operation = Listing.Node(operation: .primitive(reduction), operands: [0], shape: .scalar)
    return WrittenNode(
      operation: operation, operands: [name], shapes: [Shape(node.shapes[0].rows, .literal(1))],
      numbers: [nil], facts: [[]])
  }
}
