/// Pairs of products A*x and A'*u that need not wait for each other: A is read once for both.
struct ProductPairs {
  /// The earlier unit of each later one.
  private(set) var pairs: [Int: Int] = [:]

  /// Smaller matrices stay in the cache between the two.
  private static let smallest = 1 << 13

  init(_ schedule: Schedule) {
    let values = schedule.values
    var open: [(unit: Int, matrix: Int, transposes: Bool)] = []
    for (position, unit) in schedule.units.enumerated()
    where unit.sweep == nil && unit.branch == nil && !unit.isPass {
      let value = values[unit.members[0]]
      guard let (matrix, vector, transposes) = Self.parts(value, values),
        values[matrix].count >= Self.smallest
      else { continue }
      // The vector must be there when the earlier product is made.
      let ready = schedule.unitOf[schedule.base(vector)] ?? -1
      if let i = open.firstIndex(where: {
        $0.matrix == matrix && $0.transposes != transposes && $0.unit > ready
      }) {
        pairs[position] = open[i].unit
        open.remove(at: i)
      } else {
        open.append((position, matrix, transposes))
      }
    }
  }

  static func parts(_ value: Value, _ values: [Value]) -> (Int, Int, Bool)? {
    guard case .product(let form) = value.operation, form.beta == 0 else { return nil }
    return matrixTimesVector(value, form, values)
  }

  static func matrixTimesVector(
    _ value: Value, _ form: Value.ProductForm, _ values: [Value]
  ) -> (Int, Int, Bool)? {
    let (a, b) = (value.operands[0], value.operands[1])
    if value.columns == 1 { return values[a].isVector ? nil : (a, b, form.transposesLeft) }
    if value.rows == 1 { return values[b].isVector ? nil : (b, a, !form.transposesRight) }
    return nil
  }
}
