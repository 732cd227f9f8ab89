import Foundation
import Testing

@testable import Frechet

@Suite struct LimitTests {
  @Test func theResultComesBack() throws {
    let result = try limited(to: 5) { _ throws(FrechetError) in 42 }
    #expect(result == 42)
  }

  @Test func errorsComeBack() {
    #expect(throws: FrechetError.self) {
      try limited(to: 5) { _ throws(FrechetError) -> Int in throw .input("no") }
    }
  }

  @Test func workThatDoesNotEndIsGivenUp() {
    let start = ContinuousClock.now
    #expect(throws: FrechetError.self) {
      try limited(to: 0.05) { deadline throws(FrechetError) -> Int in
        while true {
          usleep(1000)
          try deadline?.check()
        }
      }
    }
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test func workThatIsDeafIsGivenUp() {
    #expect(throws: FrechetError.self) {
      try limited(to: 0.05) { _ throws(FrechetError) -> Int in
        sleep(2)
        return 1
      }
    }
  }

  @Test func theStackIsDeep() throws {
    @Sendable func depth(_ n: Int) -> Int { n == 0 ? 0 : 1 + depth(n - 1) }
    let levels = 200_000
    #expect(try limited(to: nil) { _ throws(FrechetError) in depth(levels) } == levels)
  }
}
