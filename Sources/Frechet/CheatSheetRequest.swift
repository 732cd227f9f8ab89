import Differentiation

/// Asks for the cheat sheet, or for one topic of it.
public struct CheatSheetRequest: Sendable {
  /// Nil for all topics.
  public var topic: String?
  /// Checks every row numerically.
  public var verify: Bool
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(topic: String? = nil, verify: Bool = true, timeLimit: Double? = nil) {
    self.topic = topic
    self.verify = verify
    self.timeLimit = timeLimit
  }

  /// Derives every row. Throws where there is no such topic, or where the time is over.
  public func answer() throws(FrechetError) -> CheatSheet {
    var topics = CheatSheetTopic.all
    if let topic {
      guard let found = CheatSheetTopic.find(topic) else { throw Self.unknown(topic) }
      topics = [found]
    }
    let chosen = topics
    return try limited(to: timeLimit) { deadline throws(FrechetError) in
      var sections: [CheatSheet.Section] = []
      for topic in chosen {
        var rows: [CheatSheet.Row] = []
        for row in topic.rows {
          try deadline?.check()
          rows.append(try self.row(row))
        }
        sections.append(CheatSheet.Section(topic: topic.name, rows: rows))
      }
      return CheatSheet(sections: sections)
    }
  }

  private func row(_ row: CheatSheetTopic.Row) throws(FrechetError) -> CheatSheet.Row {
    var options = DerivativeOptions()
    options.order = row.order
    options.form = row.form
    let typed = try Parts.read(row.input, declarations: row.declarations)
    let request = DerivativeRequest(
      row.input, wrt: [row.wrt], declarations: row.declarations, options: options, verify: verify)
    guard let report = try request.reports(of: typed, until: nil).first else {
      throw .derivative("table: no derivative of \(row.input)")
    }
    return CheatSheet.Row(declarations: row.declarations, report: report)
  }

  private static func unknown(_ topic: String) -> FrechetError {
    let names = CheatSheetTopic.all.map(\.name)
    let near = NearestName.find(for: topic.lowercased(), among: names)
    let mend = near.map { "did you mean \($0)?" } ?? "there are \(names.joined(separator: ", "))."
    return .input("table: there is no topic \(topic); \(mend)")
  }
}
