import ExpressionCore
import Planning

/// The arguments of a generated function: where each size comes from and what must agree.
struct Arguments {
  /// Where a size is read: rows are axis 0, columns axis 1.
  struct Binding {
    let name: String
    let variable: Variable
    let axis: Int
  }

  let variables: [Variable]
  let bindings: [Binding]
  /// Sizes that no argument has: arguments themselves.
  let free: [String]

  /// - Parameter kept: the names of variables that are arguments even where nothing uses them.
  init(_ listing: Listing, keeping kept: Set<String> = []) {
    let used = Set(listing.usedVariables.map(\.name))
    variables = listing.variables.filter { used.contains($0.name) || kept.contains($0.name) }
    var bindings: [Binding] = []
    var bound: Set<String> = []
    for variable in variables {
      for (axis, dim) in [variable.shape.rows, variable.shape.columns].enumerated() {
        if case .name(let name) = dim, bound.insert(name).inserted {
          bindings.append(Binding(name: name, variable: variable, axis: axis))
        }
      }
    }
    var sizes: [String] = []
    func note(_ dim: Dim) { sizes += dim.names }
    for variable in variables {
      note(variable.shape.rows)
      note(variable.shape.columns)
    }
    for node in listing.nodes {
      node.parameters.forEach(note)
      switch node.operation {
      case .dimension(let dim): note(dim)
      case .primitive(let primitive) where primitive.makesItsSize:
        note(node.shape.rows)
        note(node.shape.columns)
      default: break
      }
    }
    var free: [String] = []
    for name in sizes where !bound.contains(name) && !free.contains(name) { free.append(name) }
    self.bindings = bindings
    self.free = free
  }

  /// The bindings of the sizes that some lines use.
  func bindings(usedIn lines: [String]) -> [Binding] {
    let words = Set(
      lines.joined(separator: " ").split { !($0.isLetter || $0.isNumber || $0 == "_") })
    return bindings.filter { words.contains(Substring($0.name)) }
  }

  /// Whether all its sizes are read off it, so that nothing is left to check.
  func isWhollyBound(_ variable: Variable) -> Bool {
    isBound(variable, axis: 0) && isBound(variable, axis: 1)
  }

  func isBound(_ variable: Variable, axis: Int) -> Bool {
    bindings.contains { $0.variable == variable && $0.axis == axis }
  }
}

extension Primitive {
  /// Whether the size of the result is part of the operation and not of its operands.
  var makesItsSize: Bool {
    switch self {
    case .eye, .ones, .zeros, .constantVector, .constantMatrix, .reshape, .add, .subtract: true
    default: false
    }
  }
}
