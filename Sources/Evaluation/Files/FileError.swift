/// Why a file of numbers cannot be read or written.
public enum FileError: Error, Hashable, Sendable {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case unknownFormat(path: String)
  case notNPY
  case unsupportedVersion(major: Int)
  case malformedHeader(String)
  case unsupportedType(String)
  case wrongPrecision(expected: Precision, got: Precision)
  case tooManyDimensions(Int)
  case truncated(expected: Int, got: Int)
  case noNumbers
  case notANumber(text: String, line: Int, column: Int)
  case ragged(line: Int, expected: Int, got: Int)
}

extension FileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): the file cannot be read; \(reason)"
    case .unwritable(let path, let reason): "\(path): the file cannot be written; \(reason)"
    case .unknownFormat(let path): "\(path): the format is unknown; .npy and .csv files would do"
    case .notNPY: "npy: the file does not begin with the magic string of .npy files"
    case .unsupportedVersion(let major):
      "npy: the format version is \(major); versions 1 to 3 would do"
    case .malformedHeader(let header): "npy: the header cannot be understood; it is \(header)"
    case .unsupportedType(let type):
      "npy: entries of type \(type) cannot be read; little-endian numbers such as '<f8' would do"
    case .wrongPrecision(let expected, let got):
      "npy: the entries are \(got.typeName), and \(expected.typeName) is expected; "
        + "x.astype('\(expected.typeName)') would do, or --dtype \(got.rawValue)"
    case .tooManyDimensions(let count):
      "npy: the array has \(count) dimensions; at most 2 would do"
    case .truncated(let expected, let got):
      "npy: the file is truncated; \(expected) bytes were expected, \(got) are there"
    case .noNumbers: "csv: there are no numbers in the file"
    case .notANumber(let text, let line, let column):
      "csv: line \(line), field \(column) is no number; it is \(text)"
    case .ragged(let line, let expected, let got):
      "csv: line \(line) has \(got) fields; \(expected) were expected, as in the first line"
    }
  }
}
