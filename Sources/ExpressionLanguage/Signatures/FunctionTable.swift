import ExpressionCore

/// The names that a call may have.
public enum FunctionTable {
  private static let primitives: [String: Primitive] = {
    var table: [String: Primitive] = ["ln": .log, "trace": .tr, "transpose": .transpose]
    for primitive in Primitive.allCases where primitive.isCalledByName {
      table[primitive.rawValue] = primitive
    }
    return table
  }()

  /// All names of functions, aliases included, in alphabetical order.
  public static let names: [String] = primitives.keys.sorted()

  /// Names that cannot be variables: those of functions, and `pi`.
  public static func isReserved(_ name: String) -> Bool { name == "pi" || contains(name) }

  static func contains(_ name: String) -> Bool { primitives[name] != nil }

  static func primitive(named name: String) -> Primitive? { primitives[name] }

  /// The reduction that shares its name with a function of two arguments.
  static func reduction(sharingNameWith primitive: Primitive) -> Primitive? {
    if primitive == .max { return .maximum }
    if primitive == .min { return .minimum }
    return nil
  }

  /// Names of other libraries and what they are called here.
  static let foreign = [
    "norm": "norm2", "logabsdet": "logdet", "slogdet": "logdet", "inverse": "inv", "eig": "eigvals",
    "eigh": "eigvals", "svd": "svdvals", "cholesky": "chol", "identity": "eye", "I": "eye",
    "Id": "eye", "fro": "normF", "nrm": "norm2", "lse": "logsumexp", "logistic": "sigmoid",
    "pow": "x.^p", "power": "x.^p", "mtimes": "A*B", "matmul": "A*B", "hadamard": "A.*B",
    "log_softmax": "logsoftmax", "average": "mean", "maximum": "max", "minimum": "min",
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "heaviside": "step", "sgn": "sign",
    "swish": "silu", "rot": "cross", "mldivide": "A\\B", "linsolve": "solve", "outer": "x*y'",
    "inner": "x'*y", "determinant": "det", "Tr": "tr", "diagonal": "diag", "erfinv": "normcdf",
    "gamma": "lgamma", "psi": "digamma", "Phi": "normcdf", "total": "sum", "concat": "[A, B]",
    "T": "transpose",
  ]
}

extension Primitive {
  /// Operators are spelled with signs and the second meanings of `max` and `diag` with spaces:
  /// neither has a name to call it by.
  fileprivate var isCalledByName: Bool {
    self != .negate && rawValue.allSatisfy { $0.isLetter || $0.isNumber }
  }
}
