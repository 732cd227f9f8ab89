import Frechet

/// A value of the command line: `x=x.npy`, `x=x.csv`, or a number, `a=0.5`.
struct NamedMatrix {
  let name: String
  let matrix: Matrix

  /// Several of them, by name.
  static func all(
    _ arguments: [String], option: String, precision: Precision = .double
  ) throws(CommandError) -> [String: Matrix] {
    var result: [String: Matrix] = [:]
    for argument in arguments {
      let named = try NamedMatrix(argument, option: option, precision: precision)
      guard result.updateValue(named.matrix, forKey: named.name) == nil else {
        throw .wrongInput("\(option) \(argument): \(named.name) is given twice")
      }
    }
    return result
  }

  init(
    _ argument: String, option: String, precision: Precision = .double
  ) throws(CommandError) {
    let value: String
    (name, value) = try Self.parts(of: argument, option: option)
    if let number = Double(value), number.isFinite {
      matrix = Matrix(number)
      return
    }
    do throws(FileError) {
      matrix = try Matrix.read(path: value, precision: precision)
    } catch {
      throw .wrongInput("\(option) \(argument): \(error.description)")
    }
  }

  /// The files that are larger than a number of bytes, left on disk, and the arguments that are left.
  static func filesLeft(
    in arguments: [String], above bytes: Int, option: String
  ) throws(CommandError) -> (arrays: [String: MappedArray], others: [String]) {
    var arrays: [String: MappedArray] = [:]
    var others: [String] = []
    for argument in arguments {
      let (name, path) = try parts(of: argument, option: option)
      guard path.hasSuffix(".npy"), let array = try? MappedArray(path: path),
        array.bytes.count > bytes
      else {
        others.append(argument)
        continue
      }
      guard arrays.updateValue(array, forKey: name) == nil else {
        throw .wrongInput("\(option) \(argument): \(name) is given twice")
      }
    }
    return (arrays, others)
  }

  private static func parts(
    of argument: String, option: String
  ) throws(CommandError) -> (name: String, value: String) {
    guard let sign = argument.firstIndex(of: "=") else {
      throw .wrongInput("\(option) \(argument): no value; x=x.npy, x=x.csv or x=0.5 would do")
    }
    let value = String(argument[argument.index(after: sign)...].drop { $0 == " " })
    let name = String(argument[..<sign].filter { $0 != " " })
    guard !name.isEmpty, !value.isEmpty else {
      throw .wrongInput("\(option) \(argument): a name and a value are expected, as in x=x.npy")
    }
    return (name, value)
  }
}
