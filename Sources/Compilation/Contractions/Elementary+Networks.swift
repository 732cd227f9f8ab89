import Evaluation
import ExpressionCore
import Planning

/// Reads nodes as sums of networks, so that no Kronecker product is formed that is not asked for.
extension Elementary {
  /// More terms than this in a sum, and one of the factors is formed.
  private static let termLimit = 24
  /// From this number of tensors a network is contracted, to the second number.
  private static let tensorLimits = (7, 5)

  // MARK: Uses

  /// Which nodes are read as networks, and which have values.
  mutating func findNodeUses() -> (inNetworks: [Bool], asValues: [Bool]) {
    var inNetworks = [Bool](repeating: false, count: listing.nodes.count)
    var asValues = inNetworks
    let isDiagonal = diagonalNodes
    for output in listing.outputs { asValues[output.node] = true }
    for (index, node) in listing.nodes.enumerated().reversed() {
      if asValues[index], isKronecker[index] { inNetworks[index] = true }
      if inNetworks[index] {
        isRead[index] = reads(index, isDiagonal[index])
        if isRead[index] {
          for operand in node.operands {
            if listing.nodes[operand].shape.isScalar {
              asValues[operand] = true
            } else {
              inNetworks[operand] = true
            }
          }
        } else {
          asValues[index] = true
        }
      }
      if asValues[index], !isKronecker[index] {
        for operand in node.operands { asValues[operand] = true }
      }
    }
    return (inNetworks, asValues)
  }

  /// Whether a node in a network is one itself, and not a matrix of its own.
  private func reads(_ index: Int, _ isDiagonal: Bool) -> Bool {
    if isKronecker[index] || isDiagonal { return true }
    guard case .primitive(let primitive) = listing.nodes[index].operation else { return false }
    switch primitive {
    case .transpose, .vec, .reshape, .ones, .zeros: return true
    default: return false
    }
  }

  /// Which nodes are diagonal matrices, as far as their form says it.
  private var diagonalNodes: [Bool] {
    var result: [Bool] = []
    for node in listing.nodes {
      let parts = node.operands.filter { !listing.nodes[$0].shape.isScalar }
      switch node.operation {
      case .primitive(.eye): result.append(!node.shape.isScalar)
      case .primitive(.diag): result.append(!parts.isEmpty && !node.shape.isScalar)
      case .primitive(.transpose), .primitive(.negate), .primitive(.add), .primitive(.subtract),
        .primitive(.multiply):
        result.append(!parts.isEmpty && parts.allSatisfy { result[$0] })
      default: result.append(false)
      }
    }
    return result
  }

  // MARK: Nodes

  mutating func readNetwork(_ index: Int, _ node: Listing.Node) throws(EvaluationError) {
    let (rows, columns) = try extent(node)
    if isRead[index], let sum = try read(node, rows, columns)?.map(\.normalized),
      sum.allSatisfy(\.isSmall)
    {
      networks[index] = sum.map { reducedIfLarge($0) }
      return
    }
    networks[index] = [TensorNetwork(value: try value(index), rows: rows, columns: columns)]
  }

  private mutating func reducedIfLarge(_ network: TensorNetwork) -> TensorNetwork {
    let (limit, few) = Self.tensorLimits
    return network.tensors.count > limit ? reduced(network, to: few).normalized : network
  }

  private func sum(_ operand: Int) -> [TensorNetwork]? { networks[operand] }

  /// nil where the node is no network.
  private mutating func read(
    _ node: Listing.Node, _ rows: Int, _ columns: Int
  ) throws(EvaluationError) -> [TensorNetwork]? {
    guard case .primitive(let primitive) = node.operation else { return nil }
    switch primitive {
    case .eye: return [TensorNetwork(identity: rows)]
    case .ones: return [TensorNetwork(rows: rows, columns: columns)]
    case .zeros: return []
    case .commutation:
      return [
        TensorNetwork(
          commutation: try size(node.parameters[0], node), try size(node.parameters[1], node))
      ]
    case .kron: return pairs(node) { TensorNetwork.kronecker($0, $1) }
    case .khatrirao: return pairs(node) { TensorNetwork.khatriRao($0, $1) }
    case .add, .subtract:
      guard let a = sum(node.operands[0]), let b = sum(node.operands[1]),
        listing.nodes[node.operands[0]].shape == listing.nodes[node.operands[1]].shape
      else { return nil }
      return merged(a + (primitive == .add ? b : b.map { $0.scaled(by: -1) }))
    case .multiply, .hadamard, .divide, .elementwiseDivide:
      if let scaled = try scaled(node, primitive) { return scaled }
      return primitive == .multiply
        ? pairs(node) { TensorNetwork.product($0, $1) }
        : pairs(node) { TensorNetwork.hadamard($0, $1) }
    default:
      return sum(node.operands[0]).flatMap { unary(primitive, $0, rows) }
    }
  }

