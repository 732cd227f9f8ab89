import ExpressionCore

/// What the names of an input stand for.
struct Scope {
  /// A variable that was declared or given; its place in the tape's list once it is used.
  struct Declared {
    let type: StructureType
    let sign: EntrySign
    let shape: ExtentShape
    let origin: DraftVariable.Origin
    let source: String
    let range: Range<Int>
  }

  struct Definition {
    let node: Int
    /// The value as a size, where it is one.
    let size: Dim?
  }

  var declared: [String: Declared] = [:]
  /// In the order of declaration.
  var declaredNames: [String] = []
  var definitions: [String: Definition] = [:]
  /// Where each name is defined, by the index of the statement.
  var definedAt: [String: Int] = [:]
  var dimensions: Set<String> = []
  /// In the order of appearance.
  var dimensionNames: [String] = []
  var variableIndex: [String: Int] = [:]

  mutating func addDimension(_ name: String) {
    if dimensions.insert(name).inserted { dimensionNames.append(name) }
  }

  /// All that a name could be meant to be, for spelling suggestions.
  var knownNames: [String] {
    declaredNames + variableIndex.keys.sorted() + definitions.keys.sorted() + dimensionNames
  }
}
