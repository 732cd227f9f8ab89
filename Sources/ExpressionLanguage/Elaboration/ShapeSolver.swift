import ExpressionCore

/// Infers the shapes of a tape: rules fire as soon as what they need is known, and are forced
/// where nothing else would tell.
struct ShapeSolver {
  struct Equation {
    let left: Extent
    let right: Extent
    let node: Int
  }

  /// An undeclared scalar that was spread over a vector or matrix.
  struct Spreading {
    let variable: Int
    let over: Int
  }

  /// Rules forced one by one; later ones all at once, so that time stays linear.
  private static let carefulForcings = 48
  private static let carefulRounds = 64

  let source: String
  var unifier = Unifier()
  var drafts: [Draft] = []
  var variables: [DraftVariable] = []
  var errors: [Diagnostic] = []
  var spreadings: [Spreading] = []
  /// Where each error of shapes was found.
  var wrongNodes: [Diagnostic: Int] = [:]
  /// What is assumed of sizes with names.
  var sizeOrder = SizeOrder()
  /// Names that no invented dimension may have.
  var namesInUse: Set<String> = []

  private var pending: [Int] = []
  private var equations: [Equation] = []

  init(source: String) { self.source = source }

  // MARK: Building

  mutating func append(
    _ operation: TypedInput.Operation, _ operands: [Int] = [], parameters: [Dim] = [],
    shape: ExtentShape, range: Range<Int>?
  ) -> Int {
    drafts.append(
      Draft(
        operation: operation, operands: operands, parameters: parameters, shape: shape,
        range: range))
    return drafts.count - 1
  }

  /// A node whose shape its rule tells, now or later.
  mutating func apply(
    _ primitive: Primitive, _ operands: [Int], parameters: [Dim] = [], range: Range<Int>?
  ) -> Int {
    let node = append(
      .primitive(primitive), operands, parameters: parameters, shape: .scalar, range: range)
    if operands.contains(where: { drafts[$0].isPoisoned }) {
      poison(node)
      return node
    }
    do {
      if let shape = try shape(of: node, primitive, forced: false) {
        drafts[node].shape = shape
      } else {
        drafts[node].shape = ExtentShape(rows: unifier.fresh(), columns: unifier.fresh())
        pending.append(node)
      }
    } catch {
      fail(error, at: node)
    }
    return node
  }

  mutating func poison(_ node: Int) {
    drafts[node].isPoisoned = true
    drafts[node].shape = ExtentShape(rows: unifier.fresh(), columns: unifier.fresh())
  }

  mutating func fail(_ error: ShapeError, at node: Int) {
    let diagnostic = Diagnostic(
      error.problem, in: source, at: drafts[node].range ?? 0..<0, suggestion: error.suggestion)
    errors.append(diagnostic)
    wrongNodes[diagnostic] = node
    poison(node)
  }

  // MARK: Solving

  mutating func solve() {
    var forcings = 0
    var rounds = 0
    while true {
      rounds += 1
      let before = pending.count + equations.count
      retryPending(forcing: 0)
      retryEquations(forced: false)
      if pending.isEmpty && equations.isEmpty { return }
      if pending.count + equations.count < before, rounds < Self.carefulRounds { continue }
      if !pending.isEmpty {
        let careful = forcings < Self.carefulForcings && rounds < 2 * Self.carefulRounds
        retryPending(forcing: careful ? 1 : pending.count)
        forcings += 1
      } else {
        retryEquations(forced: true)
      }
    }
  }

  private mutating func retryPending(forcing: Int) {
    var forcings = forcing
    let waiting = pending
    pending = []
    for node in waiting {
      guard case .primitive(let primitive) = drafts[node].operation else { continue }
      if drafts[node].operands.contains(where: { drafts[$0].isPoisoned }) {
        poison(node)
        continue
      }
      do {
        guard let shape = try shape(of: node, primitive, forced: forcings > 0) else {
          pending.append(node)
          continue
        }
        if forcings > 0 { forcings -= 1 }
        let placeholder = drafts[node].shape
        drafts[node].shape.isNotScalar = shape.isNotScalar
        try require(placeholder.rows, shape.rows, at: node)
        try require(placeholder.columns, shape.columns, at: node)
      } catch {
        fail(error, at: node)
      }
    }
  }

