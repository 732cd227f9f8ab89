import Foundation
import Frechet

/// A derivative to write a program for.
public struct ProgramRow: Sendable {
  public let id: String
  public let declare: [String]
  public let input: String
  public let wrt: [String]
  public let options: DerivativeOptions

  public init(
    id: String, declare: [String] = [], input: String, wrt: [String],
    options: DerivativeOptions = DerivativeOptions()
  ) {
    self.id = id
    self.declare = declare
    self.input = input
    self.wrt = wrt
    self.options = options
  }

  /// The program in a language, with a random point and Frechet's own numbers there.
  ///
  /// - Parameters:
  ///   - selfTest: whether the program has its own test.
  ///   - benchmark: whether it measures itself.
  ///   - size: that of every dimension; nil where sizes are left to chance.
  public func programCase(
    for target: TargetName, selfTest: Bool = false, benchmark: Bool = false, size: Int? = nil
  ) throws -> ProgramCase {
    var request = CodeRequest(
      input, wrt: wrt, target: target, declarations: declare, options: options, timeLimit: 600)
    request.verify = false
    request.selfTest = selfTest
    request.benchmark = benchmark
    // A program for given sizes gets those that any other program would be tried at.
    if target == .stablehlo {
      request.sizes = try programCase(for: .numpy, size: size).dimensions
    }
    let program = try request.program()
    var dimensions = request.sizes
    if let size {
      for name in program.formulas.flatMap(\.input.dimensions) { dimensions[name] = size }
    }
    return try ProgramCase(id: id, program: program, dimensions: dimensions)
  }
}

extension ProgramRow {
  /// The derivatives of a fixture of the acceptance corpus, a differential as the derivative along
  /// a direction.
  public static func corpus(_ name: String) throws -> [ProgramRow] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/\(name).jsonl")
    let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
    return try lines.compactMap { line in
      let row = try JSONDecoder().decode(FixtureRow.self, from: Data(line.utf8))
      guard let wrt = row.wrt else { return nil }
      return ProgramRow(
        id: row.id, declare: row.declare, input: row.input, wrt: [wrt],
        options: row.derivativeOptions)
    }
  }

  /// Rows of the form `declarations | variables | input`, a number behind a second bar the order.
  public static func table(_ lines: [String], form: Form = .auto, prefix: String) -> [ProgramRow] {
    lines.enumerated().map { index, line in
      let parts = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      var options = DerivativeOptions()
      options.form = form
      if parts.count > 3, let order = Int(parts[3]) { options.order = order }
      return ProgramRow(
        id: "\(prefix)-\(index)", declare: parts[0].components(separatedBy: "; "),
        input: parts.count > 2 ? parts[2] : "", wrt: parts[1].components(separatedBy: ","),
        options: options)
    }
  }
}

/// The part of a row of the corpus that says what is derived.
private struct FixtureRow: Decodable {
  struct Options: Decodable {
    var layout: String?
    var symmetric: String?
    var metric: String?
    var unstructured: Bool?
  }

  let id: String
  let declare: [String]
  let input: String
  let wrt: String?
  let order: Int
  let options: Options
  let kind: String

  var derivativeOptions: DerivativeOptions {
    var result = DerivativeOptions()
    result.order = order
    result.layout = options.layout.flatMap(Layout.init) ?? .denominator
    result.symmetric = options.symmetric.flatMap(SymmetricConvention.init) ?? .projected
    result.metric = options.metric.flatMap(Metric.init) ?? .euclidean
    result.unstructured = options.unstructured ?? false
    if kind == "differential" { result.form = .operator }
    return result
  }
}
