import Foundation
import Frechet

/// Headers for Eigen, by g++, or the compiler that CXX names, without optimization and with all of
/// Eigen's own checks: several of them in each translation unit, which begins with a precompiled
/// header. The first one is compiled alone, too.
public struct EigenRunner: ProgramRunner {
  public let target = TargetName.eigen
  public let checks = ["float32", "test", "shapes", "bench"]

  public init() {}

  /// The command of the variable CXX, g++ without one.
  private static let compiler = ProcessInfo.processInfo.environment["CXX"] ?? "g++"

  private static let flags = [
    "-std=c++17", "-O0", "-Wall", "-Wextra", "-isystem", "/usr/include/eigen3",
    "-isystem", "/opt/homebrew/include/eigen3",
  ]

  public func obstacle() -> String? {
    guard ChildProcess.succeeds([Self.compiler, "--version"]) else {
      return "no \(Self.compiler); Scripts/program-runtimes installs g++"
    }
    let compiles = try? URL.withTemporaryFolder { folder in
      try folder.write("#include <Eigen/Core>\n", to: "eigen.cpp")
      let arguments = Self.flags + ["-fsyntax-only", "eigen.cpp"]
      return try ChildProcess([Self.compiler] + arguments, in: folder).status == 0
    }
    return compiles == true
      ? nil : "\(Self.compiler) finds no Eigen 3; Scripts/program-runtimes installs it"
  }

  public func outcomes(
    of cases: [ProgramCase], checks: [String], in folder: URL
  ) throws -> [String: ProgramOutcome] {
    let header = "run_programs.hpp"
    try FileManager.default.copyItem(
      at: driverFolder.appendingPathComponent(header), to: folder.appendingPathComponent(header))
    _ = try ChildProcess([Self.compiler] + Self.flags + ["-x", "c++-header", header], in: folder)
    for item in cases {
      try folder.write(item.program.text, to: item.fileName + ".hpp")
      try folder.write(item.argumentLines, to: item.fileName + ".txt")
    }
    let batches = ProgramBatches(size: 12) { batch in try driver(of: batch, checks, in: folder) }
    var outcomes = try batches.outcomes(of: cases, in: folder)
    if let first = cases.first, let error = try errorOfHeaderAlone(first, in: folder) {
      outcomes[first.id] = .wrong("does not compile alone: \(error)")
    }
    return outcomes
  }

  /// What the compiler says of a header that nothing comes before.
  private func errorOfHeaderAlone(_ item: ProgramCase, in folder: URL) throws -> String? {
    let function = "derived::\(item.program.interface.function)"
    let lines =
      ["#include \"\(item.fileName).hpp\""]
      + ["double", "float"].map { "auto* of_\($0) = &\(function)<\($0)>;" }
    try folder.write(lines.joined(separator: "\n") + "\n", to: "alone.cpp")
    let arguments = Self.flags + ["-Wpedantic", "-Werror", "-c", "alone.cpp", "-o", "alone.o"]
    let compiler = try ChildProcess([Self.compiler] + arguments, in: folder)
    return compiler.status == 0 ? nil : Self.firstError(of: compiler)
  }

  private static func firstError(of compiler: ChildProcess) -> String {
    String(compiler.errors.split(separator: "\n").first { $0.contains("error:") } ?? "no message")
  }

  private func driver(
    of batch: [ProgramCase], _ checks: [String], in folder: URL
  ) throws -> Result<ProgramDriver, ProgramBatches.CompilerError> {
    var lines = ["#include \"run_programs.hpp\""]
    for item in batch {
      lines += ["namespace \(item.fileName) {", "#include \"\(item.fileName).hpp\"", "}"]
    }
    lines.append("int main(int count, char** arguments) {")
    lines.append("  const driver::Driver driver(count, arguments);")
    for item in batch { lines += call(item, checks) }
    lines += ["}", ""]
    try folder.write(lines.joined(separator: "\n"), to: "main.cpp")
    let executable = "run-" + batch[0].fileName
    let compiler = try ChildProcess(
      [Self.compiler] + Self.flags + ["-Werror", "main.cpp", "-o", executable], in: folder)
    guard compiler.status == 0 else {
      return .failure(ProgramBatches.CompilerError(message: Self.firstError(of: compiler)))
    }
    return .success(
      ProgramDriver(
        command: [folder.appendingPathComponent(executable).path, folder.path], hasVectors: false))
  }

  private func call(_ item: ProgramCase, _ checks: [String]) -> [String] {
    var lines = ["  driver.run(\"\(item.id)\", \"\(item.fileName)\", [](driver::Arguments& from) {"]
    var names: [String] = []
    for (index, argument) in item.arguments.enumerated() {
      let shape = argument.variable.shape
      let type =
        shape.isScalar
        ? "double"
        : shape.isVector
          ? "Eigen::VectorXd" : shape.isRow ? "Eigen::RowVectorXd" : "Eigen::MatrixXd"
      let reading = shape.isScalar ? "from.matrix()(0, 0)" : "from.matrix()"
      lines.append("    const \(type) a\(index) = \(reading);")
      names.append("a\(index)")
    }
    let results = item.outputs.indices.map { "r\($0)" }
    let function = "\(item.fileName)::derived::\(item.program.interface.function)"
    func arguments(_ all: [String]) -> String {
      (all + item.sizes.map(String.init)).joined(separator: ", ")
    }
    lines.append(
      "    const auto [\(results.joined(separator: ", "))] = \(function)(\(arguments(names)));")
    for (result, output) in zip(results, item.outputs) {
      lines.append("    driver::print(\"\(item.id)\", \"\(output.name)\", \(result));")
    }
    if checks.contains("test") {
      lines.append(
        "    driver::check(\"\(item.id)\", \"test\", \(item.fileName)::derived::test() == 0);")
    }
    if checks.contains("float32") {
      let single = names.map { "driver::single(\($0))" }
      lines.append("    const auto single = \(function)<float>(\(arguments(single)));")
      for (result, output) in zip(results, item.outputs) {
        lines.append(
          "    driver::near(\"\(output.name)\", single.\(output.name), \(result));")
      }
      lines.append("    driver::check(\"\(item.id)\", \"float32\", true);")
    }
    if checks.contains("shapes") {
      for misfit in item.misfits where !misfit.hasFurtherAxis {
        var moved = names
        moved[misfit.place] = "Eigen::MatrixXd::Ones(\(misfit.rows), \(misfit.columns))"
        let name = item.arguments[misfit.place].variable.name
        lines.append(
          "    driver::refuses(\"\(name)\", [&] { \(function)<double>(\(arguments(moved))); });")
      }
      lines.append("    driver::check(\"\(item.id)\", \"shapes\", true);")
    }
    if checks.contains("bench") {
      lines.append("    std::printf(\"\(item.id)\\tbench\\t\");")
      lines.append("    \(item.fileName)::derived::benchmark();")
    }
    return lines + ["  });"]
  }
}
