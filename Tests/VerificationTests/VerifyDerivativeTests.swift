import Evaluation
import ExpressionCore
import ExpressionLanguage
import TapeSupport
import Testing

@testable import Verification

@Suite("Verification of derivatives")
struct VerifyDerivativeTests {
  @Test("right claims pass, with errors far below the tolerance", arguments: claimCases)
  func right(claim: ClaimCase) {
    let report = verifyDerivative(
      of: claim.function, claim: claim.right, wrt: claim.wrt, secondWrt: claim.secondWrt,
      kind: claim.kind, options: claim.options)
    #expect(report.passed, "\(String(describing: report.failure))")
    #expect(report.points == 3)
    #expect(report.maxRelativeError < 1e-8, "\(report.maxRelativeError)")
  }

  @Test("wrong claims are refuted", arguments: claimCases)
  func wrong(claim: ClaimCase) {
    for wrong in claim.wrong {
      let report = verifyDerivative(
        of: claim.function, claim: wrong, wrt: claim.wrt, secondWrt: claim.secondWrt,
        kind: claim.kind, options: claim.options)
      #expect(!report.passed)
      #expect(report.failure?.refutes == true, "\(String(describing: report.failure))")
    }
  }

  @Test("errors are far below the tolerance at many seeds", arguments: 0..<20)
  func seeds(seed: Int) {
    for claim in claimCases {
      let report = verifyDerivative(
        of: claim.function, claim: claim.right, wrt: claim.wrt, secondWrt: claim.secondWrt,
        kind: claim.kind, options: claim.options, seed: UInt64(seed))
      #expect(report.passed, "\(claim): \(String(describing: report.failure))")
    }
  }

  @Test("an input without any finite value is undecided")
  func undecided() {
    let builder = TapeBuilder()
    let x = builder.variable("x", "n", 1)
    let never = (builder.number(-1) - x.t * x).apply(.log)
    let input = builder.input(never)
    let report = verifyDerivative(of: input, claim: input, wrt: "x", kind: .gradient)
    #expect(!report.passed && report.points == 0)
    #expect(report.failure?.refutes == false)
    let unknown = verifyDerivative(of: input, claim: input, wrt: "z", kind: .gradient)
    #expect(unknown.failure == .unknownVariable("z"))
  }

  @Test("equal inputs are equal, others are not")
  func equal() {
    func trace(_ swapped: Bool) -> TypedInput {
      let builder = TapeBuilder()
      let a = builder.variable("A", "m", "n")
      let b = builder.variable("B", "n", "m")
      return builder.input((swapped ? b * a : a * b).reduce(.tr))
    }
    #expect(verifyEqual(trace(false), trace(true)).passed)
    func product(_ swapped: Bool) -> TypedInput {
      let builder = TapeBuilder()
      let a = builder.variable("A", "n", "n")
      let b = builder.variable("B", "n", "n")
      return builder.input(swapped ? b * a : a * b)
    }
    #expect(!verifyEqual(product(false), product(true)).passed)
    // Both sides zero, one of them by cancellation; and a small difference that is none.
    func cancelling(_ rest: Double) -> TypedInput {
      let builder = TapeBuilder()
      let a = builder.variable("A", "n", "n")
      let one = builder.apply(.eye, shape: Shape("n", "n"))
      return builder.input(a.apply(.inv) * a - one + rest * a)
    }
    let zero = TapeBuilder()
    let zeros = zero.input(zero.apply(.zeros, shape: Shape("n", "n")))
    #expect(verifyEqual(cancelling(0), zeros).passed)
    #expect(!verifyEqual(cancelling(1e-9), zeros).passed)
    let other = verifyEqual(trace(false), product(false))
    #expect(!other.passed)
  }
}
