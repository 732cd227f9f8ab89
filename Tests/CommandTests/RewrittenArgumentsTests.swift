import Testing

@testable import FrechetCommand

@Suite struct RewrittenArgumentsTests {
  @Test(arguments: [
    // `derive` is the default command.
    (["x'*x", "--wrt", "x"], ["derive", "--wrt=x", "--", "x'*x"]),
    (["derive", "x'*x", "--wrt", "x"], ["derive", "--wrt=x", "--", "x'*x"]),
    (["--wrt", "x", "x'*x"], ["derive", "--wrt=x", "--", "x'*x"]),
    // Inputs and values may begin with a minus.
    (["-x'*x", "--wrt", "x"], ["derive", "--wrt=x", "--", "-x'*x"]),
    (["--x'*x", "--wrt", "x"], ["derive", "--wrt=x", "--", "--x'*x"]),
    (["x", "--wrt", "-x"], ["derive", "--wrt=-x", "--", "x"]),
    (["-", "--wrt", "x"], ["derive", "--wrt=x", "--", "-"]),
    (["shapes", "-x"], ["shapes", "--", "-x"]),
    (["--wrt", "x", "--", "--order"], ["derive", "--wrt=x", "--", "--order"]),
    // `-h` asks for help, unless it is what is derived.
    (["derive", "-h"], ["derive", "-h"]),
    (["-h"], ["-h"]),
    (["-h", "--wrt", "h"], ["derive", "--wrt=h", "--", "-h"]),
    (["derive", "-h", "--wrt=h"], ["derive", "--wrt=h", "--", "-h"]),
    // `--data` may be followed by several values.
    (
      ["evaluate", "--data", "x=x.npy", "a=0.5", "a*x"],
      ["evaluate", "--data=x=x.npy", "--data=a=0.5", "--", "a*x"]
    ),
    // `--steps` has a value only where one is given.
    (["x'*x", "--steps", "--wrt", "x"], ["derive", "--steps=short", "--wrt=x", "--", "x'*x"]),
    (["--steps", "x'*x", "--wrt", "x"], ["derive", "--steps=short", "--wrt=x", "--", "x'*x"]),
    (
      ["x'*x", "--steps", "all", "--wrt", "x"], ["derive", "--steps=all", "--wrt=x", "--", "x'*x"]
    ),
    (["--steps=all", "x'*x", "--wrt", "x"], ["derive", "--steps=all", "--wrt=x", "--", "x'*x"]),
    (["--wrt=x", "--steps", "all"], ["derive", "--wrt=x", "--steps=short", "--", "all"]),
    // An option does not eat the next one.
    (["x", "--wrt", "--order", "2"], ["derive", "--wrt", "--order=2", "--", "x"]),
    (["x", "--wrt"], ["derive", "--wrt", "--", "x"]),
    // What belongs to the command as a whole stays as it is.
    (["--version"], ["--version"]),
    (["help", "derive"], ["help", "derive"]),
    (["--generate-completion-script", "zsh"], ["--generate-completion-script", "zsh"]),
  ])
  func everyArgumentIsOneThing(arguments: [String], rewritten: [String]) throws {
    #expect(try rewrittenArguments(arguments) == rewritten)
  }

  @Test(arguments: ["--ordr", "--fo=text", "--frobnicate"])
  func anUnknownOptionIsAnError(option: String) {
    #expect(throws: CommandError.self) { try rewrittenArguments(["x", option, "2"]) }
  }
}
