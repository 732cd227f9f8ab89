import Foundation
import MatrixNotation

/// The arguments of one program: of each the numbers of rows and columns, and the entries row by
/// row.
final class Arguments {
  struct Failure: Error {}

  private var words: ArraySlice<Substring>

  init(_ name: String) throws {
    let file = CommandLine.arguments[1] + "/" + name + ".txt"
    let text = try String(contentsOf: URL(fileURLWithPath: file), encoding: .utf8)
    words = text.split(whereSeparator: \.isWhitespace)[...]
  }

  func number() throws -> Double {
    guard let number = try matrix().scalar else { throw Failure() }
    return number
  }

  func matrix() throws -> Matrix {
    guard let rows = words.popFirst().flatMap({ Int($0) }),
      let columns = words.popFirst().flatMap({ Int($0) }), words.count >= rows * columns
    else { throw Failure() }
    let values = words.prefix(rows * columns).compactMap { Double($0) }
    words = words.dropFirst(rows * columns)
    guard let transpose = Matrix(rows: columns, columns: rows, values: values) else {
      throw Failure()
    }
    return transpose.transposed
  }
}

/// Runs one of the programs that the command line names and prints what it returns.
///
/// - Parameter test: the program's own test, where it is to be run.
func run(
  _ id: String, _ name: String, test: (() throws -> Bool)? = nil,
  _ program: (Arguments) throws -> Any
) throws {
  guard CommandLine.arguments.dropFirst(2).contains(name) else { return }
  do {
    for child in Mirror(reflecting: try program(Arguments(name))).children {
      guard let result = child.value as? Matrix ?? (child.value as? Double).map({ Matrix($0) })
      else { continue }
      let sizes = "\(result.rows) \(result.columns)"
      let numbers = result.rowMajorValues.map { "\($0)" }.joined(separator: " ")
      print(id, "output", child.label ?? "", sizes, numbers, separator: "\t")
    }
    if let test {
      guard try test() else { throw TestFailure() }
      print(id, "check", "test", separator: "\t")
    }
    print(id, "end", separator: "\t")
  } catch {
    print(id, "failure", "\(error)", separator: "\t")
  }
  fflush(nil)
}

struct TestFailure: Error, CustomStringConvertible {
  let description = "test fails"
}
