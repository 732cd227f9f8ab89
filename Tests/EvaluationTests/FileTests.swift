import Testing

@testable import Evaluation

@Suite("Files")
struct FileTests {
  private static func npy(
    _ header: String, _ data: [UInt8], version: UInt8 = 1
  ) -> [UInt8] {
    let length = header.utf8.count
    let lengthBytes: [UInt8] =
      version == 1
      ? [UInt8(length & 0xFF), UInt8(length >> 8)]
      : [UInt8(length & 0xFF), UInt8(length >> 8), 0, 0]
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + lengthBytes + Array(header.utf8) + data
  }

  private static func bytes<T>(_ values: [T]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

  private static func header(_ type: String, _ shape: String, fortran: Bool = false) -> String {
    "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
  }

  @Test("npy: what is written is read", arguments: [(1, 1), (3, 1), (1, 4), (3, 4)])
  func roundTrip(rows: Int, columns: Int) throws {
    let matrix = random(rows, columns)
    let encoded = NPY.encode(matrix)
    #expect(encoded.count % 64 == 8 * matrix.count % 64)
    #expect(try NPY.decode(encoded) == matrix)
    #expect(try CSV.decode(CSV.encode(matrix)) == matrix)
  }

  @Test("npy: types, orders, dimensions and versions")
  func variants() throws {
    let expected = try #require(Matrix(rows: [[1, 2, 3], [4, 5, 6]]))
    let rowMajor: [Double] = [1, 2, 3, 4, 5, 6]
    let columnMajor: [Double] = [1, 4, 2, 5, 3, 6]
    for version: UInt8 in [1, 2, 3] {
      let c = Self.npy(Self.header("<f8", "(2, 3)"), Self.bytes(rowMajor), version: version)
      #expect(try NPY.decode(c) == expected)
    }
    let f = Self.npy(Self.header("<f8", "(2, 3)", fortran: true), Self.bytes(columnMajor))
    #expect(try NPY.decode(f) == expected)
    let floats = Self.npy(Self.header("<f4", "(2, 3)"), Self.bytes(rowMajor.map { Float($0) }))
    #expect(try NPY.decode(floats) == expected)
    let longs = Self.npy(Self.header("<i8", "(2, 3)"), Self.bytes(rowMajor.map { Int64($0) }))
    #expect(try NPY.decode(longs) == expected)
    let ints = Self.npy(Self.header("<i4", "(3,)"), Self.bytes([-1, 2, 3] as [Int32]))
    #expect(try NPY.decode(ints) == Matrix(column: [-1, 2, 3]))
    let flags = Self.npy(Self.header("|b1", "(2,)"), [1, 0])
    #expect(try NPY.decode(flags) == Matrix(column: [1, 0]))
    let scalar = Self.npy(Self.header("<f8", "()"), Self.bytes([2.5]))
    #expect(try NPY.decode(scalar) == Matrix(2.5))
  }

  static let broken: [([UInt8], FileError)] = [
    (Array("hello, world".utf8), .notNPY),
    ([], .notNPY),
    (npy(header("<f8", "(2,)"), [], version: 9), .unsupportedVersion(major: 9)),
    (npy(header(">f8", "(2,)"), bytes([1.0, 2.0])), .unsupportedType(">f8")),
    (npy(header("|O", "(2,)"), []), .unsupportedType("|O")),
    (npy(header("<f8", "(1, 1, 1)"), bytes([1.0])), .tooManyDimensions(3)),
    (
      npy(header("<f8", "(9,)"), bytes([1.0])), .truncated(expected: 10 + 58 + 72, got: 10 + 58 + 8)
    ),
    (npy("{}", []), .malformedHeader("{}")),
  ]

  @Test("npy: broken files", arguments: broken.indices)
  func brokenFiles(index: Int) {
    let (bytes, expected) = Self.broken[index]
    #expect(throws: expected) { try NPY.decode(bytes) }
  }

  @Test("npy: every truncation is an error, never a crash")
  func truncations() {
    let whole = NPY.encode(random(2, 2))
    for length in 0..<whole.count {
      #expect(throws: FileError.self) { try NPY.decode(Array(whole[0..<length])) }
    }
    let huge = Self.npy(Self.header("<f8", "(9223372036854775807, 9)"), [])
    #expect(throws: FileError.self) { try NPY.decode(huge) }
  }

  @Test("csv: numbers, separators, headers and comments")
  func csv() throws {
    let expected = try #require(Matrix(rows: [[1, -2.5, 3e-7], [0.1, 4, 1e300]]))
    for text in [
      "1,-2.5,3e-7\n0.1,4,1e300\n", "a,b,c\n1,-2.5,3e-7\r\n0.1,4,1e300", "1;-2.5;3e-7\n.1;+4;1e300",
      "# note\n\n1 -2.5 3e-7\n0.1\t4 1e300\n\n", "info,b,c\n1, -2.5, 3e-7,\n0.1, 4., 1e300,\n",
    ] {
      #expect(try CSV.decode(Array(text.utf8)) == expected)
    }
  }

  @Test("csv: digits are read to the last bit")
  func digits() throws {
    for text in [
      "0.1", "123456789012345678901234567890", "9007199254740993", "4.9e-324",
      "1.7976931348623157e308", "0.000000000000000000000000001", "-0", "2.2250738585072011e-308",
      "00012.500", "8.000000000000001",
    ] {
      let value = try CSV.decode(Array(text.utf8)).scalar
      #expect(value?.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }

  static let brokenCSV: [(String, FileError)] = [
    ("1,2\n3\n", .ragged(line: 2, expected: 2, got: 1)),
    ("1,2\n3,4,5\n", .ragged(line: 2, expected: 2, got: 3)),
    ("1,2\n3,x\n", .notANumber(text: "x", line: 2, column: 2)),
    ("1,x\n", .notANumber(text: "x", line: 1, column: 2)),
    ("1,,2\n", .notANumber(text: "", line: 1, column: 2)),
    ("1,2x\n", .notANumber(text: "2x", line: 1, column: 2)),
    ("", .noNumbers), ("a,b\n", .noNumbers),
  ]

  @Test("csv: broken files name the line", arguments: brokenCSV.indices)
  func brokenLines(index: Int) {
    let (text, expected) = Self.brokenCSV[index]
    #expect(throws: expected) { try CSV.decode(Array(text.utf8)) }
  }

  @Test("files that are not there, and names without a format")
  func missing() {
    #expect(throws: FileError.self) { try Matrix.read(path: "/nowhere/x.npy") }
    #expect(throws: FileError.unknownFormat(path: "x.mat")) { try Matrix.read(path: "x.mat") }
    #expect(throws: FileError.self) { try Matrix(1).write(path: "/nowhere/x.csv") }
  }
}
