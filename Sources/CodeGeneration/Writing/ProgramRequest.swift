import ExpressionCore
import Planning

/// What a program is to hold, and how it is named.
public struct ProgramRequest: Sendable {
  public var listing: Listing
  /// The input as its author wrote it.
  public var source: String
  /// The name of the layout in force.
  public var layout: String
  /// The data of the checks that are appended; nil for a program without them.
  public var sample: ProgramSample?
  /// Appends a check of the derivatives against differences at random data.
  public var selfTest: Bool
  /// Appends a measurement of the time of a call.
  public var benchmark = false
  /// Sizes of dimensions, for targets whose programs are for given sizes.
  public var sizes: [String: Int]
  /// What the target's own differentiation is taught, where the program is to do so.
  public var rules: DifferentiationRules?

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
    case .jax: return try JAX().program(self)
    case .torch: return try Torch().program(self)
    case .matlab: return try MATLAB().program(self)
    case .stablehlo: return try StableHLO.module(self)
    case .swift: return try SwiftTarget().program(self)
    case .julia: return try Julia().program(self)
    case .eigen: return try Eigen().program(self)
    }
  }
}

/// Random data at which a program is tried, and the conventions of the derivatives.
public struct ProgramSample: Sendable {
  /// How the entries of a variable are drawn: domains differ.
  public enum Draw: Sendable {
    /// Standard normal.
    case normal
    /// In (0.3, 2).
    case positive
    /// In (0.1, 0.9).
    case unitInterval
    /// Normal, a tenth of the size.
    case small
    /// Square matrices near 2I, others positive, or small.
    case dominant, dominantSmall
  }

  /// What a gradient is multiplied with to give the derivative along a direction.
  public enum Pairing: Sendable {
    case euclidean
    /// By the free entries of a symmetric matrix.
    case entries
    /// tr(G'(I - QQ'/2)D).
    case canonical
    /// tr(inv(S)*G*inv(S)*D).
    case affine
  }

  public let sizes: [String: Int]
  public let draws: [String: Draw]
  /// The variable that each direction is one of.
  public let directions: [String: String]
  /// The pairing of the gradient by a variable.
  public let pairings: [String: Pairing]
  /// Whether a gradient is transposed, and a Jacobian.
  public let transposesGradients: Bool
  public let transposesJacobians: Bool
  public let order: Int

  public init(
    sizes: [String: Int], draws: [String: Draw], directions: [String: String],
    pairings: [String: Pairing], transposesGradients: Bool, transposesJacobians: Bool, order: Int
  ) {
    self.sizes = sizes
    self.draws = draws
    self.directions = directions
    self.pairings = pairings
    self.transposesGradients = transposesGradients
    self.transposesJacobians = transposesJacobians
    self.order = order
  }
}

/// How the function of a program is called.
public struct ProgramInterface: Hashable, Sendable {
  public let function: String
  /// The variables that it takes, in order.
  public let variables: [Variable]
  /// The sizes that it takes behind them, since no variable has them.
  public let sizes: [String]
  /// The names of its results.
  public let outputs: [String]
}

extension ProgramRequest {
  /// In the names of the input; those of the program may differ where its language asks for it.
  public var interface: ProgramInterface {
    let (request, identifiers) = prepared(reserved: []) { $0 }
    let arguments = Arguments(request.listing)
    func originals(_ names: [String], of all: [String]) -> [String] {
      names.compactMap { name in all.first { identifiers.variable($0) == name } }
    }
    let names = originals(arguments.variables.map(\.name), of: listing.variables.map(\.name))
    return ProgramInterface(
      function: functionName,
      variables: names.compactMap { name in listing.variables.first { $0.name == name } },
      sizes: originals(arguments.free, of: listing.dimensionNames), outputs: outputNames)
  }
}

extension ProgramRequest {
  /// The same for another listing.
  func with(_ listing: Listing) -> ProgramRequest {
    var request = self
    request.listing = listing
    return request
  }
}

extension ProgramRequest {
  /// The name of each output, an identifier in every language.
  var outputNames: [String] {
    let roles = listing.outputs.map(\.role)
    let names = roles.map { role in
      role.name(amongSeveral: roles.filter { $0.short == role.short }.count > 1)
    }
    var identifiers = Identifiers(reserved: [], legal: Identifiers.ascii)
    // Of order 2, a variable has a product with the direction of each.
    return zip(roles, names).map { role, name in
      guard case .product(_, let direction) = role, names.filter({ $0 == name }).count > 1 else {
        return identifiers.fresh(name)
      }
      return identifiers.fresh(name + "_" + direction)
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
    reserved: Set<String>, legal: @escaping @Sendable (String) -> String,
    sharesFactorizations: Bool = true
  ) -> (request: ProgramRequest, identifiers: Identifiers) {
    var identifiers = Identifiers(
      reserved: reserved.union(outputNames).union([functionName])
        .union(sample == nil ? [] : SelfTest.names), legal: legal)
    var request = self
    identifiers.declare(listing.variables.map(\.name) + listing.dimensionNames)
    let known = identifiers
    let ordered = listing.withFastProducts { sizes[$0] }
    request.listing =
      (sharesFactorizations
      ? ordered.withSharedFactorizations(ofLogarithms: true) { $0.triangularFactors($1) == [$1] }
      : ordered)
      .renamed(known.variable)
    return (request, identifiers)
  }
}
