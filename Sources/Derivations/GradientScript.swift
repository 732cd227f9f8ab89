import Differentiation
import ExpressionCore
import ExpressionLanguage

extension Script {
  /// df to ∇f: the differential, its rules, the trace form, and what stands beside dX.
  ///
  /// Definitions of the input are the layers of a network: each is differentiated once, its
  /// gradient gets a name, and the next one is found through it.
  func deriveGradient(_ derivative: Derivative) throws(Stuck) {
    try add(.differential, .differential(workbook.result), [.start])
    var summands: [Summand]
    let open = try expanded(.differential(workbook.result), as: .differential)
    summands = open.moves ? try balanced(open) : []
    var rule = Rule.identifyGradient
    while let place = latestLayer(in: summands) {
      let layer = workbook.layers[place]
      let index = summands.firstIndex { $0.target == "d" + layer.name } ?? 0
      var here = summands.remove(at: index)
      let value = shortGradient(here)
      // A layer by which the gradient vanishes passes nothing on.
      if value.isZero { continue }
      let gradient = named(layer.name, value, &here)
      isDetail = false
      if let gradient { try add(.name(gradient.name), gradient.value, [rule]) }
      isDetail = true
      let rest = summands
      if gradient != nil { try add(.differential, Summand.sum([here] + rest), [rule]) }
      here.moving = .differential(layer.value)
      try add(.differential, Summand.sum([here] + rest), [.layer(layer.name)])
      let d = try expanded(here.term, as: .differential) { Summand.sum([Summand($0)] + rest) }
      summands = d.moves ? try balanced(d, rest) : rest
      rule = .layer(layer.name)
    }
    isDetail = false
    let gradient = summands.first?.gradient(workbook) ?? .zero(workbook.variable.shape)
    try conclude(derivative, gradient, summands.isEmpty ? .noDependence : rule)
  }

  private func latestLayer(in summands: [Summand]) -> Int? {
    workbook.layers.indices.last { i in
      summands.contains { $0.target == "d" + workbook.layers[i].name }
    }
  }

  private func shortGradient(_ summand: Summand) -> Term {
    let raw = summand.gradient(workbook)
    return workbook.simplified(raw) ?? raw
  }

  /// The gradient by a layer under a name of its own; none where it is short.
  private func named(
    _ layer: String, _ value: Term, _ summand: inout Summand
  ) -> (name: String, value: Term)? {
    guard value.size > 2 else { return nil }
    let name = workbook.gradientName(layer)
    workbook.addGradient(name, value)
    summand = Summand(gradient: .name(name, value.shape), target: summand.moving)
    return (name, value)
  }

  /// The structure of the variable, the layout, and the answer.
  private func conclude(
    _ derivative: Derivative, _ gradient: Term, _ rule: Rule
  ) throws(Stuck) {
    let options = derivative.options
    let variable = workbook.input.variables.first { $0.name == workbook.variable.name }
    let type = variable?.type ?? .matrix
    var current = gradient
    var left = DerivationLine.Left.derivative
    let structured = options.unstructured ? nil : structured(gradient, type, options)
    let isNumerator = options.layout == .numerator
    if structured != nil || isNumerator { left = .plainGradient }
    try add(left, current, [rule])
    if let structured {
      if !isNumerator { left = .derivative }
      current = structured
      try add(isNumerator ? .gradient : .derivative, current, [structureRule(type, options)])
    }
    if isNumerator {
      try add(.derivative, workbook.transposed(current), [.layout])
    }
    finish(.derivative, derivative.result, [workbook.layers.isEmpty ? .simplify : .substitute])
  }

  private func structureRule(_ type: StructureType, _ options: DerivativeOptions) -> Rule {
    switch type {
    case .spd where options.metric == .affine: .affineMetric
    case .symmetric, .spd, .psd: options.symmetric == .entries ? .freeEntries : .structure(type)
    default: .structure(type)
    }
  }

  /// The gradient within the structure of the variable; nil where that changes nothing.
  private func structured(
    _ g: Term, _ type: StructureType, _ options: DerivativeOptions
  ) -> Term? {
    let x = Term.name(workbook.variable.name, g.shape)
    func whole(_ primitive: Primitive) -> Term { .apply(primitive, [g], [], g.shape) }
    switch type {
    case .scalar, .vector, .row, .matrix, .simplex, .stochastic: return nil
    case .symmetric, .spd, .psd:
      let part = workbook.isSymmetric(g) ? g : whole(.sym)
      if options.metric == .affine, type == .spd { return .product([x, part, x]) }
      if options.symmetric == .entries {
        let column = Term.apply(.diagonal, [g], [], Shape(g.shape.rows, 1))
        let diagonal = Term.apply(.diag, [column], [], g.shape)
        return .sum(
          [.init(g), .init(workbook.transposed(g)), .init(diagonal, negative: true)], g.shape)
      }
      return part === g ? nil : part
    case .skew: return whole(.skew)
    case .diagonal:
      return .apply(.diag, [.apply(.diagonal, [g], [], Shape(g.shape.rows, 1))], [], g.shape)
    case .lower: return whole(.tril)
    case .upper: return whole(.triu)
    case .orthogonal, .stiefel:
      if options.metric == .canonical {
        let second = Term.product([x, workbook.transposed(g), x])
        return .sum([.init(g), .init(second, negative: true)], g.shape)
      }
      let square = Shape(g.shape.columns, g.shape.columns)
      let inner = Term.apply(.sym, [.product([.bareTranspose(x), g])], [], square)
      return .sum([.init(g), .init(.product([x, inner]), negative: true)], g.shape)
    }
  }
}

extension Summand {
  /// ⟨G, dV⟩
  init(gradient g: Term, target: Term) {
    self.init(target)
    if target.shape.isScalar {
      scalars = [g]
    } else if target.shape.isRow {
      right = [.bareTranspose(g)]
    } else {
      left = [.bareTranspose(g)]
      isTrace = !target.shape.isVector
    }
  }
}

extension Workbook {
  /// `delta_Z`, with which the input has nothing to do.
  func gradientName(_ layer: String) -> String {
    let taken = Set(
      input.variables.map(\.name) + input.dimensions + input.definitions.map(\.name)
        + gradients.map(\.name))
    var name = "delta_\(layer)"
    while taken.contains(name) { name += "_" }
    return name
  }
}
