import Foundation
import Frechet

/// Headers for Eigen, by g++ without optimization and with all of Eigen's own checks: several of
/// them in each translation unit, which begins with a precompiled header.
public struct EigenRunner: ProgramRunner {
  public let target = TargetName.eigen
  public let checks = ["test"]

  public init() {}

  private static let flags = [
    "-std=c++17", "-O0", "-Wall", "-Wextra", "-isystem", "/usr/include/eigen3",
    "-isystem", "/opt/homebrew/include/eigen3",
  ]

  public func obstacle() -> String? {
    guard ChildProcess.succeeds(["g++", "--version"]) else {
      return "no g++; Scripts/program-runtimes installs it"
    }
    let compiles = try? URL.withTemporaryFolder { folder in
      try folder.write("#include <Eigen/Core>\n", to: "eigen.cpp")
      let arguments = Self.flags + ["-fsyntax-only", "eigen.cpp"]
      return try ChildProcess(["g++"] + arguments, in: folder).status == 0
    }
    return compiles == true
      ? nil : "g++ finds no Eigen 3; Scripts/program-runtimes installs it"
  }

  public func outcomes(
    of cases: [ProgramCase], checks: [String], in folder: URL
  ) throws -> [String: ProgramOutcome] {
    let header = "run_programs.hpp"
    try FileManager.default.copyItem(
      at: driverFolder.appendingPathComponent(header), to: folder.appendingPathComponent(header))
    _ = try ChildProcess(["g++"] + Self.flags + ["-x", "c++-header", header], in: folder)
    for item in cases {
      try folder.write(item.program.text, to: item.fileName + ".hpp")
      try folder.write(item.argumentLines, to: item.fileName + ".txt")
    }
    let batches = ProgramBatches(size: 12) { batch in try driver(of: batch, checks, in: folder) }
    return try batches.outcomes(of: cases, in: folder)
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
      ["g++"] + Self.flags + ["-Werror", "main.cpp", "-o", executable], in: folder)
    guard compiler.status == 0 else {
      let error = compiler.errors.split(separator: "\n").first { $0.contains("error:") }
      return .failure(ProgramBatches.CompilerError(message: String(error ?? "no message")))
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
    let arguments = (names + item.sizes.map(String.init)).joined(separator: ", ")
    lines.append("    const auto [\(results.joined(separator: ", "))] = \(function)(\(arguments));")
    for (result, output) in zip(results, item.outputs) {
      lines.append("    driver::print(\"\(item.id)\", \"\(output.name)\", \(result));")
    }
    if checks.contains("test") {
      lines.append(
        "    driver::check(\"\(item.id)\", \"test\", \(item.fileName)::derived::test() == 0);")
    }
    return lines + ["  });"]
  }
}
