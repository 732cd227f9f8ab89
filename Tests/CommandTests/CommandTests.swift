import Foundation
import Testing

@testable import FrechetCommand

@Suite struct CommandTests {
  @Test func withoutArgumentsItExplainsItself() throws {
    let run = try Run()
    #expect(run.status == 0)
    #expect(run.output.contains("frechet \"x'*A*x\" --wrt x"))
    #expect(run.errors.isEmpty)
  }

  @Test(arguments: OptionNames.commands.sorted())
  func helpHasExamples(command: String) throws {
    let run = try Run(command, "--help")
    #expect(run.status == 0)
    #expect(run.output.contains("EXAMPLES\n  frechet \(command) "))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func shellsComplete(shell: String) throws {
    let run = try Run("--generate-completion-script", shell)
    #expect(run.status == 0)
    #expect(run.output.contains("frechet"))
  }

  /// The table that decides how arguments are read knows every option of every command.
  @Test func noOptionIsUnknown() throws {
    let run = try Run("--experimental-dump-help")
    let names = run.output.matches(of: /"kind" : "long",\s*"name" : "([a-z-]+)"/).map(\.1)
    #expect(names.contains("wrt"))
    for name in names {
      let option = "--" + name
      let known = [OptionNames.valued, OptionNames.flags, OptionNames.optional]
      #expect(known.contains { $0.contains(option) }, "\(name)")
    }
  }

