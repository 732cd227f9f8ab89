import RandomExpressions

/// What the command line asks for.
struct Settings {
  var seed: UInt64 = 1
  var first = 0
  var count = 1000
  var order = 1
  var largest = 24
  var topic = TermGenerator.Topic.ordinary
  /// Seconds for one expression.
  var timeLimit = 10.0
  /// Runs in this process, for the process that counts.
  var isWorker = false
  /// Compares compiled programs with the evaluator, instead of deriving and verifying.
  var compiles = false
  /// Only prints the inputs.
  var lists = false

  static let usage = """
    usage: random-derivatives [--count 1000] [--seed 1] [--first 0] [--order 1] [--largest 24]
                              [--time-limit 10] [--topic ordinary|decompositions] [--program]
                              [--list]
    """

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      if option == "--worker" {
        isWorker = true
        continue
      }
      if option == "--program" {
        compiles = true
        continue
      }
      if option == "--list" {
        lists = true
        continue
      }
      if option == "--topic" {
        guard let topic = rest.popFirst().flatMap(TermGenerator.Topic.init) else { return nil }
        self.topic = topic
        continue
      }
      guard let text = rest.popFirst(), let number = Double(text), number >= 0, number < 1e15 else {
        return nil
      }
      switch option {
      case "--seed": seed = UInt64(number)
      case "--first": first = Int(number)
      case "--count": count = Int(number)
      case "--order": order = Int(number)
      case "--largest": largest = max(2, Int(number))
      case "--time-limit": timeLimit = number
      default: return nil
      }
    }
  }

  /// As the arguments of a worker that goes on from a place.
  func worker(from place: Int) -> [String] {
    [
      "--worker", "--seed", "\(seed)", "--first", "\(place)", "--count",
      "\(first + count - place)", "--order", "\(order)", "--largest", "\(largest)",
      "--time-limit", "\(timeLimit)", "--topic", topic.rawValue,
    ] + (compiles ? ["--program"] : [])
  }

  func input(at place: Int) -> RandomInput {
    TermGenerator.input(seed: seed(of: place), order: order, largest: largest, topic: topic)
  }

  /// What becomes of an input in the place of another one or its own.
  func outcome(of input: RandomInput, at place: Int) -> Outcome {
    compiles
      ? input.programOutcome(seed: seed(of: place), timeLimit: timeLimit)
      : input.outcome(timeLimit: timeLimit)
  }

  /// One seed for each place of a run.
  func seed(of place: Int) -> UInt64 { seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(place) }
}
