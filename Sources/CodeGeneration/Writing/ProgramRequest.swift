import ExpressionCore
import Planning

/// What a program is to hold, and how it is named.
public struct ProgramRequest: Sendable {
  public var listing: Listing
  /// The input as its author wrote it.
  public var source: String
  /// The name of the layout in force.
  public var layout: String
  /// Appends a check of the derivatives against differences at random data.
  public var selfTest: Bool
  /// Sizes of dimensions, for targets whose programs are for given sizes.
  public var sizes: [String: Int]

  public init(
    _ listing: Listing, source: String, layout: String, selfTest: Bool = false,
    sizes: [String: Int] = [:]
  ) {
    self.listing = listing
    self.source = source
    self.layout = layout
    self.selfTest = selfTest
    self.sizes = sizes
  }

  /// The program in a language.
  public func program(in target: TargetName) throws(UnsupportedOperation) -> String {
    switch target {
    case .numpy: return try NumPy().program(self)
    case .matlab: return try MATLAB().program(self)
    case .swift: return try SwiftTarget().program(self)
    case .julia: return try Julia().program(self)
    case .eigen: return try Eigen().program(self)
    default:
      throw UnsupportedOperation(target: target, operation: "", hint: "")
    }
  }
}

extension ProgramRequest {
  /// The name of each output.
  var outputNames: [String] {
    let roles = listing.outputs.map(\.role)
    return roles.map { role in
      role.name(amongSeveral: roles.filter { $0.short == role.short }.count > 1)
    }
  }

  /// `value_and_grad`, `value_grad_and_hessian`.
  var functionName: String {
    var words: [String] = []
    for output in listing.outputs where !words.contains(output.role.short) {
      words.append(output.role.short)
    }
    guard let last = words.popLast() else { return "value" }
    return words.isEmpty ? last : words.joined(separator: "_") + "_and_" + last
  }

  /// The request with its listing as an expert would compute it and in identifiers that are legal
  /// in the target and differ from the reserved ones and from the names of outputs.
  func prepared(
    reserved: Set<String>, legal: @escaping @Sendable (String) -> String
  ) -> (request: ProgramRequest, identifiers: Identifiers) {
    var identifiers = Identifiers(
      reserved: reserved.union(outputNames).union([functionName]), legal: legal)
    var request = self
    identifiers.declare(listing.variables.map(\.name) + listing.dimensionNames)
    let known = identifiers
    request.listing = listing.withFastProducts { sizes[$0] }.withSharedFactorizations()
      .renamed(known.variable)
    return (request, identifiers)
  }
}