  @Test(arguments: [
    (["derive", "A*x"], "--wrt: the variable of differentiation is missing; the input has A, x"),
    (["check", "x'*x", "--wrt", "x"], "--claim: the claimed derivative is missing"),
    (["check", "x'*x", "--wrt", "x", "--claim", "2*"], "expected an expression"),
    (["check", "x'*x", "--wrt", "x", "--claim", "2*q"], "q: no such name"),
    (["x'*x", "--wrt"], "--wrt"),
    (["x'*x", "--wrt", "x", "--order", "0"], "--order: 0"),
    (["x'*x", "--wrt", "x", "--layout", "sideways"], "sideways"),
    (["x'*x", "--wrt", "x", "--time-limit", "0"], "--time-limit"),
    (["x'*x", "--wrt", "x", "--time-limit", "nan"], "--time-limit"),
    (["x'*x", "--wrt", "x", "--ordr", "2"], "did you mean --order?"),
    (["x'*x", "y", "--wrt", "x"], "y"),
    (["x'*x", "--wrt", "x,"], "--wrt"),
    (["@/no/such/file", "--wrt", "x"], "/no/such/file: No such file or directory"),
    (["@/", "--wrt", "x"], "/: Is a directory"),
    (["@", "--wrt", "x"], "the name of a file is missing"),
  ])
  func wrongUseIsStatus2(arguments: [String], message: String) throws {
    let run = try Run(arguments, input: Data())
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: "))
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test(
    arguments: [
      (["norm2(x)", "--wrt", "x"], 0, "convex in x\n"),
      (["-x'*x", "--wrt", "x"], 0, "strongly concave in x\n"),
      (["sum(x.*log(x))", "--wrt", "x"], 0, "strictly convex in x where x > 0\n"),
      (["x'*A*x", "--wrt", "x"], 1, "neither convex nor concave in x\n"),
      (["x'*A*x", "--wrt", "x", "--no-verify"], 1, "unknown in x\n"),
      (
        ["norm2(X - U*V')^2", "--wrt", "U,V", "--joint"], 1, "neither convex nor concave in (U, V)"
      ),
      (["norm2(x)", "--wrt", "x", "--format", "latex"], 0, "% convex in x\n\\begin{aligned}\n"),
      (["norm2(x)", "--wrt", "x", "--format", "json"], 0, "{\n  \"input\": \"norm2(x)\""),
      (["A*x", "--wrt", "x"], 2, ""), (["norm2(x)"], 2, ""), (["norm2(x)", "--wrt", "q"], 2, ""),
    ] as [([String], Int32, String)])
  func convexityIsDerivedOrNot(arguments: [String], status: Int32, start: String) throws {
    let run = try Run(["convexity"] + arguments, input: Data())
    #expect(run.status == status)
    #expect(run.output.hasPrefix(start), "\(run.output)")
    #expect(run.errors.isEmpty == (status != 2))
  }

  @Test(arguments: [
    ("x'*A*x", "(A + A')*x", 0), ("x'*A*x", "-2*x", 1), ("x'*A*x", "dx'*(A + A')*x", 0),
    ("-x'*x", "-2*x", 0),
  ])
  func aWrongClaimIsStatus1(input: String, claim: String, status: Int32) throws {
    let run = try Run("check", input, "--wrt", "x", "--claim", claim)
    #expect(run.status == status)
    #expect(run.output.hasPrefix("The claim is \(status == 0 ? "right" : "wrong").\n"))
    #expect(run.errors.isEmpty)
    let json = try Run("check", input, "--wrt", "x", "--claim", claim, "--format", "json")
    #expect(json.status == status)
    #expect(json.output.contains("\"correct\": \(status == 0)"))
  }

  @Test(arguments: [
    (["--hessian", "x", "--memory-limit", "1e-9"], 3, "--hvp x=V.npy"),
    (["--hessian", "x,"], 2, "--hessian: the name of a variable is missing"),
    (["--memory-limit", "0"], 2, "--memory-limit: 0.0 is no amount of memory; 4 would do."),
    (["--hessian", "x", "--gradient", "x,x"], 0, ""),
  ])
  func evaluationsAreLimited(options: [String], status: Int32, message: String) throws {
    let run = try Run(["evaluate", "sum(x.^3)", "--data", "x=2"] + options, input: Data())
    #expect(run.status == status)
    #expect(run.errors.contains(message) || message.isEmpty, "\(run.errors)")
    #expect(run.output.isEmpty == (status != 0))
  }

  @Test func infiniteValuesAreNoted() throws {
    let run = try Run("evaluate", "a/0", "--data", "a=1")
    #expect(run.status == 0)
    #expect(run.output == "value = inf\n")
    #expect(run.errors == "note: a/0: the value is inf\n")
  }

  @Test(arguments: [["--steps"], ["--steps=all"], ["--steps", "all"]])
  func stepsEndInTheAnswer(option: [String]) throws {
    let run = try Run(["x'*A*x", "--wrt", "x"] + option, input: Data())
    #expect(run.status == 0)
    #expect(run.output.contains("df    = d(x'*A*x)"))
    #expect(run.output.contains("df/dx = (A + A')*x"))
    #expect(run.output.contains("[product rule]"))
    let json = try Run(["x'*A*x", "--wrt", "x", "--format", "json"] + option, input: Data())
    #expect(json.output.contains(#""rule": "product rule""#))
    let latex = try Run(["x'*A*x", "--wrt", "x", "--format", "latex"] + option, input: Data())
    #expect(latex.output.contains(#"&& \text{product rule} \\"#))
  }

  @Test func aRuleIsExplained() throws {
    let run = try Run("explain", "product", "rule")
    #expect(run.status == 0)
    #expect(run.output.contains("d(X*Y) = dX*Y + X*dY"))
    #expect(run.output.contains("source: "))
    let unknown = try Run("explain", "prodct rule")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("did you mean \"product rule\"?"))
    let list = try Run("explain")
    #expect(list.status == 0 && list.output.contains("\n  trace trick\n"))
  }

  @Test func aTableIsPrinted() throws {
    let run = try Run("table", "determinants")
    #expect(run.status == 0)
    #expect(run.output.contains("df/dX = inv(X)'"))
    let unknown = try Run("table", "tracs")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("did you mean traces?"))
  }

  @Test func bytesThatAreNoTextAreStatus2() throws {
    let run = try Run(["-", "--wrt", "x"], input: Data([0x78, 0xFF]))
    #expect(run.status == 2)
    #expect(run.errors == "error: standard input: the text is not valid UTF-8\n")
  }
}
