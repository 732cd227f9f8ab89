import ExpressionCore

/// An input whose names are resolved, whose shapes are known and whose operators mean one thing:
/// what is derived, evaluated and verified.
///
/// `nodes` is a tape: operands come before the operations that use them, so that every pass over
/// it is a loop. Nothing is simplified; the tape says what the author wrote.
public struct TypedInput: Sendable {
  public struct Node: Sendable {
    public let operation: Operation
    /// Indices of earlier nodes.
    public let operands: [Int]
    /// The arguments that are sizes, positions or axes (`sum(X,1)`, `reshape(X,m,n)`, `unit(n,i)`,
    /// `polygamma(k,x)`), in the order of the language.
    public let parameters: [Dim]
    public let shape: Shape
    /// UTF-8 offsets in the source.
    public let range: Range<Int>?

    public init(
      _ operation: Operation, _ operands: [Int] = [], parameters: [Dim] = [], shape: Shape,
      range: Range<Int>? = nil
    ) {
      self.operation = operation
      self.operands = operands
      self.parameters = parameters
      self.shape = shape
      self.range = range
    }
  }

  public enum Operation: Hashable, Sendable {
    /// By index into `variables`.
    case variable(Int)
    case number(Number)
    case pi
    /// A dimension as a scalar (`1/(2*m)`).
    case dimension(Dim)
    /// Shapes are known, so overloads are settled as follows. `add`, `subtract`, `hadamard`,
    /// `elementwiseDivide`, `max`, `min` and the like spread a 1×1, 1×n or m×1 operand over the
    /// node's shape. `multiply` with a 1×1 operand scales, else is the matrix product.
    /// `divide` has a 1×1 divisor or is `A*inv(B)`. `power` has a scalar base, or a square matrix
    /// base with a scalar exponent. Reductions without an axis have no parameters, else [1] or
    /// [2]; so does the softmax family (of a vector [1], of a row [2], always given).
    /// `blocks` has parameters [number of block rows, blocks in row 1, blocks in row 2, …].
    /// `diag` makes a diagonal matrix, `diagonal` takes one's diagonal. `eye` has shape n×n and no
    /// parameters, as have `ones`, `zeros` (their shape says all); `constantVector` and
    /// `constantMatrix` have one scalar operand. `col`, `row`, `entry`, `unit` have their positions
    /// (from 1) as parameters. `commutation` has parameters [m, n], `duplication` [n].
    /// `im2col`: [kh, kw, stride, padding]; `col2im`: [h, w, kh, kw, stride, padding];
    /// `conv1d`, `conv2d`: [stride, padding], defaults filled in.
    case primitive(Primitive)
  }

  /// A name that the author gave to a value.
  public struct Definition: Sendable {
    public let name: String
    public let node: Int

    public init(name: String, node: Int) {
      self.name = name
      self.node = node
    }
  }

  public var source: String
  /// In the order of their appearance; declared ones that do not appear come last.
  public var variables: [Variable]
  public var nodes: [Node]
  public var definitions: [Definition]
  /// The node of the final expression.
  public var result: Int
  /// The names of dimensions that are in use (declared, or fresh ones that inference invented).
  public var dimensions: [String]
  /// What the user should know, such as "b was read as a scalar; declare `b: vector(m)` …".
  public var notes: [String]
  /// What is assumed of the dimensions.
  public var sizeOrder = SizeOrder()

  public init(
    source: String, variables: [Variable], nodes: [Node], definitions: [Definition], result: Int,
    dimensions: [String], notes: [String]
  ) {
    self.source = source
    self.variables = variables
    self.nodes = nodes
    self.definitions = definitions
    self.result = result
    self.dimensions = dimensions
    self.notes = notes
  }
}

extension TypedInput {
  /// X of a node `log(det(X))`: its value is that of `logdet(X)` where det(X) > 0, which no
  /// determinant that is too large or too small for a number spoils.
  public func determinantMatrix(ofLogarithm node: Node) -> Int? {
    guard case .primitive(.log) = node.operation, let operand = node.operands.first,
      nodes.indices.contains(operand), case .primitive(.det) = nodes[operand].operation
    else { return nil }
    return nodes[operand].operands.first
  }
}
