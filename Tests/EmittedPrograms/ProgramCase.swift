import Frechet

/// A program, the arguments of one call, and what it has to return.
public struct ProgramCase: Sendable {
  public struct Argument: Sendable {
    public let variable: Variable
    public let value: Matrix
  }

  public struct Output: Sendable {
    public let name: String
    public let shape: Shape
    public let value: Matrix
  }

  /// An argument of a shape that no program may accept.
  public struct Misfit: Sendable {
    /// Among the arguments.
    public let place: Int
    public let rows: Int
    public let columns: Int
    /// Whether it has an axis that the declared shape has not.
    public let hasFurtherAxis: Bool
  }

  public let id: String
  public let program: GeneratedProgram
  public let arguments: [Argument]
  /// The size of each dimension.
  public let dimensions: [String: Int]
  /// The sizes that the program takes as arguments.
  public let sizes: [Int]
  public let outputs: [Output]
  /// The variables of differentiation, by their place among the arguments.
  public let places: [Int]
  /// The arguments of the value alone: all but directions, by their place.
  public let valuePlaces: [Int]

  /// Each argument once along each axis one larger than it may be: where it does not itself say how
  /// large a dimension is.
  public var misfits: [Misfit] {
    var known: Set<String> = []
    var misfits: [Misfit] = []
    for (place, argument) in arguments.enumerated() {
      // Languages differ in how they spell a Greek letter.
      let isSpelledAlike = argument.variable.name.allSatisfy(\.isASCII)
      let (shape, value) = (argument.variable.shape, argument.value)
      for (axis, dim) in [shape.rows, shape.columns].enumerated() {
        if case .name(let name) = dim, known.insert(name).inserted { continue }
        guard isSpelledAlike else { continue }
        misfits.append(
          Misfit(
            place: place, rows: value.rows + 1 - axis, columns: value.columns + axis,
            hasFurtherAxis: dim == .literal(1)))
      }
    }
    return misfits
  }

  public enum Failure: Error, CustomStringConvertible {
    case noPoint

    public var description: String { "no random point at which all is finite" }
  }

  /// Evaluates the formulas of a program at a random point that respects the declarations.
  ///
  /// - Parameter dimensions: sizes that are not left to chance.
  public init(
    id: String, program: GeneratedProgram, dimensions: [String: Int] = [:], seed: UInt64 = 7
  ) throws {
    self.id = id
    self.program = program
    let inputs = program.formulas.map(\.input)
    var points = RandomPoints(inputs, sizes: dimensions, seed: seed)
    for _ in 0..<40 {
      guard let point = points.next() else { break }
      let values = inputs.compactMap { try? point.value(of: $0) }
      guard values.count == inputs.count,
        values.allSatisfy({ $0.result.allFinite && $0.warnings.isEmpty })
      else { continue }
      let interface = program.interface
      arguments = interface.variables.compactMap { variable in
        point.values[variable.name].map { Argument(variable: variable, value: $0) }
      }
      let dimensions = values[0].sizes.merging(point.sizes) { $1 }
      self.dimensions = dimensions
      sizes = interface.sizes.compactMap { dimensions[$0] }
      outputs = zip(interface.outputs, zip(inputs, values)).map { name, pair in
        Output(name: name, shape: pair.0.nodes[pair.0.result].shape, value: pair.1.result)
      }
      let wrt = Set(program.formulas.flatMap { $0.role.variables })
      places = interface.variables.indices.filter { wrt.contains(interface.variables[$0].name) }
      let directions = Set(program.formulas.compactMap { $0.role.direction })
      valuePlaces = interface.variables.indices.filter {
        !directions.contains(interface.variables[$0].name)
      }
      return
    }
    throw Failure.noPoint
  }
}

extension Listing.Role {
  fileprivate var direction: String? {
    if case .product(_, let name) = self { name } else { nil }
  }

  /// The variables of differentiation.
  fileprivate var variables: [String] {
    switch self {
    case .value: []
    case .gradient(let x), .derivative(let x), .jacobian(let x), .product(let x, _): [x]
    case .hessian(let x, let y): [x, y]
    }
  }
}
