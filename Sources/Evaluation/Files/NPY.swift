/// NumPy's file format, of arrays of at most two dimensions.
///
/// NumPy documentation, `numpy.lib.format`. A 0-d array is 1×1, a 1-d one a column.
public enum NPY {
  private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  /// What a file holds, and how.
  public struct Contents: Sendable {
    public let matrix: Matrix
    /// As NumPy has it: none of a number, one of a 1-d array.
    public let dimensions: [Int]
    public let isSinglePrecision: Bool
    /// nil of integers.
    public let precision: Precision?
  }

  public static func read(path: String) throws(FileError) -> Matrix {
    try contents(path: path).matrix
  }

  public static func contents(path: String) throws(FileError) -> Contents {
    try decodeContents(readBytes(path))
  }

  public static func write(
    _ matrix: Matrix, precision: Precision = .double, path: String
  ) throws(FileError) {
    try writeBytes(encode(matrix, precision), to: path)
  }

  public static func decode(_ bytes: [UInt8]) throws(FileError) -> Matrix {
    try decodeContents(bytes).matrix
  }

  private static func decodeContents(_ bytes: [UInt8]) throws(FileError) -> Contents {
    let (header, start) = try header(bytes)
    return Contents(
      matrix: try matrix(header, bytes, from: start), dimensions: header.shape,
      isSinglePrecision: header.type == .float, precision: header.type.precision)
  }

  /// The header at the start of a file, and where the entries begin.
  static func header(_ bytes: [UInt8]) throws(FileError) -> (header: NPYHeader, start: Int) {
    guard bytes.count >= 10, Array(bytes[0..<6]) == magic else { throw .notNPY }
    let major = Int(bytes[6])
    guard (1...3).contains(major) else { throw .unsupportedVersion(major: major) }
    let start = major == 1 ? 10 : 12
    guard bytes.count >= start else { throw .truncated(expected: start, got: bytes.count) }
    let length = (8..<start).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    guard bytes.count - start >= length else {
      throw .truncated(expected: start + length, got: bytes.count)
    }
    let text = String(decoding: bytes[start..<(start + length)], as: UTF8.self)
    return (try NPYHeader(text), start + length)
  }

  private static func matrix(
    _ header: NPYHeader, _ bytes: [UInt8], from start: Int
  ) throws(FileError) -> Matrix {
    let rows = header.shape.first ?? 1
    let columns = header.shape.count > 1 ? header.shape[1] : 1
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    let (length, overflow2) = count.multipliedReportingOverflow(by: header.type.byteCount)
    let available = bytes.count - start
    guard !overflow, !overflow2, available >= length else {
      throw .truncated(expected: overflow || overflow2 ? .max : start + length, got: bytes.count)
    }
    let values = bytes.withUnsafeBytes { buffer in
      header.type.values(buffer, from: start, count: count)
    }
    if header.fortranOrder || rows == 1 || columns == 1 {
      return Matrix(rows, columns, storage: values)
    }
    return Matrix(columns, rows, storage: values).transposed
  }

  /// Version 1.0, `<f8` or `<f4`, column-major.
  public static func encode(_ matrix: Matrix, _ precision: Precision = .double) -> [UInt8] {
    let shape =
      matrix.columns == 1 && matrix.rows != 1
      ? "(\(matrix.rows), 1)" : "(\(matrix.rows), \(matrix.columns))"
    var header = "{'descr': '<f\(precision.byteCount)', 'fortran_order': True, 'shape': \(shape), }"
    let padding = 64 - (10 + header.utf8.count + 1) % 64
    header += String(repeating: " ", count: padding % 64) + "\n"
    let length = header.utf8.count
    var bytes = magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(header.utf8)
    bytes.reserveCapacity(bytes.count + precision.byteCount * matrix.count)
    for value in matrix.values {
      switch precision {
      case .double:
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      case .float:
        withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }
}