  private mutating func unary(
    _ primitive: Primitive, _ x: [TensorNetwork], _ rows: Int
  ) -> [TensorNetwork]? {
    switch primitive {
    case .transpose: return x.map(\.transposed)
    case .negate: return x.map { $0.scaled(by: -1) }
    case .vec: return x.map(\.vectorized)
    case .diag: return x.map(\.diagonalMatrix)
    case .reshape:
      let result = x.compactMap { $0.reshaped(rows: rows) }
      return result.count == x.count ? result : nil
    case .sym, .skew:
      let half = x.map { $0.scaled(by: 0.5) }
      return merged(half + half.map { $0.transposed.scaled(by: primitive == .sym ? 1 : -1) })
    default: return nil
    }
  }

  /// A network times, or divided by, a scalar; nil where neither operand is one.
  private mutating func scaled(
    _ node: Listing.Node, _ primitive: Primitive
  ) throws(EvaluationError) -> [TensorNetwork]? {
    let isScalar = node.operands.map { listing.nodes[$0].shape.isScalar }
    let divides = primitive == .divide || primitive == .elementwiseDivide
    guard isScalar[1] || isScalar[0] && !divides else { return nil }
    let (scalar, operand) = isScalar[1] ? (1, 0) : (0, 1)
    guard let x = sum(node.operands[operand]) else { return nil }
    var factor = try value(node.operands[scalar])
    if divides { factor = builder.reciprocal(factor) }
    if let number = builder.values[factor].constant { return x.map { $0.scaled(by: number) } }
    return x.map { network in
      var result = network
      if let other = result.tensors.firstIndex(where: \.axes.isEmpty) {
        result.tensors[other].value = product(result.tensors[other].value, factor)
      } else {
        result.tensors.append(TensorNetwork.Tensor(value: factor, axes: []))
      }
      return result
    }
  }

  /// Each term with each; nil where two do not fit, or there are too many.
  private mutating func pairs(
    _ node: Listing.Node, _ operation: (TensorNetwork, TensorNetwork) -> TensorNetwork?
  ) -> [TensorNetwork]? {
    guard let a = sum(node.operands[0]), let b = sum(node.operands[1]),
      a.count * b.count <= Self.termLimit
    else { return nil }
    var result: [TensorNetwork] = []
    for x in a {
      for y in b {
        guard let both = operation(x, y), both.isSmall else { return nil }
        result.append(both)
      }
    }
    return merged(result)
  }

  // MARK: Sums

  /// Terms with the same outer tensors as one, where what is inside is added at no great cost.
  private mutating func merged(_ sum: [TensorNetwork]) -> [TensorNetwork] {
    var result: [TensorNetwork] = []
    for network in sum {
      var network = network
      var position = 0
      while position < result.count {
        if let both = merged(result[position], network) {
          network = both
          result.remove(at: position)
          position = 0
        } else {
          position += 1
        }
      }
      result.append(network)
    }
    return result
  }

  /// A sum of tensors may be this many times larger than the largest of them.
  private static let growth = 2

  private mutating func merged(_ x: TensorNetwork, _ y: TensorNetwork) -> TensorNetwork? {
    guard let (x, y) = TensorNetwork.aligned(x, y), x.isSmall, y.isSmall,
      let pair = NetworkPair(x, y)
    else { return nil }
    if pair.rests.0.tensors.isEmpty, pair.rests.1.tensors.isEmpty, pair.inner.isEmpty {
      var result = pair.common
      result.coefficient = x.coefficient + y.coefficient
      return result
    }
    let count = pair.inner.reduce(1) { $0 * pair.common.sizes[$1] }
    let largest = (pair.rests.0.tensors + pair.rests.1.tensors).map { tensor in
      tensor.axes.isEmpty ? 1 : builder.values[tensor.value].count
    }.max()
    guard let largest, count <= Self.growth * largest else { return nil }
    let value = materialised(
      [pair.rests.0, pair.rests.1], rows: count, columns: 1, shape: Shape(.literal(count), 1))
    return pair.joined(value)
  }
}
