import ExpressionCore
import ExpressionLanguage

/// The sizes of the names of dimensions, read off the matrices of the variables.
struct SizeInference {
  private(set) var sizes: [String: Int]
  /// The variable that fixed each name.
  private var sources: [String: String] = [:]

  /// Throws `unknownVariable`, `wrongShape`, `inconsistentSize`.
  init(
    _ input: TypedInput, _ matrices: [String: MatrixSize], given sizes: [String: Int]
  ) throws(EvaluationError) {
    self.sizes = sizes
    if let name = Self.unknownName(in: matrices, of: input) {
      throw .unknownVariable(name: name, known: input.variables.map(\.name))
    }
    var waiting: [(variable: Variable, matrix: MatrixSize)] = []
    for variable in input.variables {
      guard let matrix = matrices[variable.name] else { continue }
      try bind(variable.shape.rows, matrix.rows, variable, matrix)
      try bind(variable.shape.columns, matrix.columns, variable, matrix)
      waiting.append((variable, matrix))
    }
    // A size such as n-1 or n*(n+1)/2 fixes its only unknown name.
    for (variable, matrix) in waiting {
      solve(variable.shape.rows, matrix.rows, variable)
      solve(variable.shape.columns, matrix.columns, variable)
    }
    for (variable, matrix) in waiting {
      let rows = variable.shape.rows.value { self.sizes[$0] } ?? matrix.rows
      let columns = variable.shape.columns.value { self.sizes[$0] } ?? matrix.columns
      if rows != matrix.rows || columns != matrix.columns {
        throw .wrongShape(
          name: variable.name, expected: variable.shape, got: matrix, sizes: self.sizes)
      }
    }
  }

  /// The first name of a matrix that is no variable.
  private static func unknownName(
    in matrices: [String: MatrixSize], of input: TypedInput
  ) -> String? {
    // Mostly there is none, and the tape is run hundreds of times.
    let known = input.variables.count { matrices[$0.name] != nil }
    guard known < matrices.count else { return nil }
    let names = Set(input.variables.map(\.name))
    return matrices.keys.filter { !names.contains($0) }.min()
  }

  private mutating func bind(
    _ dimension: Dim, _ size: Int, _ variable: Variable, _ matrix: MatrixSize
  ) throws(EvaluationError) {
    guard case .name(let name) = dimension else { return }
    guard let known = sizes[name] else {
      sizes[name] = size
      sources[name] = variable.name
      return
    }
    guard known != size else { return }
    guard let source = sources[name], source != variable.name else {
      throw .wrongShape(
        name: variable.name, expected: variable.shape, got: matrix, sizes: sizes)
    }
    throw .inconsistentSize(
      dimension: name, size: size, variable: variable.name, otherSize: known,
      otherVariable: source)
  }

  private mutating func solve(_ dimension: Dim, _ size: Int, _ variable: Variable) {
    let unknown = dimension.names.filter { sizes[$0] == nil }
    guard unknown.count == 1, let name = unknown.first else { return }
    // Sizes grow with their names, so that the search ends at the first excess.
    for candidate in 1...1_000_000 {
      guard let value = dimension.value({ $0 == name ? candidate : sizes[$0] }) else { continue }
      if value == size {
        sizes[name] = candidate
        sources[name] = variable.name
        return
      }
      if value > size { return }
    }
  }

  /// Lets a computed value fix a name that no variable does.
  mutating func learn(_ shape: Shape, _ size: MatrixSize) {
    if case .name(let name) = shape.rows, sizes[name] == nil { sizes[name] = size.rows }
    if case .name(let name) = shape.columns, sizes[name] == nil { sizes[name] = size.columns }
  }
}
