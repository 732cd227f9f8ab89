import Differentiation
import ExpressionCore
import ExpressionLanguage

/// Names for the layers of a network of which the author named none: a derivation through nested
/// activations is read layer by layer or not at all.
struct LayerNames {
  /// The input with the layers as definitions.
  private(set) var input: TypedInput
  private(set) var names: [Spelling.Definition] = []

  init(of input: TypedInput, wrt name: String) {
    self.input = input
    guard input.definitions.isEmpty, input.nodes.count <= 400,
      let variable = input.variables.firstIndex(where: { $0.name == name })
    else { return }
    let layers = Self.layers(of: input, variable)
    guard !layers.isEmpty else { return }
    var taken = Set(input.variables.map(\.name) + input.dimensions)
    taken.formUnion(taken.map { "d" + $0 })
    var definitions: [TypedInput.Definition] = []
    for (number, node) in layers.enumerated() {
      let before = input.nodes[node].operands[0]
      for (letter, i) in [("z", before), ("h", node)] {
        if case .variable = input.nodes[i].operation { continue }
        let isColumn = input.nodes[i].shape.isVector || input.nodes[i].shape.isScalar
        let letter = isColumn ? letter : letter.uppercased()
        var name = layers.count == 1 ? letter : "\(letter)\(number + 1)"
        while !taken.insert(name).inserted { name += "_" }
        definitions.append(TypedInput.Definition(name: name, node: i))
      }
    }
    self.input.definitions = definitions
    let values = TermReader().read(self.input)
    names = definitions.map { Spelling.Definition(name: $0.name, value: values[$0.node].syntax) }
  }

  /// The activations that deserve a name: where one stands on a product with another one in it, and
  /// the softmax of a matrix product.
  private static func layers(of input: TypedInput, _ variable: Int) -> [Int] {
    var depth: [Int?] = []
    var mixes: [Bool] = []
    var activations: [Int] = []
    for (i, node) in input.nodes.enumerated() {
      let below = node.operands.compactMap { depth[$0] }.max()
      let isVariable = node.operation == .variable(variable)
      var own = isVariable ? 0 : below
      let varying = node.operands.filter { depth[$0] != nil }
      var isMixed = varying.contains { mixes[$0] }
      if node.operation == .primitive(.multiply), !varying.isEmpty,
        node.operands.allSatisfy({ !input.nodes[$0].shape.isScalar })
      {
        isMixed = true
      }
      if let level = below, isMixed, case .primitive(let primitive) = node.operation,
        primitive.isActivation, !node.shape.isScalar
      {
        own = level + 1
        isMixed = false
        activations.append(i)
      }
      depth.append(own)
      mixes.append(isMixed)
    }
    if (depth[input.result] ?? 0) >= 2 { return activations }
    return activations.filter {
      let shape = input.nodes[$0].shape
      return input.nodes[$0].operation == .primitive(.softmax) && !shape.isVector && !shape.isRow
    }
  }
}

extension Primitive {
  /// A function that stands between the layers of a network.
  fileprivate var isActivation: Bool {
    switch self {
    case .softmax, .sigmoid, .tanh, .relu, .leakyrelu, .elu, .gelu, .silu, .softplus, .exp, .sin,
      .cos, .erf, .normcdf, .abs, .sqrt:
      true
    default: false
    }
  }
}
