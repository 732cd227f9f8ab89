import ExpressionCore

/// Assumptions on sizes, from options and from the input.
extension Elaborator {
  /// The order of the sizes that have names before any shape is known.
  mutating func knownOrder() -> SizeOrder {
    var relations: [SizeOrder.Relation] = []
    for (_, assumption) in assumptions {
      if let relation = try? relation(assumption) { relations.append(relation) }
    }
    return SizeOrder(relations)
  }

  /// The order of the sizes of a tape. Throws where an assumption is on something else, or where two
  /// contradict each other.
  mutating func sizeOrder(of typed: TypedInput) throws(Diagnostics) -> SizeOrder {
    var relations = context?.sizeOrder.relations ?? []
    typed.dimensions.forEach { scope.addDimension($0) }
    for (text, assumption) in assumptions {
      let relation: SizeOrder.Relation
      do {
        relation = try self.relation(assumption)
      } catch {
        throw refusal(of: error.range ?? assumption.range, in: text, typed)
      }
      relations.append(relation)
    }
    let order = SizeOrder(relations)
    guard order.contradiction == nil else { throw contradiction(in: relations) }
    return order
  }

  /// The first assumption that those before it refute.
  private func contradiction(in relations: [SizeOrder.Relation]) -> Diagnostics {
    let given = relations.count - assumptions.count
    let first =
      assumptions.indices.first {
        SizeOrder(Array(relations[...(given + $0)])).contradiction != nil
      }
      ?? assumptions.count - 1
    let (text, assumption) = assumptions[first]
    return Diagnostics(
      Diagnostic(
        .contradictoryAssumption(
          "\(relations[given + first])", others: relations[..<(given + first)].map(\.description)),
        in: text.source, at: assumption.range, suggestion: "Leave one of them out."))
  }

  private mutating func relation(
    _ assumption: ParsedInput.Assumption
  ) throws(SizeError) -> SizeOrder.Relation {
    let (left, right) = (try size(assumption.left), try size(assumption.right))
    let relation = assumption.relation
    return relation.isLess
      ? SizeOrder.Relation(left, right, isStrict: relation.isStrict)
      : SizeOrder.Relation(right, left, isStrict: relation.isStrict)
  }

  private func refusal(
    of range: Range<Int>, in text: ParsedInput, _ typed: TypedInput
  ) -> Diagnostics {
    let written = String(decoding: Array(text.source.utf8)[range], as: UTF8.self)
    let sizes = typed.dimensions.joined(separator: ", ")
    return Diagnostics(
      Diagnostic(
        .notASizeOfTheInput(Excerpt.short(written)), in: text.source, at: range,
        suggestion: sizes.isEmpty
          ? "The input has no size with a name." : "The sizes of the input are \(sizes)."))
  }
}
