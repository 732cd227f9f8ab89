import Testing

@testable import ExpressionLanguage

/// No text crashes the reader, and time grows with the length.
@Suite struct RobustnessTests {
  private func read(_ text: String) -> Diagnostics? {
    do {
      let typed = try Language.elaborate(text)
      _ = try ParsedInput(text).result?.description
      return typed.nodes.isEmpty ? nil : nil
    } catch {
      #expect(!error.description.isEmpty)
      return error
    }
  }

  private static let deep = 100_000

  @Test(arguments: [
    String(repeating: "(", count: deep), String(repeating: "(", count: deep) + "x",
    String(repeating: "(", count: deep) + "x" + String(repeating: ")", count: deep),
    String(repeating: "[", count: deep), String(repeating: "f(", count: deep),
    String(repeating: "exp(", count: deep), "x" + String(repeating: "'", count: deep),
    String(repeating: "-", count: deep) + "x", "x" + String(repeating: "^2", count: deep),
    "x" + String(repeating: "²", count: deep), "x" + String(repeating: "^-", count: deep),
    "x*" + String(repeating: "-", count: deep) + "x",
    "A: matrix(" + String(repeating: "(", count: deep),
    String(repeating: "(-", count: deep) + "x", String(repeating: "x*(", count: deep),
  ])
  func deepNestingIsAnError(_ text: String) {
    #expect(read(text) != nil)
  }

  @Test func nestingBelowTheLimitIsRead() {
    let text = String(repeating: "exp(", count: 900) + "x" + String(repeating: ")", count: 900)
    #expect(read(text) == nil)
  }

  @Test(arguments: [
    "x + ", "A*B + ", "A*", "x.*y - ", "x'*x + ", "exp(x) + ", "[1, 2; 3, 4]*", "A + B + ",
  ])
  func longInputsAreRead(_ part: String) {
    let seed =
      part.hasSuffix("+ ") || part.hasSuffix("- ")
      ? String(part.dropLast(3)) : String(part.dropLast())
    let text = String(repeating: part, count: 20_000) + seed
    #expect(read(text) == nil)
  }

  @Test func timeIsLinear() {
    let clock = ContinuousClock()
    func time(_ count: Int) -> Duration {
      let text = String(repeating: "A*x + b - ", count: count) + "x"
      return clock.measure { _ = read(text) }
    }
    _ = time(1000)
    let (short, long) = (time(4000), time(32_000))
    #expect(long < short * 40)
  }

  @Test(arguments: ["(]", "\u{0}", "é", "@#$%", "a b ", "''''", "1.2.3.", "\\", "[;,]", "= : ,"])
  func aMegabyteOfGarbageIsAnError(_ part: String) {
    let text = String(repeating: part, count: 1_000_000 / part.utf8.count)
    #expect(read(text) != nil)
  }

  @Test func growingSizesEnd() {
    let squares = (1...80).map { "A\($0) = kron(A\($0 - 1),A\($0 - 1))" }.joined(separator: "; ")
    #expect(read("A0: matrix(m,n); \(squares); A80") != nil)
    #expect(read("A0: matrix(9,9); \(squares); A80") != nil)
    let vectors = (1...80).map { "x\($0) = x\($0 - 1) ⊗ x\($0 - 1)" }.joined(separator: "; ")
    #expect(read("\(vectors); x80") != nil)
    let blocks = (1...80).map { "B\($0) = [B\($0 - 1), kron(B\($0 - 1),C\($0))]" }
    _ = read("\(blocks.joined(separator: "; ")); B80")
    #expect(read("ones(99999999999*99999999999*n^8,1)") != nil)
  }

  @Test func mutatedInputsNeverCrash() {
    var random = SplitMix(state: 7)
    let alphabet = Array("()[]'^*/\\.+-,;:=# \n0129eEabnxAXT_'ᵀ²⁻·λΣ⊙⊗é\u{0}".utf8)
    let inputs = CorpusRow.all.compactMap(\.input)
    for round in 0..<4000 {
      var bytes = Array(inputs[round % inputs.count].utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
        case 1: if place < bytes.count { bytes.remove(at: place) }
        case 2:
          if place < bytes.count { bytes[place] = alphabet.randomElement(using: &random) ?? 0 }
        default: bytes.insert(contentsOf: bytes.prefix(place).suffix(6), at: place)
        }
      }
      _ = read(String(decoding: bytes, as: UTF8.self))
      _ = try? Language.text(bytes)
    }
  }

  @Test func randomBytesNeverCrash() {
    var random = SplitMix(state: 11)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0..<60, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      guard let text = try? Language.text(bytes) else { continue }
      _ = read(text)
    }
    #expect(throws: Diagnostics.self) { try Language.text([0x78, 0xFF]) }
  }
}

/// A small generator with a seed, so that failures repeat.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
