import ExpressionCore

/// Declarations, from options and from the input.
extension Elaborator {
  /// Makes the names of dimensions known first, so that declarations may come in any order.
  mutating func declareAll() {
    for (input, declaration) in declarations {
      for size in declaration.sizes {
        for name in Self.names(in: size) where !FunctionTable.isReserved(name) {
          scope.addDimension(name)
        }
      }
      _ = input
    }
    for name in survey.sizes where mayBecomeDimension(name) { scope.addDimension(name) }
    for (input, declaration) in declarations { declare(declaration, in: input.source) }
  }

  /// A name where a size is asked for is a dimension, unless it is something else already. In the
  /// context of another input, unknown names are errors.
  private func mayBecomeDimension(_ name: String) -> Bool {
    context == nil && !FunctionTable.isReserved(name) && scope.definedAt[name] == nil
      && !declarations.contains { $0.1.name == name } && scope.declared[name] == nil
  }

  private static func names(in syntax: Syntax) -> [String] {
    var names: [String] = []
    var stack = [syntax]
    while let next = stack.popLast() {
      if case .name(let name) = next.kind { names.append(name) }
      stack += next.operands
    }
    return names
  }

  private mutating func declare(_ declaration: ParsedInput.Declaration, in source: String) {
    let name = declaration.name
    let report = { (problem: Problem, range: Range<Int>, hint: String?) in
      Diagnostic(problem, in: source, at: range, suggestion: hint)
    }
    if FunctionTable.isReserved(name) {
      solver.errors.append(
        report(.reservedName(name), declaration.nameRange, Self.renaming(name)))
      return
    }
    if scope.dimensions.contains(name) {
      solver.errors.append(report(.dimensionAndVariable(name), declaration.nameRange, nil))
      return
    }
    if scope.declared[name] != nil {
      let problem: Problem = context == nil ? .declaredTwice(name) : .redefinedInput(name)
      solver.errors.append(report(problem, declaration.nameRange, nil))
      return
    }
    let type = declaration.type
    let expected = Self.sizeNames(of: type)
    guard declaration.sizes.isEmpty || declaration.sizes.count == expected.count else {
      let form =
        expected.isEmpty
        ? type.rawValue : "\(type.rawValue)(\(expected.joined(separator: ",")))"
      solver.errors.append(
        report(
          .sizeCount(type: type, expected: expected.count, got: declaration.sizes.count),
          declaration.range, "Write \(name): \(form)."))
      return
    }
    var sizes: [Extent] = []
    for size in declaration.sizes {
      guard let dim = try? self.size(size), (dim.literal ?? 1) > 0 else {
        let range = size.range ?? declaration.range
        let text = String(decoding: Array(source.utf8)[range], as: UTF8.self)
        solver.errors.append(
          report(
            .notASize(function: type.rawValue, argument: Excerpt.short(text)), range,
            "A size is a positive integer or a name."))
        return
      }
      sizes.append(.fixed(dim))
    }
    scope.declared[name] = Scope.Declared(
      type: type, sign: declaration.sign, shape: shape(of: type, sizes: sizes),
      origin: .declared, source: source, range: declaration.nameRange)
    scope.declaredNames.append(name)
  }

  static func renaming(_ name: String) -> String {
    name == "pi" ? "It is the number pi; choose another name." : "Choose another name."
  }

  static func sizeNames(of type: StructureType) -> [String] {
    switch type {
    case .scalar: []
    case .vector, .row, .simplex: ["n"]
    case .symmetric, .skew, .diagonal, .lower, .upper, .spd, .psd, .orthogonal: ["n"]
    case .matrix, .stochastic: ["m", "n"]
    case .stiefel: ["n", "p"]
    }
  }

  /// The shape of a type; sizes that were left out are unknowns.
  mutating func shape(of type: StructureType, sizes: [Extent]) -> ExtentShape {
    switch type {
    case .scalar: return .scalar
    case .vector, .simplex:
      let n = sizes.first ?? solver.unifier.fresh(exceedingOne: true)
      return ExtentShape(rows: n, columns: .one)
    case .row:
      let n = sizes.first ?? solver.unifier.fresh(exceedingOne: true)
      return ExtentShape(rows: .one, columns: n)
    case .matrix, .stochastic, .stiefel:
      guard sizes.count == 2 else {
        return ExtentShape(
          rows: solver.unifier.fresh(), columns: solver.unifier.fresh(), isNotScalar: true)
      }
      return ExtentShape(rows: sizes[0], columns: sizes[1])
    case .symmetric, .skew, .diagonal, .lower, .upper, .spd, .psd, .orthogonal:
      if let n = sizes.first { return ExtentShape(rows: n, columns: n) }
      let n = solver.unifier.fresh(exceedingOne: true)
      return ExtentShape(rows: n, columns: n)
    }
  }
}
