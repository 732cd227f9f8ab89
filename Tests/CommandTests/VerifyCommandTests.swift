import Foundation
import Testing

/// `frechet verify` with commands of the shell and with Python functions.
@Suite struct VerifyCommandTests {
  /// A folder for temporary files and for code, removed with all that is left in it.
  private final class Folder {
    let url: URL

    init() throws {
      url = FileManager.default.temporaryDirectory
        .appendingPathComponent("frechet-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func verify(_ arguments: [String]) throws -> Run {
      let run = try Run(
        ["verify"] + arguments, input: Data(), environment: ["TMPDIR": url.path])
      let left = try FileManager.default.contentsOfDirectory(atPath: url.path)
      #expect(left.filter { $0.hasPrefix("frechet-") } == [], "temporary files are left")
      return run
    }
  }

  /// The product itself as a user's program.
  private func evaluating(_ input: String) throws -> String {
    let path = try Run.executable().path
    return "'\(path)' evaluate \"\(input)\" --data A={dir}/A.npy --data x=$FRECHET_DIR/x.npy "
      + "--gradient x --out {dir} && mv {dir}/gradient-x.npy {dir}/gradient.npy"
  }

  @Test(arguments: [
    ("x'*A*x", 0, "The implementation is right."), ("x'*A*x/2", 1, "The derivative is 2 times the"),
    ("-x'*A*x", 1, "sign: "), ("x'*sym(A)*x", 0, "order 2.00, 2 is right"),
    ("sum(A*x) - sum(x)", 1, "order 1.00, 2 is right"),
  ])
  func aCommandIsVerified(input: String, status: Int32, text: String) throws {
    let folder = try Folder()
    let run = try folder.verify(
      ["x'*A*x", "--wrt", "x", "--size", "n=4", "--gradient", try evaluating(input)])
    #expect(run.status == status, "\(run.errors)")
    #expect(run.output.contains(text), "\(run.output)")
  }

