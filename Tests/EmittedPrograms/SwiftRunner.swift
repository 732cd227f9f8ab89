import Foundation
import Frechet

/// Swift: a package that depends on this one, each program a module of it.
public struct SwiftRunner: ProgramRunner {
  public let target = TargetName.swift
  public let checks = ["test", "shapes", "bench"]

  public init() {}

  public func obstacle() -> String? {
    ChildProcess.succeeds(["swift", "--version"]) ? nil : "no swift on the PATH"
  }

  public func outcomes(
    of cases: [ProgramCase], checks: [String], in folder: URL
  ) throws -> [String: ProgramOutcome] {
    for item in cases {
      let sources = try folder.folder("Sources").folder(item.fileName)
      try sources.write(item.program.text, to: "Program.swift")
      try folder.write(item.argumentLines, to: item.fileName + ".txt")
    }
    let driver = try folder.folder("Sources").folder("run-programs")
    try FileManager.default.copyItem(
      at: driverFolder.appendingPathComponent("run_programs.swift"),
      to: driver.appendingPathComponent("Driver.swift"))
    // The same versions of what this package depends on, where they are known.
    let versions = "Package.resolved"
    try? FileManager.default.copyItem(
      at: packageFolder.appendingPathComponent(versions),
      to: folder.appendingPathComponent(versions))
    let batches = ProgramBatches(size: max(1, cases.count)) { batch in
      try self.driver(of: batch, checks, in: folder)
    }
    return try batches.outcomes(of: cases, in: folder)
  }

  private func driver(
    of batch: [ProgramCase], _ checks: [String], in folder: URL
  ) throws -> Result<ProgramDriver, ProgramBatches.CompilerError> {
    try folder.write(manifest(of: batch), to: "Package.swift")
    let calls = batch.map { call($0, checks) }
    let lines =
      ["import MatrixNotation"] + batch.map { "@testable import \($0.fileName)" } + [""]
      + calls.flatMap { $0 } + [""]
    try folder.folder("Sources").folder("run-programs")
      .write(lines.joined(separator: "\n"), to: "main.swift")
    // Builds of this package that other programs made stay of use.
    let scratch = packageFolder.appendingPathComponent(".build/emitted-programs").path
    let build = [
      "swift", "build", "--scratch-path", scratch,
      "-Xswiftc", "-gnone", "--disable-index-store", "--product", "run-programs",
    ]
    let compiler = try ChildProcess(build, in: folder)
    guard compiler.status == 0 else {
      let said = (compiler.output + compiler.errors).split(separator: "\n")
      let error = said.first { $0.contains("error:") }
      return .failure(ProgramBatches.CompilerError(message: String(error ?? "no message")))
    }
    return .success(
      ProgramDriver(command: [scratch + "/debug/run-programs", folder.path], hasVectors: false))
  }

  private func manifest(of batch: [ProgramCase]) -> String {
    let notation = "dependencies: [.product(name: \"MatrixNotation\", package: \"frechet\")]"
    // Programs with their own test have an entry point, of which an executable has one.
    let modules = batch.map { item in
      let name = item.fileName
      let entry = "\"-Xfrontend\", \"-entry-point-function-name\", \"-Xfrontend\", \"\(name)_main\""
      return "    .target(name: \"\(name)\", \(notation), "
        + "swiftSettings: [.unsafeFlags([\(entry)])]),\n"
    }.joined()
    let names = batch.map { "\"\($0.fileName)\", " }.joined()
    return """
      // swift-tools-version: 6.1
      import PackageDescription

      let package = Package(
        name: "run-programs",
        platforms: [.macOS(.v15)],
        dependencies: [.package(name: "frechet", path: "\(packageFolder.path)")],
        targets: [
      \(modules)    .executableTarget(
            name: "run-programs",
            dependencies: [
              \(names).product(name: "MatrixNotation", package: "frechet")
            ]),
        ],
        swiftLanguageModes: [.v6]
      )

      """
  }

  private func call(_ item: ProgramCase, _ checks: [String]) -> [String] {
    let arguments =
      item.arguments.enumerated().map { place, argument in
        argument.variable.shape.isScalar
          ? "try from.number(\(place))" : "try from.matrix(\(place))"
      } + item.sizes.map(String.init)
    var options = ""
    if checks.contains("test") { options += ", test: \(item.fileName).SelfTest.test" }
    if checks.contains("bench") { options += ", benchmark: \(item.fileName).SelfTest.benchmark" }
    if checks.contains("shapes") {
      // A number is one by its type.
      let misfits = item.misfits.filter { !item.arguments[$0.place].variable.shape.isScalar }
        .map { "(\($0.place), \($0.rows), \($0.columns))" }
      let names = item.arguments.map { "\"\($0.variable.name)\"" }
      options += ", names: [\(names.joined(separator: ", "))]"
      options += ", misfits: [\(misfits.joined(separator: ", "))]"
    }
    return [
      "try run(\"\(item.id)\", \"\(item.fileName)\"\(options)) { from in",
      "  let program = \(item.fileName).\(Self.camelCased(item.program.interface.function))",
      "  return try program(\(arguments.joined(separator: ", ")))",
      "}",
    ]
  }

  /// `value_and_grad` as `valueAndGrad`, the custom of the language.
  private static func camelCased(_ name: String) -> String {
    let words = name.split(separator: "_").map(String.init)
    let rest = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
    return words.prefix(1).joined() + rest.joined()
  }
}
