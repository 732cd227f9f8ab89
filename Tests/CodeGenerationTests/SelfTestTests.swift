import EmittedPrograms
import Foundation
import Frechet
import Testing

/// Programs that check themselves: the check passes, and fails where a derivative is made wrong.
@Suite struct SelfTestTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let declarations: [String]
    let wrt: [String]
    let input: String
    var order = 1
    var form = Form.auto

    var testDescription: String { input }

    func program(_ target: TargetName, benchmark: Bool = false) throws -> String {
      var options = DerivativeOptions()
      options.order = order
      options.form = form
      var request = CodeRequest(
        input, wrt: wrt, target: target, declarations: declarations, options: options,
        timeLimit: 60)
      request.verify = false
      request.selfTest = true
      request.benchmark = benchmark
      return try request.answer()
    }
  }

  static let cases = [
    Case(
      declarations: ["S: spd(n)", "mu: vector(n)"], wrt: ["S", "x"],
      input: "logdet(S) + (x - mu)'*inv(S)*(x - mu)"),
    Case(
      declarations: ["Q: stiefel(m,n)", "A: symmetric(m)"], wrt: ["Q"], input: "tr(Q'*A*Q)"),
    Case(
      declarations: ["U: matrix(m,p)", "V: matrix(n,p)", "X: matrix(m,n)"], wrt: ["U", "V"],
      input: "norm2(X - U*V')^2/2", order: 2, form: .operator),
    Case(
      declarations: ["X: matrix(m,n)", "c: positive scalar"], wrt: ["w", "c"],
      input: "sum(log(1 + exp(X*w)))/c", order: 2),
    Case(declarations: ["x: row(n)"], wrt: ["x"], input: "x/norm2(x)"),
  ]

  /// A language whose programs run by one command.
  struct Runtime: Sendable, CustomTestStringConvertible {
    let target: TargetName
    /// Shell words that say whether it is there.
    let probe: String
    let file: String
    let command: String

    var testDescription: String { target.rawValue }

    static let all = [
      Runtime(
        target: .numpy, probe: "python3 -c 'import scipy'", file: "program.py",
        command: "python3 program.py"),
      Runtime(
        target: .matlab, probe: "octave --version", file: "FUNCTION.m",
        command: "octave --quiet --no-gui --eval FUNCTION"),
      Runtime(
        target: .eigen, probe: "g++ --version && test -d /usr/include/eigen3", file: "program.cpp",
        command: "g++ -std=c++17 -I/usr/include/eigen3 program.cpp -o program && ./program"),
    ]

    func status(_ program: String) throws -> Int32 {
      try URL.withTemporaryFolder { folder in
        let function =
          program.firstMatch(of: /= (\w+)\(/).map { String($0.1) } ?? ""
        let name = file.replacingOccurrences(of: "FUNCTION", with: function)
        try program.write(
          to: folder.appendingPathComponent(name), atomically: false, encoding: .utf8)
        return try Self.run(
          command.replacingOccurrences(of: "FUNCTION", with: function), in: folder)
      }
    }

    var isThere: Bool {
      (try? Self.run(probe, in: FileManager.default.temporaryDirectory)) == 0
    }

    private static func run(_ command: String, in folder: URL) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", command]
      process.currentDirectoryURL = folder
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
  }

  @Test(arguments: Runtime.all) func passesAndFails(_ runtime: Runtime) throws {
    guard runtime.isThere else {
      return print("SKIPPED: \(runtime.target): `\(runtime.probe)` fails")
    }
    // Compiling takes long.
    let cases = runtime.target == .eigen ? [Self.cases[2]] : Self.cases
    for item in cases {
      let program = try item.program(runtime.target)
      #expect(try runtime.status(program) == 0, "\(item)\n\(program)")
    }
    let right = try Self.cases[0].program(runtime.target)
    let wrong = right.replacingOccurrences(of: "grad_x = 2", with: "grad_x = 3")
    #expect(wrong != right)
    #expect(try runtime.status(wrong) != 0)
  }

  /// Every language has the check and the measurement, or says what would do instead.
  @Test(arguments: TargetName.allCases, cases)
  func isWritten(_ target: TargetName, _ item: Case) throws {
    if target == .stablehlo {
      let error = #expect(throws: FrechetError.self) { try item.program(target) }
      #expect(error?.description.contains("--emit jax") == true)
      return
    }
    let program = try item.program(target, benchmark: true)
    for word in ["sample", "differences", "elative", "benchmark", "median"] {
      #expect(program.contains(word), "\(target)")
    }
  }
}
