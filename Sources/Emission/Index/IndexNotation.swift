import ExpressionCore
import ExpressionLanguage

/// A value in index notation, entry by entry: `Σ_j (A[i,j] + A[j,i])*x[j]`.
///
/// Vectors have the index i, matrices i and j; a side that is that of a `vec` or of a Kronecker
/// product has two indices, the first for the rows of what was stacked. `δ` is Kronecker's delta,
/// `ε` the sign of a permutation, `[i ≥ j]` is 1 or 0. A function without an elementwise definition
/// is written by its entries, `inv(X)[i,j]`. There is an index form of everything.
public struct IndexNotation: Hashable, Sendable {
  /// An array that others use, by its entries.
  public struct Definition: Hashable, Sendable {
    /// `s[i]`
    public let entry: String
    public let text: String
    public let latexEntry: String
    public let latex: String
  }

  /// The names of the result's own indices, rows first.
  public let indices: [String]
  public let text: String
  public let latex: String
  /// The author's definitions and long shared parts, in order of use.
  public let definitions: [Definition]

  /// The entries of an input's result; `text` writes the language, for functions of arrays.
  ///
  /// - Parameter unit: a variable that the result is linear in; the entries are those of the linear
  ///   map, which has the variable's indices after its own.
  public init(
    _ input: TypedInput, unit: String? = nil, text: @escaping (Syntax) -> String
  ) {
    var builder = IndexBuilder(input, unit: unit, text: text)
    builder.run()
    let taken = Set(input.variables.map(\.name) + input.dimensions)
    let writer = IndexWriter(taken: taken, scope: builder.scope)
    definitions = builder.named.map { named in
      let shape = input.nodes[named.node].shape
      let value = writer.write(named.template, shape)
      let entry = IndexBuilder.Template(
        entry: builder.access(named.name, shape, units: named.template.units),
        rowFast: nil, columnFast: nil, units: named.template.units)
      let left = writer.write(
        entry, shape, rowFast: named.template.rowFast, columnFast: named.template.columnFast)
      return Definition(
        entry: left.text, text: value.text, latexEntry: left.latex, latex: value.latex)
    }
    guard builder.templates.indices.contains(input.result) else {
      (indices, self.text, latex) = ([], "", "")
      return
    }
    var template = builder.templates[input.result]
    if template.units.isEmpty, let variable = input.variables.first(where: { $0.name == unit }) {
      template.units = builder.unitTemplate(variable.shape).units
    }
    let result = writer.write(template, input.nodes[input.result].shape)
    (indices, self.text, latex) = (result.indices, result.text, result.latex)
  }
}
