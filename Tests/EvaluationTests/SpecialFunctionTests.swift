import ExpressionCore
import TapeSupport
import Testing

@testable import Evaluation

@Suite("Special functions")
struct SpecialFunctionTests {
  @Test("values agree with mpmath", arguments: specialFunctionTable.indices)
  func table(index: Int) {
    let (name, x, expected) = specialFunctionTable[index]
    let value = Self.value(name, x)
    // Where the argument has a rounding error of its own, it counts too: x*f'(x)*ε.
    let step = 1e-6 * max(x.magnitude, 1e-3)
    let slope = (Self.value(name, x + step) - Self.value(name, x - step)) / (2 * step)
    let tolerance =
      1e-14 * max(expected.magnitude, name == "digamma" ? 1 : 0)
      + 2e-16 * (slope * x).magnitude
    #expect((value - expected).magnitude <= tolerance, "\(name)(\(x)) = \(value), not \(expected)")
  }

  private static func value(_ name: String, _ x: Double) -> Double {
    switch name {
    case "digamma": SpecialFunctions.digamma(x)
    case "trigamma": SpecialFunctions.trigamma(x)
    case "lgamma": logGamma(x)
    case "normcdf": SpecialFunctions.normalDistribution(x)
    case "normpdf": SpecialFunctions.normalDensity(x)
    case "sigmoid": SpecialFunctions.sigmoid(x)
    case "softplus": SpecialFunctions.softplus(x)
    case "erf": primitive(.erf, x)
    case "erfc": primitive(.erfc, x)
    default: SpecialFunctions.polygamma(Int(name.dropFirst("polygamma".count)) ?? -1, x)
    }
  }

  private static func primitive(_ primitive: Primitive, _ x: Double) -> Double {
    let builder = TapeBuilder()
    let input = builder.input(builder.variable("x").apply(primitive))
    return (try? Evaluator(input).evaluate(["x": Matrix(x)]).result.scalar) ?? .nan
  }

  @Test("poles and limits")
  func limits() {
    #expect(SpecialFunctions.digamma(0).isNaN)
    #expect(SpecialFunctions.digamma(-3).isNaN)
    #expect(SpecialFunctions.trigamma(-3) == .infinity)
    #expect(SpecialFunctions.trigamma(.infinity) == 0)
    #expect(SpecialFunctions.polygamma(-1, 2).isNaN)
    #expect(SpecialFunctions.softplus(-800) == 0)
    #expect(SpecialFunctions.sigmoid(-800) == 0)
  }
}
