import Curvature
import Emission
import ExpressionCore
import Verification

extension ConvexityReport {
  /// The report as JSON.
  public var json: JSON {
    .object([
      ("input", .string(input)), ("wrt", .strings(wrt)),
      ("verdict", .string(curvature.rawValue)),
      ("where", .array(conditions.map(\.json))),
      ("reason", reason.map { .string($0.text) } ?? .null),
      ("form", .object(formMembers)),
      (
        "argument",
        .array(
          argument.map { step in
            .object([
              ("statement", step.statement.json), ("rule", step.rule.json),
              ("source", .string(step.source)),
            ])
          })
      ),
      ("obstacle", obstacle.map { .string($0) } ?? .null),
      ("variables", .object(variables.map { ($0.name, $0.json) })),
      ("evidence", samples?.json ?? .null),
      ("contradicted", .bool(isContradicted)), ("notes", .strings(notes)),
    ])
  }

  private var formMembers: [(key: String, value: JSON)] {
    guard let form, let formKind else { return [] }
    let kind =
      switch formKind {
      case .hessian: "hessian"
      case .secondDifferential: "second differential"
      }
    guard case .object(let members) = form.json() else { return [] }
    return [("kind", .string(kind))] + members
  }
}

extension ConvexityReport.Statement {
  var json: JSON {
    .object([("text", .string(text)), ("unicode", .string(unicode)), ("latex", .string(latex))])
  }
}

extension CurvatureSamples {
  var json: JSON {
    .object([
      ("segments", .integer(segments)), ("upward", upward?.json ?? .null),
      ("downward", downward?.json ?? .null),
    ])
  }
}

extension CurvatureSegment {
  fileprivate var json: JSON {
    func values(_ matrices: [String: Matrix]) -> JSON {
      .object(
        matrices.sorted { $0.key < $1.key }.map { name, matrix in
          let rows = (0..<matrix.rows).map { i in
            JSON.array((0..<matrix.columns).map { .number(matrix[i, $0]) })
          }
          return (name, .array(rows))
        })
    }
    return .object([
      ("from", values(start)), ("to", values(end)), ("data", values(data)), ("gap", .number(gap)),
    ])
  }
}
