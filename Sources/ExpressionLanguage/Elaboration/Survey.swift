import ExpressionCore

/// What a text says of its names before any shape is known.
struct Survey {
  /// Names that stand under a transpose.
  private(set) var transposed: Set<String> = []
  /// Names that stand where a size is asked for.
  private(set) var sizes: [String] = []
  /// All names that occur as values, sizes or definitions.
  private(set) var names: Set<String> = []

  private var sizeSet: Set<String> = []

  mutating func add(_ input: ParsedInput) {
    for statement in input.statements {
      switch statement {
      case .declaration(let declaration):
        names.insert(declaration.name)
        for size in declaration.sizes { add(size, asSize: true) }
      case .assumption: break
      case .definition(let definition):
        names.insert(definition.name)
        add(definition.value, asSize: false)
      case .expression(let syntax): add(syntax, asSize: false)
      }
    }
  }

  private mutating func add(_ root: Syntax, asSize: Bool) {
    var stack = [(root, asSize)]
    while let (syntax, asSize) = stack.popLast() {
      switch syntax.kind {
      case .name(let name):
        names.insert(name)
        if asSize, sizeSet.insert(name).inserted { sizes.append(name) }
      case .transpose(let operand):
        note(transposed: operand)
        stack.append((operand, asSize))
      case .call(let name, let arguments):
        if name == "transpose" { arguments.forEach { note(transposed: $0) } }
        let expected = FunctionTable.primitive(named: name)?.signature.arguments ?? []
        for (position, argument) in arguments.enumerated() {
          let isSize = position < expected.count && !expected[position].isValue
          stack.append((argument, asSize || isSize))
        }
      case .number: break
      case .negate, .sum, .product, .power, .elementwisePower, .blocks:
        stack += syntax.operands.map { ($0, asSize) }
      }
    }
  }

  private mutating func note(transposed syntax: Syntax) {
    if case .name(let name) = syntax.kind { transposed.insert(name) }
  }

  /// The type of an undeclared name, by its first letter.
  func standardType(of name: String) -> StructureType {
    guard let first = name.unicodeScalars.first else { return .scalar }
    switch first {
    case "a"..."g": return transposed.contains(name) ? .vector : .scalar
    case "h"..."z": return .vector
    case "A"..."Z": return .matrix
    default:
      if first.properties.isUppercase { return .matrix }
      return transposed.contains(name) ? .vector : .scalar
    }
  }
}

extension Signature.Argument {
  var isValue: Bool {
    switch self {
    case .value: true
    case .size, .position, .axis, .order, .stride, .padding: false
    }
  }
}
