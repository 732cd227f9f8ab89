import ExpressionCore
import ExpressionLanguage

/// What the printers know of the names in a piece of text.
///
/// A name without a shape follows the language: `a…g` and Greek lower case are scalars, `h…z`
/// vectors, capitals matrices; a name that occurs as a dimension is a scalar; `dX` has the shape of
/// `X`.
public struct NameScope: Sendable {
  private var extents: [String: Extent]
  private var namesAreSizes = false

  public init(shapes: [String: Shape] = [:]) {
    extents = [:]
    for shape in shapes.values {
      for size in shape.rows.names + shape.columns.names { extents[size] = .scalar }
    }
    for (name, shape) in shapes { extents[name] = Extent(shape) }
  }

  /// The names of an input: its variables, definitions and dimensions.
  public init(_ input: TypedInput) {
    self.init(shapes: Dictionary(input.variables.map { ($0.name, $0.shape) }) { first, _ in first })
    for size in input.dimensions where extents[size] == nil { extents[size] = .scalar }
    for definition in input.definitions where input.nodes.indices.contains(definition.node) {
      extents[definition.name] = Extent(input.nodes[definition.node].shape)
    }
  }

  /// The scope within which a name is defined too.
  public func adding(_ name: String, _ extent: Extent) -> NameScope {
    var scope = self
    scope.extents[name] = extent
    return scope
  }

  /// The scope of a size or a position, in which every name is a number.
  var ofSizes: NameScope {
    var scope = self
    scope.namesAreSizes = true
    return scope
  }

  public func isDeclared(_ name: String) -> Bool { extents[name] != nil }

  public func extent(of name: String) -> Extent {
    if namesAreSizes { return .scalar }
    if let extent = extents[name] { return extent }
    if let variable = variable(ofDifferential: name) { return extent(of: variable) }
    let base = NameParts(name).base
    if base == "pi" || base == "π" { return .scalar }
    if GreekLetter.latex(base) != nil {
      return GreekLetter.isCapital(base) ? .matrix : .scalar
    }
    switch base.unicodeScalars.first {
    case .some("A"..."Z"): return .matrix
    case .some("h"..."z"): return .vector
    case _: return .scalar
    }
  }

  /// The variable `X` where the name is its differential `dX`; one that is declared has its shape.
  public func variable(ofDifferential name: String) -> String? {
    guard name.hasPrefix("d"), !namesAreSizes else { return nil }
    let variable = String(name.dropFirst())
    guard let first = variable.first, first.isLetter else { return nil }
    if let declared = extents[name] { return extents[variable] == declared ? variable : nil }
    if extents[variable] != nil { return variable }
    let base = NameParts(variable).base
    return base.count == 1 || GreekLetter.letter(named: base) != nil ? variable : nil
  }
}
