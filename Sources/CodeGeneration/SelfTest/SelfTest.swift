import ExpressionCore
import ExpressionLanguage
import Planning

/// The check of a program against differences of its own values, in no language yet: which data
/// are drawn, along which directions they are moved, and what has to agree.
struct SelfTest {
  /// What entries are drawn from.
  enum Distribution {
    /// A multiple of the standard normal one.
    case normal(scale: Double)
    case uniform(Double, Double)
  }

  enum Step {
    case draw(String, Shape, Distribution)
    case assign(String, TestFormula)
    /// The program called, some arguments moved; its outputs are known by the name.
    case call(String, moving: [String: TestFormula])
    /// Two formulas that have to agree, and the output that is checked by that.
    case compare(String, TestFormula, TestFormula)
    /// What is not checked, and why.
    case remark(String)
  }

  /// Steps with names of their own, under a comment.
  struct Block {
    let comment: String
    let steps: [Step]
  }

  /// Random arguments as they were declared.
  let sample: [Step]
  let blocks: [Block]
  /// The step of the differences: second ones need a longer one.
  let stepSize: String

  /// The names of a test that no argument may have.
  static let names: Set<String> = [
    "rng", "seed", "base", "step", "above", "below", "relative_error", "errors", "sample",
    "differences",
    "test", "benchmark", "times", "trial", "first", "second", "third", "fourth", "normal",
    "uniform",
  ]

  /// The call of the program at the data as they were drawn.
  static let base = "base"
  static let step = TestFormula.name("step", .scalar)
  /// The largest relative error that passes.
  static let tolerance = "1e-5"

  /// - Parameters:
  ///   - sample: the conventions, in the author's names.
  ///   - identifiers: those of the program.
  init(
    _ request: ProgramRequest, _ arguments: Arguments, _ sample: ProgramSample,
    _ identifiers: Identifiers
  ) {
    func original(_ name: String) -> String { identifiers.original(name) ?? name }
    var directions: [String: String] = [:]
    for (direction, variable) in sample.directions {
      for name in arguments.variables.map(\.name) where original(name) == direction {
        directions[name] = arguments.variables.map(\.name).first { original($0) == variable }
      }
    }
    let builder = TestBuilder(
      request: request, arguments: arguments, conventions: sample, original: original,
      directions: directions)
    self.sample = builder.sample
    blocks = builder.blocks
    stepSize = builder.hasSecondDifferences ? "3e-4" : "1e-5"
  }
}
