import ArgumentParser
import Frechet

@main
struct FrechetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "frechet")
}
