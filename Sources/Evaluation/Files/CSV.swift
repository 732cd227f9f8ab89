/// Numbers in lines, separated by commas, semicolons, tabs or spaces.
///
/// A first line that has no number is a header and is skipped; so are empty lines and those that
/// begin with `#`.
public enum CSV {
  public static func read(path: String) throws(FileError) -> Matrix {
    try decode(readBytes(path))
  }

  public static func write(_ matrix: Matrix, path: String) throws(FileError) {
    try writeBytes(encode(matrix), to: path)
  }

  /// Throws `notANumber`, `ragged`, `noNumbers`.
  public static func decode(_ text: [UInt8]) throws(FileError) -> Matrix {
    // A final zero ends every scan, so that no step checks for the end of the text.
    let bytes = text + [0]
    var scanner = CSVScanner()
    var failure: FileError?
    bytes.withUnsafeBufferPointer { buffer in
      do throws(FileError) {
        try scanner.scan(buffer, count: text.count)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    guard scanner.rows > 0 else { throw .noNumbers }
    return Matrix(scanner.columns, scanner.rows, storage: scanner.values).transposed
  }

  /// The shortest digits that read back as the same numbers.
  public static func encode(_ matrix: Matrix) -> [UInt8] {
    var bytes: [UInt8] = []
    for i in 0..<matrix.rows {
      for j in 0..<matrix.columns {
        if j > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: "\(matrix[i, j])".utf8)
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }
}

extension Matrix {
  /// Reads a `.npy` or `.csv` file, by its name.
  ///
  /// With `float`, entries of text and integers are rounded, and entries in double precision are an
  /// error: they are no floats.
  public static func read(
    path: String, precision: Precision = .double
  ) throws(FileError) -> Matrix {
    guard precision == .double else {
      guard path.hasSuffix(".npy") else { return try read(path: path).rounded(to: precision) }
      let contents = try NPY.contents(path: path)
      guard contents.precision != .double else {
        throw .wrongPrecision(expected: precision, got: .double)
      }
      return contents.matrix.rounded(to: precision)
    }
    if path.hasSuffix(".npy") { return try NPY.read(path: path) }
    if path.hasSuffix(".csv") || path.hasSuffix(".txt") || path.hasSuffix(".tsv") {
      return try CSV.read(path: path)
    }
    throw .unknownFormat(path: path)
  }

  /// Writes a `.npy` or `.csv` file, by its name.
  public func write(path: String) throws(FileError) {
    if path.hasSuffix(".npy") { return try NPY.write(self, path: path) }
    if path.hasSuffix(".csv") { return try CSV.write(self, path: path) }
    throw .unknownFormat(path: path)
  }
}
