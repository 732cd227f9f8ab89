import Evaluation
import ExpressionCore
import ExpressionLanguage

/// A 1×1 quantity of an input, and its values at random points.
struct ScalarQuantity {
  /// In the language, such that a power of it can be written: `N`, `(a'*x)`.
  let text: String
  let values: [Double]
  /// Whether it does not depend on the variables of differentiation.
  let isConstant: Bool

  /// The scalar variables and the sizes.
  static func given(
    in input: TypedInput, _ samples: Samples, varying: Set<String>
  ) -> [ScalarQuantity] {
    let variables = input.variables.filter(\.shape.isScalar).map { variable in
      ScalarQuantity(
        variable.name, samples.points.map { $0.values[variable.name]?.scalar }, samples,
        isConstant: !varying.contains(variable.name))
    }
    let sizes = input.dimensions.map { name in
      ScalarQuantity(name, samples.points.map { $0.sizes[name].map(Double.init) }, samples)
    }
    return (variables + sizes).compactMap { $0 }
  }

  /// The scalars that the input computes from others, in the author's words.
  static func computed(
    in input: TypedInput, _ samples: Samples, varying: Set<String>
  ) -> [ScalarQuantity] {
    var texts: Set<String> = []
    let varies = input.dependents(of: varying)
    let source = Array(input.source.utf8)
    return input.nodes.indices.compactMap { index in
      let node = input.nodes[index]
      guard node.shape.isScalar, case .primitive = node.operation, let range = node.range,
        range.lowerBound >= 0, range.upperBound <= source.count, range.count <= 40,
        let text = String(validating: source[range], as: UTF8.self), texts.insert(text).inserted
      else { return nil }
      var part = input
      part.result = index
      let values = samples.values(of: part).map { $0?.scalar }
      return ScalarQuantity(
        isCall(text) ? text : "(\(text))", values, samples, isConstant: !varies[index])
    }
  }

  private static func isCall(_ text: String) -> Bool {
    if case .call = (try? ParsedInput(text))?.result?.kind { true } else { false }
  }

  private init?(
    _ text: String, _ values: [Double?], _ samples: Samples, isConstant: Bool = true
  ) {
    let present = values.compactMap { $0 }
    guard present.count == samples.points.count, !present.contains(0) else { return nil }
    self.text = text
    self.values = present
    self.isConstant = isConstant
  }
}

extension TypedInput {
  /// Which nodes depend on one of some variables.
  fileprivate func dependents(of names: Set<String>) -> [Bool] {
    var depends = [Bool](repeating: false, count: nodes.count)
    for (i, node) in nodes.enumerated() {
      if case .variable(let v) = node.operation, variables.indices.contains(v) {
        depends[i] = names.contains(variables[v].name)
      } else {
        depends[i] = node.operands.contains { $0 < i && depends[$0] }
      }
    }
    return depends
  }
}
