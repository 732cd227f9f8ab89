import Evaluation
import Foundation
import Testing

/// Data files of the commands, and what is said of wrong ones.
@Suite struct DataTests {
  /// A folder of files, removed at the end.
  private final class Files {
    let folder: URL

    init() throws {
      folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("data-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let square = try #require(Matrix(rows: [[2, 1], [1, 3]]))
      let singular = try #require(Matrix(rows: [[1, 2], [2, 4]]))
      let column = Matrix(column: [1, 0.1])
      try write("A", NPY.encode(square))
      try write("A32", NPY.encode(square, .float))
      try write("S", NPY.encode(singular))
      try write("x", NPY.encode(column))
      try write("x32", NPY.encode(column, .float))
      try write("row", NPY.encode(column.transposed))
      try write("nan", NPY.encode(Matrix(column: [1, .nan])))
      // The same matrix row by row, and types and sizes that cannot be read.
      try write("C", Self.npy("'<f8'", "(2, 2)", [2, 1, 1, 3]))
      try write("big", Self.npy("'>f8'", "(2, 2)", [2, 1, 1, 3]))
      try write("complex", Self.npy("'<c16'", "(2,)", [1, 0, 2, 0]))
      try write("cube", Self.npy("'<f8'", "(1, 2, 2)", [2, 1, 1, 3]))
      try write("short", Array(NPY.encode(square).dropLast(9)))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func write(_ name: String, _ bytes: [UInt8]) throws {
      try Data(bytes).write(to: folder.appendingPathComponent("\(name).npy"))
    }

    private static func npy(_ type: String, _ shape: String, _ values: [Double]) -> [UInt8] {
      let header = "{'descr': \(type), 'fortran_order': False, 'shape': \(shape), }\n"
      return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
        + Array(header.utf8) + values.withUnsafeBytes { Array($0) }
    }

    /// `A=x` as `A=<folder>/x.npy`; what begins with a dash, and what follows it, stays.
    func arguments(_ data: [String]) -> [String] {
      data.flatMap { argument -> [String] in
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, !argument.hasPrefix("-") else { return [argument] }
        return ["--data", "\(parts[0])=\(folder.path)/\(parts[1]).npy"]
      }
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let data: [String]
    var status: Int32 = 2
    let message: String
    var testDescription: String { data.joined(separator: " ") }
  }

  private static let wrong = [
    Row(data: ["A=A"], message: "x: no value was given; a n×1 matrix is expected"),
    Row(data: ["A=A", "x=x", "B=A"], message: "B: the input has no such variable; it has x, A"),
    Row(data: ["A=A", "x=row"], message: "A: n is 2 here, and 1 in x; they must be equal"),
    Row(data: ["A=x", "x=x"], message: "A: "),
    Row(data: ["A=S", "x=x"], message: "the matrix is singular; pivot 2 is 0.0"),
    Row(data: ["A=big", "x=x"], message: "entries of type >f8 cannot be read"),
    Row(data: ["A=A", "x=complex"], message: "entries of type <c16 cannot be read"),
    Row(data: ["A=cube", "x=x"], message: "the array has 3 dimensions; at most 2 would do"),
    Row(data: ["A=short", "x=x"], message: "the file is truncated"),
    Row(data: ["A=missing", "x=x"], message: "missing.npy: the file cannot be read"),
    Row(
      data: ["A=A", "x=x32", "--dtype=float"],
      message: "A.npy: npy: the entries are float64, and float32 is expected"),
    Row(data: ["A=A", "x=x", "--dtype=half"], message: "half"),
  ]

  @Test(arguments: wrong, ["evaluate", "bench"])
  func wrongDataAreNamed(row: Row, command: String) throws {
    // What is missing is random in measurements.
    if command == "bench", row.data == ["A=A"] { return }
    let files = try Files()
    let run = try Run([command, "x'*inv(A)*x"] + files.arguments(row.data), input: Data())
    #expect(run.status == row.status)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(row.message), "\(run.errors)")
  }

  @Test func numbersThatAreNoneAreNamed() throws {
    let files = try Files()
    let data = files.arguments(["A=A", "x=nan"])
    let bench = try Run(["bench", "x'*inv(A)*x"] + data, input: Data())
    #expect(bench.status == 2)
    #expect(
      bench.errors == "error: x: an entry of the data is not a number; numbers would do\n")
    let evaluate = try Run(["evaluate", "x'*inv(A)*x"] + data, input: Data())
    #expect(evaluate.status == 0)
    #expect(evaluate.output == "value = nan\n")
    #expect(evaluate.errors == "note: x: entry (2,1) is not a number\n")
  }

  @Test func aProgramThatIsTooLargeIsRefused() throws {
    let run = try Run(
      "bench", "norm2(X)^4", "--task", "hessian", "--wrt", "X", "--size", "m=50", "--size", "n=50",
      "--memory-limit", "0.01")
    #expect(run.status == 3)
    #expect(run.errors.contains(" MiB of memory are needed; the limit is 10 MiB"), "\(run.errors)")
  }

  @Test(arguments: ["A=A", "A=C"]) func bothOrdersOfEntriesAreRead(data: String) throws {
    let files = try Files()
    let run = try Run(["evaluate", "A*x"] + files.arguments([data, "x=x"]), input: Data())
    #expect(run.output == "value (2 x 1):\n  2.1\n  1.3\n", "\(run.errors)")
  }

  /// 0.1 is no float: the arithmetic is in double precision, and the result is rounded.
  @Test func floatsAreReadAndWritten() throws {
    let files = try Files()
    let out = files.folder.appendingPathComponent("out").path
    let arguments =
      ["evaluate", "x'*A*x", "--gradient", "x", "--dtype", "float"]
      + files.arguments(["A=A32", "x=x32"])
    let run = try Run(arguments, input: Data())
    #expect(run.output == "value = 2.23\ngradient x (2 x 1):\n  4.2\n  2.6\n", "\(run.errors)")
    let written = try Run(arguments + ["--out", out], input: Data())
    #expect(written.status == 0)
    let contents = try NPY.contents(path: out + "/gradient-x.npy")
    #expect(contents.precision == .float)
    #expect(contents.matrix == Matrix(column: [Double(Float(4.2)), Double(Float(2.6))]))
    // Floats are doubles as they are; text and numbers have no type.
    let double = try Run(
      ["evaluate", "a*x"] + files.arguments(["x=x32"]) + ["--data", "a=1"], input: Data())
    #expect(double.output.contains("0.10000000149011612"), "\(double.errors)")
    let bench = try Run(
      "bench", "x'*A*x", "--task", "gradient", "--wrt", "x", "--size", "n=3", "--dtype", "float32",
      "--duration", "0.001")
    #expect(bench.output.contains(#""dtype": "float""#), "\(bench.errors)")
  }
}
