import Evaluation

/// The value of an input and of its derivatives.
public struct EvaluationReport: Sendable {
  public struct Entry: Sendable {
    public let quantity: EvaluationRequest.Quantity
    public let matrix: Matrix
  }

  public let input: String
  /// The names of dimensions.
  public let sizes: [String: Int]
  public let value: Matrix
  /// In the order of the request.
  public let entries: [Entry]
  /// What makes a number less certain than it looks, and the notes on the input.
  public let notes: [String]
  public let precision: Precision

  init(
    input: String, sizes: [String: Int], value: Matrix, entries: [Entry], notes: [String],
    precision: Precision
  ) {
    self.input = input
    self.sizes = sizes
    self.value = value.rounded(to: precision)
    self.entries = entries.map {
      Entry(quantity: $0.quantity, matrix: $0.matrix.rounded(to: precision))
    }
    self.notes = notes
    self.precision = precision
  }

  /// A number as its precision writes it; one that is none has no sign.
  fileprivate func text(_ number: Double) -> String {
    number.isNaN ? "nan" : precision == .double ? "\(number)" : "\(Float(number))"
  }
}

extension EvaluationReport {
  /// The report as JSON: a matrix as the list of its rows.
  public var json: JSON {
    var byName: [(key: String, value: JSON)] = []
    for entry in entries {
      let member = (key: entry.quantity.variable, value: entry.matrix.json)
      if let index = byName.firstIndex(where: { $0.key == entry.quantity.name }),
        case .object(let members) = byName[index].value
      {
        byName[index].value = .object(members + [member])
      } else {
        byName.append((entry.quantity.name, .object([member])))
      }
    }
    return .object(
      [
        ("input", .string(input)),
        ("sizes", .object(sizes.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })),
        ("value", value.json),
      ] + byName + [("notes", .strings(notes))])
  }

  /// Each matrix below its name; more than `limit` entries are not listed.
  public func text(limit: Int = 10_000) -> String {
    let named =
      [(name: "value", matrix: value)]
      + entries.map { ("\($0.quantity.name) \($0.quantity.variable)", $0.matrix) }
    return named.map { name, matrix in
      if matrix.isScalar { return "\(name) = \(text(matrix[0, 0]))\n" }
      let title = "\(name) (\(matrix.rows) x \(matrix.columns))"
      return matrix.count > limit
        ? "\(title): too large to be listed\n" : "\(title):\n\(table(matrix))"
    }.joined()
  }

  /// The rows as lines, columns aligned to the right.
  private func table(_ matrix: Matrix) -> String {
    let cells = (0..<matrix.rows).map { i in (0..<matrix.columns).map { j in text(matrix[i, j]) } }
    let widths = (0..<matrix.columns).map { j in cells.map { $0[j].count }.max() ?? 0 }
    return cells.map { row in
      zip(row, widths).map { "  " + String(repeating: " ", count: $1 - $0.count) + $0 }.joined()
        + "\n"
    }.joined()
  }
}

extension Matrix {
  var json: JSON {
    .object([
      ("shape", .array([.integer(rows), .integer(columns)])),
      (
        "rows",
        .array(
          (0..<rows).map { i in .array((0..<columns).map { j in .number(self[i, j]) }) })
      ),
    ])
  }
}
