import Foundation
import Frechet

/// A command that runs programs and prints what they return: behind its own arguments it takes the
/// names of the cases to run.
struct ProgramDriver {
  let command: [String]
  /// Whether arrays of the language have one axis, or none, where the shape has.
  let hasVectors: Bool

  /// What became of each program. Where one of them ends the process, the others are run by another.
  func outcomes(of cases: [ProgramCase], in folder: URL) throws -> [String: ProgramOutcome] {
    var outcomes: [String: ProgramOutcome] = [:]
    var rest = cases[...]
    while !rest.isEmpty {
      let run = try ChildProcess(command + rest.map(\.fileName), in: folder)
      let answers = ProgramAnswer.all(in: run.output)
      while let item = rest.first, let answer = answers[item.id], answer.isComplete {
        outcomes[item.id] = answer.outcome(for: item, hasVectors: hasVectors)
        rest.removeFirst()
      }
      if let broken = rest.popFirst() {
        outcomes[broken.id] = .wrong(
          "the process ended with \(run.status): \(run.complaint())")
      }
    }
    return outcomes
  }
}

extension Array {
  /// Parts of at most this many elements.
  func parts(of count: Int) -> [[Element]] {
    stride(from: 0, to: self.count, by: count).map {
      Array(self[$0..<Swift.min($0 + count, self.count)])
    }
  }
}

/// Programs that are compiled together, and one by one where that fails.
struct ProgramBatches {
  /// How many are compiled together.
  let size: Int
  /// Compiles programs to a driver; what the compiler says where it does not.
  let driver: ([ProgramCase]) throws -> Result<ProgramDriver, CompilerError>

  struct CompilerError: Error { let message: String }

  func outcomes(of cases: [ProgramCase], in folder: URL) throws -> [String: ProgramOutcome] {
    var outcomes: [String: ProgramOutcome] = [:]
    for batch in cases.parts(of: size) {
      switch try driver(batch) {
      case .success(let driver):
        outcomes.merge(try driver.outcomes(of: batch, in: folder)) { first, _ in first }
      case .failure(let error) where batch.count == 1:
        outcomes[batch[0].id] = .wrong("does not compile: \(error.message)")
      case .failure:
        let half = ProgramBatches(size: (batch.count + 1) / 2, driver: driver)
        outcomes.merge(try half.outcomes(of: batch, in: folder)) { first, _ in first }
      }
    }
    return outcomes
  }
}

extension ProgramCase {
  /// The arguments as a driver in a compiled language reads them: of each the numbers of rows and
  /// columns, and the entries row by row.
  var argumentLines: String {
    arguments.map { argument in
      let value = argument.value
      let numbers = value.rowMajorValues.map { "\($0)" }.joined(separator: " ")
      return "\(value.rows) \(value.columns) \(numbers)\n"
    }.joined()
  }
}
