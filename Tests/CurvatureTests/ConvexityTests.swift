import Frechet
import Testing

/// Functions whose curvature is known, from textbooks and papers.
@Suite struct ConvexityTests {
  /// The rows that no rule decides yet. The list only ever shrinks.
  static let underived: Set<String> = [
    "soc-barrier", "hyperbolic", "log-det-difference", "dirichlet-normaliser", "huber",
  ]

  @Test(arguments: ConvexityRow.all)
  func derivesWhatIsKnownAndClaimsNoMoreThanIsTrue(_ row: ConvexityRow) throws {
    let reports = try row.request.answer()
    let report = try #require(reports.first)
    #expect(!report.isContradicted, "\(report.curvature) of \(row.truth)")
    #expect(row.allows(report.curvature), "\(report.curvature) of \(row.truth)")
    #expect(report.curvature.isDerived == !report.argument.isEmpty)
    #expect(report.curvature.isDerived == (report.reason != nil))
    let isExpected = row.hasCurvature && !Self.underived.contains(row.id)
    #expect(report.curvature.isDerived == isExpected, "\(report.curvature)")
  }

  @Test func theTableIsWhole() {
    #expect(ConvexityRow.all.count >= 200)
    #expect(Set(ConvexityRow.all.map(\.id)).count == ConvexityRow.all.count)
  }
}
