import Frechet

/// What became of a program.
public enum ProgramOutcome: Sendable {
  /// It returned Frechet's numbers, and passed these further checks.
  case right(checks: [String])
  /// It was read without an error, which is all that can be done with it here.
  case parsed
  case wrong(String)
  /// There is none, since the language lacks something: says what.
  case refused(String)

  public var isWrong: Bool { if case .wrong = self { true } else { false } }

  /// What a request for a program threw.
  public init(_ error: any Error) {
    self =
      if case .unsupported(let lack) = error as? FrechetError {
        .refused("\(lack.operation): \(lack.hint)")
      } else {
        .wrong("no program: \(error)")
      }
  }
}

/// What a driver says of one program.
struct ProgramAnswer {
  struct Array {
    let name: String
    let sizes: [Int]
    /// Row by row.
    let values: [Double]
  }

  var outputs: [Array] = []
  var checks: [String] = []
  var failure: String?
  var isParsed = false
  /// Whether all was said.
  var isComplete = false

  /// Reads the lines of a driver, in which tabs separate the fields: the program's id, a word, and
  /// what belongs to it.
  ///
  /// - `output`, a name, sizes, numbers: a result; spaces separate the sizes and the numbers.
  /// - `check`, a name: a further check that was passed.
  /// - `bench`, what the measurement of a program prints: passed where the time is positive.
  /// - `parsed`: the program was read and not run.
  /// - `failure`, a message; or `end`: there is no more.
  static func all(in lines: String) -> [String: ProgramAnswer] {
    var answers: [String: ProgramAnswer] = [:]
    for line in lines.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count > 1 else { continue }
      var answer = answers[fields[0]] ?? ProgramAnswer()
      switch (fields[1], fields.count) {
      case ("output", 5):
        answer.outputs.append(
          Array(
            name: fields[2], sizes: fields[3].split(separator: " ").compactMap { Int($0) },
            values: fields[4].split(separator: " ").map { Double($0) ?? .nan }))
      case ("check", 3): answer.checks.append(fields[2])
      case ("bench", 3):
        if Self.hasPositiveTime(fields[2]) {
          answer.checks.append("bench")
        } else {
          answer.failure = "bench: \(fields[2])"
        }
      case ("failure", 3...):
        answer.failure = fields[2...].joined(separator: " ")
        answer.isComplete = true
      case ("parsed", _): answer.isParsed = true
      case ("end", _): answer.isComplete = true
      default: continue
      }
      answers[fields[0]] = answer
    }
    return answers
  }

  /// Whether a line is like `value_and_grad: 0.012 ms, median of 20 calls`.
  private static func hasPositiveTime(_ line: String) -> Bool {
    guard line.hasSuffix("median of 20 calls"),
      let time = line.firstMatch(of: /: ([0-9.e+-]+) (ms|seconds),/), let number = Double(time.1)
    else { return false }
    return number > 0 && number.isFinite
  }

  /// The judgement on the program of a case.
  ///
  /// - Parameter hasVectors: whether arrays of the language have one axis, or none, where the shape
  ///   has.
  func outcome(for item: ProgramCase, hasVectors: Bool) -> ProgramOutcome {
    if let failure { return .wrong(failure) }
    if isParsed { return .parsed }
    guard outputs.count == item.outputs.count else {
      return .wrong("\(outputs.count) results, not \(item.outputs.count)")
    }
    for (actual, expected) in zip(outputs, item.outputs) {
      if let difference = actual.difference(from: expected, hasVectors: hasVectors) {
        return .wrong("\(expected.name): \(difference)")
      }
    }
    return .right(checks: checks)
  }
}

extension ProgramAnswer.Array {
  /// What is wrong; nil where it agrees within 1e-8 of the largest entry.
  fileprivate func difference(from expected: ProgramCase.Output, hasVectors: Bool) -> String? {
    let axes =
      [(expected.shape.rows, expected.value.rows)]
      + [(expected.shape.columns, expected.value.columns)]
    let wanted = axes.filter { !hasVectors || $0.0 != .literal(1) }.map(\.1)
    guard sizes == wanted else { return "size \(sizes), not \(wanted)" }
    let numbers = expected.value.rowMajorValues
    guard values.count == numbers.count else {
      return "\(values.count) numbers, not \(numbers.count)"
    }
    let scale = numbers.map(abs).max() ?? 0
    let errors = zip(values, numbers).map { abs($0 - $1) }
    guard errors.allSatisfy({ $0 <= 1e-8 * scale + 1e-11 }) else {
      let worst = errors.contains { $0.isNaN } ? Double.nan : errors.max() ?? 0
      return "off by \(worst) of \(scale)"
    }
    return nil
  }
}
