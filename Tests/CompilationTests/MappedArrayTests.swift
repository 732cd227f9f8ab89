import Evaluation
import Foundation
import Frechet
import Testing
import Verification

@testable import Compilation

/// Data that are read from mapped files, block of samples by block of samples.
@Suite("Mapped arrays")
struct MappedArrayTests {
  struct Storage: Sendable, CustomTestStringConvertible {
    let isRowMajor: Bool
    let isSinglePrecision: Bool
    var testDescription: String {
      (isRowMajor ? "rows" : "columns") + (isSinglePrecision ? " of floats" : " of doubles")
    }

    static let all = [false, true].flatMap { rows in
      [false, true].map { Storage(isRowMajor: rows, isSinglePrecision: $0) }
    }

    func file(_ matrix: Matrix) -> [UInt8] {
      let type = isSinglePrecision ? "<f4" : "<f8"
      let order = isRowMajor ? "False" : "True"
      var header =
        "{'descr': '\(type)', 'fortran_order': \(order), 'shape': (\(matrix.rows), \(matrix.columns)), }"
      header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
      var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8)
      for value in (isRowMajor ? matrix.transposed : matrix).values {
        if isSinglePrecision {
          withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { bytes += $0 }
        } else {
          withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
        }
      }
      return bytes
    }
  }

  private static func withFile<Result>(
    _ bytes: [UInt8], _ body: (String) throws -> Result
  ) throws -> Result {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("frechet-\(UUID().uuidString).npy").path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  /// Numbers that floats have too.
  private static func matrix(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Matrix {
    var generator = SplitMix64(seed: seed)
    return Matrix(rows: rows, columns: columns) { _, _ in
      (generator.normal() * 64).rounded() / 256
    }
  }

  struct Task: Sendable, CustomTestStringConvertible {
    let input: String
    var declarations: [String] = []
    var tasks: [CompilationRequest.Task] = [.value, .gradient("w"), .hessian("w")]
    var testDescription: String { input }
  }

  static let tasks = [
    Task(input: "sum(log(1 + exp(-y.*(X*w))))", declarations: ["y: vector(m)", "X: matrix(m,n)"]),
    Task(
      input: "norm2(X*w - y)^2 + sum(log(1 + X.^2))",
      declarations: ["y: vector(m)", "X: matrix(m,n)"]),
    Task(
      input: "sum(log(1 + exp(-y.*(X'*w))))",
      declarations: ["y: vector(m)", "X: matrix(n,m)"]),
  ]

  @Test(
    "a file is read once for all results, in little memory", arguments: Storage.all, tasks)
  func streaming(storage: Storage, task: Task) throws {
    let sizes = ["m": 3001, "n": 37]
    let isTall = task.declarations.contains("X: matrix(m,n)")
    let x = isTall ? Self.matrix(3001, 37, 1) : Self.matrix(37, 3001, 1)
    let others = ["w": Self.matrix(37, 1, 2), "y": Self.matrix(3001, 1, 3)]
    try Self.withFile(storage.file(x)) { path in
      let array = try MappedArray(path: path)
      #expect(array.size == x.size)
      var request = CompilationRequest(
        task.input, tasks: task.tasks, sizes: sizes, declarations: task.declarations)
      let expected = try request.answer().program(others.merging(["X": x]) { a, _ in a })
      request.options.layouts["X"] = array.layout
      request.options.blockBytes = 1 << 15
      // Less than the file.
      request.options.memoryLimit = storage.isSinglePrecision ? 300_000 : 600_000
      let program = try request.answer().program
      #expect(program.workspaceBytes < 250_000, "\(program.planText)")
      let results = try program.evaluate(
        others, arrays: ["X": array], in: program.makeWorkspace()
      ).matrices
      for (a, b) in zip(results, expected) { #expect(relativeDistance(a, b) < 1e-12) }
    }
  }

  @Test("an evaluation reads a file where it is used", arguments: Storage.all)
  func evaluation(storage: Storage) throws {
    let x = Self.matrix(301, 7, 1)
    let w = Self.matrix(7, 1, 2)
    try Self.withFile(storage.file(x)) { path in
      var request = EvaluationRequest(
        "sum(log(1 + exp(-y.*(X*w))))", data: ["w": w, "y": Self.matrix(301, 1, 3), "X": x],
        quantities: [
          .gradient("w"), .hessian("w"), .hvp("w", along: w), .vjp("X", with: Matrix(2)),
        ],
        declarations: ["y: vector(m)"])
      let expected = try request.answer()
      request.data["X"] = nil
      request.arrays["X"] = try MappedArray(path: path)
      let report = try request.answer()
      #expect(relativeDistance(report.value, expected.value) < 1e-12)
      #expect(report.entries.count == expected.entries.count)
      for (a, b) in zip(report.entries, expected.entries) {
        #expect(relativeDistance(a.matrix, b.matrix) < 1e-12, "\(a.quantity.name)")
      }
      #expect(report.notes.contains("X: read from its file where it is used"))
    }
  }

  @Test(
    "an evaluation that needs the entries at once says so",
    arguments: [
      ("sum(svdu(X))", "X: matrix(n,n)", EvaluationRequest.Quantity.gradient("X"), "--gradient X"),
      ("sum(X)", "X: spd(n)", .gradient("X"), "X: declared spd"),
    ])
  func entriesAtOnce(
    input: String, declaration: String, quantity: EvaluationRequest.Quantity, message: String
  ) throws {
    let storage = Storage(isRowMajor: true, isSinglePrecision: false)
    try Self.withFile(storage.file(Self.matrix(4, 4, 1))) { path in
      var request = EvaluationRequest(
        input, data: [:], quantities: [quantity], declarations: [declaration])
      request.arrays["X"] = try MappedArray(path: path)
      do throws(FrechetError) {
        Issue.record("\(try request.answer().value)")
      } catch {
        #expect(error.description.hasPrefix(message), "\(error.description)")
        #expect(error.description.contains("--memory-limit"))
      }
    }
  }

  @Test("what an array is not compiled for is refused")
  func refusals() throws {
    let storage = Storage(isRowMajor: true, isSinglePrecision: false)
    let x = Self.matrix(5, 3, 1)
    try Self.withFile(storage.file(x)) { path in
      let array = try MappedArray(path: path)
      var request = CompilationRequest(
        "sum(X)", tasks: [.value], sizes: ["m": 5, "n": 3], declarations: ["X: matrix(m,n)"])
      let plain = try request.answer().program
      request.options.layouts["X"] = array.layout
      let program = try request.answer().program
      func message(
        _ program: Program, _ matrices: [String: Matrix], _ arrays: [String: MappedArray]
      ) -> String {
        do throws(EvaluationError) {
          let workspace = program.makeWorkspace()
          return "\(try program.evaluate(matrices, arrays: arrays, in: workspace).matrices)"
        } catch {
          return error.description
        }
      }
      #expect(message(plain, [:], ["X": array]).contains("X: "))
      #expect(message(plain, [:], ["X": array]).contains("layout"))
      #expect(message(program, ["X": x], [:]).contains("layout"))
      #expect(message(program, [:], ["Z": array]).contains("Z: the input has no"))
      request.sizes = ["m": 3, "n": 5]
      let other = try request.answer().program
      #expect(message(other, [:], ["X": array]).contains("X: the shape"))
    }
  }

  @Test("what is no array of numbers is refused")
  func files() throws {
    let whole = Storage(isRowMajor: false, isSinglePrecision: false).file(Self.matrix(5, 3, 1))
    for (contents, expected) in [
      (Array(whole.dropLast()), "truncated"), (Array(whole.prefix(4)), "magic string"),
      ([], "magic"),
      (
        Array("\u{93}".unicodeScalars.map { UInt8($0.value) }) + Array("NUMPYx".utf8)
          + [UInt8](repeating: 0, count: 20), "version"
      ),
    ] {
      try Self.withFile(contents) { path in
        do throws(FileError) {
          Issue.record("\(try MappedArray(path: path).size)")
        } catch {
          #expect(error.description.contains(expected), "\(error)")
        }
      }
    }
    #expect(throws: FileError.self) { try MappedArray(path: "/nonexistent/file.npy") }
  }
}
