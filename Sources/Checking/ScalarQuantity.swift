import Evaluation
import ExpressionCore
import ExpressionLanguage

/// A 1×1 quantity of an input, and its values at random points.
struct ScalarQuantity {
  /// In the language, such that a power of it can be written: `N`, `(a'*x)`.
  let text: String
  let values: [Double]

  /// The scalar variables and the sizes.
  static func given(in input: TypedInput, _ samples: Samples) -> [ScalarQuantity] {
    let variables = input.variables.filter(\.shape.isScalar).map { variable in
      ScalarQuantity(
        variable.name, samples.points.map { $0.values[variable.name]?.scalar }, samples)
    }
    let sizes = input.dimensions.map { name in
      ScalarQuantity(name, samples.points.map { $0.sizes[name].map(Double.init) }, samples)
    }
    return (variables + sizes).compactMap { $0 }
  }

  /// The scalars that the input computes from others, in the author's words.
  static func computed(in input: TypedInput, _ samples: Samples) -> [ScalarQuantity] {
    var texts: Set<String> = []
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
      return ScalarQuantity(isCall(text) ? text : "(\(text))", values, samples)
    }
  }

  private static func isCall(_ text: String) -> Bool {
    if case .call = (try? ParsedInput(text))?.result?.kind { true } else { false }
  }

  private init?(_ text: String, _ values: [Double?], _ samples: Samples) {
    let present = values.compactMap { $0 }
    guard present.count == samples.points.count, !present.contains(0) else { return nil }
    self.text = text
    self.values = present
  }
}