  private mutating func retryEquations(forced: Bool) {
    let waiting = equations
    equations = []
    for equation in waiting where !drafts[equation.node].isPoisoned {
      var outcome = unifier.unify(equation.left, equation.right)
      if case .undecided = outcome, forced {
        let inOrder = isCount(equation.left) && isCount(equation.right)
        outcome = unifier.pairFactors(equation.left, equation.right, inOrder: inOrder)
      }
      switch outcome {
      case .equal: continue
      case .conflict: fail(disagreement(equation), at: equation.node)
      case .undecided:
        if forced {
          let text = text(of: equation.node)
          fail(
            ShapeError(
              .sizesUnknown(text, shown(equation.left), shown(equation.right)),
              "Declare the sizes of its variables."),
            at: equation.node)
        } else {
          equations.append(equation)
        }
      }
    }
  }

  /// Whether it is the number of entries of one variable.
  private mutating func isCount(_ extent: Extent) -> Bool {
    let resolved = unifier.resolve(extent)
    for variable in variables
    where unifier.product(variable.shape.rows, variable.shape.columns) == resolved {
      return true
    }
    return false
  }

  private mutating func disagreement(_ equation: Equation) -> ShapeError {
    ShapeError(
      .sizesDisagree(text(of: equation.node), shown(equation.left), shown(equation.right)))
  }

  // MARK: What rules use

  /// States that two extents are equal; false where they cannot be.
  mutating func agree(_ a: Extent, _ b: Extent, at node: Int) -> Bool {
    switch unifier.unify(a, b) {
    case .equal: return true
    case .conflict: return false
    case .undecided:
      equations.append(Equation(left: a, right: b, node: node))
      return true
    }
  }

  mutating func require(_ a: Extent, _ b: Extent, at node: Int) throws(ShapeError) {
    if !agree(a, b, at: node) {
      throw disagreement(Equation(left: a, right: b, node: node))
    }
  }

  mutating func isOne(_ extent: Extent) -> Bool { unifier.resolve(extent).isOne }

  /// Whether a value is 1×1; nil where that is open.
  mutating func isScalar(_ shape: ExtentShape) -> Bool? {
    if isOne(shape.rows) && isOne(shape.columns) { return true }
    if shape.isNotScalar {
      let rows = unifier.resolve(shape.rows)
      if rows == unifier.resolve(shape.columns) { unifier.exceedOne(rows) }
      return false
    }
    if unifier.isNotOne(shape.rows) || unifier.isNotOne(shape.columns) {
      return false
    }
    return nil
  }

  func operandShape(_ node: Int, _ position: Int) -> ExtentShape {
    drafts[drafts[node].operands[position]].shape
  }

  // MARK: Showing

  func text(of node: Int) -> String {
    guard let range = drafts[node].range else { return "" }
    let bytes = source.utf8
    guard
      let start = bytes.index(
        bytes.startIndex, offsetBy: range.lowerBound, limitedBy: bytes.endIndex),
      let end = bytes.index(start, offsetBy: range.count, limitedBy: bytes.endIndex)
    else { return "" }
    return Excerpt.short(String(source[start..<end]))
  }

  func operandText(_ node: Int, _ position: Int) -> String {
    text(of: drafts[node].operands[position])
  }

  mutating func shown(_ shape: ExtentShape) -> Shape {
    var namer = DimensionNamer(self)
    return namer.shape(shape)
  }

  mutating func shown(_ extent: Extent) -> Dim {
    var namer = DimensionNamer(self)
    return namer.dim(extent)
  }
}
