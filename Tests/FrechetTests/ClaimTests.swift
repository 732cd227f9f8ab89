import Foundation
import Frechet
import Testing

/// The verdicts and diagnoses of `check`.
@Suite struct ClaimTests {
  @Test func theClaimsAreThere() {
    #expect(ClaimRow.claims.count == 52)
    #expect(ClaimRow.errors.count == 24)
  }

  @Test(arguments: ClaimRow.rows)
  func theVerdictIsRight(row: ClaimRow) throws {
    let report = try row.answered()
    #expect(report.isCorrect == row.correct)
    #expect(report.isCorrect == (report.verdict.finding == nil))
    let finding = report.verdict.finding
    #expect(
      row.accepts(finding?.diagnosis),
      "\(finding?.diagnosis.rawValue ?? "right"), not \(row.diagnosis ?? "right"): \(finding?.detail ?? "")"
    )
  }

  @Test func theReportIsJSON() throws {
    let report = try ClaimRequest("x'*A*x", wrt: ["x"], claim: "2*A*x").answer()
    let json = try JSONSerialization.jsonObject(with: Data(report.json.text().utf8))
    let members = try #require(json as? [String: Any])
    #expect(members["correct"] as? Bool == false)
    #expect(members["diagnosis"] as? String == "assumed-symmetric")
    #expect((members["detail"] as? String)?.contains("A is symmetric") == true)
    #expect((members["expected"] as? [String: Any])?["text"] as? String == "(A + A')*x")
  }

  @Test func theFactorIsNamed() throws {
    let claim = ClaimRequest(
      "norm2(X*w - y)^2/(2*m)", wrt: ["w"], claim: "X'*(X*w - y)",
      declarations: ["X: matrix(m,n)"])
    #expect(try claim.answer().verdict.finding?.detail == "The derivative is 1/m times the claim.")
  }

  /// A forgotten inner derivative is a factor too, where it is a scalar.
  @Test(arguments: [
    ("(w'*x)^2", "2*w", "(w'*x)"), ("norm2(x)", "x", "1/norm2(x)"),
    ("exp(x'*x)", "2*x", "exp(x'*x)"), ("log(norm2(x)^2)", "2*x/norm2(x)", "1/norm2(x)"),
  ])
  func aFactorThatTheInputComputesIsNamed(input: String, claim: String, factor: String) throws {
    let finding = try ClaimRequest(input, wrt: ["x"], claim: claim).answer().verdict.finding
    #expect(finding?.detail == "The derivative is \(factor) times the claim.")
  }

  @Test func aClaimOfAnotherNameIsAnError() {
    #expect(throws: FrechetError.self) {
      try ClaimRequest("x'*x", wrt: ["x"], claim: "2*q").answer()
    }
  }

  /// Two mistakes at once are named, though no single diagnosis fits.
  @Test(arguments: [
    ("x'*A*x", "-2*A'*x", "-1 times the claim where A is symmetric"),
    ("A*x", "-A'", "-1 times the transpose of the claim"),
  ])
  func twoMistakesAreNamed(input: String, claim: String, detail: String) throws {
    let request = ClaimRequest(
      input, wrt: ["x"], claim: claim, declarations: ["A: matrix(n,n)"])
    let finding = try request.answer().verdict.finding
    #expect(finding?.diagnosis == .unknown)
    #expect(finding?.detail.contains(detail) == true, "\(finding?.detail ?? "")")
  }

  /// What cannot be derived is still measured.
  @Test(arguments: [("2*x", true), ("x", false)])
  func whatHasNoDerivativeIsMeasured(claim: String, correct: Bool) throws {
    let report = try ClaimRequest("lambdamax(x*x')", wrt: ["x"], claim: claim).answer()
    #expect(report.isCorrect == correct)
  }
}
