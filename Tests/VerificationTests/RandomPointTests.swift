import Evaluation
import ExpressionCore
import ExpressionLanguage
import TapeSupport
import Testing

@testable import Verification

@Suite("Random points")
struct RandomPointTests {
  @Test("values respect the declared structure", arguments: StructureType.allCases)
  func structure(type: StructureType) throws {
    var generator = SplitMix64(seed: 3)
    for strategy in Strategy.allCases {
      let variable = Variable(name: "X", shape: Shape(4, 4), type: type)
      let x = Sampling.value(of: variable, 4, 4, strategy, using: &generator)
      #expect(x.allFinite)
      for ambient in [true, false] {
        let curve = Curve(variable, at: x, ambient: ambient, using: &generator)
        guard !ambient else { continue }
        for point in [x, try #require(curve.at(0.01))] {
          #expect(try violation(of: type, point, isPoint: point == x) < 1e-12)
        }
        // The curve has its direction: by a central difference.
        let estimate = try #require(FiniteDifference.first { curve.at($0) })
        #expect(relativeDifference(estimate.value, curve.direction) < 1e-10)
      }
    }
  }

  private func violation(of type: StructureType, _ x: Matrix, isPoint: Bool) throws -> Double {
    switch type {
    case .scalar, .vector, .row, .matrix: return 0
    case .symmetric: return x.skewPart.frobeniusNorm
    case .skew: return x.symmetricPart.frobeniusNorm
    case .diagonal: return x.masked { $0 != $1 }.frobeniusNorm
    case .lower: return x.masked { $0 < $1 }.frobeniusNorm
    case .upper: return x.masked { $0 > $1 }.frobeniusNorm
    case .spd, .psd: return try SymmetricEigen(x).values[0] > 0 ? x.skewPart.frobeniusNorm : 1
    case .orthogonal, .stiefel:
      return x.transposedTimes(x).subtracting(Matrix.identity(4)).frobeniusNorm
    case .simplex, .stochastic:
      guard isPoint else { return 0 }
      let ones = Matrix(rows: 4, columns: 1, repeating: 1)
      let sums = type == .simplex ? x.transposedTimes(ones) : x.times(ones)
      return x.values.allSatisfy { $0 >= 0 } ? sums.subtracting(ones).frobeniusNorm : 1
    }
  }

  @Test("signs that are declared hold")
  func signs() {
    var generator = SplitMix64(seed: 1)
    for strategy in Strategy.allCases {
      for sign in [EntrySign.positive, .nonnegative] {
        let variable = Variable(name: "x", shape: Shape("n", 1), type: .vector, sign: sign)
        let x = Sampling.value(of: variable, 6, 1, strategy, using: &generator)
        #expect(x.values.allSatisfy { $0 > 0 })
      }
    }
  }

  @Test("distinct names get distinct sizes, and Stiefel matrices are tall")
  func sizes() throws {
    let builder = TapeBuilder()
    let q = builder.variable("Q", "n", "p", .stiefel)
    let a = builder.variable("A", "m", "n")
    let d = builder.variable("d", Dim("m") - Dim("n") - 1, 1)
    let input = builder.input((a * q).reduce(.sum) + d.reduce(.sum))
    var sampler = RandomPoints([input], seed: 5)
    for _ in 0..<10 {
      let next = sampler.next()
      let point = try #require(next)
      let sizes = point.sizes
      #expect(Set(sizes.values).count == 3)
      #expect(sizes["n", default: 0] >= sizes["p", default: 0])
    }
  }

  @Test("the generator's known values")
  func generator() {
    // The first outputs for the seed 1234567 in the reference implementation by Vigna.
    var generator = SplitMix64(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
  }

  @Test("difference quotients reach ten digits, inside a small domain as well")
  func differences() throws {
    let e = try #require(FiniteDifference.first { Matrix(Self.exponential($0)) })
    #expect((e.value[0] - 1).magnitude < 1e-12)
    let near = try #require(
      FiniteDifference.first { t in t.magnitude < 0.003 ? Matrix(1 / (0.01 + t)) : nil })
    #expect((near.value[0] / -1e4 - 1).magnitude < 1e-10)
    let mixed = try #require(
      FiniteDifference.mixed { s, t in Matrix(Self.exponential(s + 2 * s * t + t)) })
    #expect((mixed.value[0] - 3).magnitude < 1e-9)
    #expect(FiniteDifference.first { _ in nil }?.value == nil)
  }

  /// By its series, which is enough near 0.
  private static func exponential(_ x: Double) -> Double {
    (1...20).reversed().reduce(1) { 1 + x / Double($1) * $0 }
  }
}