  @Test(arguments: [
    ("echo no such solver >&2; exit 3", 2, "ended with status 3:\n  | no such solver"),
    ("true", 2, "the command wrote no gradient.npy into {dir}"),
    ("kill -9 $$", 2, "was ended by signal 9"),
    ("sleep 60 & sleep 60", 3, "longer than 0.3 seconds; --call-limit allows more"),
    ("echo text > {dir}/gradient.npy", 2, "gradient.npy: npy: the file does not begin"),
    (" ", 2, "a Python function, @code.py:function, or a command"),
    ("@code.py", 2, "the name of the function is missing"),
  ])
  func whatGoesWrongIsSaid(command: String, status: Int32, message: String) throws {
    let folder = try Folder()
    let run = try folder.verify(
      ["x'*A*x", "--wrt", "x", "--gradient", command, "--call-limit", "0.3"])
    #expect(run.status == status)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test(arguments: [
    ([], "--gradient: the program is missing"),
    (["--gradient", "true", "--gradient", "true"], "2 programs for 1 variables"),
    (["--gradient", "true", "--size", "n"], "--size n"),
    (
      ["--gradient", "true", "--size", "q=3"], "--size q: the input has no such dimension; it has n"
    ),
    (["--gradient", "true", "--points", "0"], "--points: 0"),
    (["--gradient", "@a.py:f", "--python", "/no/python"], "/no/python: the program cannot be"),
  ])
  func wrongUseIsStatus2(arguments: [String], message: String) throws {
    let run = try Folder().verify(["x'*A*x", "--wrt", "x"] + arguments)
    #expect(run.status == 2)
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test func theRemainderIsDrawn() throws {
    let folder = try Folder()
    let path = folder.url.appendingPathComponent("remainder.svg").path
    let run = try folder.verify(
      ["x'*A*x", "--wrt", "x", "--gradient", try evaluating("x'*A*x"), "--plot", path])
    #expect(run.status == 0, "\(run.errors)")
    let svg = try String(contentsOfFile: path, encoding: .utf8)
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    for part in ["slope 1", "slope 2", "step t", "remainder ‖", "implementation, order 2.0"] {
      #expect(svg.contains(part))
    }
  }

  // MARK: Python

  /// Whether there is a Python with NumPy: Scripts/setup installs it where it can.
  static let hasNumPy: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import numpy"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  private static let code = """
    import time
    import numpy as np
    def right(A, x): return (A + A.T) @ x
    def column(A, x): return ((A + A.T) @ x)[:, None]
    def single(A, x): return ((A + A.T) @ x).astype(np.float32)
    def sized(A, x, n): assert x.shape == (n,); return list((A + A.T) @ x)
    def every(**v): return (v["A"] + v["A"].T) @ v["x"]
    def symmetric(A, x): return 2 * A @ x
    def row(A, x): return ((A + A.T) @ x)[None, :]
    def half(A, x): return A @ x
    def missing(A, x): return np.full(len(x), np.nan)
    def raises(A, x): return np.ones(3) @ np.ones(4)
    def other(A, q): return q
    def nothing(A, x): pass
    def pair(A, x): return 0.0, x
    def word(A, x): return "x"
    def slow(A, x): time.sleep(60)
    """

  @Test(
    .enabled(if: hasNumPy, "python3 with NumPy is missing: 17 Python functions are not tried"),
    arguments: [
      ("right", 0, "is right"), ("column", 0, "is right"), ("single", 0, ", float32, relative"),
      ("sized", 0, "is right"), ("every", 0, "is right"), ("symmetric", 1, "assumed-symmetric: "),
      ("row", 1, "transposed: "), ("half", 1, "missing-term: The term A'*x is missing"),
      ("missing", 1, "not a number in row 1, column 1"), ("raises", 2, "ValueError: matmul"),
      ("other", 2, "its parameter q is no name of the input"), ("nothing", 2, "returned nothing"),
      ("pair", 2, "returned a tuple of 2"), ("word", 2, "returned str, which is no array"),
      ("slow", 3, "longer than 3 seconds"), ("absent", 2, "no such function; the file defines"),
    ])
  func aPythonFunctionIsVerified(name: String, status: Int32, text: String) throws {
    let folder = try Folder()
    let file = folder.url.appendingPathComponent("code.py")
    try Self.code.write(to: file, atomically: true, encoding: .utf8)
    let run = try folder.verify([
      "x'*A*x", "--wrt", "x", "--gradient", "@\(file.path):\(name)",
      "--call-limit", name == "slow" ? "3" : "60",
    ])
    #expect(run.status == status, "\(run.output)\(run.errors)")
    #expect((run.output + run.errors).contains(text), "\(run.output)\(run.errors)")
  }

  /// A file that imports torch gets tensors: here of a stand-in, which has what is needed of them.
  @Test(.enabled(if: hasNumPy, "python3 with NumPy is missing"))
  func tensorsArePassedAndTaken() throws {
    let folder = try Folder()
    let torch = """
      import numpy
      bfloat16 = float16 = None
      class Tensor:
          def __init__(self, array): self.array, self.dtype = numpy.asarray(array), "float64"
          def __matmul__(self, other): return Tensor(self.array @ other.array)
          def __add__(self, other): return Tensor(self.array + other.array)
          def detach(self): return self
          cpu = resolve_conj = resolve_neg = detach
          def numpy(self): return self.array
          T = property(lambda self: Tensor(self.array.T))
      tensor = Tensor
      """
    let code = """
      import torch
      def gradient(A, x):
          assert isinstance(A, torch.Tensor) and isinstance(x, torch.Tensor)
          return (A + A.T) @ x
      """
    for (name, text) in [("torch", torch), ("code", code)] {
      let file = folder.url.appendingPathComponent("\(name).py")
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let file = folder.url.appendingPathComponent("code.py").path
    let run = try folder.verify(["x'*A*x", "--wrt", "x", "--gradient", "@\(file):gradient"])
    #expect(run.status == 0, "\(run.output)\(run.errors)")
  }

  @Test(.enabled(if: hasNumPy, "python3 with NumPy is missing"))
  func severalProgramsAreVerified() throws {
    let folder = try Folder()
    let file = folder.url.appendingPathComponent("code.py")
    let code = """
      def by_U(X, U, V): return (U @ V.T - X) @ V
      def by_V(X, U, V): return (U @ V.T - X).T @ U * 2
      """
    try code.write(to: file, atomically: true, encoding: .utf8)
    let run = try folder.verify([
      "norm2(X - U*V')^2/2", "--wrt", "U,V", "--gradient", "@\(file.path):by_U", "--gradient",
      "@\(file.path):by_V", "--format", "json",
    ])
    #expect(run.status == 1, "\(run.errors)")
    let reports = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let members = try #require(reports as? [[String: Any]])
    #expect(members.map { $0["correct"] as? Bool } == [true, false])
    #expect(members[1]["detail"] as? String == "The derivative is 1/2 times the result.")
  }
}
