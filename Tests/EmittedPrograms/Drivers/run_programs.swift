import Foundation
import MatrixNotation

/// The arguments of one program, a line each: the numbers of rows and columns, and the entries row by
/// row.
struct Arguments {
  struct Failure: Error {}

  private var matrices: [Matrix] = []

  init(_ name: String) throws {
    let file = CommandLine.arguments[1] + "/" + name + ".txt"
    let text = try String(contentsOf: URL(fileURLWithPath: file), encoding: .utf8)
    for line in text.split(separator: "\n") {
      let numbers = line.split(separator: " ").compactMap { Double($0) }
      guard numbers.count > 1,
        let transpose = Matrix(
          rows: Int(numbers[1]), columns: Int(numbers[0]), values: Array(numbers.dropFirst(2)))
      else { throw Failure() }
      matrices.append(transpose.transposed)
    }
  }

  func number(_ place: Int) throws -> Double {
    guard let number = try matrix(place).scalar else { throw Failure() }
    return number
  }

  func matrix(_ place: Int) throws -> Matrix {
    guard matrices.indices.contains(place) else { throw Failure() }
    return matrices[place]
  }

  /// The same with ones of another size in one place.
  func replacing(_ misfit: Misfit) -> Arguments {
    var result = self
    result.matrices[misfit.place] = Matrix(rows: misfit.rows, columns: misfit.columns) { _, _ in 1 }
    return result
  }
}

/// An argument of a wrong shape.
typealias Misfit = (place: Int, rows: Int, columns: Int)

/// Runs one of the programs that the command line names and prints what it returns.
///
/// - Parameters:
///   - test: the program's own test, where it is to be run.
///   - benchmark: its measurement.
///   - names: those of the arguments.
///   - misfits: what it has to refuse by name; nil where that is not asked.
func run(
  _ id: String, _ name: String, test: (() throws -> Bool)? = nil,
  benchmark: (() throws -> Void)? = nil, names: [String] = [], misfits: [Misfit]? = nil,
  _ program: (Arguments) throws -> Any
) throws {
  guard CommandLine.arguments.dropFirst(2).contains(name) else { return }
  do {
    let arguments = try Arguments(name)
    for child in Mirror(reflecting: try program(arguments)).children {
      guard let result = child.value as? Matrix ?? (child.value as? Double).map({ Matrix($0) })
      else { continue }
      let sizes = "\(result.rows) \(result.columns)"
      let numbers = result.rowMajorValues.map { "\($0)" }.joined(separator: " ")
      print(id, "output", child.label ?? "", sizes, numbers, separator: "\t")
    }
    if let test {
      guard try test() else { throw Failure("test fails") }
      print(id, "check", "test", separator: "\t")
    }
    if let misfits {
      for misfit in misfits {
        try refuses(misfit, names[misfit.place]) { _ = try program(arguments.replacing(misfit)) }
      }
      print(id, "check", "shapes", separator: "\t")
    }
    if let benchmark {
      print(id, "bench", "", separator: "\t", terminator: "")
      try benchmark()
    }
    print(id, "end", separator: "\t")
  } catch {
    print(id, "failure", "\(error)", separator: "\t")
  }
  fflush(nil)
}

/// Throws where a call does not fail with a message that names the argument.
private func refuses(_ misfit: Misfit, _ name: String, _ call: () throws -> Void) throws {
  let words = "shapes: \(name) of size \(misfit.rows)×\(misfit.columns)"
  do {
    try call()
  } catch {
    let message = "\(error)"
    guard message.hasPrefix(name),
      message.dropFirst(name.count).drop(while: { $0 == "_" }).hasPrefix(": expected ")
    else { throw Failure("\(words): \(message)") }
    return
  }
  throw Failure("\(words) is accepted")
}

private struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
