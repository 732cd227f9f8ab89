import CKernels
import Evaluation
import ExpressionCore
import Planning

/// Rewrites a listing at given sizes in the operations that a program has.
struct Elementary {
  let listing: Listing
  let sizes: [String: Int]
  /// Of the variables that do not lie column by column.
  let layouts: [String: Program.Layout]
  var builder = ValueBuilder()
  /// The value of each node that has one.
  private var place: [Int?]
  /// What the nodes are that are never formed unless they must be: sums of networks.
  var networks: [[TensorNetwork]?]
  /// The nodes that are made of Kronecker products.
  let isKronecker: [Bool]
  /// The nodes in networks that are networks themselves.
  var isRead: [Bool]
  /// The values that are known to be symmetric.
  var symmetricValues: Set<Int> = []
  /// The variables that are used, in their order: the inputs of the program.
  let variables: [Int]

  init(
    _ listing: Listing, sizes: [String: Int], layouts: [String: Program.Layout] = [:]
  ) {
    self.layouts = layouts
    self.listing = listing
    self.sizes = sizes
    var used: Set<Int> = []
    for node in listing.nodes {
      if case .variable(let index) = node.operation { used.insert(index) }
    }
    variables = used.sorted()
    place = [Int?](repeating: nil, count: listing.nodes.count)
    networks = [[TensorNetwork]?](repeating: nil, count: listing.nodes.count)
    isKronecker = listing.kroneckerNodes
    isRead = isKronecker
  }

  /// Makes the values that the outputs need.
  mutating func run() throws(EvaluationError) -> [Int] {
    let uses = findNodeUses()
    for (index, node) in listing.nodes.enumerated() {
      builder.origin = index
      if uses.inNetworks[index] { try readNetwork(index, node) }
      if uses.asValues[index] { _ = try value(index) }
    }
    var outputs: [Int] = []
    for output in listing.outputs { outputs.append(try value(output.node)) }
    return outputs
  }

  /// The value of a node whose operands have been read.
  mutating func value(_ index: Int) throws(EvaluationError) -> Int {
    if let known = place[index] { return known }
    let node = listing.nodes[index]
    let result: Int
    if isKronecker[index], let sum = networks[index] {
      let (rows, columns) = try sizeOf(node)
      result = materialised(sum, rows: rows, columns: columns, shape: node.shape)
    } else {
      result = try value(of: node, at: index)
    }
    place[index] = result
    if listing.isSymmetric(index) { symmetricValues.insert(result) }
    return result
  }

  // MARK: Sizes

  func size(_ dimension: Dim, _ node: Listing.Node) throws(EvaluationError) -> Int {
    guard let value = dimension.value({ sizes[$0] }) else {
      throw .unknownSize(Place(text: Self.text(node)), dimension: dimension)
    }
    return value
  }

  static func text(_ node: Listing.Node) -> String {
    switch node.operation {
    case .variable, .number, .pi: "the input"
    case .dimension(let dim): "\(dim)"
    case .primitive(let primitive): primitive.rawValue
    case .factor, .solve: "solve"
    case .logdet, .logOfDeterminant: "logdet"
    }
  }

  /// The rows and columns of a node, whether it is formed or not.
  func extent(_ node: Listing.Node) throws(EvaluationError) -> (rows: Int, columns: Int) {
    var result: [Int] = []
    for dimension in [node.shape.rows, node.shape.columns] {
      let value = try size(dimension, node)
      guard value >= 1 else {
        throw .invalidSize(Place(text: Self.text(node)), dimension: dimension, value: value)
      }
      result.append(value)
    }
    return (result[0], result[1])
  }

  private func sizeOf(_ node: Listing.Node) throws(EvaluationError) -> (rows: Int, columns: Int) {
    let result = try extent(node)
    let (count, overflow) = result.rows.multipliedReportingOverflow(by: result.columns)
    guard !overflow, count <= Self.largestCount else {
      throw .tooLarge(
        Place(text: Self.text(node)), MatrixSize(result.rows, result.columns),
        limit: Self.largestCount)
    }
    return result
  }

  /// More entries than this are refused whatever the memory, so that sizes can be counted.
  private static let largestCount = 1 << 40

  // MARK: Nodes

  private mutating func value(
    of node: Listing.Node, at index: Int
  ) throws(EvaluationError) -> Int {
    let (rows, columns) = try sizeOf(node)
    var x: [Int] = []
    for operand in node.operands { x.append(try value(operand)) }
    func make(_ operation: Value.Operation, _ operands: [Int], _ builder: inout ValueBuilder) -> Int
    {
      builder.add(operation, operands, node.shape, rows, columns)
    }
    switch node.operation {
    case .variable(let variable):
      return input(
        listing.variables[variable], at: variables.firstIndex(of: variable) ?? 0, node.shape, rows,
        columns)
    case .number(let number): return builder.constant(number.double)
    case .pi: return builder.constant(.pi)
    case .dimension: return builder.constant(Double(try dimension(node)))
    case .factor(let kind): return make(.factor(kind), x, &builder)
    case .solve(let kind, let transposed):
      let isIdentity = builder.values[x[1]].operation == .identity
      if isIdentity, !transposed { return make(.inverse(kind), [x[0]], &builder) }
      return make(.solve(kind, transposed: transposed), x, &builder)
    case .logdet(let kind): return make(.logdet(kind, isOfDeterminant: false), x, &builder)
    case .logOfDeterminant: return make(.logdet(.lu, isOfDeterminant: true), [x[0]], &builder)
    case .primitive(let primitive):
      if let value = try structure(primitive, node, x, rows, columns) { return value }
      if let value = entrywise(primitive, node, x, rows, columns) { return value }
      if let value = try algebra(primitive, node, x, index) { return value }
      var parameters: [Int] = []
      for parameter in node.parameters { parameters.append(try size(parameter, node)) }
      return make(.reference(primitive, parameters: parameters), x, &builder)
    }
  }

  private func dimension(_ node: Listing.Node) throws(EvaluationError) -> Int {
    guard case .dimension(let dim) = node.operation else { return 1 }
    return try size(dim, node)
  }
}
