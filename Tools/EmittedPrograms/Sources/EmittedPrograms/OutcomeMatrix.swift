import EmittedPrograms
import Frechet

/// What became of all programs.
struct OutcomeMatrix {
  var batches: [OutcomeBatch] = []
  /// Languages that cannot run here, with the number of programs that were not run.
  var absent: [(target: TargetName, count: Int, obstacle: String)] = []

  var isRight: Bool { batches.allSatisfy { $0.wrong == 0 } }

  /// Counts for each language and group.
  var text: String {
    let header = ["language", "rows", "programs", "right", "wrong", "refused", "parsed"]
    var lines = [header]
    for batch in batches {
      let counts = [batch.rows.count, batch.right, batch.wrong, batch.refused, batch.parsed]
      lines.append(["\(batch.target)", batch.group.rawValue] + counts.map(String.init))
    }
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    var rows = lines.map { line in
      zip(line, widths).enumerated().map { index, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return index < 2 ? cell.0 + space : space + cell.0
      }.joined(separator: "  ")
    }
    rows += absent.map { "\($0.target): SKIPPED, \($0.count) programs not run: \($0.obstacle)" }
    return rows.joined(separator: "\n")
  }

  /// Each row in each language, in Markdown.
  var table: String {
    var targets: [TargetName] = []
    var groups: [ProgramGroup] = []
    for batch in batches {
      if !targets.contains(batch.target) { targets.append(batch.target) }
      if !groups.contains(batch.group) { groups.append(batch.group) }
    }
    var lines: [String] = []
    for group in groups {
      lines += ["## \(group.rawValue): \(group.summary)", ""]
      lines.append("| row | " + targets.map(\.rawValue).joined(separator: " | ") + " |")
      lines.append("|---" + String(repeating: "|---", count: targets.count) + "|")
      let own = batches.filter { $0.group == group }
      for row in own.first?.rows ?? [] {
        let cells = targets.map { target in
          own.first { $0.target == target }?.outcomes[row.id].map(Self.cell) ?? ""
        }
        lines.append("| \(row.id) | " + cells.joined(separator: " | ") + " |")
      }
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }

  private static func cell(_ outcome: ProgramOutcome) -> String {
    switch outcome {
    case .right(let checks): (["right"] + checks).joined(separator: ", ")
    case .parsed: "parsed"
    case .refused(let reason):
      "refused: " + (reason.split(separator: ":").first.map(String.init) ?? "")
    case .wrong(let text): "**wrong**: " + text.replacing("|", with: "\\|")
    }
  }
}
