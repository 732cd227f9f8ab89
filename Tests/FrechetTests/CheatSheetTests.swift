import Frechet
import Testing

@Suite struct CheatSheetTests {
  @Test(arguments: CheatSheetTopic.all.map(\.name))
  func everyRowIsVerified(topic: String) throws {
    let sheet = try CheatSheetRequest(topic: topic).answer()
    let rows = sheet.sections.flatMap(\.rows)
    #expect(rows.count >= 8)
    for row in rows { #expect(row.report.verification?.passed == true, "\(row.report.input)") }
    #expect(!sheet.failedVerification)
  }

  @Test func topicsAreFoundByTheirBeginning() throws {
    for name in ["second-order", "second", "Second Order"] {
      let sheet = try CheatSheetRequest(topic: name, verify: false).answer()
      #expect(sheet.sections.map(\.topic) == ["second order"])
    }
  }

  @Test func anUnknownTopicIsAnError() throws {
    do {
      _ = try CheatSheetRequest(topic: "tracs").answer()
      Issue.record("no error")
    } catch {
      #expect(error.description.contains("did you mean traces?"))
    }
  }

  @Test func everyFormatHasEveryRow() throws {
    let sheet = try CheatSheetRequest(topic: "determinants", verify: false).answer()
    let count = sheet.sections[0].rows.count
    #expect(sheet.text(in: .ascii).split(separator: "\n").count == count + 1)
    #expect(sheet.markdown.split(separator: "\n").count { $0.hasPrefix("| $") } == count + 1)
    #expect(sheet.latex.split(separator: "\n").count { $0.contains(" &\\colon") } == count)
    #expect(sheet.json.text().contains(#""topic": "determinants""#))
  }
}
