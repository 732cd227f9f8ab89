/// The types of a declaration (`A: symmetric(n)`).
public enum StructureType: String, CaseIterable, Sendable {
  case scalar, vector, row, matrix
  case symmetric, skew, diagonal, lower, upper
  case spd, psd
  case orthogonal, stiefel
  case simplex, stochastic
}

/// The sign that a declaration states of every entry.
public enum EntrySign: String, Sendable {
  case any, nonnegative, positive
}

/// A variable of an input: its name, shape, and what was declared of it.
public struct Variable: Hashable, Sendable {
  public let name: String
  public let shape: Shape
  public let type: StructureType
  public let sign: EntrySign

  /// What the declared sign says of every entry: those beside a diagonal or triangle are 0.
  public var signOfEveryEntry: EntrySign {
    switch type {
    case .diagonal, .lower, .upper: sign == .positive ? .nonnegative : sign
    case .scalar, .vector, .row, .matrix, .symmetric, .skew, .spd, .psd, .orthogonal, .stiefel,
      .simplex, .stochastic:
      sign
    }
  }

  public init(name: String, shape: Shape, type: StructureType, sign: EntrySign = .any) {
    self.name = name
    self.shape = shape
    self.type = type
    self.sign = sign
  }
}
