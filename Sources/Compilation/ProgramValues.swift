import Evaluation
import ExpressionCore
import Planning

/// What a program computes, before it is planned.
struct ProgramValues {
  /// The names of all variables.
  var variables: [String]
  var inputs: [Program.Argument]
  var outputs: [Program.Argument]
  var narrowing: Narrowing
  /// The same where maxima are followed while samples are swept over, if that is possible.
  var following: Narrowing?
  /// nil where own kernels do everything.
  var library: DenseLibrary?
  var spelling: Spelling
}

extension ProgramValues {
  init(
    _ listing: Listing, sizes: [String: Int], options: Program.Options
  ) throws(EvaluationError) {
    let fast = listing.withFastProducts(keepsKronecker: true) { sizes[$0] }
      .withSharedFactorizations(ofLogarithms: true) { !$0.triangularFactors($1).isEmpty }
    var elementary = Elementary(fast, sizes: sizes, layouts: options.layouts)
    let asked = try elementary.run()
    let values = elementary.builder.values
    let repays = values.contains { $0.repaysLibrary(values) }
    library = options.opensLibraryWherePaid && !repays ? nil : DenseLibrary.shared
    let folded = Folding.run(elementary.builder, outputs: asked)
    variables = fast.variables.map(\.name)
    let inputs = try elementary.variables.map { variable throws(EvaluationError) in
      let variable = fast.variables[variable]
      return Program.Argument(
        name: variable.name, rows: try Self.size(variable.shape.rows, sizes, variable),
        columns: try Self.size(variable.shape.columns, sizes, variable),
        layout: options.layouts[variable.name] ?? Program.Layout())
    }
    self.inputs = inputs
    outputs = zip(fast.outputs, asked).map { output, index in
      Program.Argument(
        name: output.role.name, rows: values[index].rows, columns: values[index].columns)
    }
    let ofFloats = Set(
      inputs.indices.filter {
        options.precision == .float || inputs[$0].layout.isSinglePrecision
      })
    let hasLibrary = library != nil
    narrowing = Narrowing(
      folded.0, outputs: folded.1, inputs: ofFloats, options: options, hasLibrary: hasLibrary)
    following = RunningMaximum.run(folded.0, outputs: folded.1).map { values, outputs in
      let refolded = Folding.run(values, outputs: outputs)
      return Narrowing(
        refolded.0, outputs: refolded.1, inputs: ofFloats, options: options,
        hasLibrary: hasLibrary)
    }
    spelling = Spelling(fast)
  }

  private static func size(
    _ dimension: Dim, _ sizes: [String: Int], _ variable: Variable
  ) throws(EvaluationError) -> Int {
    guard let value = dimension.value({ sizes[$0] }) else {
      throw .unknownSize(Place(text: variable.name), dimension: dimension)
    }
    return value
  }
}
